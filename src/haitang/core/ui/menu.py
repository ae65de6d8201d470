"""The menu: every app registers its entries when it is ready, every viewer sees those they may use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from haitang.core.access import ANYONE, EVERYWHERE, SIGNED_IN, Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu.

    label, group: Chinese message ids, translated when shown (write gettext_noop around them).
    permission: what the viewer must hold anywhere; access.ANYONE and access.SIGNED_IN work too.
    everywhere: holding it over a part is not enough, as for pages about the whole city.
    icon: a name from core/ui/icons.txt.
    shown: given a viewer who has the permission, tells whether the entry is of use to them; None: it is to all.
    badge: given the viewer, returns the number beside the label; 0 shows nothing. Asked once a page at most.
    pinned: also stands in the top bar, and in the bottom bar of a phone (the first four do).
    public: belongs to the residents' pages instead of the staff's.
    """

    label: str
    url_name: str
    permission: str
    group: str = ""
    icon: str = "chevron-right"
    order: int = 100
    badge: Callable[[Actor], int] | None = None
    pinned: bool = False
    public: bool = False
    everywhere: bool = False
    shown: Callable[[Actor], bool] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An item as one viewer sees it on one page."""

    label: str
    url: str
    icon: str
    current: bool
    pinned: bool
    badge: int


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one heading; the heading is empty for those that stand alone."""

    label: str
    links: list[Link] = field(default_factory=list)

    @property
    def current(self) -> bool:
        """Whether the page being looked at is in this group."""
        return any(link.current for link in self.links)


_items: dict[tuple[str, bool], Item] = {}


def register(*items: Item) -> None:
    """Add entries to the menu; an entry registered again replaces the former (`apps.ready` may run twice)."""
    for item in items:
        _items[item.url_name, item.public] = item


def build(request: HttpRequest, viewer: Actor, *, public: bool) -> list[Group]:
    """Return the viewer's menu in order, the entry of this page marked.

    The current entry is the one with the longest address that begins this page's address.
    """
    shown = [(item, url) for item in _sorted(public) if _may(viewer, item) and (url := _url(item.url_name))]
    here = max((url for _item, url in shown if _is_below(request.path, url)), key=len, default=None)
    groups: dict[str, Group] = {}
    for item, url in shown:
        group = groups.setdefault(item.group, Group(_(item.group) if item.group else ""))
        badge = item.badge(viewer) if item.badge else 0
        group.links.append(Link(_(item.label), url, item.icon, url == here, item.pinned, badge))
    return list(groups.values())


def _sorted(public: bool) -> Iterable[Item]:
    return sorted((item for item in _items.values() if item.public == public), key=lambda item: item.order)


def _may(viewer: Actor, item: Item) -> bool:
    return _holds(viewer, item) and (item.shown is None or item.shown(viewer))


def _holds(viewer: Actor, item: Item) -> bool:
    permission = item.permission
    if permission == ANYONE:
        return True
    if item.everywhere:
        return EVERYWHERE in viewer.areas(permission)
    return viewer.is_known if permission == SIGNED_IN else viewer.holds(permission)


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _is_below(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url if url.endswith("/") else url + "/"))
