"""Addresses of the pages of cases, narrowed to what a figure stands for, and counts that know their bound."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

OPEN = "open"
"""What the case list calls all states in which something is waited for."""


def cases_url(**narrowed: object) -> str:
    """Return the address of the case list narrowed so; what is empty is left out. See cases.forms.Filter."""
    asked = {name: str(value) for name, value in narrowed.items() if value not in (None, "")}
    return f"{reverse('cases:list')}?{urlencode(asked)}" if asked else reverse("cases:list")


def bounded(count: int, most: int, *, is_more: bool = False) -> str:
    """Return a count that was not followed beyond `most`: "12", "1,000 以上"."""
    return _("%(n)s 以上") % {"n": f"{most:,}"} if is_more or count > most else f"{count:,}"
