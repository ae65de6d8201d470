"""Putting a case's category or area right, counters included."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies, queries
from haitang.cases.actions.counting import count
from haitang.cases.actions.moving import clean_opinion
from haitang.cases.facts import CaseReclassified
from haitang.cases.models import Case
from haitang.cases.queries.catalog import CategoryRef, catalog
from haitang.cases.queries.measuring import case_measures
from haitang.cases.queries.routing import Intake, route
from haitang.cases.values import Permission
from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_ASKED = ("form_version", "opening", "closing")
"""What another category asks and decides anew; answers stay, those of the former form, too."""


def classify(case: Case, category: CategoryRef) -> list[str]:
    """Set a locked case's category, route it anew and move its counts; return the columns to save."""
    return _place(case, territory().area(case.area_id), category)


def _place(case: Case, area: AreaRef, category: CategoryRef | None) -> list[str]:
    if case.category_id == (category.id if category else None) and case.area_id == area.id:
        return []
    measures = case_measures(case)
    _count(case, measures, -1)
    if category is not None and case.category_id != category.id:
        case.form_version_id, case.opening, case.closing = category.current.version_id, None, None
    case.category_id = category.id if category else None
    case.area_id, case.area_ids = area.id, list(area.ids)
    _count(case, measures, 1)
    routing = route(Intake(category, case.kind, case.channel, area, case.reported_at))
    case.routed_to_id = routing.organization.id if routing.organization else None
    case.routing_rule_id = routing.rule.id if routing.rule else None
    case.routing_reason = "；".join((*routing.problems, routing.reason))
    return ["category", "area", "area_ids", "routed_to", "routing_rule_id", "routing_reason", *_ASKED]


def _count(case: Case, measures: list, sign: int) -> None:
    changes = [(day, measure, sign * n) for day, measure, n in measures]
    count(
        area_ids=case.area_ids, category_id=case.category_id, channel=case.channel,
        is_confidential=case.is_confidential, changes=changes,
    )  # fmt: skip


@transaction.atomic
def reclassify_case(
    *, actor: Actor, case_id: int, opinion: str, now: datetime, category_code: str = "", area_code: str = ""
) -> Case:
    """
    Put a case's category or area right; where it is not yet dispatched, routing follows.

    "" keeps what it has. Deadlines already running stay.
    Raises CaseNotFound, NotAllowed (no ACCEPT over both areas), CategoryNotFound, Invalid (no such area, no change).
    """
    case = queries.lock_case(case_id)
    policies.check_can_correct(actor, case)
    areas, known = territory(), catalog()
    area = areas.by_code(area_code) if area_code else areas.area(case.area_id)
    if area is None:
        raise Invalid(_("没有这个区域编码"), {"area_code": _("没有这个区域编码")})
    access.require(actor, Permission.ACCEPT, area_path=area.path)
    before = known.by_id.get(case.category_id) if case.category_id else None
    after = known.category(category_code) if category_code else before
    area_before = areas.area(case.area_id).code
    columns = _place(case, area, after)
    if not columns:
        raise Invalid(_("类别和区域都没有变化"))
    case.save(update_fields=columns)
    fact = CaseReclassified(
        case.pk,
        clean_opinion(opinion),
        before.code if before else "",
        after.code if after else "",
        area_before,
        area.code,
    )
    history.record(actor=actor, fact=fact, at=now, audience=policies.audience_of(case))
    return case
