"""What the page reads: who is signed in, what can be chosen, what waits."""

from typing import Any

from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.http import require_safe

from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.field import queries
from haitang.field.views.answering import in_json


@require_safe
@allow(SIGNED_IN)
@in_json
def state(request: Request) -> dict[str, Any]:
    """Return who is signed in, the token for sending, and the lists to choose from."""
    actor = request.actor
    return {
        "account": actor.id,
        "name": actor.name,
        "token": get_token(request),
        "may_report": actor.holds(Permission.REPORT),
        "may_handle": actor.holds(Permission.HANDLE) and actor.organization_id is not None,
        "categories": [{"name": name, "choices": choices} for name, choices in queries.list_categories()],
        "phrases": queries.list_phrases(),
        "areas": [(area.code, area.name) for area in queries.list_places(viewer=actor)],
    }


@require_safe
@allow(Permission.VIEW)
@in_json
def todo(request: Request) -> dict[str, Any]:
    """Return what waits for the worker, as a phone may keep it."""
    now = clock.now()
    rows = [
        {
            "number": row.number, "status": row.status, "category": row.category, "area": row.area,
            "place": row.place, "words": row.words, "due_at": row.due_at, "url": reverse("cases:case", args=[row.id]),
        }
        for row in queries.list_waiting(viewer=request.actor)
    ]  # fmt: skip
    return {"at": now, "rows": rows}
