"""The deeds that lead a case from one state to the next. Each is one call of `_move`, told what is special to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies, queries
from haitang.cases.actions import timing
from haitang.cases.actions.asking import check_awaited, chosen_condition, take_answers
from haitang.cases.actions.counting import count
from haitang.cases.actions.levels import level_of
from haitang.cases.actions.warning import renew_warning
from haitang.cases.facts import FACT_OF
from haitang.cases.lifecycle import Deed, Status, check_move
from haitang.cases.models import Case
from haitang.cases.queries.catalog import Catalog, catalog
from haitang.cases.queries.due import due_changes, due_measures
from haitang.cases.queries.measuring import deed_measures
from haitang.cases.values import (
    GUARDS,
    OPINION_LENGTH_MAX,
    AlreadyReopened,
    Condition,
    Moment,
    NobodyResponsible,
)
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.organizations.queries import organizations


@dataclass
class Change:
    """What a deed does besides moving: more fields of its fact, more columns to save, a fresh clock."""

    fact: dict[str, Any] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    fresh: bool = False


Prepare = Callable[[Case, Catalog], Change]
_COLUMNS = [
    "status", "changed_at", "closed_at", "stage", "stage_started_at", "due_at", "deadlines", "paused_until",
]  # fmt: skip
Answers = Mapping[str, Any] | None


def _move(
    *, actor: Actor, case_id: int, deed: Deed, opinion: str, now: datetime, prepare: Prepare | None = None
) -> Case:
    """Lock, allow, check, write, record, return: the shape of every deed."""
    case = queries.lock_case(case_id)
    policies.check_can(actor, deed, case)
    target = check_move(case.status, deed)
    return carry_out(
        actor=actor, case=case, deed=deed, target=target, opinion=clean_opinion(opinion), now=now, prepare=prepare
    )


def clean_opinion(opinion: str) -> str:
    """Return the opinion trimmed; raise Invalid for an empty or over-long one."""
    opinion = opinion.strip()
    if not opinion:
        raise Invalid(_("请填写处理意见"), {"opinion": _("请填写处理意见")})
    if len(opinion) > OPINION_LENGTH_MAX:
        text = _("处理意见不能超过 %(n)d 字") % {"n": OPINION_LENGTH_MAX}
        raise Invalid(text, {"opinion": text})
    return opinion


def carry_out(
    *, actor: Actor, case: Case, deed: Deed, target: Status, opinion: str, now: datetime, prepare: Prepare | None = None
) -> Case:
    """Move a locked case whose deed has been allowed and checked; write, count and record it.

    Raises what the guards of apps above raise (cases.values.GUARDS).
    """
    for guard in GUARDS:
        guard(deed.value, case)
    known = catalog()
    source, due_before = Status(case.status), due_measures(case)
    change = prepare(case, known) if prepare else Change()
    in_time = case.due_at is None or now <= case.due_at
    spent_s = max(int((now - case.changed_at).total_seconds()), 0)
    desk = organizations().by_id(case.organization_id)
    has_other_deadline = timing.enter(case, target, now, known, desk, fresh=change.fresh)
    case.status, case.changed_at = target.value, now
    if target is Status.CLOSED:
        case.closed_at = now
    case.save(update_fields=[*_COLUMNS, *change.columns])
    if has_other_deadline:
        renew_warning(case, known, now)
    today, reported = local_date(now), local_date(case.reported_at)
    deeds = deed_measures(
        deed, source, target, in_time, is_solved=change.fact.get("solved"), score=change.fact.get("score"),
        level=change.fact.get("level"),
    )  # fmt: skip
    changes = [(today, measure, n) for measure, n in deeds]
    if source is not target:
        changes += [(reported, f"is:{source.value}", -1), (reported, f"is:{target.value}", 1)]
    changes += due_changes(due_before, due_measures(case))
    count(
        area_ids=case.area_ids, category_id=case.category_id, channel=case.channel,
        is_confidential=case.is_confidential, changes=changes,
    )  # fmt: skip
    fact = FACT_OF[deed](case.pk, opinion, source.value, target.value, spent_s, in_time, **change.fact)
    history.record(actor=actor, fact=fact, at=now, audience=policies.audience_of(case))
    return case


@transaction.atomic
def verify_case(*, actor: Actor, case_id: int, opinion: str, now: datetime, result: str = "exists") -> Case:
    """
    Note what was found on the spot; the case then waits to be accepted or refused.

    result: "exists", "absent" or "unable" (could not be found out).
    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    if result not in ("exists", "absent", "unable"):
        raise Invalid(_("核实结果应为：属实、不属实、无法核实"), {"result": _("请选择核实结果")})
    return _move(
        actor=actor, case_id=case_id, deed=Deed.VERIFY, opinion=opinion, now=now,
        prepare=lambda case, known: Change(fact={"result": result}),
    )  # fmt: skip


