"""A person's own pages: what is held about them, as a file, and asking for a correction or an erasure."""

import base64
import json
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock, crypto
from haitang.core.access import ANYONE, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.privacy import actions, forms, queries
from haitang.privacy.values import Asker, Kind, State

COLOURS = {
    State.WAITING: "orange", State.GOING: "blue", State.DONE: "green", State.REFUSED: "red", State.WITHDRAWN: "grey",
}  # fmt: skip
_OPENED = "privacy.opened"


@form_page
@never_cache
@allow(ANYONE)
def enter(request: Request) -> HttpResponse:
    """Ask who has no account for the number and the code of what they handed in."""
    form, status = forms.KeyForm(sent(request)), 200
    if request.method == "POST":

        def look() -> None:
            party = str(get_adapter().get_client_ip(request))
            asker = actions.find_asker(party=party, **form.cleaned_data, **said(request))
            held = base64.b64encode(crypto.seal(json.dumps(asker.thing), _OPENED)).decode()
            request.session[_OPENED] = held

        status = attempt(form, look)
        if not status:
            return redirect("privacy:mine")
    return respond(request, "privacy/enter.html", None, {"form": form}, status)


@require_safe
@never_cache
@allow(ANYONE)
def mine(request: Request) -> HttpResponse:
    """Show everything that is held about the viewer, and what they have asked for."""
    asker = _asker(request)
    if asker is None:
        return redirect("privacy:enter")
    rows = queries.list_requests_of(asker)
    context = {
        "parts": queries.find_parts_with_looks(asker), "is_by_code": asker.account_id is None,
        "requests": [_line(row) for row in rows],
    }  # fmt: skip
    return respond(request, "privacy/mine.html", None, context)


@require_safe
@never_cache
@allow(ANYONE)
def mine_json(request: Request) -> HttpResponse:
    """Give everything that is held about the viewer as a file for programs."""
    asker = _known(request)
    actions.note_own_data_taken(asker=asker, form="json", **said(request))
    told = queries.as_file(asker, at=clock.now())
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = content_disposition_header(True, _("我的个人信息") + ".json") or "attachment"
    return response


@require_safe
@never_cache
@allow(ANYONE)
def mine_sheet(request: Request) -> HttpResponse:
    """Give everything that is held about the viewer as a sheet to be read."""
    asker = _known(request)
    actions.note_own_data_taken(asker=asker, form="xlsx", **said(request))
    return workbook(_("我的个人信息"), queries.sheet_columns(), queries.sheet_rows(asker))


@form_page
@never_cache
@allow(ANYONE)
def ask(request: Request, kind: str) -> HttpResponse:
    """Ask for a correction or an erasure."""
    if kind not in Kind.values:
        raise NotFound(_("页面不存在"))
    asker = _known(request)
    form, status = forms.AskForm(sent(request), kind=kind, parts=queries.find_parts(asker)), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.ask_for_rights(asker=asker, kind=kind, **form.cleaned_data, **said(request))
        )
        if not status:
            messages.success(request, _("已收到您的请求，办理结果可在本页查看"))
            return redirect("privacy:mine")
    context = {"form": form, "kind": kind, "label": Kind(kind).label, "days": queries.RULES.get()["answer_limit"]}
    return respond(request, "privacy/ask.html", None, context, status)


@require_POST
@never_cache
@allow(ANYONE)
def withdraw(request: Request, request_id: int) -> HttpResponse:
    """Take a request back."""
    actions.withdraw_rights(asker=_known(request), request_id=request_id, **said(request))
    messages.success(request, _("已撤回请求"))
    return redirect("privacy:mine")


def _line(row: Any) -> dict[str, Any]:
    names = queries.part_names()
    return {
        "row": row, "kind": Kind(row.kind).label, "state": State(row.state).label, "colour": COLOURS[State(row.state)],
        "parts": "、".join(names[code] for code in row.parts if code in names),
        "refusal": queries.refusal_words(row.refusal), "may_withdraw": row.state == State.WAITING,
    }  # fmt: skip


def _known(request: Request) -> Asker:
    asker = _asker(request)
    if asker is None:
        raise NotFound(_("请先登录，或用编号和查询码打开"))
    return asker


def _asker(request: Request) -> Asker | None:
    """Return the signed-in account, or what this session has opened with a code.

    A deputy sees their own data, and never those of whom they stand in for.
    """
    if request.actor.id is not None:
        return Asker(account_id=request.actor.id)
    try:
        kind, thing_id = json.loads(crypto.open_(base64.b64decode(request.session.get(_OPENED, "")), _OPENED))
    except (ValueError, crypto.Unreadable):
        return None
    return Asker(thing=(kind, thing_id))
