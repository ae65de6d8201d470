"""Words for templates of votes."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from haitang.core.money import format_yuan
from haitang.voting.values import METHOD_WORDS

register = template.Library()


@register.filter
def fen(amount: int) -> str:
    """Return an amount of fen in yuan."""
    return format_yuan(amount)


@register.filter
def method_name(method: str) -> str:
    """Return a rule in a sentence."""
    return str(METHOD_WORDS.get(method, method))


@register.filter
def bounds_of(vote: Any) -> list[str]:
    """Return in sentences which options exclude one another, and how much of a category or district may win."""
    rule, titles = vote.paper["rule"], {each["id"]: each["title"] for each in vote.options}
    found = [
        _("最多入选一个：%(titles)s") % {"titles": _("、").join(titles[each] for each in group)}
        for group in rule.get("excluding", ())
    ]
    for cap in rule.get("caps", ()):
        told = [] if cap["cost"] is None else [_("%(n)s 元") % {"n": format_yuan(cap["cost"])}]
        told += [] if cap["count"] is None else [_("%(n)d 项") % {"n": cap["count"]}]
        found.append(_("“%(value)s”最多 %(bounds)s") % {"value": cap["value"], "bounds": _("、").join(told)})
    return found
