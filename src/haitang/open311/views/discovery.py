"""Where the interface is, which services there are, what each asks; and all of it once as a page."""

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.open311.forms import Sent
from haitang.open311.queries import (
    asked,
    category_name,
    describe_question,
    form_of,
    get_service,
    list_services,
    setting,
)
from haitang.open311.schemas import CONTENT_TYPES
from haitang.open311.values import CHANGESET, PREFIX, SPECIFICATION, Format
from haitang.open311.views.answering import Answer, answers
from haitang.territory.queries import territory


def _endpoint(request: HttpRequest) -> str:
    return request.build_absolute_uri(PREFIX).rstrip("/")


@answers("GET", "HEAD")
def discovery(request: HttpRequest) -> Answer:
    """Say where the interface is, in which formats, and where to get a key."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": _endpoint(request),
        "changeset": CHANGESET,
        "type": "production" if os.environ.get("HAITANG_ENV") == "production" else "test",
        "formats": [CONTENT_TYPES[form].partition(";")[0] for form in Format],
    }
    value = {
        "changeset": CHANGESET,
        "contact": setting("contact"),
        "key_service": request.build_absolute_uri(reverse("open311:front")),
        "endpoints": [endpoint],
    }
    return Answer("discovery", value)


@answers("GET", "HEAD")
def services(request: HttpRequest) -> Answer:
    """List the categories that a request can have."""
    sent = Sent(request.GET)
    sent.jurisdiction()
    sent.check()
    listed = [
        {
            "service_code": category.code,
            "service_name": category_name(category),
            "description": category.current.form.collection or f"{group} · {category_name(category)}",
            "metadata": bool(asked(form_of(category))),
            "type": "realtime",
            "keywords": ", ".join(category.keywords),
            "group": group,
        }
        for category, group in list_services()
    ]
    return Answer("services", listed)


@answers("GET", "HEAD")
def definition(request: HttpRequest, code: str) -> Answer:
    """Say what a service asks besides description and place; with `extensions` also which version of its form."""
    sent = Sent(request.GET)
    sent.jurisdiction()
    sent.check()
    category = get_service(code)
    form = form_of(category)
    value: dict[str, Any] = {
        "service_code": category.code,
        "attributes": [describe_question(order, each) for order, each in enumerate(asked(form), start=1)],
    }
    if sent.is_set("extensions"):
        value["extended_attributes"] = {"definition_version": form.version_id}
    return Answer("service_definition", value)


@require_safe
@allow(ANYONE)
def front(request: Request) -> HttpResponse:
    """Show people where the interface is, how to get a key, and which services there are."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for category, group in list_services():
        told = {"code": category.code, "name": category_name(category), "asks": len(asked(form_of(category)))}
        groups.setdefault(group, []).append(told)
    tree = territory()
    served = [tree.by_code(code) for code in setting("jurisdictions")]
    context = {
        "layout": "ui/staff.html" if request.actor.grants else "ui/public.html",
        "endpoint": _endpoint(request),
        "groups": groups,
        "jurisdictions": [area for area in served if area is not None],
        "anonymous": setting("anonymous"),
        "contact": setting("contact"),
        "count": sum(map(len, groups.values())),
    }
    return render(request, "open311/front.html", context)
