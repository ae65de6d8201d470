"""What the reporter says, on the telephone or by their own judgement, and what follows from a negative answer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.callbacks import policies, queries
from haitang.callbacks.facts import CallbackAnswered, CallbackTried
from haitang.callbacks.models import Attempt, Callback
from haitang.callbacks.values import (
    UNMASK_REASON,
    WORDS_LENGTH_MAX,
    AlreadyAnswered,
    Answer,
    Negative,
    Outcome,
    Satisfaction,
    State,
    TaskNotFound,
    TooEarly,
    Via,
    counted_on,
    satisfaction_of,
)
from haitang.cases import queries as cases
from haitang.cases.actions import note_on_case, reopen_case, unmask_reporter
from haitang.cases.actions.unmasking import ReporterInFull
from haitang.cases.values import Permission as CasePermission
from haitang.core.access import Actor, Grant, system
from haitang.core.errors import Invalid, NotFound, Refusal
from haitang.core.language import in_house


@transaction.atomic
def record_call(
    *, actor: Actor, callback_id: int, outcome: str, now: datetime, answer: Answer | None = None, note: str = ""
) -> Callback:
    """
    Write down what came of one call: the reporter's answer, or why there is none and when to try again.

    outcome: of values.Outcome. answer: what was said, where the outcome is that it was answered. A negative answer has
    the case done over by the same handler, as often as the rules allow.
    Raises TaskNotFound, NotAllowed, AlreadyAnswered, TooEarly, Invalid.
    """
    callback, case = _lock(actor, callback_id)
    if callback.state != State.WAITING:
        raise AlreadyAnswered(_("此项回访已结束：%(state)s") % {"state": State(callback.state).label})
    assert callback.next_at is not None  # while it waits
    if now < callback.next_at:
        raise TooEarly(_("尚未到可回访时间，请勿频繁打扰诉求人"))
    if outcome not in Outcome.values:
        raise Invalid(_("请选择通话结果"), {"outcome": _("请选择通话结果")})
    note = _clean(note, "note")
    callback.attempts += 1
    Attempt.objects.create(
        callback=callback, at=now, outcome=outcome, note=note, by_id=actor.id, by_name=actor.name
    )  # fmt: skip
    if outcome == Outcome.ANSWERED:
        return _answer(actor, callback, case, _checked(answer), Via.STAFF, now)
    rules = queries.rules()
    gave_up = outcome in rules["final_outcomes"] or callback.attempts >= rules["attempts_max"]
    if gave_up:
        callback.state, callback.next_at, callback.ended_at = State.FAILED.value, None, now
        callback.by_id = actor.id
    else:
        callback.next_at = queries.next_attempt(callback.attempts, now)
    callback.save(update_fields=["attempts", "state", "next_at", "ended_at", "by_id"])
    day = counted_on(now, rules["day_cut"]).isoformat()
    fact = CallbackTried(case.pk, callback.pk, callback.attempts, outcome, gave_up, day)
    note_on_case(actor=actor, fact=fact, now=now)
    return callback


@transaction.atomic
def record_answer_of_reporter(
    *, actor: Actor, case_id: int, entry_id: int, solved: bool, score: int, now: datetime
) -> Callback | None:
    """
    Take the reporter's own judgement of a closed case as the answer to its call-back; nobody calls them any more.

    entry_id: of the CaseRated. score: 1 to 5. now: when they judged. None where the closure has been answered before,
    and for a case that was closed elsewhere (imported). Raises CaseNotFound.
    """
    case = cases.lock_case(case_id)
    closing = next((each for each in reversed(queries.closures_of(case_id)) if each < entry_id), None)
    rules = queries.rules()
    if closing is None or case.channel not in rules["channels"]:
        return None
    callback = Callback.objects.select_for_update(no_key=True).filter(closing_entry_id=closing).first()
    if callback is None:
        callback = Callback(
            case_id=case_id, closing_entry_id=closing, round=queries.closures_of(case_id).index(closing) + 1,
            state=State.WAITING.value, made_at=now, due_at=now,
        )  # fmt: skip
    elif callback.state == State.ANSWERED:
        return None
    answer = Answer(solved=solved, satisfaction=satisfaction_of(score, rules["score_scale"]))
    return _answer(actor, callback, case, answer, Via.REPORTER, now)


@transaction.atomic
def unmask_for_callback(*, actor: Actor, callback_id: int, now: datetime) -> ReporterInFull:
    """
    Return the reporter's name and telephone in full, to be called, and record who looked: always for this reason.

    Raises TaskNotFound, NotAllowed (no UNMASK), AlreadyAnswered, NotFound (the reporter left nothing).
    """
    callback, case = _lock(actor, callback_id)
    if callback.state != State.WAITING:
        raise AlreadyAnswered(_("此项回访已结束，不再需要联系方式"))
    return unmask_reporter(actor=actor, case_id=case.pk, reason=UNMASK_REASON, now=now)


def _lock(actor: Actor, callback_id: int) -> tuple[Callback, Any]:
    """Lock the case, then its call-back; raise TaskNotFound where the actor may not know of it, NotAllowed."""
    case = cases.lock_case(queries.case_id_of(callback_id))
    try:
        cases.get_case(viewer=actor, case_id=case.pk)
    except NotFound as refusal:
        raise TaskNotFound(_("没有这项回访")) from refusal
    policies.check_can_answer(actor, case)
    return queries.lock_callback(callback_id), case


def _checked(answer: Answer | None) -> Answer:
    if answer is None or (answer.solved is None and answer.satisfaction is None and answer.contacted is None):
        raise Invalid(_("请填写诉求人的回答"), {"solved": _("请填写诉求人的回答")})
    if answer.satisfaction is not None and answer.satisfaction not in Satisfaction.values:
        raise Invalid(_("请选择满意程度"), {"satisfaction": _("请选择满意程度")})
    return Answer(answer.contacted, answer.solved, answer.satisfaction, _clean(answer.words, "words"))


def _clean(words: str, field: str) -> str:
    words = words.strip()
    if len(words) > WORDS_LENGTH_MAX:
        text = _("不能超过 %(n)d 字") % {"n": WORDS_LENGTH_MAX}
        raise Invalid(text, {field: text})
    return words


def _answer(actor: Actor, callback: Callback, case: Any, answer: Answer, via: Via, now: datetime) -> Callback:
    """Write the answer down, count it, and have the case done over where it is negative and may be."""
    rules = queries.rules()
    negatives = answer.negatives() & set(rules["negative"])
    instead_of = callback.state if callback.state != State.WAITING else ""
    callback.state, callback.next_at, callback.ended_at = State.ANSWERED.value, None, now
    callback.via, callback.by_id = via.value, actor.id
    callback.is_contacted, callback.is_solved = answer.contacted, answer.solved
    callback.satisfaction, callback.words = answer.satisfaction, answer.words
    callback.is_valid = answer.is_valid(rules["valid_questions"])
    callback.save()
    note_on_case(
        actor=actor, now=now,
        fact=CallbackAnswered(
            case.pk, callback.pk, callback.round, via.value, callback.is_valid, answer.contacted, answer.solved,
            answer.satisfaction, answer.sentence(), bool(negatives), instead_of,
            counted_on(now, rules["day_cut"]).isoformat(),
        ),
    )  # fmt: skip
    if negatives and _reopened(case, negatives, now):
        callback.reopened = True
        callback.save(update_fields=["reopened"])
    return callback


def _reopened(case: Any, negatives: set[str], now: datetime) -> bool:
    """Have the case done over by the same handler; False where the rules, or a guard, keep it as it is."""
    if cases.lock_case(case.pk).closed_at is None:
        return False
    path = case.area_path
    needed = (CasePermission.REOPEN, CasePermission.VIEW, CasePermission.VIEW_CONFIDENTIAL)
    caller = system("回访", *(Grant(permission, area_path=path) for permission in needed))
    with in_house():
        said = "、".join(str(Negative(each).label) for each in sorted(negatives))
        opinion = _("回访结果：%(said)s，退回原承办单位重办") % {"said": said}
    try:
        with transaction.atomic():
            reopen_case(actor=caller, case_id=case.pk, opinion=opinion, now=now)
    except Refusal:
        return False
    return True
