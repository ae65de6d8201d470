"""Reads over wishes: for anybody without whose they are, for the family its own, for staff by area."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.paging import Page
from haitang.core.privacy import mask_address, mask_name, mask_phone
from haitang.core.schemas import ID_MAX
from haitang.core.scoping import below
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Kind
from haitang.wishes import policies
from haitang.wishes.lifecycle import HOLDING, PUBLIC, SHOWN, Show, Status
from haitang.wishes.models import Claim, Wish
from haitang.wishes.values import Permission, WishNotFound, cost_in_words

PAGE_ROWS, TOTAL_MAX, MINE_MAX, BADGE_MAX = 50, 10_000, 200, 99
PUBLIC_ROWS = 20
_TO_SEE_TO = (Status.DRAFT, Status.CLAIMED, Status.DELIVERED)


@dataclass(frozen=True, slots=True)
class WishFilter:
    """Which wishes are wanted; "" for all. status: a state, "todo" what waits for the community, or "public"."""

    status: str = ""
    kind: str = ""
    area_path: str = ""


@dataclass(frozen=True, slots=True)
class PublicWish:
    """All that is public of a wish. street: the street or town. by: the unit that grants it; "" for a person."""

    id: int
    number: str
    title: str
    kind: str
    words: str
    cost: str
    street: str
    status: Status
    published_at: datetime
    ended_at: datetime | None
    by: str

    @property
    def is_open(self) -> bool:
        """Whether it can be claimed."""
        return self.status is Status.OPEN


@dataclass(frozen=True, slots=True)
class WishView:
    """A wish as staff and the family see it: the contact masked. claim: the one that holds it, if any."""

    wish: Wish
    area_name: str
    street: str
    cost: str
    claim: Claim | None
    claimant: str


@dataclass(frozen=True, slots=True)
class WishPage:
    """What the page of one wish shows. claims: all there were. may: words of what the viewer may do."""

    view: WishView
    name: str
    phone: str
    address: str
    between_phone: str
    story: str
    claimant_phone: str
    claims: list[Claim]
    entries: list[Entry]
    may: frozenset[str] = field(default_factory=frozenset)


def street_of(area_id: int) -> str:
    """Return the name of the street or town in which the area lies: all that is public of where a family lives."""
    chain = territory().chain(area_id)
    return next((area.name for area in chain if area.level == Kind.STREET.level), chain[0].name)


def streets() -> list[AreaRef]:
    """Return the valid streets and towns: as narrow as anybody may look for wishes."""
    return [area for area in territory().descendants(None) if area.level == Kind.STREET.level]


def lock_wish(wish_id: int) -> Wish:
    """Return the wish, locked; raise WishNotFound. For actions, which check what the actor may do with it."""
    rows = Wish.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=wish_id).first() if 0 < wish_id <= ID_MAX else None
    if found is None:
        raise WishNotFound(_("没有这个心愿"))
    return found


def lock_wishes(wish_ids: Iterable[int]) -> list[Wish]:
    """Return the wishes, locked in the order of their ids; raise WishNotFound unless all are there. For actions."""
    wanted = sorted(set(wish_ids))
    rows = list(
        Wish.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=wanted).order_by("pk")
    )  # fmt: skip
    if len(rows) != len(wanted):
        raise WishNotFound(_("没有这个心愿"))
    return rows


def get_wish(*, viewer: Actor, wish_id: int) -> Wish:
    """Return the wish. Raises WishNotFound, also where the viewer may not know whose it is."""
    found = Wish.objects.filter(pk=wish_id).first() if 0 < wish_id <= ID_MAX else None
    if found is None:
        raise WishNotFound(_("没有这个心愿"))
    policies.check_may_see(viewer, found)
    return found


def get_wish_for_job(wish_id: int) -> Wish:
    """Return the wish; wishes are never removed."""
    return Wish.objects.get(pk=wish_id)


def list_public_wishes(*, show: Show, wanted: WishFilter, cursor: str = "") -> Page[Wish]:
    """Return a page of the wishes that are public, the latest published first; `publicly` says what may be shown.

    An area narrower than a street is passed over.
    """
    rows = Wish.objects.filter(status__in=SHOWN[show])
    if wanted.area_path not in {area.path for area in streets()}:
        wanted = replace(wanted, area_path="")  # narrower than a street, the answer would tell where a family lives
    return page_by_instant(
        _narrowed(rows, wanted), instant="published_at", cursor=cursor, limit=PUBLIC_ROWS, total_max=TOTAL_MAX
    )


def count_public_wishes() -> dict[Show, int]:
    """Return how many public wishes there are to be shown."""
    rows = Wish.objects.filter(status__in=PUBLIC).order_by().values_list("status")
    counted = dict(rows.annotate(n=Count("id")))
    return {show: sum(counted.get(status, 0) for status in states) for show, states in SHOWN.items()}


def publicly(rows: Iterable[Wish]) -> list[PublicWish]:
    """Return of these wishes what anybody may see; the rest is left behind."""
    found = list(rows)
    units = dict(
        Claim.objects.filter(wish__in=found, status__in=HOLDING, organization__isnull=False)
        .exclude(wish__status=Status.CLAIMED).values_list("wish_id", "organization__name")
    )  # fmt: skip
    return [
        PublicWish(
            row.pk, row.number, row.title, row.kind, row.words, cost_in_words(row.cost_from, row.cost_to),
            street_of(row.area_id), Status(row.status), row.published_at or row.entered_at, row.ended_at,
            units.get(row.pk, ""),
        )
        for row in found
    ]  # fmt: skip


def get_public_wish(*, wish_id: int) -> PublicWish:
    """Return what anybody may see of a wish. Raises WishNotFound where it is not public."""
    found = Wish.objects.filter(pk=wish_id, status__in=PUBLIC) if 0 < wish_id <= ID_MAX else Wish.objects.none()
    for each in publicly(found):
        return each
    raise WishNotFound(_("没有这个心愿，或者它已经下架"))


def _narrowed(rows: Any, wanted: WishFilter) -> Any:
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.status == "todo":
        return rows.filter(status__in=_TO_SEE_TO)
    if wanted.status == "public":
        return rows.filter(status__in=PUBLIC)
    return rows.filter(status=wanted.status) if wanted.status else rows


def filter_wishes(*, viewer: Actor, wanted: WishFilter) -> Any:
    """Return the wishes that the viewer may see as staff, as a query set in no order."""
    return _narrowed(Wish.objects.visible_to(viewer), wanted)


def list_wishes(*, viewer: Actor, wanted: WishFilter, cursor: str = "") -> Page[Wish]:
    """Return a page of the wishes that the viewer may see as staff, the latest entered first."""
    return page_by_instant(
        filter_wishes(viewer=viewer, wanted=wanted), instant="entered_at", cursor=cursor, limit=PAGE_ROWS,
        total_max=TOTAL_MAX,
    )  # fmt: skip


def count_wishes(*, viewer: Actor, area_path: str = "") -> dict[str, int]:
    """Return how many wishes the viewer may see as staff stand at each state."""
    rows = filter_wishes(viewer=viewer, wanted=WishFilter(area_path=area_path)).order_by()
    counted = dict(rows.values_list("status").annotate(n=Count("id")))
    return {status.value: counted.get(status.value, 0) for status in Status}


def count_to_check(*, viewer: Actor) -> int:
    """Return how many wishes wait for the community where the viewer checks them, up to one more than BADGE_MAX."""
    rows = Wish.objects.filter(below(viewer.areas(Permission.CHECK)), status__in=_TO_SEE_TO)
    return len(rows.values_list("pk", flat=True)[: BADGE_MAX + 1])


def list_own_wishes(*, viewer: Actor) -> list[WishView]:
    """Return the wishes of the viewer's own family, the latest first; at most 200."""
    if viewer.id is None:
        return []
    return describe_wishes(Wish.objects.filter(account_id=viewer.id).order_by("-entered_at", "-id")[:MINE_MAX])


