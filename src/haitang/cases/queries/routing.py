"""To whom a case goes, and why: ordered rules, the first that fits and can run decides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.cases.queries.catalog import Catalog, CategoryRef, RuleRef, catalog
from haitang.core import clock
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.language import in_house
from haitang.organizations.queries import OrganizationRef, Registry, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Territory


_CATEGORY = "{category}"


@dataclass(frozen=True, slots=True)
class Intake:
    """What routing looks at: the case as it came in."""

    category: CategoryRef | None
    kind: str
    channel: str
    area: AreaRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a case goes. problems: rules that fitted and could not run, a sentence each."""

    organization: OrganizationRef | None
    rule: RuleRef | None
    reason: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """Where cases of one area go to which the same rules apply; see Routing.

    reason: as a sentence in which the category's name is left out. nameless: what stands for it where there is none.
    """

    organization: OrganizationRef | None
    rule: RuleRef | None
    reason: str
    problems: tuple[str, ...]
    nameless: str

    def reason_for(self, category: CategoryRef | None) -> str:
        """Return why a case of that category goes there."""
        return self.reason.replace(_CATEGORY, category.name if category else self.nameless)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a dry run: a rule, and what came of it in a sentence."""

    rule: RuleRef
    fits: bool
    outcome: str
    decides: bool


def rules_for(category: CategoryRef | None, kind: str, channel: str, at: datetime) -> Iterator[RuleRef]:
    """Yield the rules of now, in order, that fit such a case in one area or another."""
    for rule in catalog().rules:
        if _misfit_anywhere(rule, category, kind, channel) is None and _misfit_in_time(rule, at) is None:
            yield rule


def route(intake: Intake) -> Routing:
    """Return where the rules of now send such a case, with the reason in one sentence.

    A rule that fits but finds no organization is reported in `problems` and the next is tried; where none
    decides, the organization is None and the reason says so. Sentences are in the office's language: they are kept.
    """
    rules = rules_for(intake.category, intake.kind, intake.channel, intake.at)
    way = find_way(rules, intake.area, intake.at)
    return Routing(way.organization, way.rule, way.reason_for(intake.category), way.problems)


def find_way(rules: Iterable[RuleRef], area: AreaRef, at: datetime) -> Way:
    """Return where the first of the rules that can run sends what comes in an area, as `route` does.

    rules: what `rules_for` gives. Where thousands of cases are asked about, one way serves all of an area to which
    the same rules apply.
    """
    registry, areas = organizations(), territory()
    problems: list[str] = []
    with in_house():
        nameless = _("未分类")
        for rule in rules:
            if _is_elsewhere(rule, area):
                continue
            target = _target(rule, area, at, registry)
            if target is not None:
                return Way(target, rule, _explain(rule, area, target, areas), tuple(problems), nameless)
            problems.append(_problem(rule, area, registry, areas))
        reason = _("没有分派规则适用于此案件，请派遣员人工指定承办单位")
        return Way(None, None, reason, tuple(problems), nameless)


def dry_run_routing(*, viewer: Actor, case_id: int) -> tuple[Routing, list[Step]]:
    """Return what today's rules would do with a past case, and what each rule said to it.

    Raises CaseNotFound for a case the viewer may not see.
    """
    from haitang.cases.queries.cases import get_case

    case = get_case(viewer=viewer, case_id=case_id)
    known, registry, areas = catalog(), organizations(), territory()
    category = known.by_id.get(case.category_id) if case.category_id else None
    intake = Intake(category, case.kind, case.channel, areas.area(case.area_id), case.reported_at)
    routing = route(intake)
    steps = []
    for rule in known.rules:
        misfit = _misfit(rule, intake)
        target = None if misfit else _target(rule, intake.area, intake.at, registry)
        if misfit:
            outcome = _(misfit)
        elif target is None:
            outcome = _problem(rule, intake.area, registry, areas)
        else:
            name = category.name if category else _("未分类")
            outcome = _explain(rule, intake.area, target, areas).replace(_CATEGORY, name)
        steps.append(Step(rule, misfit is None, outcome, routing.rule is not None and rule.id == routing.rule.id))
    return routing, steps


def list_rule_problems(known: Catalog | None = None) -> list[tuple[RuleRef, str]]:
    """Return the rules in use that cannot run at all, each with its fault in a sentence."""
    known = known or catalog()
    registry, areas = organizations(), territory()
    faults = []
    for rule in known.rules:
        named = registry.by_code(rule.organization_code) if rule.organization_code else None
        if rule.organization_code and (named is None or _has_closed(named, local_date(clock.now()))):
            faults.append(
                (
                    rule,
                    _("规则“%(rule)s”指定的单位 %(code)s 不存在或已停用")
                    % {"rule": rule.name, "code": rule.organization_code},
                )
            )
        area = areas.get(rule.area_id)
        if rule.area_id is not None and (area is None or not area.open):
            faults.append((rule, _("规则“%(rule)s”限定的区域已撤销") % {"rule": rule.name}))
        faults += [
            (rule, _("规则“%(rule)s”的类别 %(code)s 不存在") % {"rule": rule.name, "code": prefix})
            for prefix in rule.categories
            if not any(category.code.startswith(prefix) for category in known.categories if category.is_active)
        ]
    return faults


def _misfit(rule: RuleRef, intake: Intake) -> str | None:
    """Return in words, not translated yet, why the rule does not fit the case, or None if it does.

    Every case asks every rule: only a dry run wants to read the answers.
    """
    misfit = _misfit_anywhere(rule, intake.category, intake.kind, intake.channel)
    if misfit is None and _is_elsewhere(rule, intake.area):
        misfit = gettext_noop("区域不符")
    return misfit or _misfit_in_time(rule, intake.at)


def _misfit_anywhere(rule: RuleRef, category: CategoryRef | None, kind: str, channel: str) -> str | None:
    if rule.categories and (category is None or not category.code.startswith(rule.categories)):
        return gettext_noop("类别不符")
    if rule.kinds and kind not in rule.kinds:
        return gettext_noop("诉求类型不符")
    if rule.channels and channel not in rule.channels:
        return gettext_noop("来源不符")
    return None


def _misfit_in_time(rule: RuleRef, at: datetime) -> str | None:
    if rule.from_minute is None or rule.to_minute is None:
        return None
    local = at.astimezone(LOCAL)
    minute = local.hour * 60 + local.minute
    if rule.from_minute <= rule.to_minute:
        within = rule.from_minute <= minute < rule.to_minute
    else:
        within = minute >= rule.from_minute or minute < rule.to_minute
    return None if within else gettext_noop("时段不符")


def _is_elsewhere(rule: RuleRef, area: AreaRef) -> bool:
    return rule.area_id is not None and rule.area_id not in area.ids


def _target(rule: RuleRef, area: AreaRef, at: datetime, registry: Registry) -> OrganizationRef | None:
    if rule.organization_code:
        named = registry.by_code(rule.organization_code)
        return None if named is None or _has_closed(named, local_date(at)) else named
    return registry.serving(area.ids, rule.serving, local_date(at))


def _has_closed(organization: OrganizationRef, on: date) -> bool:
    """Tell whether the organization has ended by that day; imported cases may be older than the organization."""
    return organization.valid_to is not None and organization.valid_to <= on


def _problem(rule: RuleRef, area: AreaRef, registry: Registry, areas: Territory) -> str:
    if rule.organization_code:
        return _("规则“%(rule)s”适用但未能执行：单位 %(code)s 不存在或已停用") % {
            "rule": rule.name,
            "code": rule.organization_code,
        }
    where = areas.full_name(area.id)
    return _("规则“%(rule)s”适用但未能执行：没有负责“%(area)s”的承办单位") % {"rule": rule.name, "area": where}


def _explain(rule: RuleRef, area: AreaRef, target: OrganizationRef, areas: Territory) -> str:
    """Return the reason in a sentence, with `_CATEGORY` where the category's name belongs."""
    sentence = rule.reason.replace("{area}", areas.full_name(area.id)).replace("{organization}", target.name)
    return _("按规则“%(rule)s”：%(reason)s") % {"rule": rule.name, "reason": sentence}
