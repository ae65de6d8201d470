"""Words for templates of rounds."""

from django import template

from haitang.core.money import format_yuan

register = template.Library()


@register.filter
def yuan(amount: int | None) -> str:
    """Return an amount of fen in yuan, without the fen where there are none; "" of None."""
    return "" if amount is None else format_yuan(amount).removesuffix(".00")
