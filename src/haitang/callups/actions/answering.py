"""What those called do: answer, answer otherwise, report on the spot; or staff take it down for them by telephone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.callups import policies, queries
from haitang.callups.actions.shared import audience_of, clean, promote
from haitang.callups.facts import CallAnswered, CallReported
from haitang.callups.lifecycle import check_goes_on
from haitang.callups.models import Call, CallUp
from haitang.callups.values import (
    COMES,
    REASON_LENGTH_MAX,
    Answer,
    AnswersOver,
    CallUpInvalid,
    CallUpOver,
    NoPlaceLeft,
    NotCalled,
    NotYet,
    TimePromised,
    WrongReportCode,
)
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.places import has_room, next_turn, take
from haitang.volunteers.queries import get_volunteer_of, lock_calendar


@transaction.atomic
def answer_call(*, actor: Actor, callup_id: int, answer: str, reason: str, now: datetime) -> Call:
    """
    Answer a call for oneself; where every place is taken, who comes is put on the wait list, and nobody is sent away.

    answer: coming, late or cannot; another one than before replaces it, and a place given back goes to the first who
    waits. reason: when one comes, or why one cannot. After the end of answers a place can only be given back.
    Raises NotCalled, CallUpOver, AnswersOver, CallUpInvalid (no such answer; late or cannot without a reason),
    TimePromised (something else at that time, in whatever app; who comes late may have it before).
    """
    row = queries.lock_callup(callup_id)
    volunteer = get_volunteer_of(actor.id)
    call = queries.lock_call(row, volunteer_id=volunteer.pk) if volunteer else None
    if call is None:
        raise NotCalled(_("没有这次召唤，或没有召唤您"))
    return _answer(actor, row, call, answer, reason, now, by_staff=False)


@transaction.atomic
def take_down_answer(*, actor: Actor, callup_id: int, call_id: int, answer: str, reason: str, now: datetime) -> Call:
    """
    Take an answer down for somebody who has given it by telephone; see `answer_call`.

    Raises CallUpNotFound, NotAllowed, NotCalled, CallUpOver, AnswersOver, CallUpInvalid, TimePromised.
    """
    row, call = _lead(actor, callup_id, call_id)
    return _answer(actor, row, call, answer, reason, now, by_staff=True)


def _lead(actor: Actor, callup_id: int, call_id: int) -> tuple[CallUp, Call]:
    row = queries.lock_callup(callup_id)
    policies.check_can_lead(actor, row)
    call = queries.lock_call(row, call_id=call_id)
    if call is None:
        raise NotCalled(_("没有召唤过这个人"))
    return row, call


def _answer(actor: Actor, row: CallUp, call: Call, answer: str, reason: str, now: datetime, *, by_staff: bool) -> Call:
    check_goes_on(row.status)
    if answer not in Answer.values or answer == Answer.NONE:
        raise CallUpInvalid(_("请选择来、晚到或来不了"), {"answer": _("请选择来、晚到或来不了")})
    if call.here_at is not None:
        raise CallUpOver(_("已经报到，不用再答复，谢谢您"))
    missing = {Answer.LATE: _("请说明大约什么时候到"), Answer.CANNOT: _("请说明原因，方便另作安排")}
    reason = clean(reason, "reason", REASON_LENGTH_MAX, "" if by_staff else missing.get(Answer(answer), ""))
    if now >= row.answer_by and not (answer == Answer.CANNOT and call.answer in COMES):
        raise AnswersOver(_("答复时间已过；能来的请直接到现场报到"))
    if (call.answer, call.reason) == (answer, reason):
        return call
    if answer in COMES:
        _check_free(row, call, late=answer == Answer.LATE)
    had_place = call.has_place
    was = call.answer
    call.answer, call.reason, call.answered_at = answer, reason, now
    call.by_staff_id = actor.id if by_staff else None
    if answer == Answer.CANNOT:
        call.turn = None
    elif was not in COMES:
        _take_or_wait(row, call)
    call.save(update_fields=["answer", "reason", "answered_at", "by_staff_id", "turn"])
    fact = CallAnswered(row.pk, call.pk, answer, call.turn is not None, by_staff)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    if had_place and answer == Answer.CANNOT:
        take(row, -1)
        promote(actor, row, now)
    return call


def _check_free(row: CallUp, call: Call, *, late: bool) -> None:
    """Raise TimePromised where the person has promised to be elsewhere; their calendar stays locked until the end."""
    call.callup = row
    promised = lock_calendar(call.volunteer_id, row.begins_at, row.ends_at)
    for each in queries.in_the_way(call, promised, late=late):
        wrong = _("这个时间已经答应了“%(what)s”，请先退出那一项；如能在它之后赶到，请答复“晚到”") % {"what": each.title}
        raise TimePromised(wrong)


def _take_or_wait(row: CallUp, call: Call) -> None:
    if has_room(row):
        take(row)
    else:
        call.turn = next_turn(row)


@transaction.atomic
def report_here(*, actor: Actor, callup_id: int, code: str, now: datetime) -> Call:
    """
    Report on the spot with the code of the call-up, once; nothing is kept of where, only when.

    Who stands in the register and comes without having been called, or without having answered, gets a place if there
    is one. Reported before, nothing changes.
    Raises WrongReportCode, NotCalled (in no register), CallUpOver, NotYet, NoPlaceLeft.
    """
    row = queries.lock_callup(callup_id)
    if not queries.fits_code(row, code):
        raise WrongReportCode(_("这个报到码无效，请扫现场的二维码"))
    volunteer = get_volunteer_of(actor.id)
    if volunteer is None:
        raise NotCalled(_("您还没有志愿登记，请先登记再报到"))
    call = queries.lock_call(row, volunteer_id=volunteer.pk)
    if call is None:
        call = Call(callup=row, volunteer=volunteer, is_called=False)
    return _report(actor, row, call, now, by_staff=False)


@transaction.atomic
def take_down_report(*, actor: Actor, callup_id: int, call_id: int, now: datetime) -> Call:
    """
    Take down that somebody called is there, for those without a telephone at hand; see `report_here`.

    Raises CallUpNotFound, NotAllowed, NotCalled, CallUpOver, NotYet, NoPlaceLeft.
    """
    row, call = _lead(actor, callup_id, call_id)
    return _report(actor, row, call, now, by_staff=True)


def _report(actor: Actor, row: CallUp, call: Call, now: datetime, *, by_staff: bool) -> Call:
    check_goes_on(row.status)
    if call.here_at is not None:
        return call
    before = queries.callup_rules()["report_before_minutes"]
    if now < row.begins_at - timedelta(minutes=before):
        raise NotYet(_("开始前 %(n)d 分钟起可以报到") % {"n": before})
    if not call.has_place:
        if not has_room(row):
            raise NoPlaceLeft(_("人已经够了，谢谢您赶来；如需补充，请联系现场负责人"))
        take(row)
        call.answer, call.turn = Answer.COMING, None
        call.answered_at = now
    call.here_at = now
    call.save()
    fact = CallReported(row.pk, call.pk, by_staff, not call.is_called)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return call


@transaction.atomic
def forget_called(*, actor: Actor, callup_id: int, volunteer_id: int, now: datetime) -> bool:
    """
    Let somebody who has left the register leave a call-up that goes on: what they said is erased, their place free.

    For the job that follows a withdrawal; tells whether anything changed.
    """
    row = queries.lock_callup(callup_id)
    call = queries.lock_call(row, volunteer_id=volunteer_id)
    if call is None or call.here_at is not None or (call.answer == Answer.CANNOT and not call.reason):
        return False
    had_place = call.has_place
    call.answer, call.turn, call.reason, call.answered_at = Answer.CANNOT, None, "", now
    call.save(update_fields=["answer", "turn", "reason", "answered_at"])
    fact = CallAnswered(row.pk, call.pk, Answer.CANNOT.value, False, True)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    if had_place:
        take(row, -1)
        promote(actor, row, now)
    return True
