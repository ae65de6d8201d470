"""Urging a desk, and demanding an answer of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.values import WrongStage
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid
from haitang.oversight import policies
from haitang.oversight.actions.requests import clean_words
from haitang.oversight.facts import CaseSupervised, CaseUrged, SupervisionAnswered, SupervisionClosed
from haitang.oversight.models import Supervision, Urging
from haitang.oversight.queries import supervising as queries
from haitang.oversight.queries.rules import rules
from haitang.oversight.values import AlreadySupervised, CasePaused, Cause, TooOften
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Limit, deadline


def answer_due(now: datetime) -> datetime:
    """Return by when a supervision that begins now is to be answered, by the rule and the default calendar."""
    due = deadline(now, Limit.parse(rules().settings["answer_within"]), get_calendar(None))
    assert due is not None  # only an open pause holds a deadline back
    return due


@transaction.atomic
def urge_case(*, actor: Actor, case_id: int, text: str, now: datetime) -> Urging:
    """
    Ask whoever has the case to get on with it (催办), so many times a day as the rules allow.

    Raises CaseNotFound, NotAllowed (neither DISPATCH nor SUPERVISE), WrongStage, CasePaused, TooOften, Invalid.
    """
    case = _open_case(actor, case_id)
    policies.check_can_urge(actor, case)
    text = clean_words(text, "text")
    if case.paused_until is not None:
        raise CasePaused(_("案件在缓办中，不能催办"))
    today, most = local_date(now), rules().settings["urges_per_day"]
    n = Urging.objects.filter(case_id=case.pk, day=today).count() + 1
    if n > most:
        raise TooOften(_("同一案件每日最多催办 %(n)d 次") % {"n": most})
    urging = Urging.objects.create(case_id=case.pk, day=today, n=n, text=text, by_id=actor.id, at=now)
    case_actions.note_on_case(actor=actor, fact=CaseUrged(case.pk, text), now=now, case=case)
    return urging


@transaction.atomic
def supervise_case(
    *, actor: Actor, case_id: int, demand: str, now: datetime, cause: str = Cause.LEADER,
    answer_by: datetime | None = None,
) -> Supervision:  # fmt: skip
    """
    Demand an answer about the case (督办), by then or within the time of the rule.

    Raises CaseNotFound, NotAllowed, WrongStage (it is done), AlreadySupervised, Invalid (answer_by is past).
    """
    case = _open_case(actor, case_id)
    policies.check_can_supervise(actor, case)
    return _supervise(actor, case, clean_words(demand, "demand"), Cause(cause), answer_by, now)


@transaction.atomic
def supervise_urgent_case(*, actor: Actor, case_id: int, now: datetime) -> Supervision | None:
    """Put a case of an urgent category under supervision, where the rules say so and nobody did; for the job."""
    case = cases.lock_case(case_id)
    category = cases.catalog().by_id.get(case.category_id) if case.category_id else None
    if not rules().settings["supervise_urgent"] or category is None or not category.is_urgent or case.stage is None:
        return None
    if queries.open_supervision(case_id) is not None:
        return None
    return _supervise(actor, case, _("紧急类别案件，请优先办理并答复进展"), Cause.IMPORTANT, None, now)


def _supervise(
    actor: Actor, case: Any, demand: str, cause: Cause, answer_by: datetime | None, now: datetime
) -> Supervision:
    if answer_by is not None and answer_by <= now:
        raise Invalid(_("答复时限应晚于现在"), {"answer_by": _("应晚于现在")})
    with refusing({"oversight_supervision_one_open": AlreadySupervised(_("此案件已在督办中"))}):
        supervision = Supervision.objects.create(
            case_id=case.pk, cause=cause, demand=demand, answer_by=answer_by or answer_due(now),
            opened_by_id=actor.id, opened_by_name=actor.name, opened_at=now,
        )  # fmt: skip
    fact = CaseSupervised(case.pk, supervision.pk, cause.value, demand, supervision.answer_by.isoformat())
    case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
    return supervision


@transaction.atomic
def answer_supervision(*, actor: Actor, supervision_id: int, answer: str, now: datetime) -> Supervision:
    """
    Answer for the desk what was done, or what keeps it.

    Raises SupervisionNotFound, NotAllowed (another desk's), AlreadySupervised (answered or closed), Invalid.
    """
    supervision, case = _locked(actor, supervision_id)
    policies.check_can_answer(actor, case)
    if supervision.closed_at is not None or supervision.answered_at is not None:
        raise AlreadySupervised(_("此督办已答复或已销办"))
    supervision.answer = clean_words(answer, "answer")
    supervision.answered_by_id, supervision.answered_at = actor.id, now
    supervision.save(update_fields=["answer", "answered_by_id", "answered_at"])
    fact = SupervisionAnswered(case.pk, supervision.pk, supervision.answer)
    case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
    return supervision


@transaction.atomic
def close_supervision(*, actor: Actor, supervision_id: int, opinion: str, now: datetime) -> Supervision:
    """
    Be satisfied with what was answered or done (销办); the case itself goes on as it stands.

    Raises SupervisionNotFound, NotAllowed, AlreadySupervised (closed), Invalid.
    """
    supervision, case = _locked(actor, supervision_id)
    policies.check_can_supervise(actor, case)
    if supervision.closed_at is not None:
        raise AlreadySupervised(_("此督办已销办"))
    supervision.closing = clean_words(opinion, "opinion")
    supervision.closed_by_id, supervision.closed_at = actor.id, now
    supervision.save(update_fields=["closing", "closed_by_id", "closed_at"])
    fact = SupervisionClosed(case.pk, supervision.pk, supervision.closing)
    case_actions.note_on_case(actor=actor, fact=fact, now=now, case=case)
    return supervision


def _open_case(actor: Actor, case_id: int) -> Any:
    case = cases.lock_case(case_id)
    cases.get_case(viewer=actor, case_id=case_id)
    if case.stage is None:
        raise WrongStage(_("案件已办结"))
    return case


def _locked(actor: Actor, supervision_id: int) -> tuple[Supervision, Any]:
    found = queries.get_supervision(viewer=actor, supervision_id=supervision_id)
    case = cases.lock_case(found.case_id)
    return queries.lock_supervision(supervision_id), case
