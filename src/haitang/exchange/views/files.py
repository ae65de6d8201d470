"""Sheets of needs, resources and orders: a template to take away, a sheet to bring, looked through and taken in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import SIGNED_IN, allow, require
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.exchange import actions, forms, queries
from haitang.exchange.queries import NEEDS, ORDERS, RESOURCES
from haitang.exchange.values import Permission


def _check(request: Request) -> None:
    if not (request.actor.holds(Permission.OFFER) or request.actor.holds(Permission.ORDER)):
        require(request.actor, Permission.ENTER)


@form_page
@allow(SIGNED_IN)
def files(request: Request) -> HttpResponse:
    """Show the viewer's files, and bring another one."""
    _check(request)
    form = forms.UploadForm(request.POST or None, request.FILES or None, viewer=request.actor)
    status = 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            given = form.cleaned_data
            row = actions.bring_list_file(
                kind=given["kind"], file_name=given["file"].name, data=given["file"].read(), channel=given["channel"],
                round_code=given["round"], **said(request),
            )  # fmt: skip
            made.append(row.pk)

        status = attempt(form, write)
        if not status:
            return redirect("exchange:file", made[0])
    context: dict[str, Any] = {"form": form, "files": queries.list_list_files(viewer=request.actor)}
    return respond(request, "exchange/files.html", None, context, status)


@require_safe
@allow(SIGNED_IN)
def file(request: Request, file_id: int) -> HttpResponse:
    """Show what was found in a file, row by row."""
    row = queries.get_list_file(viewer=request.actor, file_id=file_id)
    return respond(request, "exchange/file.html", None, {"file": row})


@require_POST
@allow(SIGNED_IN)
def file_take_in(request: Request, file_id: int) -> HttpResponse:
    """Take the sound rows in."""
    row = actions.take_in_list_file(file_id=file_id, **said(request))
    done = _("已导入 %(n)d 条，发布后可以对接")
    if row.kind == ORDERS:
        done = ngettext("已下单 %(n)d 条，等待对方确认", "已下单 %(n)d 条，等待对方确认", row.sound)
    messages.success(request, done % {"n": row.sound})
    return redirect("exchange:file", file_id)


@require_safe
@allow(SIGNED_IN)
def template(request: Request, kind: str) -> HttpResponse:
    """Give an empty sheet with its filling notes."""
    _check(request)
    titles = {NEEDS: _("需求清单模板"), RESOURCES: _("资源清单模板"), ORDERS: _("下单清单模板")}
    if kind not in titles:
        raise NotFound(_("没有这个清单"))
    return workbook(titles[kind], queries.list_columns(kind), [], notes=queries.list_notes(kind))