@transaction.atomic
def accept_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Take the matter on (受理). An unverified public report may be accepted at once, by who answers for it.

    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    return _move(actor=actor, case_id=case_id, deed=Deed.ACCEPT, opinion=opinion, now=now)


@transaction.atomic
def refuse_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Decline the matter (不予受理, 不予立案) with the reason in the opinion, which the reporter reads.

    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    return _move(actor=actor, case_id=case_id, deed=Deed.REFUSE, opinion=opinion, now=now)


@transaction.atomic
def register_case(
    *, actor: Actor, case_id: int, opinion: str, now: datetime, category_code: str = "", condition: str = "",
    answers: Answers = None, demand_answers: bool = True,
) -> Case:  # fmt: skip
    """
    Put the matter on file (立案); from here on it must be dealt with.

    category_code: the class it is filed under; "" keeps the one it has.
    condition: key of the condition of registration that holds, whose limit then is that of handling; "" takes the only
        one. answers, demand_answers: as `report_case` takes them, to what is asked at registration.
    Raises CaseNotFound, NotAllowed, WrongStage, CategoryNotFound, Invalid (it has no category yet, a condition must be
    chosen, an answer is missing or wrong, a photo that was to follow the report has not come).
    """
    from haitang.cases.actions.correcting import classify

    def prepare(case: Case, known: Catalog) -> Change:
        chosen = known.category(category_code) if category_code else None
        current = queries.form_at_registration(case, chosen)
        if chosen is not None:
            columns = classify(case, chosen)
        elif case.category_id is None:
            raise Invalid(_("立案前请选择类别"), {"category_code": _("请选择类别")})
        else:
            columns = []
        case.form_version_id = current.version_id
        case.opening = chosen_condition(current.form.opening, condition, _("请选择立案条件"))
        asked = queries.asked_of_staff(case, current.form, Moment.REGISTER)
        if demand_answers:
            check_awaited(case)
        columns += ["form_version", "opening", *take_answers(case, asked, answers or {}, demand=demand_answers)]
        fact = {"condition": Condition(**case.opening).label} if case.opening else {}
        return Change(fact=fact, columns=list(dict.fromkeys(columns)))

    return _move(actor=actor, case_id=case_id, deed=Deed.REGISTER, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def dispatch_case(*, actor: Actor, case_id: int, opinion: str, now: datetime, organization_code: str = "") -> Case:
    """
    Put the case on an organization's desk (派遣); before it is signed for, it may be dispatched anew.

    organization_code: the desk; "" takes the one that routing found.
    Raises CaseNotFound, NotAllowed, WrongStage, NobodyResponsible (none named and none found, or no such one; of a
    denunciation, a desk where nobody is trusted with it).
    """

    def prepare(case: Case, known: Catalog) -> Change:
        registry = organizations()
        desk = registry.by_code(organization_code) if organization_code else registry.by_id(case.routed_to_id)
        if desk is None or not desk.exists(local_date(now)):
            text = _("没有这个承办单位，请另选") if organization_code else _("分派规则没有找到承办单位，请指定")
            raise NobodyResponsible(text, {"organization_code": text})
        case.organization_id, case.handler_id = desk.id, None
        if case.is_confidential and not queries.list_trusted_with(case):
            text = _("该单位没有可以办理举报的人员，请先请安全管理员授权，或改派其他单位")
            raise NobodyResponsible(text, {"organization_code": text})
        fact = {"organization_id": desk.id, "organization_name": desk.name}
        return Change(fact=fact, columns=["organization", "handler_id"], fresh=True)

    return _move(actor=actor, case_id=case_id, deed=Deed.DISPATCH, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def sign_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Sign for the case (签收): the desk has it, and the time for handling runs.

    Raises CaseNotFound, NotYourDesk, NotAllowed, WrongStage, Invalid.
    """

    def prepare(case: Case, known: Catalog) -> Change:
        case.handler_id = actor.id
        return Change(columns=["handler_id"], fresh=True)

    return _move(actor=actor, case_id=case_id, deed=Deed.SIGN, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def return_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Give the case back to the dispatcher (退回) with the reason, as not this desk's, as often and as soon as allowed.

    Raises CaseNotFound, NotYourDesk, NotAllowed, WrongStage, ReturnRefused (the street decides), Invalid.
    """

    def prepare(case: Case, known: Catalog) -> Change:
        if (refusal := queries.why_no_return(case, now)) is not None:
            raise refusal
        return _returned(case)

    return _move(actor=actor, case_id=case_id, deed=Deed.RETURN, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def take_back_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Take the case from its desk back to the dispatcher, as whoever dispatches there decides; it counts as a return.

    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    case = queries.lock_case(case_id)
    policies.check_can_take_back(actor, case)
    return carry_out(
        actor=actor, case=case, deed=Deed.RETURN, target=check_move(case.status, Deed.RETURN),
        opinion=clean_opinion(opinion), now=now, prepare=lambda case, known: _returned(case),
    )  # fmt: skip


def _returned(case: Case) -> Change:
    desk = organizations().by_id(case.organization_id)
    fact = {"organization_id": case.organization_id, "organization_name": desk.name if desk else ""}
    case.organization_id, case.handler_id = None, None
    case.returns += 1
    return Change(fact=fact, columns=["organization", "handler_id", "returns"], fresh=True)


@transaction.atomic
def handle_case(
    *, actor: Actor, case_id: int, opinion: str, now: datetime, answers: Answers = None, demand_answers: bool = True
) -> Case:
    """
    Declare the work on the spot done (处置).

    answers, demand_answers: as `report_case` takes them, to what is asked at handling.
    Raises CaseNotFound, NotYourDesk, NotAllowed, WrongStage, Invalid.
    """

    def prepare(case: Case, known: Catalog) -> Change:
        asked = queries.asked_of_staff(case, queries.form_ref_of(case).form, Moment.HANDLE)
        return Change(columns=take_answers(case, asked, answers or {}, demand=demand_answers))

    return _move(actor=actor, case_id=case_id, deed=Deed.HANDLE, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def feedback_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Report the result back (反馈); it goes to be checked.

    Raises CaseNotFound, NotYourDesk, NotAllowed, WrongStage, Invalid.
    """
    return _move(actor=actor, case_id=case_id, deed=Deed.FEEDBACK, opinion=opinion, now=now)


@transaction.atomic
def check_case(*, actor: Actor, case_id: int, opinion: str, now: datetime, passed: bool = True) -> Case:
    """
    Say whether the matter is in order on the spot (核查); if not, the desk does it over (返工).

    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    if not passed:
        return rework_case(actor=actor, case_id=case_id, opinion=opinion, now=now)
    return _move(actor=actor, case_id=case_id, deed=Deed.CHECK, opinion=opinion, now=now)


@transaction.atomic
def rework_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Send the case back to its desk to be done properly (返工), within the deadline it had.

    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """

    def prepare(case: Case, known: Catalog) -> Change:
        case.reworks += 1
        return Change(columns=["reworks"])

    return _move(actor=actor, case_id=case_id, deed=Deed.REWORK, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def close_case(
    *, actor: Actor, case_id: int, opinion: str, now: datetime, condition: str = "", answers: Answers = None,
    demand_answers: bool = True,
) -> Case:  # fmt: skip
    """
    Close the case (结案) and write down at which level it was solved; the reporter is asked to judge it.

    condition: key of the condition of closing that is met; "" takes the only one.
    answers, demand_answers: as `report_case` takes them, to what is asked at closing.
    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """

    def prepare(case: Case, known: Catalog) -> Change:
        form = queries.form_ref_of(case).form
        case.closing = chosen_condition(form.closing, condition, _("请选择结案条件"))
        case.level = level_of(case, local_date(now)).value
        asked = queries.asked_of_staff(case, form, Moment.CLOSE)
        columns = ["closing", "level", *take_answers(case, asked, answers or {}, demand=demand_answers)]
        fact = {"level": case.level}
        if case.closing:
            fact["condition"] = Condition(**case.closing).label
        return Change(fact=fact, columns=columns)

    return _move(actor=actor, case_id=case_id, deed=Deed.CLOSE, opinion=opinion, now=now, prepare=prepare)


@transaction.atomic
def force_close_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Close the case by decision, with the reason in the opinion, although its work is not done (强制结案).

    It counts as closed, and as closed by force; as solved nowhere, and neither in time nor late.
    Raises CaseNotFound, NotAllowed, WrongStage, Invalid, and what the guards of apps above raise.
    """
    return _move(actor=actor, case_id=case_id, deed=Deed.FORCE_CLOSE, opinion=opinion, now=now)


@transaction.atomic
def void_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Strike the case out (作废) as entered in error, with the reason.

    Raises CaseNotFound, NotAllowed, WrongStage, Invalid.
    """
    return _move(actor=actor, case_id=case_id, deed=Deed.VOID, opinion=opinion, now=now)


@transaction.atomic
def reopen_case(*, actor: Actor, case_id: int, opinion: str, now: datetime) -> Case:
    """
    Have a closed case done over (重办) by the same desk and handler with a fresh clock, as often as the rules allow.

    Raises CaseNotFound, NotAllowed, WrongStage, AlreadyReopened, NobodyResponsible (imported without a desk), Invalid.
    """
    return _move(actor=actor, case_id=case_id, deed=Deed.REOPEN, opinion=opinion, now=now, prepare=reopening)


def reopening(case: Case, known: Catalog) -> Change:
    """Prepare a closed case to be done over; raise AlreadyReopened past the number of times allowed."""
    if case.reopenings >= known.setting("reopenings_max"):
        raise AlreadyReopened(_("此案件已重办过，不能再次重办；请另行登记或申请督办"))
    if case.organization_id is None:
        raise NobodyResponsible(_("此案件没有承办单位，不能重办；请另行登记"))
    case.reopenings += 1
    case.closed_at, case.level = None, ""
    return Change(columns=["reopenings", "level"], fresh=True)
