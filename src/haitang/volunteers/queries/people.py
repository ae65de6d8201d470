"""Single people of the register, locked or not."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core import crypto, periods
from haitang.core.access import Actor
from haitang.core.prepared import Prepared
from haitang.core.schemas import ID_MAX
from haitang.volunteers import policies
from haitang.volunteers.models import PHONE, Membership, Volunteer
from haitang.volunteers.values import VolunteerNotFound

_ID_OF = Prepared("volunteers_id_of", "SELECT id FROM volunteers_volunteer WHERE account_id = %s")


def get_volunteer_of(account_id: int | None) -> Volunteer | None:
    """Return the entry of that account, or None; one that was withdrawn belongs to no account any more."""
    return Volunteer.objects.filter(account_id=account_id).first() if account_id else None


def volunteer_id_of(account_id: int | None) -> int | None:
    """Return the id of the entry of that account, None without one: for deeds that ask no more of it."""
    if account_id is None:
        return None
    with connection.cursor() as cursor:
        _ID_OF.execute(cursor, [account_id])
        found = cursor.fetchone()
    return found[0] if found else None


def accounts_of(volunteer_ids: Iterable[int]) -> list[int]:
    """Return the accounts of these people, of those who have one; to tell them, for actions of other apps."""
    rows = Volunteer.objects.filter(pk__in=list(volunteer_ids), account_id__isnull=False)
    return list(rows.order_by("pk").values_list("account_id", flat=True))


def list_people_of(organization_id: int, on: date) -> list[tuple[int, str]]:
    """Return id and name of those who work in the organization or are tied to it as a branch on that day, by name.

    For actions of other apps, and for who answers for the organization.
    """
    tied = Membership.objects.filter(
        Q(home_branch_id=organization_id) | Q(community_branch_id=organization_id), periods.on(on)
    )
    rows = Volunteer.objects.filter(Q(unit_id=organization_id) | Q(pk__in=tied.values("volunteer_id")))
    return list(rows.filter(withdrawn_at=None).order_by("name", "pk").values_list("pk", "name"))


def get_volunteer(*, viewer: Actor, volunteer_id: int, code: str = "") -> Volunteer:
    """Return one entry, for the person (by account or code) and who sees the register there.

    Raises VolunteerNotFound.
    """
    row = Volunteer.objects.filter(pk=volunteer_id).first() if 0 < volunteer_id <= ID_MAX else None
    if row is None:
        raise VolunteerNotFound(_("没有找到这条志愿登记"))
    policies.check_may_see(viewer, row, code)
    return row


def lock_volunteer(volunteer_id: int) -> Volunteer:
    """Return the entry, locked until the end of the transaction. Raises VolunteerNotFound."""
    rows = Volunteer.objects.select_for_update(no_key=True, of=("self",))
    row = rows.filter(pk=volunteer_id).first() if 0 < volunteer_id <= ID_MAX else None
    if row is None:
        raise VolunteerNotFound(_("没有找到这条志愿登记"))
    return row


def lock_volunteers(volunteer_ids: list[int]) -> dict[int, Volunteer]:
    """Return those of these who are in the register, withdrawn or not, locked in the order of their ids."""
    rows = Volunteer.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=volunteer_ids).order_by("pk")
    return {row.pk: row for row in rows}


def find_by_phone(phone: str) -> Volunteer | None:
    """Return who stands in the register under that telephone (digits), or None; for actions."""
    if not phone:
        return None
    rows = Volunteer.objects.filter(phone_index=crypto.blind_index(phone, PHONE))
    return next((row for row in rows if row.phone == phone), None)


def membership_on(volunteer_id: int, day: date) -> Membership | None:
    """Return how somebody is tied to the branches on that day, or None; for actions and who has been let see them."""
    return Membership.objects.filter(periods.on(day), volunteer_id=volunteer_id).first()


def list_memberships(volunteer_id: int) -> list[Membership]:
    """Return every tie there was and is planned, the newest first; for who has been let see the person."""
    rows = Membership.objects.filter(volunteer_id=volunteer_id).select_related("home_branch", "community_branch")
    return list(rows.order_by("-from_date", "-pk"))
