"""The page itself, the same for everybody, so that a phone may keep it; its service worker; its manifest."""

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.field.views.icon import SIZES

MODULES = ("words", "store", "sealing", "server", "phone", "drafts", "outbox", "capture", "lists", "page")
"""The scripts, each importing only those before it."""
ASSETS = ("field/field.css", "field/icon.svg", "ui/haitang.css", *(f"field/{name}.mjs" for name in MODULES))
SPRITE = "tabler-icons/icons.svg"


@require_safe
@allow(ANYONE)
def page(request: Request) -> HttpResponse:
    """Show the page; who uses it, it asks for itself."""
    response = HttpResponse(_page())
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@allow(ANYONE)
@never_cache
def worker(request: Request) -> HttpResponse:
    """Return the service worker of the pages below /field/, with the list of what it keeps.

    Its bytes change whenever anything that it keeps does, language included: that is how a browser learns of it.
    `?plain`: without sending in the background, for browsers whose service workers are no modules.
    """
    shell: dict[str, Any] = {
        "page": reverse("field:page"),
        "assets": [static(name) for name in ASSETS],
        "extras": [static(SPRITE)] if find(SPRITE) else [],
        "doors": {
            "state": reverse("field:state"),
            "phones": reverse("field:join"),
            "cases": reverse("field:receive_case"),
        },
    }
    version = hashlib.sha256(f"{json.dumps(shell)}{_page()}".encode()).hexdigest()[:16]
    body = f"const SHELL = {json.dumps(shell | {'version': version})};\n{_worker('plain' not in request.GET)}"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = shell["page"]
    return response


@require_safe
@allow(ANYONE)
def manifest(request: Request) -> HttpResponse:
    """Return the web manifest, under which a phone keeps the page on its home screen."""
    name = _("%(name)s·外勤") % {"name": settings.HAITANG_NAME}
    start = reverse("field:page")
    body = {
        "id": start,
        "name": name,
        "short_name": _("外勤"),
        "lang": get_language(),
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#8f2f45",
        "icons": [
            {"src": static("field/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"},
            *(
                {"src": reverse("field:icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png"}
                for size in SIZES
            ),
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


def _page() -> str:
    # Drawn without the request: no account, no form token, nothing that differs between two phones.
    return render_to_string("field/page.html", {"name": settings.HAITANG_NAME, "language": get_language()})


@lru_cache(maxsize=2)
def _worker(sends: bool) -> str:
    return render_to_string("field/worker.js", {"sends": sends})
