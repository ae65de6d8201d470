"""What every page knows: who looks at it, and how they like it shown."""

from django.http import HttpRequest

from haitang.core.access import VISITOR


def page(request: HttpRequest) -> dict:
    """Return the template variables of every page."""
    return {"viewer": getattr(request, "actor", VISITOR)}
