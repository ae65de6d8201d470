"""The desk's pages of estates: the list, the register, owners, committees, joint meetings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.core.http import Request
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.owners import actions, forms, queries
from haitang.owners.values import Permission
from haitang.owners.views.shared import coloured


@require_safe
@allow(Permission.VIEW)
def estates(request: Request) -> HttpResponse:
    """Show the estates within reach."""
    context = {
        "views": queries.list_estates(viewer=request.actor), "may_keep": request.actor.holds(Permission.KEEP)
    }  # fmt: skip
    return respond(request, "owners/estates.html", None, context)


@form_page
@allow(Permission.KEEP)
def estate_new(request: Request) -> HttpResponse:
    """Enter an estate."""
    form, status = forms.EstateForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(form, lambda: made.append(actions.enter_estate(new=form.new(), **said(request)).pk))
        if not status:
            messages.success(request, _("小区已登记，请导入房屋和业主"))
            return redirect("owners:estate", made[0])
    return respond(request, "owners/form.html", None, {"form": form, "title": _("登记小区")}, status)


@form_page
@allow(Permission.KEEP)
def estate_change(request: Request, estate_id: int) -> HttpResponse:
    """Change what is said of an estate, and what its owners' own rules say."""
    known = queries.get_estate(viewer=request.actor, estate_id=estate_id)
    form, status = forms.EstateForm(sent(request), viewer=request.actor, known=known), 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: actions.change_estate(estate_id=estate_id, new=form.new(), **form.rules(), **said(request)),
        )
        if not status:
            messages.success(request, _("已修改"))
            return redirect("owners:estate", estate_id)
    context = {"form": form, "title": _("修改小区"), "estate": known}
    return respond(request, "owners/form.html", None, context, status)


