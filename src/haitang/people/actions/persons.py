"""Persons, their posts, and the rare look at what is sealed about them."""

from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import clock, history
from haitang.core.access import Actor, require
from haitang.core.characters import check_name
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotFound
from haitang.people import policies, queries
from haitang.people.facts import PersonAppointed, PersonChanged, PersonCreated, PersonDismissed, PersonUnmasked
from haitang.people.models import Holding, Person
from haitang.people.values import (
    GridHasWorker,
    HoldingOver,
    Permission,
    PostAlreadyHeld,
    clean_text,
    normalize_phone,
)

SEALED = ("phone", "address")


@transaction.atomic
def create_person(*, actor: Actor, name: str, now: datetime, phone: str = "", address: str = "") -> Person:
    """Enter a person. Telephone and home address are sealed before they reach the database.

    Raises NotAllowed (no PERSON_MANAGE anywhere), Invalid.
    """
    require(actor, Permission.PERSON_MANAGE)
    person = Person(name=check_name(clean_text(name, field="name", label=_("姓名"), length_max=50), "name"))
    person.phone = normalize_phone(phone)
    person.address = clean_text(address, field="address", label=_("住址"), length_max=200, required=False)
    person.save(force_insert=True)
    history.record(actor=actor, fact=PersonCreated(person.pk, person.name), at=now)
    return person


@transaction.atomic
def change_person(
    *,
    actor: Actor,
    person_id: int,
    now: datetime,
    name: str | None = None,
    phone: str | None = None,
    address: str | None = None,
) -> Person:
    """Change what is given of a person; None leaves a thing as it is, "" removes it.

    Raises PersonUnknown (or out of reach), NotAllowed, Invalid.
    """
    person = queries.lock_person(person_id)
    today = clock.local_date(now)
    policies.check_reaches_person(actor, Permission.PERSON_MANAGE, queries.list_holdings_of(person_id, today))
    before = (person.name, person.phone, person.address)
    if name is not None:
        person.name = check_name(clean_text(name, field="name", label=_("姓名"), length_max=50), "name")
    if phone is not None:
        person.phone = normalize_phone(phone)
    if address is not None:
        person.address = clean_text(address, field="address", label=_("住址"), length_max=200, required=False)
    after = (person.name, person.phone, person.address)
    changed = [field for field, old, new in zip(("name", *SEALED), before, after, strict=True) if old != new]
    if changed:
        person.save()
        history.record(actor=actor, fact=PersonChanged(person.pk, changed), at=now)
    return person


@transaction.atomic
def unmask_person(*, actor: Actor, person_id: int, field: str, reason: str, now: datetime) -> str:
    """Return the person's full telephone number or home address, and leave a fact that says who asked and why.

    field: "phone" or "address".
    Raises PersonUnknown (or out of reach), NotAllowed (no PERSON_UNMASK; of a person without a post, none everywhere),
    Invalid (no reason).
    Source: 《个人信息保护法》 art. 6, 51.
    """
    person = queries.get_person(person_id)
    today = clock.local_date(now)
    policies.check_may_unmask(actor, queries.list_holdings_of(person_id, today))
    if field not in SEALED:
        raise Invalid(_("只能查看电话或住址"))
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    history.record(actor=actor, fact=PersonUnmasked(person.pk, field, reason), at=now)
    return person.phone if field == "phone" else person.address


@transaction.atomic
def appoint_person(
    *,
    actor: Actor,
    person_id: int,
    post_id: int,
    from_date: date,
    now: datetime,
    to_date: date | None = None,
    is_main: bool = False,
) -> Holding:
    """Let the person hold the post for a half-open period of calendar dates; None: until dismissed.

    One person may hold several posts; a grid has one worker at a time. is_main: the person acts for this
    post's organization; the first post held is the main one if nothing else is said.

    Raises PersonUnknown, NotFound (the post), NotAllowed (no PERSON_MANAGE over the post's area or organization),
    Invalid, PostAlreadyHeld, GridHasWorker.
    """
    person = queries.lock_person(person_id)
    holding = Holding(person=person, post_id=post_id, from_date=from_date, to_date=to_date)
    try:
        post = holding.post
    except ObjectDoesNotExist as error:
        raise NotFound(_("没有找到该岗位")) from error
    policies.check_may_manage_holding(actor, holding)
    if to_date is not None and to_date <= from_date:
        raise Invalid(_("终止日期应晚于起始日期"), {"to_date": _("终止日期应晚于起始日期")})
    holding.kind, holding.area_id = post.kind, post.area_id
    others = queries.list_holdings_of(person_id, from_date)
    holding.is_main = is_main or not others
    with refusing(
        {
            "people_holding_once": PostAlreadyHeld(_("该人员在此期间已担任该岗位")),
            "people_holding_one_worker_per_grid": GridHasWorker(
                _("该网格在此期间已有网格员，一个网格同一时间只有一名网格员")
            ),
        }
    ):
        holding.save(force_insert=True)
    if is_main:
        Holding.objects.filter(person=person).exclude(pk=holding.pk).update(is_main=False)
    queries.ACTORS.touch()
    fact = PersonAppointed(
        person.pk, holding.pk, post.pk, from_date.isoformat(), to_date.isoformat() if to_date else None
    )
    history.record(actor=actor, fact=fact, at=now)
    return holding


@transaction.atomic
def dismiss_person(*, actor: Actor, holding_id: int, to_date: date, reason: str, now: datetime) -> Holding:
    """End the holding on a day: the first on which the post is no longer held, not before its beginning.

    Raises NotFound, NotAllowed (as for appointing), HoldingOver (it ends before anyway), Invalid.
    """
    holding = queries.lock_holding(holding_id)
    policies.check_may_manage_holding(actor, holding)
    if holding.to_date is not None and holding.to_date <= to_date:
        raise HoldingOver(_("该任职在此之前已经结束"))
    if to_date < holding.from_date:
        raise Invalid(_("终止日期不能早于起始日期"), {"to_date": _("终止日期不能早于起始日期")})
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    holding.to_date = to_date
    holding.save(update_fields=["to_date"])
    queries.ACTORS.touch()
    fact = PersonDismissed(holding.person_id, holding.pk, holding.post_id, to_date.isoformat(), reason)
    history.record(actor=actor, fact=fact, at=now)
    return holding
