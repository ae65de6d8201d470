"""Where the office's page of wishes stands beside those of other apps."""

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.ui.panels import Tab
from haitang.wishes.values import Permission


def public_wishes(viewer: Actor) -> Tab | None:
    """Return the tab of the wishes that are published and claimed, for who works with them."""
    return Tab(_("公开认领"), "wishes:desk") if viewer.holds(Permission.VIEW) else None