def _show(request: Request, estate_id: int, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    viewer, now = request.actor, clock.now()
    estate = queries.get_estate(viewer=viewer, estate_id=estate_id)
    (view,) = queries.describe_estates([estate])
    heads = queries.draw_heads(estate_id)
    keep = viewer.holds(Permission.KEEP, area_path=estate.area_path)
    shown: dict[str, Any] = {}
    if keep:
        shown = {
            "committee": forms.CommitteeForm(auto_id="committee_%s"), "member": forms.MemberForm(auto_id="member_%s"),
            "meeting": forms.MeetingForm(auto_id="meeting_%s"), "minutes": forms.MinutesForm(auto_id="minutes_%s"),
            "done": forms.DoneForm(auto_id="done_%s"),
        }  # fmt: skip
    context = {
        "view": view, "estate": estate, "heads": len(heads), "may_keep": keep,
        "builder_size": sum(head.size for head in heads if head.is_builder),
        "may_prepare": viewer.holds(Permission.PREPARE, area_path=estate.area_path),
        "buildings": queries.list_buildings(viewer=viewer, estate_id=estate_id),
        "committees": queries.list_committees(viewer=viewer, estate_id=estate_id, on=local_date(now)),
        "meetings": queries.list_meetings(viewer=viewer, estate_id=estate_id),
        "decisions": coloured(queries.list_decisions(viewer=viewer, estate_id=estate_id, now=now)),
        "forms": {**shown, **(refused or {})},
    }  # fmt: skip
    return respond(request, "owners/estate.html", None, context, status)


@require_safe
@allow(Permission.VIEW)
def estate(request: Request, estate_id: int) -> HttpResponse:
    """Show an estate with its figures, committees, meetings and decisions."""
    return _show(request, estate_id)


@require_safe
@never_cache
@allow(Permission.VIEW)
def units(request: Request, estate_id: int) -> HttpResponse:
    """Show the units of a building with their owners, masked."""
    row = queries.get_estate(viewer=request.actor, estate_id=estate_id)
    buildings = queries.list_buildings(viewer=request.actor, estate_id=estate_id)
    building = request.GET.get("building", "") or (buildings[0][0] if buildings else "")
    context = {
        "estate": row, "building": building,
        "units": queries.list_units(viewer=request.actor, estate_id=estate_id, building=building),
        "tabs": [
            {"label": name, "count": many, "current": name == building, "url": f"?building={name}"}
            for name, many in buildings
        ],
    }  # fmt: skip
    return respond(request, "owners/units.html", None, context)


@never_cache
@form_page
@allow(Permission.KEEP)
def bring(request: Request, estate_id: int) -> HttpResponse:
    """Check the sheet of a register, or take it in, and say of every unsound row why."""
    row = queries.get_estate(viewer=request.actor, estate_id=estate_id)
    form, status, read = forms.UploadForm(sent(request), request.FILES or None), 200, None
    if request.method == "POST":
        found: list[Any] = []

        def write() -> None:
            action = actions.check_register if form.cleaned_data["only_check"] else actions.import_register
            data = form.cleaned_data["file"].read()
            found.append(action(estate_id=estate_id, data=data, **said(request)))

        status = attempt(form, write)
        if not status:
            read = found[0]
            if read.written:
                messages.success(request, _("已导入 %(n)d 处房屋") % {"n": len(read.units)})
                return redirect("owners:estate", estate_id)
            form, status = forms.UploadForm(initial={"only_check": bool(read.reasons)}), 200
    return respond(request, "owners/bring.html", None, {"form": form, "read": read, "estate": row}, status)


@require_safe
@allow(Permission.KEEP)
def template(request: Request) -> HttpResponse:
    """Give an empty sheet of a register with its filling notes."""
    return workbook(_("房屋和业主模板"), queries.unit_columns(), [], notes=queries.unit_notes())


def _owner(request: Request, owner_id: int, **more: Any) -> HttpResponse:
    estate, row = queries.get_owner(viewer=request.actor, owner_id=owner_id)
    status = more.pop("status", 200)
    keep = request.actor.holds(Permission.KEEP, area_path=estate.area_path)
    unmask = request.actor.holds(Permission.UNMASK, area_path=estate.area_path)
    shown = {
        "tie": forms.TieForm(auto_id="tie_%s") if keep else None,
        "unmask": forms.ReasonForm(auto_id="unmask_%s") if unmask else None,
    }
    context = {
        "estate": estate, "owner_id": row.pk, "name": mask_name(row.name), "phone": mask_phone(row.phone),
        "has_account": row.account_id is not None, "forms": {**shown, **more.pop("refused", {})}, **more,
    }  # fmt: skip
    return respond(request, "owners/owner.html", None, context, status)


@require_safe
@never_cache
@allow(Permission.VIEW)
def owner(request: Request, owner_id: int) -> HttpResponse:
    """Show an owner, masked."""
    return _owner(request, owner_id)


@require_POST
@never_cache
@allow(Permission.UNMASK)
def owner_unmask(request: Request, owner_id: int) -> HttpResponse:
    """Show an owner in full, this once, for the reason given."""
    form = forms.ReasonForm(request.POST, auto_id="unmask_%s")
    full: list[Any] = []
    status = attempt(
        form, lambda: full.extend(actions.unmask_owner(owner_id=owner_id, **form.cleaned_data, **said(request)))
    )
    if status:
        return _owner(request, owner_id, refused={"unmask": form}, status=status)
    return _owner(request, owner_id, full=full)


@require_POST
@never_cache
@allow(Permission.KEEP)
def owner_tie(request: Request, owner_id: int) -> HttpResponse:
    """Tie an owner to an account."""
    form = forms.TieForm(request.POST, auto_id="tie_%s")
    status = attempt(form, lambda: actions.tie_owner(owner_id=owner_id, **form.cleaned_data, **said(request)))
    if status:
        return _owner(request, owner_id, refused={"tie": form}, status=status)
    messages.success(request, _("已保存"))
    return redirect("owners:owner", owner_id)


@require_POST
@allow(Permission.KEEP)
def estate_deed(request: Request, estate_id: int, name: str, about_id: int) -> HttpResponse:
    """Form a committee, seat or dismiss a member, call and minute a meeting, finish what it has agreed on.

    about_id: of what the deed is about, 0 for the estate itself.
    """
    typed, by = sent(request), said(request)
    if name == "leave":
        try:
            actions.leave_committee(member_id=about_id, **by)
            messages.success(request, _("已登记离任"))
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("owners:estate", estate_id)
    form: Any = None
    known: dict[str, tuple[Any, Any]] = {
        "committee": (forms.CommitteeForm, lambda given: actions.form_committee(estate_id=estate_id, **given, **by)),
        "member": (forms.MemberForm, lambda given: actions.seat_member(committee_id=about_id, **given, **by)),
        "meeting": (forms.MeetingForm, lambda _given: actions.call_meeting(estate_id=estate_id, new=form.new(), **by)),
        "minutes": (
            forms.MinutesForm, lambda _given: actions.minute_meeting(meeting_id=about_id, **form.given(), **by)
        ),
        "done": (forms.DoneForm, lambda given: actions.finish_resolution(resolution_id=about_id, **given, **by)),
    }  # fmt: skip
    if name not in known:
        return redirect("owners:estate", estate_id)
    kind, write = known[name]
    form = kind(typed, auto_id=f"{name}_%s")
    form.about_id = about_id
    status = attempt(form, lambda: write(form.cleaned_data))
    if status:
        return _show(request, estate_id, refused={name: form}, status=status)
    messages.success(request, _("已保存"))
    return redirect("owners:estate", estate_id)
