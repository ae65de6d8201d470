"""Changing what is decided per city about cases: categories, phrases, routing rules, settings."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions.asking import publish_forms
from haitang.cases.facts import CatalogLoaded, CategoryChanged, PhraseChanged, RoutingRuleChanged, SettingChanged
from haitang.cases.lifecycle import Deed
from haitang.cases.models import Category, Phrase, RoutingRule
from haitang.cases.queries.catalog import CASE_SETTINGS, CATALOG, shipped
from haitang.cases.values import Channel, Kind, Permission, Stage, Tree
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.worktime.values import Clock, Limit

_CATEGORY_FIELDS = frozenset({"name", "name_en", "keywords", "limits", "is_urgent", "is_active", "source"})
_RULE_FIELDS = frozenset({
    "name", "categories", "kinds", "channels", "area_id", "from_minute", "to_minute", "organization_code", "serving",
    "post_kind", "reason", "is_active",
})  # fmt: skip


LIMIT_DAYS_MAX = 3660
"""Ten years: calendars reach some decades ahead, and a slip of the pen must not refuse every report of a category."""


class CategoryCodeTaken(Conflict):
    """Another category bears the code, in use or retired."""


@transaction.atomic
def load_default_catalog(*, actor: Actor, now: datetime) -> CatalogLoaded:
    """
    Load the shipped categories, phrases and rules as far as they are absent; nothing edited is touched.

    Rules and phrases are loaded only into an empty table, so that what an office removed stays removed.
    Raises NotAllowed without MANAGE_CATALOG everywhere.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    categories = _load_categories(shipped("categories.toml"))
    rules = _load_rules(shipped("routes.toml")["rule"]) if not RoutingRule.objects.exists() else 0
    phrases = 0
    if not Phrase.objects.exists():
        rows = [
            Phrase(deed=deed, position=position, text=text)
            for deed, texts in _phrases(shipped("phrases.toml")["phrases"]).items()
            for position, text in enumerate(texts)
        ]
        phrases = len(Phrase.objects.bulk_create(rows))
    fact = CatalogLoaded(1, categories, rules, phrases)
    if categories or rules or phrases:
        CATALOG.touch()
        history.record(actor=actor, fact=fact, at=now)
    return fact


@transaction.atomic
def create_category(
    *, actor: Actor, now: datetime, code: str, name: str, tree: str, parent_code: str = "", **fields: Any
) -> Category:
    """
    Add a category; fields as in `change_category`.

    Raises NotAllowed, Invalid (bad code, limits that cannot be read), NotFound (parent), CategoryCodeTaken.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    if not (code.isascii() and code.isalnum() and len(code) <= 20):
        raise Invalid(_("编码应为 1 至 20 位字母或数字"), {"code": _("编码应为 1 至 20 位字母或数字")})
    if tree not in Tree.values:
        raise Invalid(_("请选择类型"), {"tree": _("请选择类型")})
    if Category.objects.filter(code=code).exists():
        raise CategoryCodeTaken(_("编码 %(code)s 已被使用") % {"code": code})
    parent = None
    if parent_code:
        parent = Category.objects.filter(code=parent_code).first()
        if parent is None:
            raise NotFound(_("没有这个上级类别"))
    category = Category(code=code, tree=parent.tree if parent else tree, parent=parent)
    category = _write_category(actor, category, {"name": name, **fields}, now)
    publish_forms(actor, now)
    return category


@transaction.atomic
def change_category(*, actor: Actor, now: datetime, category_id: int, **fields: Any) -> Category:
    """
    Change a category's name, name_en, keywords, limits ({stage: text}), is_urgent, is_active or source.

    Deadlines that already run stay. Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    category = Category.objects.select_for_update().filter(pk=category_id).first()
    if category is None:
        raise NotFound(_("没有这个类别"))
    return _write_category(actor, category, fields, now)


def _write_category(actor: Actor, category: Category, fields: dict[str, Any], now: datetime) -> Category:
    unknown = fields.keys() - _CATEGORY_FIELDS
    if unknown:
        raise TypeError(f"no such field of a category: {unknown}")
    if "name" in fields and not 0 < len(fields["name"].strip()) <= 50:
        raise Invalid(_("名称应为 1 至 50 字"), {"name": _("名称应为 1 至 50 字")})
    check_limits(fields.get("limits", {}))
    for field, value in fields.items():
        setattr(category, field, value)
    category.save()
    CATALOG.touch()
    changes = {field: _as_text(value) for field, value in fields.items()}
    history.record(actor=actor, fact=CategoryChanged(category.pk, changes), at=now)
    return category


