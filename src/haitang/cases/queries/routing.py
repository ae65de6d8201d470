"""To whom a case goes, and why: ordered rules, the first that fits and can run decides."""

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
from haitang.territory.values import AreaRef

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
class Step:
    """One line of a dry run: a rule, and what came of it in a sentence."""

    rule: RuleRef
    fits: bool
    outcome: str
    decides: bool


def route(intake: Intake) -> Routing:
    """Return where the rules of now send such a case, with the reason in one sentence.

    A rule that fits but finds no organization is reported in `problems` and the next is tried; where none
    decides, the organization is None and the reason says so. Sentences are in the office's language: they are kept.
    """
    return Router(intake.at).route(intake.category, intake.kind, intake.channel, intake.area)


class Router:
    """The rules as they are now, for any number of cases: what one has found out of an area serves those that follow.

    at: aware instant by which rules apply and organizations are there.
    """

    def __init__(self, at: datetime) -> None:
        self._at, self._registry, self._areas = at, organizations(), territory()
        self._rules: dict[tuple[int | None, str, str], list[RuleRef]] = {}
        self._found: dict[tuple[int, int], tuple[OrganizationRef | None, str]] = {}
        self._full_names: dict[int, str] = {}
        with in_house():
            self._words = _Words()

    def route(self, category: CategoryRef | None, kind: str, channel: str, area: AreaRef) -> Routing:
        """Return where the rules send such a case; see the function of that name."""
        key = (category.id if category else None, kind, channel)
        if (rules := self._rules.get(key)) is None:
            rules = self._rules[key] = [
                rule for rule in catalog().rules
                if _misfit_anywhere(rule, category, kind, channel) is None and _misfit_in_time(rule, self._at) is None
            ]  # fmt: skip
        problems: tuple[str, ...] = ()
        for rule in rules:
            if _is_elsewhere(rule, area):
                continue
            target, sentence = self._found.get((rule.id, area.id)) or self._look(rule, area)
            if target is not None:
                name = category.name if category else self._words.nameless
                return Routing(target, rule, sentence.replace(_CATEGORY, name), problems)
            problems = *problems, sentence
        with in_house():
            return Routing(None, None, _("没有分派规则适用于此案件，请派遣员人工指定承办单位"), problems)

    def _look(self, rule: RuleRef, area: AreaRef) -> tuple[OrganizationRef | None, str]:
        """Return to whom the rule gives the cases of an area, and why in a sentence; None, and what is wrong."""
        if (full_name := self._full_names.get(area.id)) is None:
            full_name = self._full_names[area.id] = self._areas.full_name(area.id)
        target = _target(rule, area, self._at, self._registry)
        if target is not None:
            sentence = self._words.reason(rule, full_name, target)
        else:
            with in_house():
                sentence = _problem(rule, full_name)
        self._found[rule.id, area.id] = target, sentence
        return target, sentence


class _Words:
    """What a sentence says of a rule, in the language that is active when this is made."""

    def __init__(self) -> None:
        self.nameless = _("未分类")
        self._by_rule = _("按规则“%(rule)s”：%(reason)s")

    def reason(self, rule: RuleRef, area: str, target: OrganizationRef) -> str:
        """Return why a case goes to the target, with `_CATEGORY` where the name of its category belongs."""
        sentence = rule.reason.replace("{area}", area).replace("{organization}", target.name)
        return self._by_rule % {"rule": rule.name, "reason": sentence}


def _problem(rule: RuleRef, area: str) -> str:
    """Return why a rule that fits sends nothing anywhere. area: its full name."""
    if rule.organization_code:
        return _("规则“%(rule)s”适用但未能执行：单位 %(code)s 不存在或已停用") % {
            "rule": rule.name,
            "code": rule.organization_code,
        }
    return _("规则“%(rule)s”适用但未能执行：没有负责“%(area)s”的承办单位") % {"rule": rule.name, "area": area}


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
    words, full_name = _Words(), areas.full_name(case.area_id)
    steps = []
    for rule in known.rules:
        misfit = _misfit(rule, intake)
        target = None if misfit else _target(rule, intake.area, intake.at, registry)
        if misfit:
            outcome = _(misfit)
        elif target is None:
            outcome = _problem(rule, full_name)
        else:
            name = category.name if category else words.nameless
            outcome = words.reason(rule, full_name, target).replace(_CATEGORY, name)
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
