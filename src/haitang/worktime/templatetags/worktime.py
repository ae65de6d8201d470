"""Deadlines in templates."""

from datetime import datetime

from django import template

from haitang.worktime.values import remaining_text

register = template.Library()


@register.filter
def remaining(due_at: datetime | None, now: datetime) -> str:
    """Say how long is left until the deadline, or by how much it is late; nothing where there is none."""
    return remaining_text(due_at, now) if due_at else ""
