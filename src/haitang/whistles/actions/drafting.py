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
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.organizations.values import Kind as OrganizationKind
from haitang.organizations.values import PostKind
from haitang.people.queries import list_responsible
from haitang.whistles import policies, queries
from haitang.whistles.actions.common import check_case_is_open, clean_words, lock_known_whistle
from haitang.whistles.actions.timing import start_clocks
from haitang.whistles.facts import WhistleBlown, WhistleDeclined, WhistleDrafted, WhistleWithdrawn
from haitang.whistles.lifecycle import Standing, Status
from haitang.whistles.models import Call, RuleBook, Whistle
from haitang.whistles.values import (
    DEPARTMENTS_MAX,
    TEXT_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    AlreadyBlown,
    KindRule,
    NewCall,
    NotTheApprover,
    Role,
    Rules,
    WrongStep,
)

_COLUMNS = ["status", "decided_by_name", "decided_at", "decision"]


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
    desks = _desks(calls, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('whistles_whistle_id_seq')")
        (whistle_id,) = cursor.fetchone()
    taken = AlreadyBlown(_("案件 %(number)s 已有待审批或办理中的哨单") % {"number": case.number})
    with refusing({"whistles_one_open": taken}):
        whistle = Whistle.objects.create(
            id=whistle_id, number=f"S{local_date(now):%Y%m%d}-{whistle_id:05d}", case_id=case.pk,
            rules_id=rules.version, kind=kind, reason=reason, demand=demand, status=Status.PENDING,
            organization_id=actor.organization_id, drafted_by_id=actor.id, drafted_by_name=actor.name, drafted_at=now,
        )  # fmt: skip
    Call.objects.bulk_create(
        Call(
            whistle=whistle, organization_id=desk.id, role=call.role, status=Standing.CALLED, changed_at=now,
            task=clean_words(call.task, "task", _("任务"), WORDS_LENGTH_MAX, needed=False),
        )
        for call, desk in zip(calls, desks, strict=True)
    )  # fmt: skip
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


def _desks(calls: Sequence[NewCall], now: datetime) -> list[OrganizationRef]:
    if sum(call.role == Role.LEAD for call in calls) != 1:
        raise Invalid(_("请指定一个牵头单位"), {"lead": _("请指定一个牵头单位")})
    if len(calls) > DEPARTMENTS_MAX:
        text = _("一次最多召集 %(n)d 个单位") % {"n": DEPARTMENTS_MAX}
        raise Invalid(text, {"assisting": text})
    if any(call.role not in Role.values for call in calls) or len({c.organization_code for c in calls}) != len(calls):
        raise Invalid(_("同一单位只能召集一次"), {"assisting": _("同一单位只能召集一次")})
    found = []
    for call in calls:
        desk = organizations().by_code(call.organization_code)
        if desk is None or not desk.exists(local_date(now)):
            field = "lead" if call.role == Role.LEAD else "assisting"
            text = _("没有编码为“%(code)s”的单位") % {"code": call.organization_code[:40]}
            raise Invalid(text, {field: text})
        found.append(desk)
    return found


def _check_approver(actor: Actor, rule: KindRule, whistle: Whistle, case: Any, now: datetime) -> None:
    """Raise NotTheApprover unless the actor holds one of the posts that approve this kind in the street's office."""
    if not rule.approver_posts:
        return
    office = organizations().serving(tuple(case.area_ids), OrganizationKind.STREET_OFFICE, local_date(now))
    office_id = office.id if office else whistle.organization_id
    holders = {
        account
        for post in rule.approver_posts
        for account in (list_responsible(office_id, post, now=now) if office_id else [])
    }
    if actor.id is None or actor.id not in holders:
        posts = "、".join(str(PostKind(post).label) for post in rule.approver_posts)
        text = _("“%(kind)s”须由%(office)s的%(posts)s审批")
        raise NotTheApprover(
            text % {"kind": rule.name, "office": office.label if office else _("街道"), "posts": posts}
        )


def _decide(actor: Actor, whistle_id: int, opinion: str, now: datetime) -> tuple[Any, Whistle, list[Call], str]:
    case, whistle, calls = lock_known_whistle(actor, whistle_id)
    policies.check_can_decide(actor, case)
    if whistle.status != Status.PENDING:
        raise WrongStep(_("哨单当前为“%(status)s”，不能审批") % {"status": Status(whistle.status).label})
    opinion = clean_opinion(opinion)
    whistle.decided_by_name, whistle.decided_at, whistle.decision = actor.name, now, opinion
    return case, whistle, calls, opinion


@transaction.atomic
def approve_whistle(*, actor: Actor, now: datetime, whistle_id: int, opinion: str) -> Whistle:
    """
    Approve a drafted whistle and blow it: its departments are called, and their clocks run from now.

    Raises WhistleNotFound, NotAllowed, NotTheApprover (its kind names a post), WrongStep, CaseHasEnded, Invalid.
    """
    case, whistle, calls, opinion = _decide(actor, whistle_id, opinion, now)
    rules = queries.rules_of(whistle.rules_id)
    rule = rules.kinds[whistle.kind]
    _check_approver(actor, rule, whistle, case, now)
    check_case_is_open(case)
    whistle.status = Status.BLOWN
    whistle.save(update_fields=_COLUMNS)
    for call in calls:
        call.changed_at = now
        start_clocks(call, rule, rules, now)
    Call.objects.bulk_update(
        calls, ["changed_at", "stage", "stage_started_at", "due_at", "deadlines", "level", "climb_at"]
    )
    registry = organizations()
    names = [desk.label for call in calls if (desk := registry.by_id(call.organization_id))]
    fact = WhistleBlown(case.pk, whistle.pk, whistle.number, opinion, kind=rule.name, departments=names)
    called = [call.organization_id for call in calls]
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=called)
    return whistle


@transaction.atomic
def decline_whistle(*, actor: Actor, now: datetime, whistle_id: int, opinion: str) -> Whistle:
    """
    Decline a drafted whistle with the reason; no department hears of it.

    Raises WhistleNotFound, NotAllowed, WrongStep, Invalid.
    """
    case, whistle, _calls, opinion = _decide(actor, whistle_id, opinion, now)
    whistle.status, whistle.ended_at = Status.DECLINED, now
    whistle.save(update_fields=[*_COLUMNS, "ended_at"])
    fact = WhistleDeclined(case.pk, whistle.pk, whistle.number, opinion)
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
    whistle.save(update_fields=["status", "ended_at"])
    fact = WhistleWithdrawn(case.pk, whistle.pk, whistle.number, opinion)
    note_on_case(actor=actor, fact=fact, now=now, case=case)
    return whistle
