"""Pause, extension and return: asked for by those who have the case, decided by those who may."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.facts import CaseNoted
from haitang.cases.values import WrongStage
from haitang.core.access import Actor
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid, NotAllowed
from haitang.oversight import policies
from haitang.oversight.facts import (
    CaseResumed,
    ExtensionApproved,
    ExtensionRequested,
    PauseApproved,
    PauseRequested,
    RequestDeclined,
    RequestLapsed,
    RequestWithdrawn,
    ReturnApproved,
    ReturnRequested,
)
from haitang.oversight.models import Request
from haitang.oversight.queries import requests as queries
from haitang.oversight.queries.rules import rules
from haitang.oversight.values import (
    REASON_LENGTH_MAX,
    AlreadyAsked,
    AlreadyDecided,
    CasePaused,
    State,
    TooLate,
    TooOften,
    Wish,
)
from haitang.worktime.values import Limit


def clean_words(text: str, field: str = "reason") -> str:
    """Return the words trimmed; raise Invalid where there are none or too many."""
    text = text.strip()
    if not text or len(text) > REASON_LENGTH_MAX:
        said = _("请填写说明，不超过 %(n)d 字") % {"n": REASON_LENGTH_MAX}
        raise Invalid(said, {field: said})
    return text


@transaction.atomic
def ask_for(
    *, actor: Actor, case_id: int, wish: str, reason: str, now: datetime, until: datetime | None = None, more: str = ""
) -> Request:
    """
    Ask that the clock of the case stands until then (缓办), for so much more time (延期), or to be rid of it (退回).

    until: aware instant, for a pause. more: a limit, for an extension.
    Raises CaseNotFound, NotAllowed (the case waits for somebody else), GoesAlong (it ends with the case it was joined
    to), AlreadyAsked, CasePaused, TooLate (the time has run out), TooOften (extended as often as the rules allow),
    WrongStage (nothing to give back), Invalid.
    """
    case = cases.lock_case(case_id)
    cases.get_case(viewer=actor, case_id=case_id)
    if not cases.waits_for(viewer=actor, case=case):
        raise NotAllowed(_("案件现在不由您办理，不能提出申请"))
    cases.check_goes_alone(case)
    reason = clean_words(reason)
    if case.paused_until is not None:
        raise CasePaused(_("案件在缓办中，请先恢复办理"))
    assert case.due_at is not None
    assert case.stage is not None
    assert case.stage_started_at is not None
    given = Wish(wish)
    if given is Wish.RETURN:
        if not cases.can_be_returned(case):
            raise WrongStage(_("案件不在承办单位，不能申请退回"))
    elif case.due_at < now:
        raise TooLate(_("环节时限已过，不能再申请缓办或延期"))
    more = str(Limit.parse(more)) if given is Wish.EXTENSION else ""
    until = until if given is Wish.PAUSE else None
    if given is Wish.PAUSE:
        _check_until(until, now)
    if given is Wish.EXTENSION:
        _check_times(case)
    _lapse(actor, list(queries.lock_pending(case.pk)), {case.pk: case}, now)
    with refusing({"oversight_request_one_pending": AlreadyAsked(_("同一事项已有申请待审批"))}):
        request = Request.objects.create(
            case_id=case.pk, wish=given, stage=case.stage, stage_started_at=case.stage_started_at, due_at=case.due_at,
            reason=reason, until=until, more=more, asked_by_id=actor.id, asked_by_name=actor.name, asked_at=now,
            organization_id=case.organization_id,
        )  # fmt: skip
    fact: CaseNoted
    if until is not None:
        fact = PauseRequested(case.pk, request.pk, reason, until.isoformat())
    elif more:
        fact = ExtensionRequested(case.pk, request.pk, reason, more)
    else:
        fact = ReturnRequested(case.pk, request.pk, reason)
    case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
    return request


@transaction.atomic
def decide_request(*, actor: Actor, request_id: int, approved: bool, opinion: str, now: datetime) -> Request:
    """
    Grant what was asked for, or decline it. Granted, the clock is changed, or the case taken from its desk, at once.

    Raises RequestNotFound, NotAllowed, OwnRequest, AlreadyDecided (also where the case has left the stage),
    ClockStands, CasePaused (an extension or return of a case whose clock stands), TooOften, WrongStage, Invalid.
    """
    request = queries.get_request(viewer=actor, request_id=request_id)
    case = cases.lock_case(request.case_id)
    request = queries.lock_request(request_id)
    policies.check_can_decide(actor, request, case)
    if request.state != State.PENDING:
        raise AlreadyDecided(_("此申请%(state)s") % {"state": State(request.state).label})
    if not queries.is_current(request, case):
        raise AlreadyDecided(_("案件已进入下一环节，此申请已失效"))
    opinion = clean_words(opinion, "opinion")
    request.state = State.APPROVED if approved else State.DECLINED
    request.decided_by_id, request.decided_at, request.opinion = actor.id, now, opinion
    request.save(update_fields=["state", "decided_by_id", "decided_at", "opinion"])
    if not approved:
        fact: CaseNoted = RequestDeclined(case.pk, request.pk, opinion)
        case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
        return request
    if request.wish != Wish.PAUSE and case.paused_until is not None:
        raise CasePaused(_("案件在缓办中，请先恢复办理"))
    if request.wish == Wish.PAUSE:
        assert request.until is not None
        case = case_actions.pause_clock(actor=actor, case_id=case.pk, until=request.until, now=now)
        fact = PauseApproved(case.pk, request.pk, opinion, request.until.isoformat())
    elif request.wish == Wish.EXTENSION:
        _check_times(case)
        case = case_actions.extend_clock(actor=actor, case_id=case.pk, more=request.more, now=now)
        fact = ExtensionApproved(case.pk, request.pk, opinion, request.more)
    else:
        fact = ReturnApproved(case.pk, request.pk, opinion)
    case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
    if request.wish == Wish.RETURN:
        case_actions.take_back_case(actor=actor, case_id=case.pk, opinion=request.reason, now=now)
    return request


@transaction.atomic
def withdraw_request(*, actor: Actor, request_id: int, now: datetime) -> Request:
    """
    No longer ask, as whoever asked.

    Raises RequestNotFound, NotAllowed (somebody else asked), AlreadyDecided.
    """
    request = queries.get_request(viewer=actor, request_id=request_id)
    case = cases.lock_case(request.case_id)
    request = queries.lock_request(request_id)
    if actor.id is None or request.asked_by_id != actor.id:
        raise NotAllowed(_("只有申请人可以撤回申请"))
    if request.state != State.PENDING:
        raise AlreadyDecided(_("此申请%(state)s") % {"state": State(request.state).label})
    request.state, request.decided_at = State.WITHDRAWN, now
    request.save(update_fields=["state", "decided_at"])
    case_actions.note_on_case(actor=actor, fact=RequestWithdrawn(case.pk, request.pk), now=now, case=case)
    return request


@transaction.atomic
def resume_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Request:
    """
    Let a standing clock go on before its day, as whoever has the case or whoever decides.

    Raises CaseNotFound, NotAllowed, ClockStands (it does not stand), Invalid.
    """
    case = cases.lock_case(case_id)
    cases.get_case(viewer=actor, case_id=case_id)
    if not cases.waits_for(viewer=actor, case=case):
        policies.check_can_decide(actor, Request(wish=Wish.PAUSE), case)
    opinion = clean_words(opinion, "opinion")
    case = case_actions.resume_clock(actor=actor, case_id=case_id, now=now)
    request = queries.lock_standing(case_id)
    request.resumed_by_id, request.resumed_at = actor.id, now
    request.save(update_fields=["resumed_by_id", "resumed_at"])
    fact = CaseResumed(case_id, request.pk, opinion, by_itself=False)
    case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
    return request


@transaction.atomic
def resume_due_cases(*, actor: Actor, now: datetime) -> int:
    """
    Record, for at most 200 cases whose pause is over, that the clock goes on; return how many.

    Their deadlines were set when the pause was granted, so nothing depends on the minute at which this runs.
    """
    found = queries.list_due_pauses(now)
    locked = cases.lock_cases(request.case_id for request in found)
    resumed = 0
    for request in queries.lock_requests(request.pk for request in found):
        if request.resumed_at is not None or request.case_id not in locked:
            continue
        case = cases.lock_case(request.case_id)
        if case.paused_until is not None:
            case = case_actions.resume_clock(actor=actor, case_id=case.pk, now=now)
        request.resumed_at = request.until
        request.save(update_fields=["resumed_at"])
        fact = CaseResumed(case.pk, request.pk, "", by_itself=True)
        case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
        resumed += 1
    return resumed


@transaction.atomic
def lapse_requests(*, actor: Actor, now: datetime) -> int:
    """Mark at most 200 requests as lapsed whose case has left the stage that they were made for; return how many."""
    found = queries.list_stale()
    locked = cases.lock_cases(request.case_id for request in found)
    whole = {pk: cases.lock_case(pk) for pk in locked}
    return _lapse(actor, queries.lock_requests(request.pk for request in found), whole, now)


def _lapse(actor: Actor, requests: list[Request], by_id: dict, now: datetime) -> int:
    lapsed = 0
    for request in requests:
        case = by_id.get(request.case_id)
        if request.state != State.PENDING or case is None or queries.is_current(request, case):
            continue
        request.state, request.decided_at = State.LAPSED, now
        request.save(update_fields=["state", "decided_at"])
        case_actions.note_on_case(actor=actor, fact=RequestLapsed(case.pk, request.pk), now=now, case=case)
        lapsed += 1
    return lapsed


def _check_until(until: datetime | None, now: datetime) -> None:
    days = rules().settings["pause_days_max"]
    if until is None or not now < until <= now + timedelta(days=days):
        text = _("缓办截止时间应在 %(n)d 天以内，且晚于现在") % {"n": days}
        raise Invalid(text, {"until": text})


def _check_times(case: object) -> None:
    most = rules().settings["extensions_max"]
    if queries.count_extensions(case) >= most:
        raise TooOften(_("本环节最多延期 %(n)d 次") % {"n": most})