def _as_text(value: Any) -> str:
    """Return a value as the history tells it to people."""
    if isinstance(value, dict):
        return "；".join(f"{key}：{one}" for key, one in value.items())
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def check_limits(limits: dict[str, str]) -> None:
    """Raise Invalid for a stage that is none and for a limit that cannot be read or is over ten years."""
    for stage, text in limits.items():
        if stage not in Stage.values:
            raise Invalid(_("没有这个环节：%(stage)s") % {"stage": stage})
        if _days(Limit.parse(text)) > LIMIT_DAYS_MAX:
            raise Invalid(_("时限不能超过十年：%(limit)s") % {"limit": text})


def _days(limit: Limit) -> float:
    return limit.amount / (24 * 60) if limit.clock in (Clock.URGENT_HOUR, Clock.WORK_HOUR) else limit.amount


@transaction.atomic
def create_routing_rule(*, actor: Actor, now: datetime, **fields: Any) -> RoutingRule:
    """
    Add a routing rule at the end of the table; fields as in models.RoutingRule.

    Raises NotAllowed, Invalid.
    """
    access.require(actor, Permission.MANAGE_ROUTING, area_path=EVERYWHERE)
    last = RoutingRule.objects.select_for_update().order_by("-position").first()
    return _write_rule(actor, RoutingRule(position=(last.position if last else 0) + 10), fields, now)


@transaction.atomic
def change_routing_rule(*, actor: Actor, now: datetime, rule_id: int, **fields: Any) -> RoutingRule:
    """
    Change a routing rule; cases already routed stay where they are.

    Raises NotAllowed, NotFound, Invalid.
    """
    return _write_rule(actor, _lock_rule(actor, rule_id), fields, now)


@transaction.atomic
def move_routing_rule(*, actor: Actor, now: datetime, rule_id: int, up: bool) -> None:
    """
    Swap a rule with its neighbour in the order; at the end of the table nothing happens.

    Raises NotAllowed, NotFound.
    """
    _lock_rule(actor, rule_id)
    rules = list(RoutingRule.objects.select_for_update().order_by("position", "id"))
    at = next(index for index, rule in enumerate(rules) if rule.pk == rule_id)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(rules):
        return
    rules[at], rules[other] = rules[other], rules[at]
    for index, rule in enumerate(rules):
        rule.position = (index + 1) * 10
    RoutingRule.objects.bulk_update(rules, ["position"])
    CATALOG.touch()
    history.record(actor=actor, fact=RoutingRuleChanged(rule_id, {"moved": "up" if up else "down"}), at=now)


@transaction.atomic
def remove_routing_rule(*, actor: Actor, now: datetime, rule_id: int) -> None:
    """
    Take a rule out of the table; the history keeps that it was there.

    Raises NotAllowed, NotFound.
    """
    rule = _lock_rule(actor, rule_id)
    history.record(actor=actor, fact=RoutingRuleChanged(rule_id, {"removed": rule.name}), at=now)
    rule.delete()
    CATALOG.touch()


def _lock_rule(actor: Actor, rule_id: int) -> RoutingRule:
    access.require(actor, Permission.MANAGE_ROUTING, area_path=EVERYWHERE)
    rule = RoutingRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound(_("没有这条规则"))
    return rule


def _write_rule(actor: Actor, rule: RoutingRule, fields: dict[str, Any], now: datetime) -> RoutingRule:
    unknown = fields.keys() - _RULE_FIELDS
    if unknown:
        raise TypeError(f"no such field of a rule: {unknown}")
    for field, value in fields.items():
        setattr(rule, field, value)
    if bool(rule.organization_code) == bool(rule.serving):
        text = _("请指定承办单位，或选择一类属地单位，二者选一")
        raise Invalid(text, {"organization_code": text})
    if (rule.from_minute is None) != (rule.to_minute is None):
        raise Invalid(_("时段的起止应同时填写"), {"from_minute": _("时段的起止应同时填写")})
    if set(rule.kinds) - set(Kind.values) or set(rule.channels) - set(Channel.values):
        raise Invalid(_("诉求类型或来源不正确"))
    if not rule.name.strip():
        raise Invalid(_("请填写规则名称"), {"name": _("请填写规则名称")})
    rule.save()
    CATALOG.touch()
    changes = {field: _as_text(value) for field, value in fields.items()}
    history.record(actor=actor, fact=RoutingRuleChanged(rule.pk, changes), at=now)
    return rule


