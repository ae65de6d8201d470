"""Words for templates of votes."""

from django import template

from haitang.core.money import format_yuan
from haitang.voting.forms.desk import METHODS

register = template.Library()


@register.filter
def fen(amount: int) -> str:
    """Return an amount of fen in yuan."""
    return format_yuan(amount)


@register.filter
def method_name(method: str) -> str:
    """Return a rule in a sentence."""
    return str(METHODS.get(method, method))
