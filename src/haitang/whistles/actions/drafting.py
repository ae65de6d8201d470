"""A whistle before it is blown: drafted, approved or declined, taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import note_on_case
from haitang.cases.actions.moving import clean_opinion
from haitang.cases.queries import get_case, lock_case
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.constraints import refusing
from haitang.core.errors import Invalid
from haitang.whistles import policies, queries
from haitang.whistles.actions.calling import check_approver, find_desks, names_of, new_calls
from haitang.whistles.actions.common import check_case_is_open, clean_words, lock_known_whistle
from haitang.whistles.actions.timing import APPROVAL_COLUMNS, end_approval, start_approval, start_clocks
from haitang.whistles.facts import WhistleBlown, WhistleDeclined, WhistleDrafted, WhistleWithdrawn
from haitang.whistles.lifecycle import Status
from haitang.whistles.models import Call, RuleBook, Whistle
from haitang.whistles.values import TEXT_LENGTH_MAX, AlreadyBlown, NewCall, Role, Rules, WrongStep

_COLUMNS = ["status", "decided_by_name", "decided_at", "decision", *APPROVAL_COLUMNS]


@transaction.atomic
def draft_whistle(
    *, actor: Actor, now: datetime, case_id: int, kind: str, reason: str, calls: Sequence[NewCall], demand: str = ""
) -> Whistle:
    """
    Draft a whistle on a case: which departments are to come, and why; it waits to be approved.

    kind: code of a kind in use. calls: exactly one leads, each department once. demand: what is asked of all.
    Raises CaseNotFound, NotAllowed, CaseHasEnded, AlreadyBlown (another of the case is open), Invalid.
    """
    get_case(viewer=actor, case_id=case_id)
    case = lock_case(case_id)
    policies.check_can_draft(actor, case)
    check_case_is_open(case)
    rules = _kept_rules(now)
    rule = rules.kinds.get(kind)
    if rule is None or not rule.is_active:
        raise Invalid(_("没有这种哨"), {"kind": _("请选择哨类")})
    reason = clean_words(reason, "reason", _("吹哨事由"), TEXT_LENGTH_MAX)
    demand = clean_words(demand, "demand", _("工作要求"), TEXT_LENGTH_MAX, needed=False)
    if sum(call.role == Role.LEAD for call in calls) != 1:
        raise Invalid(_("请指定一个牵头单位"), {"lead": _("请指定一个牵头单位")})
    desks = find_desks(calls, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('whistles_whistle_id_seq')")
        (whistle_id,) = cursor.fetchone()
    taken = AlreadyBlown(_("案件 %(number)s 已有待审批或办理中的哨单") % {"number": case.number})
    with refusing({"whistles_one_open": taken}):
        whistle = Whistle(
            id=whistle_id, number=f"S{local_date(now):%Y%m%d}-{whistle_id:05d}", case_id=case.pk,
            rules_id=rules.version, kind=kind, reason=reason, demand=demand, status=Status.PENDING,
            organization_id=actor.organization_id, drafted_by_id=actor.id, drafted_by_name=actor.name, drafted_at=now,
        )  # fmt: skip
        start_approval(whistle, rule, rules, now)
        whistle.save(force_insert=True)
    Call.objects.bulk_create(new_calls(whistle, calls, desks, now))
    names = [desk.label for desk in desks]
    fact = WhistleDrafted(case.pk, whistle.pk, whistle.number, reason, kind=rule.name, departments=names)
    note_on_case(actor=actor, fact=fact, now=now, case=case)
    return whistle


def _kept_rules(now: datetime) -> Rules:
    """Return the rules that hold; those the release ships are kept as the first version before anything uses them."""
    rules = queries.rules()
    if rules.version:
        return rules
    row = RuleBook.objects.create(content=queries.shipped_rules(), made_by_name="", made_at=now)
    queries.RULES.touch()
    return Rules.read(row.pk, row.content)


def _decide(
    actor: Actor, whistle_id: int, opinion: str, now: datetime
) -> tuple[Any, Whistle, list[Call], str, bool | None]:
    case, whistle, calls = lock_known_whistle(actor, whistle_id)
    policies.check_can_decide(actor, case)
    if whistle.status != Status.PENDING:
        raise WrongStep(_("哨单当前为“%(status)s”，不能审批") % {"status": Status(whistle.status).label})
    opinion = clean_opinion(opinion)
    whistle.decided_by_name, whistle.decided_at, whistle.decision = actor.name, now, opinion
    return case, whistle, calls, opinion, end_approval(whistle, now)


@transaction.atomic
def approve_whistle(*, actor: Actor, now: datetime, whistle_id: int, opinion: str) -> Whistle:
    """
    Approve a drafted whistle and blow it: its departments are called, and their clocks run from now.

    Raises WhistleNotFound, NotAllowed, NotTheApprover (its kind names a post), WrongStep, CaseHasEnded, Invalid.
    """
    case, whistle, calls, opinion, in_time = _decide(actor, whistle_id, opinion, now)
    rules = queries.rules_of(whistle.rules_id)
    rule = rules.kinds[whistle.kind]
    check_approver(actor, rule, whistle, case, now)
    check_case_is_open(case)
    whistle.status = Status.BLOWN
    whistle.save(update_fields=_COLUMNS)
    for call in calls:
        call.changed_at = now
        start_clocks(call, rule, rules, now)
    Call.objects.bulk_update(
        calls, ["changed_at", "stage", "stage_started_at", "due_at", "deadlines", "level", "climb_at"]
    )
    names = names_of(calls)
    fact = WhistleBlown(
        case.pk, whistle.pk, whistle.number, opinion, kind=rule.name, departments=names, in_time=in_time
    )
    called = [call.organization_id for call in calls]
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=called)
    return whistle


@transaction.atomic
def decline_whistle(*, actor: Actor, now: datetime, whistle_id: int, opinion: str) -> Whistle:
    """
    Decline a drafted whistle with the reason; no department hears of it.

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    case, whistle, _calls, opinion, in_time = _decide(actor, whistle_id, opinion, now)
    whistle.status, whistle.ended_at = Status.DECLINED, now
    whistle.save(update_fields=[*_COLUMNS, "ended_at"])
    fact = WhistleDeclined(case.pk, whistle.pk, whistle.number, opinion, in_time)
    note_on_case(actor=actor, fact=fact, now=now, case=case)
    return whistle


@transaction.atomic
def withdraw_whistle(*, actor: Actor, now: datetime, whistle_id: int, opinion: str) -> Whistle:
    """
    Take a whistle back that nobody has decided on yet: by whoever drafted it, or whoever may approve it.

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    case, whistle, _calls = lock_known_whistle(actor, whistle_id)
    policies.check_can_withdraw(actor, whistle, case)
    if whistle.status != Status.PENDING:
        raise WrongStep(_("哨单当前为“%(status)s”，不能撤回") % {"status": Status(whistle.status).label})
    opinion = clean_opinion(opinion)
    whistle.status, whistle.ended_at = Status.WITHDRAWN, now
    end_approval(whistle, now)
    whistle.save(update_fields=["status", "ended_at", *APPROVAL_COLUMNS])
    fact = WhistleWithdrawn(case.pk, whistle.pk, whistle.number, opinion)
    note_on_case(actor=actor, fact=fact, now=now, case=case)
    return whistle
