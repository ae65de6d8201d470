"""Entering the register, changing what stands there, and leaving it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history, ids
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.territory.queries import territory
from haitang.volunteers import policies, queries
from haitang.volunteers.actions.belonging import end_membership_on, write_membership
from haitang.volunteers.actions.owning import CODE_LENGTH
from haitang.volunteers.actions.shared import Checker, codes_of, lock_phone, normal_phone
from haitang.volunteers.facts import VolunteerChanged, VolunteerRegistered, VolunteerWithdrew
from haitang.volunteers.models import CalendarKey, Certificate, Volunteer
from haitang.volunteers.values import (
    AccountTaken,
    AlreadyRegistered,
    NoConsent,
    Permission,
    Relation,
    Via,
    VolunteerProfile,
)

_FIELDS = ("name", "area_id", "unit_id", "skills", "languages", "forces", "times", "reach_m", "wants_calls")


@dataclass(frozen=True, slots=True)
class Registered:
    """A new entry. code: by which who has no account finds and changes it, told this once; "" for accounts."""

    volunteer: Volunteer
    code: str


@transaction.atomic
def register_volunteer(
    *,
    actor: Actor,
    profile: VolunteerProfile,
    consented: bool,
    now: datetime,
    by_staff: bool = False,
    relation: Relation | None = None,
) -> Registered:
    """
    Enter somebody who has agreed to it: the actor, a visitor without an account, or somebody at the counter.

    by_staff: the actor enters somebody else, who has agreed before them; takes MANAGE where they live or over their
    unit. relation: how a member is tied to the branches from today on. Other forces are entered by staff only.
    Of two who register the same telephone at once, one is entered.

    Raises NoConsent, VolunteerInvalid (fields), AlreadyRegistered, AccountTaken, NotAllowed.
    """
    today = local_date(now)
    if not consented:
        raise NoConsent(_("须经本人同意才能登记"), {"consented": _("须经本人同意才能登记")})
    profile = Checker(today).check(profile)
    area = territory().area(profile.area_id)
    if by_staff:
        access.require(actor, Permission.MANAGE, area_path=area.path, organization_id=profile.unit_id)
    elif profile.forces:
        access.require(actor, Permission.MANAGE, area_path=area.path)
    lock_phone(profile.phone)
    if queries.find_by_phone(profile.phone) is not None:
        raise AlreadyRegistered(
            _("该电话已经登记过。如果是单位或社区替您登记的，请向他们要认领码，再用编号和认领码打开")
        )
    account_id = None if by_staff else actor.id
    code = "" if account_id else ids.query_code(CODE_LENGTH)
    row = Volunteer(
        account_id=account_id, name=profile.name, area_id=area.id, area_ids=list(area.ids), unit_id=profile.unit_id,
        skills=list(profile.skills), languages=list(profile.languages), forces=list(profile.forces),
        times=list(profile.times), reach_m=profile.reach_m, wants_calls=profile.wants_calls,
        via=Via.STAFF if by_staff else Via.SELF, consent_version=queries.consent().version, consented_at=now,
        registered_at=now, code_hash=policies.hash_of(code) if code else b"",
    )  # fmt: skip
    row.phone = profile.phone
    with refusing({"volunteers_one_per_account": AccountTaken(_("您已经登记过，可直接修改"))}):
        row.save(force_insert=True)
    if relation is not None:
        write_membership(row, relation, today)
    fact = VolunteerRegistered(row.pk, row.via, row.consent_version)
    history.record(actor=actor, fact=fact, at=now)
    return Registered(row, code)


@transaction.atomic
def change_volunteer(
    *, actor: Actor, volunteer_id: int, profile: VolunteerProfile, now: datetime, code: str = ""
) -> Volunteer:
    """
    Have an entry say what the profile says; for the person (by account or code) and who keeps the register there.

    A person's own change leaves the other forces as they are. Raises VolunteerNotFound, Withdrawn, NotAllowed,
    VolunteerInvalid (fields), AlreadyRegistered (somebody else stands under that telephone).
    """
    lock_phone(normal_phone(profile.phone))  # before the row: everybody locks in this order
    row = queries.lock_volunteer(volunteer_id)
    policies.check_can_change(actor, row, code)
    own = policies.is_own(actor, row, code)
    profile = Checker(local_date(now)).check(profile, known=set(codes_of(row)))
    before = {field: getattr(row, field) for field in _FIELDS}
    if own:
        before.pop("forces")
    area = territory().area(profile.area_id)
    if not own and area.id != row.area_id:
        access.require(actor, Permission.MANAGE, area_path=area.path, organization_id=profile.unit_id)
    changed = []
    for field, old in before.items():
        new = getattr(profile, field)
        new = list(new) if isinstance(new, tuple) else new
        if new != old:
            setattr(row, field, new)
            changed.append(field.removesuffix("_id"))
    if profile.phone != row.phone:
        other = queries.find_by_phone(profile.phone)
        if other is not None and other.pk != row.pk:
            raise AlreadyRegistered(_("该电话已经登记过"))
        row.phone = profile.phone
        changed.append("phone")
    if changed:
        row.area_ids = list(area.ids)
        row.save()
        history.record(actor=actor, fact=VolunteerChanged(row.pk, changed, not own), at=now)
    return row


@transaction.atomic
def withdraw_volunteer(*, actor: Actor, volunteer_id: int, now: datetime, code: str = "") -> None:
    """
    Erase what is known of somebody, at their wish; services stay as numbers about nobody.

    For the person (by account or code) and who keeps the register there. Certificates taken along still verify, with
    no name on them. Raises VolunteerNotFound, Withdrawn (already), NotAllowed.
    """
    row = queries.lock_volunteer(volunteer_id)
    policies.check_can_change(actor, row, code)
    own = policies.is_own(actor, row, code)
    end_membership_on(row.pk, local_date(now))
    Certificate.objects.filter(volunteer=row).update(name="")
    CalendarKey.objects.filter(volunteer=row).delete()
    row.account_id, row.unit_id, row.name, row.code_hash = None, None, "", b""
    row.phone = ""
    row.skills, row.languages, row.forces, row.times, row.wants_calls = [], [], [], [], False
    row.withdrawn_at = now
    row.save()
    history.record(actor=actor, fact=VolunteerWithdrew(row.pk, not own), at=now)
