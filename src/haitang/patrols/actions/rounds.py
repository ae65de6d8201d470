"""Checklists of a month: made once for every grid, filled in item by item."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.scoping import path_of
from haitang.patrols import policies, queries
from haitang.patrols.actions.hazards import find_hazard
from haitang.patrols.facts import RoundFinished, RoundsGenerated
from haitang.patrols.models import ItemResult, Round
from haitang.patrols.queries import rules
from haitang.patrols.values import (
    WORDS_LENGTH_MAX,
    HazardStands,
    ItemTaken,
    MonthOver,
    NewHazard,
    Permission,
    Result,
    is_due,
    last_day,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

GRID_KINDS = (Kind.GRID, Kind.SPECIAL_GRID)
_GENERATE_LOCK = 7_306_001
_BATCH_ROWS = 2_000


@transaction.atomic
def generate_rounds(*, actor: Actor, month: date, now: datetime) -> int:
    """
    Make every grid's rounds of the month from the checklists in force that are due in it; return how many were made.

    month: any day of it. Run again, or by two at once, it makes what is missing and nothing twice.
    Raises NotAllowed without MANAGE over everything.
    """
    access.require(actor, Permission.MANAGE, area_path=access.EVERYWHERE)
    month = month.replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GENERATE_LOCK])
    due = [each for each in rules().checklists if each.is_active and is_due(each.every_months, month)]
    grids = [area for area in territory().descendants(None) if area.kind in GRID_KINDS]
    there = set(Round.objects.filter(month=month).values_list("code", "area_id"))
    rows = [
        Round(
            checklist_id=each.id, code=each.code, area_id=grid.id, area_ids=list(grid.ids), month=month,
            due_on=last_day(month), items_total=len(each.items),
        )
        for grid in grids
        for each in due
        if (each.code, grid.id) not in there
    ]  # fmt: skip
    Round.objects.bulk_create(rows, batch_size=_BATCH_ROWS)
    if rows:
        history.record(actor=actor, fact=RoundsGenerated(month.year * 100 + month.month, len(rows)), at=now)
    return len(rows)


@transaction.atomic
def check_item(
    *,
    actor: Actor,
    round_id: int,
    key: str,
    result: str,
    now: datetime,
    seen: str = "",
    words: str = "",
    hazard: NewHazard | None = None,
) -> ItemResult:
    """
    Fill in one item of a round; a hazard found there is taken down in the same step.

    seen: the result that stood there when the actor looked, "" for none. The same result once more changes nothing
    and takes down no second hazard. hazard: what was found, for the result `hazard` only. No time and no person is
    kept with the item; the history has an entry when the round is finished.

    Raises RoundNotFound, NotAllowed, MonthOver, ItemTaken (it stands otherwise by now), HazardStands (a hazard came
    of it), Invalid (no such item or result, a hazard without words).
    """
    round_ = queries.lock_round(round_id)
    policies.check_may_see_round(actor, round_)
    policies.check_can_patrol(actor, path_of(round_.area_ids))
    if local_date(now) > round_.due_on:
        raise MonthOver(_("这个月的巡查已经截止，请在本月的清单里填写"))
    item = rules().by_id[round_.checklist_id].item(key)
    if item is None:
        raise Invalid(_("清单里没有这个项目"), {"key": _("清单里没有这个项目")})
    if result not in Result.values or (result == Result.HAZARD) != (hazard is not None):
        raise Invalid(_("请选择正常、发现隐患或不涉及"), {"result": _("请选择检查结果")})
    if len(words) > WORDS_LENGTH_MAX:
        raise Invalid(_("说明不能超过 %(n)d 字") % {"n": WORDS_LENGTH_MAX}, {"words": _("说明太长")})
    words = words.strip()
    there = ItemResult.objects.filter(round=round_, key=key).first()
    if there is not None:
        if there.result == result and (result == Result.HAZARD or there.words == words):
            return there
        if there.result == Result.HAZARD:
            raise HazardStands(_("这一项已登记隐患，请在隐患里办理"))
        if there.result != seen:
            raise ItemTaken(_("这一项刚才已由他人填为“%(result)s”") % {"result": there.get_result_display()})
    found = None
    if hazard is not None:
        area = territory().area(round_.area_id)
        found = find_hazard(actor=actor, area=area, new=hazard, now=now, round_id=round_.pk, item_key=key)
    values: dict[str, Any] = {"result": result, "words": words, "hazard": found}
    row, is_new = ItemResult.objects.update_or_create(round=round_, key=key, defaults=values)
    round_.items_done += is_new
    round_.hazards += found is not None
    finishes = is_new and round_.items_done == round_.items_total
    if finishes:
        round_.finished_on = local_date(now)
    round_.save(update_fields=["items_done", "hazards", "finished_on"])
    if finishes:
        audience = history.Audience(path_of(round_.area_ids), (), Permission.VIEW)
        history.record(actor=actor, fact=RoundFinished(round_.pk, round_.hazards), at=now, audience=audience)
    return row