def describe_wishes(rows: Iterable[Wish]) -> list[WishView]:
    """Return wishes as lists show them, in their order; a few look-ups for all."""
    found, tree, registry = list(rows), territory(), organizations()
    held = {claim.wish_id: claim for claim in Claim.objects.filter(wish__in=found, status__in=HOLDING)}
    views = []
    for row in found:
        claim = held.get(row.pk)
        unit = registry.by_id(claim.organization_id) if claim else None
        claimant = unit.name if unit else (mask_name(claim.name) or _("个人")) if claim else ""
        cost = cost_in_words(row.cost_from, row.cost_to)
        views.append(WishView(row, tree.full_name(row.area_id), street_of(row.area_id), cost, claim, claimant))
    return views


def get_wish_page(*, viewer: Actor, wish_id: int) -> WishPage:
    """Return one wish with all that its page shows to staff, and the less to the family. Raises WishNotFound."""
    wish = get_wish(viewer=viewer, wish_id=wish_id)
    (view,) = describe_wishes([wish])
    own, staff = policies.is_family(viewer, wish), policies.is_staff_of(viewer, wish)
    claims = list(wish.claims.order_by("id")) if staff else []
    claim = view.claim
    return WishPage(
        view, wish.name if own else mask_name(wish.name), wish.phone if own else mask_phone(wish.phone),
        wish.address if own else mask_address(wish.address), mask_phone(wish.between_phone),
        wish.story if own or viewer.holds(Permission.CHECK, area_path=wish.area_path) else "",
        mask_phone(claim.phone) if claim and staff else "", claims,
        history.timeline("family_wish", wish.pk) if staff else [], _may(viewer, wish),
    )  # fmt: skip


def _may(viewer: Actor, wish: Wish) -> frozenset[str]:
    checks = {
        "change": policies.check_can_change, "check": policies.check_can_check,
        "speak": policies.check_speaks_for_family, "unmask": policies.check_can_unmask,
    }  # fmt: skip
    return frozenset(word for word, check in checks.items() if access.allows(check, viewer, wish))
