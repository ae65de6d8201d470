"""The pages of the ferry: of whoever carries the packages, and of whoever says which zones there are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import access
from haitang.core.access import allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import Panel
from haitang.ferry import actions, forms, policies, queries
from haitang.ferry.values import PackageRefused, Permission

_NAMES = {"area_code": "area", "organization_code": "organization"}


def _desk(request: Request, form: Any, status: int = 200) -> HttpResponse:
    context = {
        "form": form, "zone": queries.find_zone(), "desks": queries.list_desks(viewer=request.actor),
        "arrivals": queries.list_arrivals(viewer=request.actor),
    }  # fmt: skip
    return respond(request, "ferry/desk.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.CARRY)
def desk(request: Request) -> HttpResponse:
    """Show what waits to be carried, the packages of late, and what came of the files that were brought."""
    return _desk(request, forms.BringForm())


@require_POST
@allow(Permission.CARRY)
def make(request: Request, code: str) -> HttpResponse:
    """Make the next package for a partner."""
    try:
        package = actions.make_ferry_package(partner_code=code, **said(request))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("ferry:desk")
    if package is None:
        messages.info(request, _("没有要带走的内容，没有生成摆渡包"))
        return redirect("ferry:desk")
    messages.success(request, _("已生成第 %(n)d 号包，请下载到移动介质") % {"n": package.number})
    return redirect("ferry:package", package.pk)


@require_POST
@allow(Permission.CARRY)
def bring(request: Request) -> HttpResponse:
    """Take in a file that was carried here."""
    form = forms.BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return _desk(request, form, 422)
    file, done = form.cleaned_data["file"], []
    try:
        done.append(actions.take_in_package(data=file.read(), file_name=file.name or "", **said(request)))
    except PackageRefused as refusal:
        form.add_error("file", refusal.message)
        return _desk(request, form, refusal.status)
    except NotFound:
        raise
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _desk(request, form, refusal.status)
    told = {"n": done[0].package.number, "name": done[0].package.partner.name}
    if done[0].is_repeated:
        messages.info(request, _("“%(name)s”的第 %(n)d 号包以前导入过，这次没有再做什么") % told)
    else:
        messages.success(request, _("已导入“%(name)s”的第 %(n)d 号包") % told)
    return redirect("ferry:package", done[0].package.pk)


@never_cache
@require_safe
@allow(Permission.CARRY)
def package(request: Request, package_id: int) -> HttpResponse:
    """Show one package, without what is inside."""
    found = queries.get_package(viewer=request.actor, package_id=package_id)
    return respond(request, "ferry/package.html", None, {"package": found})


@never_cache
@require_safe
@allow(Permission.CARRY)
def download(request: Request, package_id: int) -> HttpResponse:
    """Give a package that was made here, as a file to be carried."""
    found, data = queries.read_package(viewer=request.actor, package_id=package_id)
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{queries.file_name(found)}"'
    return response


@never_cache
@form_page
@allow(Permission.MANAGE)
def zones(request: Request) -> HttpResponse:
    """Show the card of this installation and its partners; make keys."""
    known = queries.find_zone()
    form, status = forms.ZoneForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.make_zone_keys(**form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已生成密钥，请把新的名片交给各对方"))
            return redirect("ferry:zones")
    context = {"form": form, "zone": known, "partners": queries.list_partners(viewer=request.actor)}
    return respond(request, "ferry/zones.html", None, context, status)


@never_cache
@form_page
@allow(Permission.MANAGE)
def partner(request: Request, partner_id: int | None = None) -> HttpResponse:
    """Enter a partner, or change what is agreed with it."""
    known = queries.get_partner(viewer=request.actor, partner_id=partner_id) if partner_id is not None else None
    form, status = forms.PartnerForm(sent(request), known=known), 200
    if request.method == "POST":

        def write() -> None:
            given = {"card": form.cleaned_data["card"], "terms": form.terms(), **said(request)}
            if known is None:
                actions.enter_partner(**given)
            else:
                actions.change_partner(partner_id=known.pk, **given)

        status = attempt(form, write, _NAMES)
        if not status:
            messages.success(request, _("已保存，请与对方通话核对指纹"))
            return redirect("ferry:zones")
    return respond(request, "ferry/partner.html", None, {"form": form, "known": known}, status)


def case_panel(request: Any, page: Any) -> Panel | None:
    """Return what stands beside a case that two zones have in common, for whoever may read the case."""
    crossing = queries.crossing_of(page.view.case.pk)
    if crossing is None:
        return None
    may_open = access.allows(policies.check_can_carry, request.actor)
    return Panel("ferry/_case.html", {"crossing": crossing, "may_open": may_open})
