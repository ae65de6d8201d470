"""Reads over zones, packages and what waits to be carried."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.facts import FACT_OF
from haitang.cases.lifecycle import Deed, Status
from haitang.cases.values import Mark
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, files
from haitang.core.access import EVERYWHERE, Actor, Grant
from haitang.core.models import Entry
from haitang.core.policy import Policy
from haitang.ferry import policies
from haitang.ferry.models import Arrival, Crossing, Package, Partner, Zone
from haitang.ferry.values import (
    ANSWER,
    SUFFIX,
    Direction,
    HandedAcross,
    NoZone,
    PackageNotFound,
    PartnerNotFound,
)
from haitang.territory.queries import territory

SHOWN = 50
WAITING_MAX = 1000
CARRIER = access.system(
    "网闸摆渡",
    *(
        Grant(permission, area_path=EVERYWHERE)
        for permission in (
            CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL, CasePermission.REPORT, CasePermission.REOPEN,
            CasePermission.UNMASK,
        )
    ),
)  # fmt: skip
"""Who acts on cases for the packages: nobody on the way has seen them."""
_NEW = (Status.VERIFYING.value, Status.REPORTED.value)
_DEEDS = {fact.__name__: deed.value for deed, fact in FACT_OF.items() if deed is not Deed.RATE}
STEP_OF = {**_DEEDS, "CaseAnswered": ANSWER}
"""By the name of a fact of the case, the step by which the other zone is told of it."""
PHOTO, RATED, REOPENED = "PhotoAdded", "CaseRated", "CaseReopened"
_TOLD_BACK = (*STEP_OF, PHOTO)
_TOLD_ON = (RATED, REOPENED)
_mirroring: ContextVar[bool] = ContextVar("ferry_mirroring", default=False)


@dataclass(frozen=True, slots=True)
class PartnerDesk:
    """A partner as whoever carries packages sees it. new, news: how many cases and changes wait, up to WAITING_MAX."""

    partner: Partner
    area_name: str
    new: int
    news: int
    packages: list[Package]
    owed: bool

    @property
    def next_in(self) -> int:
        """The number that the next package from there must have."""
        return self.partner.received + 1


def find_zone() -> Zone | None:
    """Return what this installation is called, with its newest keys; None before it has any."""
    return Zone.objects.order_by("-pk").first()


def get_zone() -> Zone:
    """Return the same; raise NoZone."""
    zone = find_zone()
    if zone is None:
        raise NoZone(_("本系统还没有区域代码和密钥，请系统管理员先在“摆渡设置”中生成"))
    return zone


def list_opening_keys() -> list[Zone]:
    """Return every pair of keys that this installation has had, the newest first. For actions."""
    return list(Zone.objects.order_by("-pk"))


def list_partners(*, viewer: Actor) -> list[Partner]:
    """Return every partner by code; raise NotAllowed without MANAGE."""
    policies.check_can_manage(viewer)
    return list(Partner.objects.select_related("area", "organization").order_by("code"))


def get_partner(*, viewer: Actor, partner_id: int) -> Partner:
    """Return one partner; raise NotAllowed, PartnerNotFound."""
    policies.check_can_manage(viewer)
    partner = Partner.objects.filter(pk=partner_id).first()
    if partner is None:
        raise _no_partner()
    return partner


def lock_partner(code: str) -> Partner:
    """Return the partner, locked until the transaction ends; raise PartnerNotFound. For actions."""
    partner = Partner.objects.select_for_update(no_key=True).filter(code=code).first()
    if partner is None:
        raise _no_partner()
    return partner


def _no_partner() -> PartnerNotFound:
    return PartnerNotFound(_("没有登记过这个摆渡对方"))


def list_desks(*, viewer: Actor) -> list[PartnerDesk]:
    """Return the partners in use with what waits to be carried, and the packages of late; raise NotAllowed."""
    policies.check_can_carry(viewer)
    desks = []
    for partner in Partner.objects.filter(is_active=True).order_by("code"):
        newest = list(Package.objects.filter(partner=partner).order_by("-pk")[:SHOWN])
        desks.append(
            PartnerDesk(
                partner, territory().full_name(partner.area_id),
                waiting_cases(partner)[:WAITING_MAX].count(), waiting_news(partner)[:WAITING_MAX].count(), newest,
                is_owed(partner),
            )
        )  # fmt: skip
    return desks


def list_arrivals(*, viewer: Actor) -> list[Arrival]:
    """Return the files that were brought of late, the latest first; raise NotAllowed."""
    policies.check_can_carry(viewer)
    return list(Arrival.objects.select_related("partner").order_by("-pk")[:SHOWN])


def get_package(*, viewer: Actor, package_id: int) -> Package:
    """Return one package; raise NotAllowed, PackageNotFound."""
    policies.check_can_carry(viewer)
    package = Package.objects.select_related("partner").filter(pk=package_id).first()
    if package is None:
        raise PackageNotFound(_("没有这个摆渡包"))
    return package


def read_package(*, viewer: Actor, package_id: int) -> tuple[Package, bytes]:
    """Return a package that was made here with the bytes of its file; raise NotAllowed, PackageNotFound."""
    package = get_package(viewer=viewer, package_id=package_id)
    if not package.file:
        raise PackageNotFound(_("这个包对方已经导入，文件已清除"))
    return package, files.read(package.file)


def list_unarrived(*, viewer: Actor, partner_code: str) -> list[Package]:
    """Return the packages made for a partner that it has not told to have arrived, by number; raise NotAllowed."""
    policies.check_can_carry(viewer)
    rows = Package.objects.filter(partner__code=partner_code, direction=Direction.OUT, arrived_at=None)
    return list(rows.select_related("partner").order_by("number"))


def file_name(package: Package) -> str:
    """Return what the file of a package made here is called: from whom, to whom, which number."""
    return f"{get_zone().code}-{package.partner.code}-{package.number:06d}{SUFFIX}"


def find_taken(partner: Partner, number: int) -> Package | None:
    """Return the package that was taken in under that number, or None."""
    return Package.objects.filter(partner=partner, direction=Direction.IN, number=number).first()


def is_owed(partner: Partner) -> bool:
    """Tell whether something came in from there of which no package has told yet that it has arrived."""
    last = Package.objects.filter(partner=partner, direction=Direction.OUT).order_by("-number").first()
    taken = Package.objects.filter(partner=partner, direction=Direction.IN, number=partner.received).first()
    return taken is not None and (taken.cases + taken.steps > 0) and (last is None or last.at < taken.at)


def waiting_cases(partner: Partner) -> QuerySet[Any]:
    """Return the new cases that are to be handed across to the partner, the oldest first."""
    rows = cases.visible_cases(viewer=CARRIER)
    if not (partner.hands and partner.is_active):
        return rows.none()
    crossed = Crossing.objects.filter(case=OuterRef("pk"))
    return (
        rows.below(territory().area(partner.area_id).path)
        .filter(~Exists(crossed), status__in=_NEW, stage__isnull=False, reported_at__gte=partner.since)
        .exclude(marks__contains=[Mark.JOINED.value])
        .order_by("reported_at", "id")
    )


def waiting_news(partner: Partner) -> QuerySet[Crossing]:
    """Return the cases in common of which something has not been told to the partner yet."""
    told = Entry.objects.filter(subject_type="case", subject_id=OuterRef("case_id"), id__gt=OuterRef("entry_id"))
    rows = Crossing.objects.filter(partner=partner)
    back = rows.filter(Exists(told.filter(fact__in=_TOLD_BACK)), is_handed=False)
    on = rows.filter(Exists(told.filter(fact__in=_TOLD_ON)), is_handed=True)
    return (back | on).order_by("pk")


def list_untold(crossing: Crossing) -> list[Entry]:
    """Return what has happened to a case in common since its partner was told last, oldest first. For actions."""
    facts = _TOLD_ON if crossing.is_handed else _TOLD_BACK
    rows = Entry.objects.filter(subject_type="case", subject_id=crossing.case_id, id__gt=crossing.entry_id)
    return list(rows.filter(fact__in=facts).order_by("id"))


def find_crossings(partner: Partner, numbers: Iterable[str], *, is_handed: bool) -> dict[str, Crossing]:
    """Return the cases in common with these numbers, by number. For actions."""
    rows = Crossing.objects.filter(partner=partner, is_handed=is_handed, number__in=set(numbers))
    return {row.number: row for row in rows}


def _any_partner() -> bool:
    return Partner.objects.exists()


PARTNERS = Policy("ferry.partners", _any_partner)
"""Whether there is any partner at all: where there is none, no case is looked up."""


def crossing_of(case_id: int) -> Crossing | None:
    """Return what a case has in common with another zone, or None."""
    if not PARTNERS.get():
        return None
    return Crossing.objects.select_related("partner", "package").filter(case_id=case_id).first()


def keep_across(deed: str, case: Any) -> None:
    """Keep a case that is dealt with in the other zone from deeds done here. A guard (cases.values.GUARDS).

    Its reporter's judgement, and having it done over, stay possible: both are told to the other zone.
    Those of a partner that was turned off are dealt with here again.
    Raises HandedAcross.
    """
    if case.stage is None or deed in (Deed.RATE, Deed.REOPEN):
        return
    crossing = crossing_of(case.pk)
    if crossing is not None and crossing.is_handed and crossing.partner.is_active and not _mirroring.get():
        text = _("此案件已摆渡到“%(zone)s”办理，办理进展随摆渡包带回")
        raise HandedAcross(text % {"zone": crossing.partner.name})


@contextmanager
def mirroring() -> Iterator[None]:
    """Let cases that were handed across be moved inside: it is a package that says what was done to them."""
    token = _mirroring.set(True)
    try:
        yield
    finally:
        _mirroring.reset(token)
