"""Writes of what is known about areas: population figures, and what their codes look like."""

import re
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid
from haitang.territory import policies, queries
from haitang.territory.actions import shared
from haitang.territory.facts import CodeRuleSet, PopulationAdded
from haitang.territory.models import CodeRule, Population
from haitang.territory.values import PopulationKind

_NUMBER_MAX = 2_000_000_000
_PATTERN_MAX = 200


@transaction.atomic
def add_population(
    *, actor: Actor, area_id: int, kind: str, number: int, date: date, source: str, now: datetime
) -> Population:
    """Enter a population figure of an area; figures are added, never overwritten.

    kind: one of PopulationKind. number: persons, or households. date: the day it counts for, not in the future.

    Raises AreaNotFound, AreaClosed, NotAllowed, Invalid (kind, number, source), InvalidDate,
    Conflict (the figure of that kind and day is there already).
    """
    area = shared.valid_area(area_id)
    policies.check_can_manage(actor, area.path)
    if kind not in PopulationKind.values:
        raise Invalid(_("没有这种人口口径"), {"kind": _("没有这种人口口径")})
    if not 0 <= number <= _NUMBER_MAX:
        raise Invalid(_("数量应为不小于 0 的整数"), {"number": _("数量应为不小于 0 的整数")})
    source = shared.check_text(source, _("来源"), "source", shared.SOURCE_MAX)
    day = shared.check_day(date, now)
    try:
        with transaction.atomic():
            figure = Population.objects.create(area=area, kind=kind, number=number, date=day, source=source)
    except IntegrityError as error:
        if "territory_population_once" in str(error):
            raise Conflict(_("该口径在这一天已有数据")) from error
        raise
    fact = PopulationAdded(area.pk, kind, number, day.isoformat(), source)
    history.record(actor=actor, fact=fact, at=now, audience=shared.told([area.path]))
    return figure


@transaction.atomic
def set_code_rule(
    *, actor: Actor, kind: str, pattern: str, label: str, now: datetime, strict: bool = False, source: str = ""
) -> CodeRule:
    """Add a pattern for the codes of one kind, or change its label and strictness where it is there already.

    A tenant's first pattern for a kind takes the place of all shipped ones for that kind.

    pattern: regular expression, at most 200 characters. strict: codes that fit no pattern are refused from now on.

    Raises NotAllowed (over the whole tenant), InvalidPlacement (kind), Invalid (a pattern that is none).
    """
    policies.check_can_manage(actor)
    shared.check_kind(kind, None)
    pattern = shared.check_text(pattern, _("规则"), "pattern", _PATTERN_MAX)
    label = shared.check_text(label, _("说明"), "label", shared.NAME_MAX)
    source = shared.check_text(source, _("依据"), "source", shared.SOURCE_MAX, required=False)
    try:
        re.compile(pattern)
    except re.error as error:
        raise Invalid(_("规则不是有效的正则表达式"), {"pattern": _("规则不是有效的正则表达式")}) from error
    rule, _created = CodeRule.objects.update_or_create(
        kind=kind, pattern=pattern, defaults={"label": label, "strict": strict, "source": source}
    )
    queries.code_policy.touch()
    history.record(actor=actor, fact=CodeRuleSet(rule.pk, kind, pattern, strict), at=now)
    return rule
