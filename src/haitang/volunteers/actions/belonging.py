"""How members are tied to the branches: dated, one tie at a time."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core import access, history, periods
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.scoping import path_of
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.volunteers import policies, queries
from haitang.volunteers.facts import MembershipChanged
from haitang.volunteers.models import Membership, Volunteer
from haitang.volunteers.values import (
    Management,
    MemberClass,
    MembershipOverlaps,
    Permission,
    Relation,
    VolunteerInvalid,
)

BRANCHES = (Kind.PARTY_BRANCH.value, Kind.PARTY_COMMITTEE.value)


@transaction.atomic
def set_membership(
    *, actor: Actor, volunteer_id: int, relation: Relation, from_date: date, now: datetime
) -> Membership:
    """
    Tie a member to the branches from a day on; the tie of before ends there, one planned for later is dropped.

    Takes MANAGE where the person lives or over their unit. Raises VolunteerNotFound, Withdrawn, NotAllowed,
    VolunteerInvalid (no such class or branch, no branch at all, before the present tie).
    """
    row = queries.lock_volunteer(volunteer_id)
    _check_can(actor, row)
    current = queries.membership_on(row.pk, from_date)
    if current is not None and _same(current, relation):
        return current
    end_membership_on(row.pk, from_date)
    made = write_membership(row, relation, from_date)
    fact = MembershipChanged(row.pk, made.member_class, made.management, from_date.isoformat())
    history.record(actor=actor, fact=fact, at=now)
    return made


@transaction.atomic
def end_membership(*, actor: Actor, volunteer_id: int, on: date, now: datetime) -> None:
    """End a member's tie with that day, which it does not cover any more; they stay in the register.

    Raises VolunteerNotFound, Withdrawn, NotAllowed.
    """
    row = queries.lock_volunteer(volunteer_id)
    _check_can(actor, row)
    if end_membership_on(row.pk, on):
        history.record(actor=actor, fact=MembershipChanged(row.pk, "", "", on.isoformat()), at=now)


def _check_can(actor: Actor, row: Volunteer) -> None:
    policies.check_may_see(actor, row)
    access.require(actor, Permission.MANAGE, area_path=path_of(row.area_ids), organization_id=row.unit_id)
    policies.check_stands(row)


def _same(row: Membership, relation: Relation) -> bool:
    return (row.member_class, row.management, row.home_branch_id, row.community_branch_id) == (
        relation.member_class, management_of(relation), relation.home_branch_id, relation.community_branch_id,
    )  # fmt: skip


def management_of(relation: Relation) -> str:
    """Return the kind of management: the one named, or the one that the settings give that class."""
    return relation.management or queries.rules().setting("management_of_class").get(relation.member_class, "")


def check_relation(relation: Relation, day: date) -> None:
    """Raise VolunteerInvalid unless class, management and branches are such."""
    if relation.member_class not in MemberClass.values:
        raise VolunteerInvalid(_("请选择类别"), {"member_class": _("请选择类别")})
    if management_of(relation) not in Management.values:
        raise VolunteerInvalid(_("请选择管理方式"), {"management": _("请选择管理方式")})
    if relation.home_branch_id is None and relation.community_branch_id is None:
        raise VolunteerInvalid(_("请选择所在支部"), {"home_branch": _("请选择所在支部")})
    for field in ("home_branch", "community_branch"):
        branch_id = getattr(relation, f"{field}_id")
        branch = organizations().by_id(branch_id)
        if branch_id is not None and (branch is None or branch.kind not in BRANCHES or not branch.exists(day)):
            raise VolunteerInvalid(_("没有这个支部"), {field: _("没有这个支部")})


def write_membership(row: Volunteer, relation: Relation, from_date: date) -> Membership:
    """Tie the person from that day on. Raises VolunteerInvalid, MembershipOverlaps."""
    check_relation(relation, from_date)
    overlaps = MembershipOverlaps(_("该时间段内已有管理关系"))
    with refusing({"volunteers_membership_one_at_a_time": overlaps}):
        return Membership.objects.create(
            volunteer=row, member_class=relation.member_class, management=management_of(relation),
            home_branch_id=relation.home_branch_id, community_branch_id=relation.community_branch_id,
            from_date=from_date,
        )  # fmt: skip


def end_membership_on(volunteer_id: int, day: date) -> bool:
    """Let no tie reach beyond that day: the running one ends there, later ones never take effect."""
    rows = Membership.objects.filter(volunteer_id=volunteer_id)
    later = rows.filter(from_date__gt=day).delete()[0]
    ended = rows.filter(periods.on(day) | Q(from_date=day, to_date=None)).update(to_date=day)
    return bool(later or ended)
