"""How the files of hotlines are read: the layouts there are, and one of them, tried on a file before it is kept."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core import clock
from haitang.core.access import EVERYWHERE, allow, require
from haitang.core.errors import Conflict, Invalid
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, put_on
from haitang.core.ui.pages import respond
from haitang.office import actions, queries
from haitang.office.forms import LayoutForm
from haitang.office.queries import Trial
from haitang.office.values import UPLOAD_BYTES_MAX, HotlineFormat, Permission


@require_safe
@allow(Permission.LAYOUT)
def layouts(request: Request) -> HttpResponse:
    """Show the shipped layout and the office's own."""
    require(request.actor, Permission.LAYOUT, area_path=EVERYWHERE)
    context = {"shipped": queries.shipped_format(), "layouts": queries.list_layouts(active_only=False)}
    return respond(request, "office/layouts.html", None, context)


@form_page
@allow(Permission.LAYOUT)
def layout_new(request: Request) -> HttpResponse:
    """Make a layout, from the shipped one."""
    require(request.actor, Permission.LAYOUT, area_path=EVERYWHERE)
    shipped = queries.shipped_format()
    begun = HotlineFormat(
        "", shipped.source, shipped.columns, shipped.kinds, shipped.other_kind, shipped.channel, shipped.kept
    )
    return _edit(request, _form(request, begun), "")


@form_page
@allow(Permission.LAYOUT)
def layout(request: Request, code: str) -> HttpResponse:
    """Change one of the office's own layouts: try it on a file, then keep it as a new version."""
    require(request.actor, Permission.LAYOUT, area_path=EVERYWHERE)
    row = queries.get_layout(code)
    return _edit(request, _form(request, row.format, row.version, is_active=row.is_active), code)


def _form(request: Request, held: HotlineFormat, version: int = 0, *, is_active: bool = True) -> LayoutForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return LayoutForm(*sent, layout=held, version=version, is_active=is_active)


def _edit(request: Request, form: LayoutForm, code: str) -> HttpResponse:
    status, trial = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "try" in request.POST:
                    trial, status = _try(request, form), 200
                    form.offer_feedback(trial.header)
                else:
                    row = actions.change_hotline_layout(
                        actor=request.actor, now=clock.now(), layout=form.given(), code=code,
                        version=form.cleaned_data["version"] or 0, is_active=form.cleaned_data["is_active"],
                        note=form.cleaned_data["note"],
                    )  # fmt: skip
                    messages.success(request, _("热线格式已保存为新版本"))
                    return redirect("office:layout", row.code)
            except (Invalid, Conflict) as refusal:
                put_on(form, refusal)
                status = refusal.status
    context = {
        "form": form, "code": code, "trial": trial,
        "versions": queries.list_layout_versions(viewer=request.actor, code=code) if code else [],
    }  # fmt: skip
    return respond(request, "office/layout.html", None, context, status)


def _try(request: Request, form: LayoutForm) -> Trial:
    file = form.cleaned_data["file"]
    if file is None:
        text = _("请选择要试读的文件")
        raise Invalid(text, {"file": text})
    if file.size > UPLOAD_BYTES_MAX:
        text = _("文件过大，应小于 %(n)d MB") % {"n": UPLOAD_BYTES_MAX // 1_000_000}
        raise Invalid(text, {"file": text})
    with tempfile.TemporaryDirectory(prefix="haitang-layout-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(file.read())
        return queries.try_format(viewer=request.actor, layout=form.given(), path=path)
