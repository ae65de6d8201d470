"""A decision drafted, announced with its roll frozen, opened by a second person, extended, called off."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.owners import policies, queries
from haitang.owners.actions.rolls import write_roll
from haitang.owners.actions.shared import audience_of, check_no_objections, reason_of, text_of
from haitang.owners.facts import (
    DecisionAnnounced,
    DecisionCancelled,
    DecisionChanged,
    DecisionDrafted,
    DecisionOpened,
    VotingExtended,
)
from haitang.owners.lifecycle import Deed, Status, check_move
from haitang.owners.models import Decision, Question
from haitang.owners.values import (
    QUESTIONS_MAX,
    TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadDecision,
    Convener,
    NewDecision,
    NotVotingNow,
    Precedence,
    article,
)

_FIELDS = (
    "title", "body", "convener", "votes_from", "votes_until", "planned_until", "precedence", "may_change",
    "silent_follows", "silent_basis",
)  # fmt: skip


def _filled(decision: Decision, new: NewDecision) -> list[Question]:
    """Put on the row what was typed, and return its questions. Raises BadDecision."""
    if new.convener not in Convener.values or new.precedence not in Precedence.values:
        raise BadDecision(_("请选择组织单位和规则"), {"convener": _("请选择")})
    _check_period(new)
    decision.title = text_of(
        new.title, "title", TITLE_LENGTH_MAX, missing=_("请填写表决标题"), refusal=BadDecision
    )  # fmt: skip
    decision.body = text_of(new.body, "body", TEXT_LENGTH_MAX, refusal=BadDecision)
    decision.convener, decision.precedence = new.convener, new.precedence
    decision.votes_from, decision.votes_until, decision.planned_until = new.votes_from, new.votes_until, new.votes_until
    decision.may_change = queries.rules()["may_change"]
    if not 1 <= len(new.questions) <= QUESTIONS_MAX:
        sentence = _("请写 1 至 %(n)d 个表决事项") % {"n": QUESTIONS_MAX}
        raise BadDecision(sentence, {"questions": sentence})
    known = {item.number: item for item in article().items}
    rows = []
    for number, each in enumerate(new.questions, start=1):
        if each.item not in known:
            raise BadDecision(_("请选择法定事项"), {"questions": _("请选择法定事项")})
        text = text_of(
            each.text, "questions", WORDS_LENGTH_MAX, missing=_("请写明表决事项"), refusal=BadDecision
        )  # fmt: skip
        rows.append(Question(number=number, item=each.item, level=known[each.item].level, text=text))
    return rows


def _check_period(new: NewDecision) -> None:
    longest = queries.rules()["voting_days_max"]
    wrong = ""
    if new.votes_until <= new.votes_from:
        wrong = _("截止时间应晚于开始时间")
    elif new.votes_until - new.votes_from > timedelta(days=longest):
        wrong = _("表决期最长 %(n)d 天") % {"n": longest}
    if wrong:
        raise BadDecision(wrong, {"votes_until": wrong})


@transaction.atomic
def draft_decision(*, actor: Actor, estate_id: int, new: NewDecision, now: datetime) -> Decision:
    """
    Draft a decision of the owners of an estate; nobody outside sees it before it is announced.

    What a question needs (more than half, three quarters) follows from the matter of article 278 that it is.
    Raises EstateNotFound, NotAllowed (no PREPARE there), BadDecision.
    """
    estate = queries.get_estate(viewer=actor, estate_id=estate_id)
    policies.check_can_prepare(actor, estate.area_path)
    decision = Decision(estate=estate, area_ids=estate.area_ids, status=Status.DRAFT, drafted_at=now)
    questions = _filled(decision, new)
    decision.save()
    _write_questions(decision, questions)
    fact = DecisionDrafted(decision.pk, decision.title)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


def _write_questions(decision: Decision, questions: list[Question]) -> None:
    for question in questions:
        question.decision = decision
    Question.objects.bulk_create(questions)


@transaction.atomic
def change_decision(*, actor: Actor, decision_id: int, new: NewDecision, now: datetime) -> Decision:
    """Change a draft. Raises DecisionNotFound, NotAllowed, WrongDecisionState (it is announced), BadDecision."""
    decision = queries.lock_decision(decision_id)
    policies.check_can_prepare(actor, decision.area_path)
    decision.status = check_move(decision.status, Deed.CHANGE)
    questions = _filled(decision, new)
    decision.save(update_fields=_FIELDS)
    decision.questions.all().delete()
    _write_questions(decision, questions)
    fact = DecisionChanged(decision.pk, decision.title)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def announce_decision(*, actor: Actor, decision_id: int, now: datetime) -> Decision:
    """
    Publish a draft: its text, its rules and its roll are fixed from now on, and the days of the notice run.

    The day of the notice does not count: voting begins after as many whole days as the settings say.
    Raises DecisionNotFound, NotAllowed, WrongDecisionState, BadDecision (too early; nobody on the roll).
    """
    decision = queries.lock_decision(decision_id)
    policies.check_can_prepare(actor, decision.area_path)
    decision.status = check_move(decision.status, Deed.ANNOUNCE)
    days = queries.rules()["notice_days"]
    if local_date(decision.votes_from) <= local_date(now) + timedelta(days=days):
        first = local_date(now) + timedelta(days=days + 1)
        sentence = _("公示至少 %(n)d 日（当日不计入），最早 %(day)s 开始表决") % {"n": days, "day": first.isoformat()}
        raise BadDecision(sentence, {"votes_from": sentence})
    decision.silent_follows = decision.estate.silent_follows
    decision.silent_basis = decision.estate.silent_basis if decision.silent_follows else ""
    write_roll(decision, now)
    decision.announced_at, decision.announced_by_id = now, policies.check_is_somebody(actor)
    decision.drawn_by_id = decision.announced_by_id
    decision.save(
        update_fields=[
            "status", "silent_follows", "silent_basis", "total_size", "total_heads", "announced_at", "announced_by_id",
            "drawn_by_id", "corrected_at",
        ]
    )  # fmt: skip
    fact = DecisionAnnounced(decision.pk, decision.total_heads, decision.total_size)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def open_decision(*, actor: Actor, decision_id: int, now: datetime) -> Decision:
    """
    Confirm, as somebody else than who announced it and who has drawn the roll, that both stand; ballots are taken.

    Raises DecisionNotFound, NotAllowed (no CLOSE there), TakesTwo, WrongDecisionState, NotVotingNow (the time has not
    come or is over), OpenObjections.
    """
    decision = queries.lock_decision(decision_id)
    by = policies.check_can_close(actor, decision)
    decision.status = check_move(decision.status, Deed.OPEN)
    policies.check_is_another(by, decision.announced_by_id, decision.drawn_by_id)
    if not decision.votes_from <= now < decision.votes_until:
        raise NotVotingNow(_("还没有到表决时间，或者已经截止"))
    check_no_objections(decision)
    decision.opened_at, decision.opened_by_id = now, by
    decision.save(update_fields=["status", "opened_at", "opened_by_id"])
    history.record(actor=actor, fact=DecisionOpened(decision.pk), at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def extend_voting(*, actor: Actor, decision_id: int, until: datetime, reason: str, now: datetime) -> Decision:
    """
    Let voting go on for longer, before it is over, up to the days of the settings after the planned end.

    Raises DecisionNotFound, NotAllowed (no CLOSE there), WrongDecisionState, NotVotingNow (it is over), BadDecision.
    """
    decision = queries.lock_decision(decision_id)
    policies.check_can_close(actor, decision)
    decision.status = check_move(decision.status, Deed.EXTEND)
    if now >= decision.votes_until:
        raise NotVotingNow(_("表决已经截止，不能再延长"))
    most = queries.rules()["extension_days_max"]
    if not decision.votes_until < until <= decision.planned_until + timedelta(days=most):
        sentence = _("应晚于现在的截止时间，且最多比原定截止晚 %(n)d 天") % {"n": most}
        raise BadDecision(sentence, {"until": sentence})
    told = reason_of(reason)
    decision.votes_until = until
    decision.save(update_fields=["votes_until"])
    fact = VotingExtended(decision.pk, until.isoformat(), told)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision


@transaction.atomic
def cancel_decision(*, actor: Actor, decision_id: int, reason: str, now: datetime) -> Decision:
    """Call a decision off before voting. Raises DecisionNotFound, NotAllowed, WrongDecisionState, Invalid."""
    decision = queries.lock_decision(decision_id)
    policies.check_can_prepare(actor, decision.area_path)
    decision.status = check_move(decision.status, Deed.CANCEL)
    decision.reason = reason_of(reason)
    decision.save(update_fields=["status", "reason"])
    fact = DecisionCancelled(decision.pk, decision.reason)
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(decision))
    return decision
