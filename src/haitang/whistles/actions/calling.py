"""Who is called, by whose word; and departments that are called once the whistle has been blown."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import note_on_case
from haitang.cases.actions.moving import clean_opinion
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.organizations.values import Kind as OrganizationKind
from haitang.organizations.values import PostKind
from haitang.people.queries import list_responsible
from haitang.whistles import policies, queries
from haitang.whistles.actions.common import (
    check_case_is_open,
    check_no_other_is_open,
    clean_words,
    lock_known_whistle,
)
from haitang.whistles.actions.timing import start_clocks
from haitang.whistles.facts import DepartmentsAdded
from haitang.whistles.lifecycle import Standing, Status
from haitang.whistles.models import Call, Whistle
from haitang.whistles.values import (
    DEPARTMENTS_MAX,
    WORDS_LENGTH_MAX,
    AlreadyCalled,
    KindRule,
    NewCall,
    NotTheApprover,
    Role,
    WrongStep,
)


@transaction.atomic
def add_departments(*, actor: Actor, now: datetime, whistle_id: int, calls: Sequence[NewCall], opinion: str) -> Whistle:
    """
    Call more departments to assist after the whistle was blown; their clocks run from now, nobody else's is touched.

    calls: assisting departments not called yet. By whoever may approve such a whistle; a whistle whose departments
    have all signed off goes on with the new ones, one that the street has finished judging does not.
    Raises WhistleNotFound, NotAllowed, NotTheApprover, WrongStep, CaseHasEnded, AlreadyBlown (another whistle is open),
    AlreadyCalled, Invalid.
    """
    case, whistle, called = lock_known_whistle(actor, whistle_id)
    policies.check_can_decide(actor, case)
    if whistle.status not in (Status.BLOWN, Status.ANSWERED):
        raise WrongStep(_("哨单当前为“%(status)s”，不能增加单位") % {"status": Status(whistle.status).label})
    rules = queries.rules_of(whistle.rules_id)
    rule = rules.kinds[whistle.kind]
    check_approver(actor, rule, whistle, case, now)
    check_case_is_open(case)
    check_no_other_is_open(whistle)
    opinion = clean_opinion(opinion)
    added = _add(whistle, called, calls, now)
    for call in added:
        start_clocks(call, rule, rules, now)
    Call.objects.bulk_create(added)
    whistle.status = Status.BLOWN
    whistle.save(update_fields=["status"])
    ids = [call.organization_id for call in added]
    fact = DepartmentsAdded(case.pk, whistle.pk, whistle.number, opinion, ids, names_of(added))
    heard = [call.organization_id for call in (*called, *added)]
    note_on_case(actor=actor, fact=fact, now=now, case=case, organization_ids=heard)
    return whistle


def _add(whistle: Whistle, called: list[Call], calls: Sequence[NewCall], now: datetime) -> list[Call]:
    if not calls or any(call.role != Role.ASSIST for call in calls):
        raise Invalid(_("请选择要增加的协同单位"), {"assisting": _("请选择要增加的协同单位")})
    desks = find_desks(calls, now)
    if len(called) + len(calls) > DEPARTMENTS_MAX:
        text = _("一次最多召集 %(n)d 个单位") % {"n": DEPARTMENTS_MAX}
        raise Invalid(text, {"assisting": text})
    there = {call.organization_id for call in called}
    twice = "、".join(desk.label for desk in desks if desk.id in there)
    if twice:
        raise AlreadyCalled(_("这张哨单已召集：%(names)s") % {"names": twice})
    return new_calls(whistle, calls, desks, now)


def new_calls(
    whistle: Whistle, calls: Sequence[NewCall], desks: Sequence[OrganizationRef], now: datetime
) -> list[Call]:
    """Return the rows of departments to be called, not saved; raise Invalid for a task that is too long."""
    return [
        Call(
            whistle=whistle, organization_id=desk.id, role=call.role, status=Standing.CALLED, changed_at=now,
            task=clean_words(call.task, "task", _("任务"), WORDS_LENGTH_MAX, needed=False),
        )
        for call, desk in zip(calls, desks, strict=True)
    ]  # fmt: skip


def names_of(calls: Iterable[Call]) -> list[str]:
    """Return the names of the departments called."""
    registry = organizations()
    return [desk.label for call in calls if (desk := registry.by_id(call.organization_id))]


def find_desks(calls: Sequence[NewCall], now: datetime) -> list[OrganizationRef]:
    """Return the departments named, in their order; raise Invalid for too many, one twice, one there is not."""
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


def check_approver(actor: Actor, rule: KindRule, whistle: Whistle, case: Any, now: datetime) -> None:
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
