"""What every page knows: who looks at it, what they may open, and how they like it shown."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from haitang.core import live
from haitang.core.access import VISITOR, Actor
from haitang.core.ui.menu import Group, Link, build

LARGE_COOKIE = "haitang_large"
gettext_noop("海棠社区治理平台")  # the name as shipped; an installation that has its own keeps it in both languages


class Frame:
    """What stands around the content; nothing of it is computed before a template asks (fragments never do)."""

    def __init__(self, request: HttpRequest, viewer: Actor) -> None:
        self._request = request
        self._viewer = viewer

    @property
    def system_name(self) -> str:
        """The installation's name, in the top bar and in every title."""
        return _(settings.HAITANG_NAME)

    @property
    def large(self) -> bool:
        """Whether the viewer asked for large text and controls."""
        return self._request.COOKIES.get(LARGE_COOKIE) == "1"

    @property
    def large_css(self) -> str:
        """The class of <html> in large mode."""
        return "ht-large" if self.large else ""

    @property
    def address(self) -> str:
        """This page's address, to come back to it."""
        return self._request.get_full_path()

    @property
    def live_url(self) -> str:
        """Where the stream of news is, "" where there is none."""
        return live.address(self._request) if self._viewer.is_known else ""

    @property
    def idle_s(self) -> int:
        """After how many seconds without anybody the viewer is signed out; 0 for visitors."""
        return int(getattr(self._request, "idle_s", 0))

    @property
    def tiles(self) -> dict[str, str]:
        """The base map: address pattern and attribution, empty for a blank canvas."""
        return {"url": settings.MAP_TILES_URL, "attribution": settings.MAP_TILES_ATTRIBUTION}

    @cached_property
    def menu(self) -> list[Group]:
        """The staff's menu."""
        return build(self._request, self._viewer, public=False)

    @cached_property
    def public_menu(self) -> list[Group]:
        """The residents' menu."""
        return build(self._request, self._viewer, public=True)

    @property
    def public_pinned(self) -> list[Link]:
        """What residents' pages show in the top bar, and the first of it in a phone's bottom bar."""
        return [link for group in self.public_menu for link in group.links if link.pinned]

    @property
    def public_more(self) -> list[Link]:
        """What stands behind "more" in the top bar of residents' pages."""
        return [link for group in self.public_menu for link in group.links if not link.pinned]

    @property
    def public_more_badge(self) -> int:
        """The numbers that would not be seen while "more" is closed, together."""
        return sum(link.badge for link in self.public_more)

    @cached_property
    def pinned(self) -> list[Link]:
        """What the top bar and the phone's bottom bar show."""
        return [link for group in self.menu for link in group.links if link.pinned]


def page(request: HttpRequest) -> dict:
    """Return the template variables of every page."""
    viewer = getattr(request, "actor", VISITOR)
    return {"viewer": viewer, "frame": Frame(request, viewer)}
