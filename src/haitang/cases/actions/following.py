"""Cases with their counts, and routing rules, follow their area when it goes on as another version."""

from datetime import datetime

from django.db import connection, transaction

from haitang.cases.facts import CasesMoved, RoutingRuleChanged
from haitang.cases.models import RoutingRule
from haitang.cases.queries.catalog import CATALOG
from haitang.core import history
from haitang.core.access import Actor
from haitang.territory.queries import territory


@transaction.atomic
def follow_area(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """
    Tie to an area's new version every case of the old one, its counters included; return how many cases.

    Otherwise those who answer for the new version could not see what came in before. Run again, it moves nothing.
    The cases are taken first, so that a deed under way is counted on the old side before the counts are moved.
    """
    areas = territory()
    old, new = list(areas.area(area_id).ids), list(areas.area(new_area_id).ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET area_id = %s, area_ids = %s WHERE area_id = %s", [new_area_id, new, area_id]
        )
        moved = cursor.rowcount
        cursor.execute(
            """
            WITH counted AS (
                SELECT start AS day, split_part(value, '|', 1)::bigint AS category_id,
                       split_part(value, '|', 2) AS channel, measure, n::int AS n
                FROM cases_count, jsonb_each_text(counts) AS c(measure, n)
                WHERE area_id = %(area)s AND dimension = 'both'
                UNION ALL
                SELECT day, category_id, channel, measure, n FROM cases_countdelta
                WHERE area_ids[cardinality(area_ids)] = %(area)s
            ), total AS (
                SELECT day, category_id, channel, measure, sum(n)::int AS n FROM counted
                GROUP BY day, category_id, channel, measure HAVING sum(n) <> 0
            )
            INSERT INTO cases_countdelta (day, area_ids, category_id, channel, measure, n)
            SELECT day, side.area_ids, category_id, channel, measure, side.sign * n
            FROM total, (VALUES (%(old)s::bigint[], -1), (%(new)s::bigint[], 1)) AS side(area_ids, sign)
            """,
            {"area": area_id, "old": old, "new": new},
        )
    if moved:
        history.record(actor=actor, fact=CasesMoved(area_id, new_area_id, moved), at=now)
    return moved


@transaction.atomic
def move_rules(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """
    Let the routing rules of a replaced area hold for its new version, and return how many did not yet.

    Not for an area that ended with an heir: a rule for a part is none for the whole; it is reported as unable to run.
    """
    rules = list(RoutingRule.objects.select_for_update().filter(area_id=area_id))
    for rule in rules:
        rule.area_id = new_area_id
        rule.save(update_fields=["area"])
        history.record(actor=actor, fact=RoutingRuleChanged(rule.pk, {"area_id": str(new_area_id)}), at=now)
    if rules:
        CATALOG.touch()
    return len(rules)
