"""Reads over disputes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.core import access, history, paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.scoping import path_of
from haitang.patrols import policies
from haitang.patrols.lifecycle import DisputeStatus
from haitang.patrols.models import Dispute, FollowUp, Mediator, Party, Session
from haitang.patrols.values import DisputeNotFound, Permission
from haitang.people.queries import get_actor, list_accounts_holding
from haitang.territory.queries import territory

TOTAL_MAX = 10_000
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class DisputeFilter:
    """Which disputes are wanted; "" for all."""

    status: str = ""
    kind: str = ""
    area_path: str = ""
    due: bool = False


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party, name and telephone masked."""

    role: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class DisputePage:
    """What the page of one dispute shows. possible: who may be named mediator, (account's id, name)."""

    dispute: Dispute
    area_name: str
    parties: list[PartyView]
    mediators: list[Mediator]
    sessions: list[Session]
    follow_ups: list[FollowUp]
    entries: list[Entry]
    possible: list[tuple[int, str]]
    may_unmask: bool


def lock_dispute(*, viewer: Actor, dispute_id: int) -> Dispute:
    """Return the dispute, locked. For actions; raises DisputeNotFound."""
    found = Dispute.objects.select_for_update(no_key=True).filter(pk=dispute_id).first()
    return _checked(viewer, found)


def get_dispute(*, viewer: Actor, dispute_id: int) -> Dispute:
    """Return the dispute. Raises DisputeNotFound, also where the viewer may not know of it."""
    return _checked(viewer, Dispute.objects.filter(pk=dispute_id).first())


def _checked(viewer: Actor, found: Dispute | None) -> Dispute:
    if found is None:
        raise DisputeNotFound(_("没有这起纠纷"))
    mediators = set(Mediator.objects.filter(dispute=found).values_list("account_id", flat=True))
    policies.check_may_see_dispute(viewer, found, mediators)
    return found


def deputy_may_know(deputy: Actor, subject_type: str, subject_id: int | None) -> bool:
    """Tell whether a deputy may hear of the dispute that a notice is about. Joins people.values.DEPUTY_MAY_KNOW."""
    return subject_type != "dispute" or Dispute.objects.visible_to(deputy).filter(pk=subject_id or 0).exists()


def list_disputes(*, viewer: Actor, wanted: DisputeFilter, today: date, cursor: str = "") -> paging.Page:
    """Return a page of disputes that the viewer may see, newest first. today: by which a follow-up is due."""
    rows = Dispute.objects.visible_to(viewer)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.due:
        rows = rows.filter(pk__in=_due(today))
    return page_by_instant(rows, instant="opened_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def _due(today: date) -> QuerySet[Any]:
    return FollowUp.objects.filter(done_on__isnull=True, due_on__lte=today).values("dispute_id")


def list_mediated(*, viewer: Actor, account_id: int) -> list[Dispute]:
    """Return what the account mediates that is open or still to be asked about, as far as the viewer may see it."""
    rows = Dispute.objects.visible_to(viewer).filter(mediators__account_id=account_id)
    asked = FollowUp.objects.filter(done_on__isnull=True).values("dispute_id")
    return list(rows.filter(Q(status=DisputeStatus.OPEN) | Q(pk__in=asked)).order_by("opened_at", "id"))


def count_disputes(*, viewer: Actor, area_path: str = "") -> dict[str, int]:
    """Return how many disputes the viewer may see stand at each state; those that they may not see are not counted."""
    rows = Dispute.objects.visible_to(viewer)
    if area_path:
        rows = rows.below(area_path)
    counted = dict(rows.order_by().values_list("status").annotate(n=Count("id")))
    return {status.value: counted.get(status.value, 0) for status in DisputeStatus}


def get_dispute_page(*, viewer: Actor, dispute_id: int) -> DisputePage:
    """Return the dispute with all that its page shows; raise DisputeNotFound as `get_dispute` does."""
    row = get_dispute(viewer=viewer, dispute_id=dispute_id)
    mediators = list(Mediator.objects.filter(dispute=row).order_by("id"))
    path = path_of(row.area_ids)
    named = {each.account_id for each in mediators}
    accounts = [each for each in list_accounts_holding(Permission.MEDIATE, area_path=path) if each not in named]
    return DisputePage(
        dispute=row,
        area_name=territory().full_name(row.area_id),
        parties=[
            PartyView(party.get_role_display(), mask_name(party.name), mask_phone(party.phone))
            for party in Party.objects.filter(dispute=row).order_by("id")
        ],
        mediators=mediators,
        sessions=list(Session.objects.filter(dispute=row).order_by("on", "id")),
        follow_ups=list(FollowUp.objects.filter(dispute=row).order_by("due_on")),
        entries=history.timeline("dispute", row.pk),
        possible=[(each, get_actor(each).name) for each in accounts[:50]] if row.status == DisputeStatus.OPEN else [],
        may_unmask=access.allows(policies.check_can_unmask, viewer, row.area_ids),
    )


def get_dispute_for_job(dispute_id: int) -> tuple[Dispute, list[int]] | None:
    """Return a dispute with its mediators' accounts, or None. For jobs only, which show nobody anything."""
    found = Dispute.objects.filter(pk=dispute_id).first()
    if found is None:
        return None
    return found, list(Mediator.objects.filter(dispute=found).values_list("account_id", flat=True))
