"""Panels that apps above add to a page below: the whistles on a case's page, the calls after it was closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from haitang.core.ports import Port


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page. template: draws a `<section class="ht-card">`, with the context beside the page's request."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Provider = Callable[[HttpRequest, Any], Panel | None]
"""Given the request and what the page is about, returns the panel, or None where this viewer has none to see."""

CASE_SIDE: Port[Provider] = Port("what stands beside a case: deeds to do; asked with queries.CasePage")
CASE_REST: Port[Provider] = Port("what stands below a case: what has become of it; asked with queries.CasePage")
TOP: Port[Provider] = Port("what every page of the staff says first; asked with the actor")
CASE_LIST: Port[Provider] = Port("what stands above the list of cases; asked with the list's address after the ?")
CASE_ENTRY: Port[Provider] = Port(
    "which cases (context `numbers`) are to be looked at before one is entered; asked with queries.pages.Entering"
)
DESK: Port[Provider] = Port("what stands on everybody's desk; asked with the actor")
"""The ports are named here, since a page's templates name them: `{% panels "CASE_SIDE" page %}`."""
