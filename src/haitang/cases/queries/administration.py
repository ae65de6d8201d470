"""What is decided per city about cases, as rows to be looked at and changed: also what is not in use."""

from operator import attrgetter

from django.utils.translation import gettext as _

from haitang.cases.models import Category, Phrase, RoutingRule
from haitang.cases.queries.catalog import CASE_SETTINGS
from haitang.cases.values import CategoryNotFound, Permission
from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.shipped import SettingLine


def get_category(*, viewer: Actor, category_id: int) -> Category:
    """Return a category with the limits that are its own; raise CategoryNotFound, NotAllowed without MANAGE_CATALOG."""
    access.require(viewer, Permission.MANAGE_CATALOG)
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise CategoryNotFound(_("没有这个类别"))
    return category


def list_phrases(*, viewer: Actor) -> list[Phrase]:
    """Return the ready-made opinions, by deed and in order; raise NotAllowed without MANAGE_CATALOG."""
    access.require(viewer, Permission.MANAGE_CATALOG)
    return list(Phrase.objects.order_by("deed", "position", "id"))


def list_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return the settings of cases by key; raise NotAllowed without MANAGE_CATALOG."""
    access.require(viewer, Permission.MANAGE_CATALOG)
    return sorted(CASE_SETTINGS.lines(), key=attrgetter("key"))


def list_rules(*, viewer: Actor) -> list[RoutingRule]:
    """Return the routing rules in order, those not in use too; raise NotAllowed without MANAGE_ROUTING."""
    access.require(viewer, Permission.MANAGE_ROUTING)
    return list(RoutingRule.objects.order_by("position", "id"))


def get_rule(*, viewer: Actor, rule_id: int) -> RoutingRule:
    """Return one routing rule; raise NotFound, NotAllowed without MANAGE_ROUTING."""
    access.require(viewer, Permission.MANAGE_ROUTING)
    rule = RoutingRule.objects.filter(pk=rule_id).first()
    if rule is None:
        raise NotFound(_("没有这条规则"))
    return rule