@transaction.atomic
def create_phrase(*, actor: Actor, now: datetime, deed: str, text: str) -> Phrase:
    """
    Offer one more ready-made opinion for a deed.

    Raises NotAllowed, Invalid.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    if deed not in Deed.values or not 0 < len(text.strip()) <= 200:
        raise Invalid(_("请选择环节并填写 1 至 200 字的常用语"), {"text": _("常用语应为 1 至 200 字")})
    phrase = Phrase.objects.create(deed=deed, text=text.strip(), position=Phrase.objects.filter(deed=deed).count())
    CATALOG.touch()
    history.record(actor=actor, fact=PhraseChanged(phrase.pk, deed, phrase.text, False), at=now)
    return phrase


@transaction.atomic
def remove_phrase(*, actor: Actor, now: datetime, phrase_id: int) -> None:
    """
    No longer offer a ready-made opinion.

    Raises NotAllowed, NotFound.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    phrase = Phrase.objects.filter(pk=phrase_id).first()
    if phrase is None:
        raise NotFound(_("没有这条常用语"))
    history.record(actor=actor, fact=PhraseChanged(phrase_id, phrase.deed, phrase.text, True), at=now)
    phrase.delete()
    CATALOG.touch()


@transaction.atomic
def change_setting(*, actor: Actor, now: datetime, key: str, value: Any) -> None:
    """
    Change one setting; its value keeps the type of the one it replaces.

    Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    if key == "limits" and isinstance(value, dict):
        check_limits(value)
        if missing := set(Stage.values) - value.keys():
            raise Invalid(_("缺少环节的默认时限：%(stages)s") % {"stages": "、".join(sorted(missing))})
    if key == "warn_percents" and (not value or value != sorted({n for n in value if type(n) is int and 0 < n < 100})):
        raise Invalid(_("预警百分比应为 1 至 99 的整数，从小到大"), {"value": _("应为 1 至 99 的整数，从小到大")})
    if CASE_SETTINGS.change(key, value):
        CATALOG.touch()
        history.record(actor=actor, fact=SettingChanged(1, key, _as_text(value)), at=now)


def _phrases(tables: dict[str, Any]) -> dict[str, list[str]]:
    """Return the shipped phrases by deed; those of a failed check belong to the rework that follows from it."""
    return {deed: texts for deed, texts in tables.items() if deed in Deed.values}


def _load_categories(given: dict[str, Any]) -> int:
    held = {category.code: category for category in Category.objects.all()}
    made = 0
    waiting = [row for row in given["category"] if row["code"] not in held]
    while waiting:
        ready = [row for row in waiting if not row.get("parent") or row["parent"] in held]
        categories = Category.objects.bulk_create(_category(row, held) for row in ready)
        held |= {category.code: category for category in categories}
        made += len(categories)
        waiting = [row for row in waiting if row["code"] not in held]
        if not ready:
            raise ValueError(f"categories without their parent: {[row['code'] for row in waiting]}")
    return made


def _category(row: dict[str, Any], held: dict[str, Category]) -> Category:
    return Category(
        code=row["code"], parent=held.get(row.get("parent", "")), tree=row["tree"], name=row["name"],
        name_en=row.get("name_en", ""), keywords=row.get("keywords", []), limits=row.get("limits", {}),
        is_urgent=row.get("urgent", False), source=row.get("source", ""),
    )  # fmt: skip


def _load_rules(given: list[dict[str, Any]]) -> int:
    rules = []
    for row in given:
        from_minute = to_minute = None
        if row.get("hours"):
            from_minute, to_minute = (int(h) * 60 + int(m) for h, m in (t.split(":") for t in row["hours"].split("-")))
        rules.append(
            RoutingRule(
                position=row["order"], name=row["name"], categories=row.get("categories", []),
                kinds=row.get("kinds", []), channels=row.get("channels", []), from_minute=from_minute,
                to_minute=to_minute, organization_code=row["target"].get("organization", ""),
                serving=row["target"].get("serving", ""), post_kind=row["target"].get("post", ""), reason=row["reason"],
            )
        )  # fmt: skip
    return len(RoutingRule.objects.bulk_create(rules))
