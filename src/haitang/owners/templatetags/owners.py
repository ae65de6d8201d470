"""How areas are printed."""

from django import template

from haitang.owners.values import spell_size

register = template.Library()


@register.filter
def size(value: int | None) -> str:
    """Return an area in 0.01 m² as square metres with two digits."""
    return spell_size(value or 0)
