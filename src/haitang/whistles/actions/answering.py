"""What departments do in answer to a whistle, and what is decided about it. Each deed is one call of `_answer`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import note_on_case
from haitang.cases.actions.moving import clean_opinion
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.organizations.queries import organizations
from haitang.whistles import policies
from haitang.whistles.actions.common import (
    call_of,
    check_case_is_open,
    check_no_other_is_open,
    clean_words,
    lock_known_whistle,
)
from haitang.whistles.actions.timing import follow_deed, was_in_time
from haitang.whistles.facts import FACT_OF, WhistleAnswered
from haitang.whistles.lifecycle import DUE_BY, MOVES, Deed, Status, check_move, status_of
from haitang.whistles.models import UNBLOWN, Call, Whistle
from haitang.whistles.values import WORDS_LENGTH_MAX, Permission, Rating, WrongStep

_COLUMNS = [
    "status", "handler_id", "changed_at", "stage", "stage_started_at", "due_at", "deadlines", "level", "climb_at",
]  # fmt: skip
Prepare = Callable[[Call, Any, str], tuple[dict[str, Any], list[str]]]
"""Given the call, its case and the opinion, changes the call; returns more fields of the fact, more columns to save."""


def _answer(
    *, actor: Actor, whistle_id: int, call_id: int, deed: Deed, opinion: str, now: datetime,
    prepare: Prepare | None = None,
) -> Call:  # fmt: skip
    """Lock, allow, check, write, record, return: the shape of every deed."""
    case, whistle, calls = lock_known_whistle(actor, whistle_id)
    call = call_of(calls, call_id)
    policies.check_can(actor, deed, call, case)
    if whistle.status in UNBLOWN:
        raise WrongStep(_("哨单当前为“%(status)s”，尚不能应哨") % {"status": Status(whistle.status).label})
    source, target = call.status, check_move(call.status, deed)
    opinion = clean_opinion(opinion)
    more, columns = prepare(call, case, opinion) if prepare else ({}, [])
    in_time = was_in_time(call, DUE_BY.get(deed), now)
    spent_s = max(int((now - call.changed_at).total_seconds()), 0)
    follow_deed(call, deed, target, now)
    if call.handler_id is None and MOVES[deed].permission is Permission.RESPOND:
        call.handler_id = actor.id
    call.status, call.changed_at = target.value, now
    call.save(update_fields=[*_COLUMNS, *columns])
    desk = organizations().by_id(call.organization_id)
    fact = FACT_OF[deed](
        case.pk, whistle.pk, whistle.number, opinion, call.pk, call.organization_id, desk.label if desk else "",
        source, target.value, spent_s, in_time, **more,
    )  # fmt: skip
    called = [each.organization_id for each in calls]
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=called)
    _settle(actor, case, whistle, calls, now)
    return call


def _settle(actor: Actor, case: Any, whistle: Whistle, calls: list[Call], now: datetime) -> None:
    """Let the whistle stand where its departments do; when the last of them is finished, say so once."""
    before, after = Status(whistle.status), status_of([call.status for call in calls])
    if before is after:
        return
    whistle.status, whistle.ended_at = after.value, now if after is Status.DONE else None
    whistle.save(update_fields=["status", "ended_at"])
    if before is Status.BLOWN:
        fact = WhistleAnswered(case.pk, whistle.pk, whistle.number, "")
        note_on_case(actor=actor, fact=fact, now=now, case=case)


@transaction.atomic
def sign_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Sign for the call (签收): the department has it.

    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep, Invalid.
    """
    return _answer(actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.SIGN, opinion=opinion, now=now)


@transaction.atomic
def contact_street(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Note that the department has spoken with the street (联系), and what they agreed upon.

    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep, Invalid.
    """
    return _answer(actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.CONTACT, opinion=opinion, now=now)


@transaction.atomic
def report_arrival(
    *, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str, place: str, people: str
) -> Call:
    """
    Report in (报到): the department is there. Whoever arrives has signed and made contact.

    place: where, in words; people: who came, in words. Neither is located, and nobody is followed.
    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep, Invalid.
    """

    def prepare(call: Call, case: Any, opinion: str) -> tuple[dict[str, Any], list[str]]:
        call.place = clean_words(place, "place", _("到场地点"), WORDS_LENGTH_MAX)
        call.people = clean_words(people, "people", _("到场人员"), WORDS_LENGTH_MAX)
        return {"place": call.place, "people": call.people}, ["place", "people"]

    return _answer(
        actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.ARRIVE, opinion=opinion, now=now, prepare=prepare
    )


@transaction.atomic
def handle_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Declare the department's part done (处置), the opinion saying what was done; photos are added apart.

    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep, Invalid.
    """

    def prepare(call: Call, case: Any, opinion: str) -> tuple[dict[str, Any], list[str]]:
        call.result = opinion
        return {}, ["result"]

    return _answer(
        actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.HANDLE, opinion=opinion, now=now, prepare=prepare
    )


@transaction.atomic
def sign_off_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Sign off (销哨): the department is finished, and the street judges.

    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep, Invalid.
    """
    return _answer(actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.SIGN_OFF, opinion=opinion, now=now)


@transaction.atomic
def refuse_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Refuse to come (拒哨) with the reason, before arrival; the street decides, and the clock waits.

    Raises WhistleNotFound, NotYourCall, NotAllowed, WrongStep, Invalid.
    """

    def prepare(call: Call, case: Any, opinion: str) -> tuple[dict[str, Any], list[str]]:
        call.refusal = opinion
        return {}, ["refusal"]

    return _answer(
        actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.REFUSE, opinion=opinion, now=now, prepare=prepare
    )


@transaction.atomic
def release_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Uphold a refusal: the department need not come.

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    return _answer(actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.RELEASE, opinion=opinion, now=now)


@transaction.atomic
def insist_on_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Reject a refusal: the department is to come, its time to make contact and to arrive counted from now.

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    return _answer(actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.INSIST, opinion=opinion, now=now)


@transaction.atomic
def waive_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Let the case go on without this department (豁免), with the reason: a supervisor's decision.

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    return _answer(actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.WAIVE, opinion=opinion, now=now)


@transaction.atomic
def evaluate_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str, rating: str) -> Call:
    """
    Judge what a department did that has signed off (满意, 基本满意, 不满意).

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    if rating not in Rating.values:
        raise Invalid(_("评价应为：满意、基本满意、不满意"), {"rating": _("请选择评价结果")})

    def prepare(call: Call, case: Any, opinion: str) -> tuple[dict[str, Any], list[str]]:
        call.rating, call.rating_text = rating, opinion
        return {"rating": rating}, ["rating", "rating_text"]

    return _answer(
        actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.EVALUATE, opinion=opinion, now=now,
        prepare=prepare,
    )  # fmt: skip


@transaction.atomic
def rework_call(*, actor: Actor, now: datetime, whistle_id: int, call_id: int, opinion: str) -> Call:
    """
    Veto a sign-off (否决): the department goes on, with a fresh clock.

    Raises WhistleNotFound, NotAllowed, WrongStep, CaseHasEnded, AlreadyBlown (another whistle is open), Invalid.
    """

    def prepare(call: Call, case: Any, opinion: str) -> tuple[dict[str, Any], list[str]]:
        check_case_is_open(case)
        check_no_other_is_open(call.whistle)
        call.reworks += 1
        return {}, ["reworks"]

    return _answer(
        actor=actor, whistle_id=whistle_id, call_id=call_id, deed=Deed.REWORK, opinion=opinion, now=now, prepare=prepare
    )
