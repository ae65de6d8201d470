"""Reads over claims: the claimant's own, and those with which actions and jobs go on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.organizations.queries import organizations
from haitang.volunteers.queries import get_volunteer_of
from haitang.volunteers.values import CalendarEntry
from haitang.wishes import policies
from haitang.wishes.lifecycle import HOLDING, LIVE, ClaimStatus
from haitang.wishes.models import Claim, Wish
from haitang.wishes.queries.wishes import PublicWish, lock_wish, publicly
from haitang.wishes.values import ClaimNotFound, Permission

SHOWN_MAX = 200
_SHOWN_IN_CALENDARS = timedelta(minutes=30)
_DUE = """
SELECT c.id, c.volunteer_id, w.title, c.due_at FROM wishes_claim c JOIN wishes_wish w ON w.id = c.wish_id
WHERE c.volunteer_id = ANY(%s) AND c.status = ANY(%s) AND c.due_at > %s AND c.due_at < %s ORDER BY c.due_at, c.id
"""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as its claimant sees it: the wish without whose it is. unit: for which it was claimed, "" for oneself.

    thanks: what the family said. may_see_contact: whether the community has confirmed, and it is not over.
    """

    claim: Claim
    wish: PublicWish
    unit: str
    thanks: str

    @property
    def may_see_contact(self) -> bool:
        """Tell whether the contact is shown to the claimant."""
        return self.claim.status == ClaimStatus.CONFIRMED


def _mine(viewer: Actor) -> Q:
    scope = Q(organization_id__in=viewer.organizations(Permission.CLAIM))
    return scope | Q(account_id=viewer.id, organization=None) if viewer.id is not None else scope


def list_my_claims(*, viewer: Actor) -> list[ClaimView]:
    """Return what the viewer has claimed, and the units they speak for, the latest first; at most 200."""
    rows = list(Claim.objects.filter(_mine(viewer)).select_related("wish").order_by("-claimed_at", "-id")[:SHOWN_MAX])
    wishes = {each.id: each for each in publicly({row.wish_id: row.wish for row in rows}.values())}
    return [_view(row, wishes[row.wish_id]) for row in rows]


def get_my_claim(*, viewer: Actor, claim_id: int) -> ClaimView:
    """Return one claim of the viewer, or of a unit they speak for. Raises ClaimNotFound."""
    row = _one(Claim.objects.select_related("wish"), claim_id)
    policies.check_is_claimant(viewer, row)
    (wish,) = publicly([row.wish])
    return _view(row, wish)


def _view(row: Claim, wish: PublicWish) -> ClaimView:
    unit = organizations().by_id(row.organization_id)
    return ClaimView(row, wish, unit.name if unit else "", row.wish.thanks if row.status == ClaimStatus.DONE else "")


def _one(rows: Any, claim_id: int) -> Claim:
    found = rows.filter(pk=claim_id).first() if 0 < claim_id <= ID_MAX else None
    if found is None:
        raise ClaimNotFound(_("没有这个认领"))
    return found


def lock_claim(claim_id: int) -> tuple[Wish, Claim]:
    """Return a claim with its wish, both locked, the wish first. For actions; raises ClaimNotFound."""
    wish = lock_wish(_one(Claim.objects.all(), claim_id).wish_id)
    return wish, _one(Claim.objects.select_for_update(no_key=True, of=("self",)), claim_id)


def claim_holding(wish_id: int) -> Claim | None:
    """Return the claim that holds the wish, locked; None where nobody does. For actions that have locked the wish."""
    rows = Claim.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(wish_id=wish_id, status__in=HOLDING).first()


def count_live_claims(*, account_id: int, organization_id: int | None) -> int:
    """Return how many wishes a person, or a unit, has under way."""
    whose = Q(account_id=account_id, organization=None)
    if organization_id is not None:
        whose = Q(organization_id=organization_id)
    return Claim.objects.filter(whose, status__in=LIVE).count()


def get_claim_for_job(claim_id: int) -> Claim | None:
    """Return a claim with its wish, None where there is none any more."""
    return Claim.objects.select_related("wish").filter(pk=claim_id).first()


def holding_claim_id(wish_id: int) -> int | None:
    """Return the id of the claim that holds the wish, None where nobody does."""
    return Claim.objects.filter(wish_id=wish_id, status__in=HOLDING).values_list("pk", flat=True).first()


def own_phone(viewer: Actor) -> str:
    """Return the telephone that the viewer has given as a volunteer, to be offered to them; "" without one."""
    found = get_volunteer_of(viewer.id)
    return found.phone if found is not None else ""


def units_of(viewer: Actor) -> list[tuple[int, str]]:
    """Return the units for which the viewer claims, by name."""
    registry = organizations()
    found = [registry.by_id(each) for each in sorted(viewer.organizations(Permission.CLAIM))]
    return sorted(((each.id, each.name) for each in found if each is not None), key=lambda pair: pair[1])


def due_of(volunteer_ids: Collection[int], began_at: datetime, ended_at: datetime) -> Iterable[CalendarEntry]:
    """Return which wishes people are to begin with, or to deliver, by an instant between two; it takes no hour."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [list(volunteer_ids), [status.value for status in LIVE], began_at, ended_at])
        rows = cursor.fetchall()
    return [
        CalendarEntry(
            volunteer_id, f"wish-claim-{claim_id}", _("微心愿：%(title)s") % {"title": title},
            due_at - _SHOWN_IN_CALENDARS, due_at, url=reverse("wishes:claim", args=[claim_id]), is_due=True,
        )
        for claim_id, volunteer_id, title, due_at in rows
    ]  # fmt: skip
