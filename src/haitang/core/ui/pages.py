"""One URL, one template, one fragment: the answer to a page request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def respond(
    request: HttpRequest,
    template: str,
    fragment: str | None = None,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the fragment to HTMX and the whole page to a browser, from the same context.

    fragment: the template of the part that HTMX swaps; None where the page has none. HTMX gets the
    page, too, when it restores its history.
    status: 422 for a form that failed.
    """
    from_htmx = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    response = render(request, fragment if fragment and from_htmx else template, context or {}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def leads_to(response: HttpResponse, origin: str) -> HttpResponse:
    """Let forms of this page be answered by a redirect to another origin, which browsers refuse otherwise."""
    response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]  # read by django-csp's middleware
    return response
