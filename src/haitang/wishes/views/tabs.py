"""Where the office's pages of wishes meet those of other apps: side by side, and what is heard there entered here."""

from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.ui.panels import Tab
from haitang.wishes.values import Permission


def public_wishes(viewer: Actor) -> Tab | None:
    """Return the tab of the wishes that are published and claimed, for who works with them."""
    return Tab(_("公开认领"), "wishes:desk") if viewer.holds(Permission.VIEW) else None


def entry_form(viewer: Actor) -> str | None:
    """Return the address of the form by which staff enter a wish for a family."""
    return reverse("wishes:wish_new") if viewer.holds(Permission.ENTER) else None
