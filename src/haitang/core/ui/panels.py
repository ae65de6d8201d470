"""Panels that apps above add to a page below: the whistles on a case's page, the calls after it was closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from haitang.core.access import Actor
from haitang.core.ports import Port


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page. template: draws a `<section class="ht-card">`, with the context beside the page's request."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tab:
    """A page that stands beside pages of other apps under one entry of the menu. label: translated."""

    label: str
    url_name: str


Provider = Callable[[HttpRequest, Any], Panel | None]
"""Given the request and what the page is about, returns the panel, or None where this viewer has none to see."""

CASE_SIDE: Port[Provider] = Port("what stands beside a case: deeds to do; asked with queries.CasePage")
CASE_REST: Port[Provider] = Port("what stands below a case: what has become of it; asked with queries.CasePage")
TOP: Port[Provider] = Port("what every page of the staff says first; asked with the actor")
CASE_LIST: Port[Provider] = Port("what stands above the list of cases; asked with the list's address after the ?")
CASE_ENTRY: Port[Provider] = Port(
    "which cases (context `numbers`) are to be looked at before one is entered; asked with queries.pages.Entering"
)
SIGN_IN: Port[Provider] = Port("other ways to sign in; asked with the address to go to afterwards")
OWN_SECURITY: Port[Provider] = Port("how else one signs in to the own account; asked with nothing")
DESK: Port[Provider] = Port("what stands on everybody's desk; asked with the actor")
"""The ports are named here, since a page's templates name them: `{% panels "CASE_SIDE" page %}`."""

Tabs = Port[Callable[[Actor], Tab | None]]


@dataclass(frozen=True, slots=True)
class Heard:
    """A wish of a family as it was heard, for the form by which others are asked to grant it. area_id: of the home."""

    words: str
    area_id: int


HEARD_WISH: Port[Callable[[Actor, int], Heard | None]] = Port(
    "a wish heard at a visit, to begin a form with; asked with the viewer and its id, None: not theirs to know"
)
WISH_ENTRY: Port[Callable[[Actor], str | None]] = Port(
    "the address of the form by which others are asked to grant a wish; asked with the viewer, None: not theirs"
)
WISHES: Tabs = Port(
    "pages of what families wish for, under one entry of the menu; asked with the viewer, None: not theirs"
)


def leads(tabs: Tabs, url_name: str) -> Callable[[Actor], bool]:
    """Return what tells of a viewer whether this page is the first of the tabs to them: then it is in the menu."""

    def is_first(viewer: Actor) -> bool:
        first = next((tab for ask in tabs if (tab := ask(viewer)) is not None), None)
        return first is not None and first.url_name == url_name

    return is_first


def draw_tabs(tabs: Tabs, viewer: Actor, url_name: str) -> list[dict[str, Any]]:
    """Return the pages beside this one for `ui/tabs.html`, this one marked; empty where there is no other."""
    shown = [tab for ask in tabs if (tab := ask(viewer)) is not None]
    if len(shown) < 2:
        return []
    return [
        {"label": tab.label, "url": reverse(tab.url_name), "current": tab.url_name == url_name, "count": ""}
        for tab in shown
    ]
