"""The office's pages of the register: the list, one person, figures, taking rows away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow, allows
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.territory.queries import territory
from haitang.volunteers import actions, forms, policies, queries
from haitang.volunteers.forms.fields import name_of
from haitang.volunteers.values import ItemKind, MemberClass, Permission, slots_in_words
from haitang.volunteers.views.own import hours_of


@require_safe
@allow(Permission.VIEW)
def volunteers(request: Request) -> HttpResponse:
    """Show who stands in the register within the viewer's reach, who came last first."""
    form = forms.RegisterFilterForm(request.GET, viewer=request.actor)
    today = clock.local_date(clock.now())
    page = queries.list_volunteers(
        viewer=request.actor, wanted=form.wanted(), today=today, cursor=request.GET.get("cursor", "")
    )
    context = {
        "form": form, "page": page, "lines": queries.describe(page.rows, today), "export_form": forms.ExportForm(),
        "may_manage": request.actor.holds(Permission.MANAGE), "may_export": request.actor.holds(Permission.EXPORT),
    }  # fmt: skip
    return respond(request, "volunteers/list.html", "volunteers/_list.html", context)


@require_POST
@allow(Permission.EXPORT)
def export(request: Request) -> HttpResponse:
    """Hand out the list as shown: the filter stands in the address, a reason for whole telephones in the form."""
    form = forms.RegisterFilterForm(request.GET, viewer=request.actor)
    wanted = form.wanted()
    if form.errors:
        raise Invalid(_("筛选条件有误，请改正后再导出"))
    reason = request.POST.get("reason", "").strip() or None
    lines = actions.export_volunteers(wanted=wanted, unmask_reason=reason, **said(request))
    rows = (_cells(line, is_full=reason is not None) for line in lines)
    return workbook(_("志愿登记"), queries.import_columns(), rows, scope=request.actor.organization_name)


def _cells(line: queries.Line, *, is_full: bool) -> tuple[Any, ...]:
    """Return a row in the order of the import's columns, so that what is taken away can be brought back."""
    row, tie = line.volunteer, line.membership
    return (
        row.name, row.phone if is_full else row.phone_masked, line.area_name, True, line.unit_name,
        tie.member_class if tie else None, tie.management if tie else None, line.home_branch, line.community_branch,
        "、".join(line.skills), "、".join(queries.names_of(ItemKind.LANGUAGE, row.languages)), "、".join(line.forces),
        row.reach_m, row.wants_calls,
    )  # fmt: skip


@form_page
@allow(Permission.MANAGE)
def volunteer_new(request: Request) -> HttpResponse:
    """Enter somebody at the counter, who has agreed."""
    form, status = forms.StaffForm(sent(request)), 200
    if request.method == "POST":
        made: list[Any] = []

        def write() -> None:
            made.append(
                actions.register_volunteer(
                    profile=form.profile(), consented=form.cleaned_data["consented"], by_staff=True, **said(request)
                )
            )

        status = attempt(form, write)
        if not status:
            told = {"number": made[0].volunteer.number, "code": made[0].code}
            messages.success(
                request, _("已登记。请告诉本人：登记编号 %(number)s，查询码 %(code)s（仅本次显示）") % told
            )
            return redirect("volunteers:volunteer", made[0].volunteer.pk)
    return respond(request, "volunteers/new.html", None, {"form": form}, status)


@require_safe
@never_cache
@allow(Permission.VIEW)
def volunteer(request: Request, volunteer_id: int) -> HttpResponse:
    """Show one person."""
    return _show(request, volunteer_id)


def _show(request: Request, volunteer_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    row = queries.get_volunteer(viewer=request.actor, volunteer_id=volunteer_id)
    today, actor = clock.local_date(clock.now()), request.actor
    tie = queries.membership_on(row.pk, today)
    initial: dict[str, Any] = {"from_date": today}
    if tie is not None:
        initial |= {
            "member_class": tie.member_class, "management": tie.management, "home_branch": name_of(tie.home_branch_id),
            "community_branch": name_of(tie.community_branch_id),
        }  # fmt: skip
    may_manage = policies.holds_over(actor, Permission.MANAGE, row) and row.withdrawn_at is None
    services = queries.list_services(viewer=actor, volunteer_id=row.pk, cursor=request.GET.get("cursor", ""))
    context = {
        "volunteer": row, "line": queries.describe([row], today)[0], "times": slots_in_words(row.times),
        "languages": queries.names_of(ItemKind.LANGUAGE, row.languages),
        "memberships": queries.list_memberships(row.pk),
        "page": services, "may_manage": may_manage,
        "services": [(each, hours_of(round((each.ended_at - each.began_at).total_seconds() / 60)))
                     for each in services.rows],
        "may_unmask": row.withdrawn_at is None and allows(policies.check_can_unmask, actor, row),
        "reason_form": forms.ReasonForm(), "relation_form": forms.RelationForm(initial=initial), "phone": "", **more,
    }  # fmt: skip
    return respond(request, "volunteers/volunteer.html", None, context, status)


@form_page
@never_cache
@allow(Permission.MANAGE)
def volunteer_change(request: Request, volunteer_id: int) -> HttpResponse:
    """Let staff change an entry."""
    row = queries.get_volunteer(viewer=request.actor, volunteer_id=volunteer_id)
    policies.check_can_change(request.actor, row)
    form = forms.StaffForm(sent(request), is_new=False, initial=forms.StaffForm.initial_of(row))
    if not allows(policies.check_can_unmask, request.actor, row) and request.method != "POST":
        form.initial["phone"] = row.phone_masked
        form.fields["phone"].help_text = _("部分隐去；不改就不要动")
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: _write_change(request, form, row))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("volunteers:volunteer", row.pk)
    return respond(request, "volunteers/change_by_staff.html", None, {"form": form, "volunteer": row}, status)


def _write_change(request: Request, form: forms.StaffForm, row: Any) -> None:
    if form.cleaned_data["phone"] == row.phone_masked:
        form.cleaned_data["phone"] = row.phone
    actions.change_volunteer(volunteer_id=row.pk, profile=form.profile(), **said(request))


@require_POST
@never_cache
@allow(Permission.MANAGE)
def volunteer_relation(request: Request, volunteer_id: int) -> HttpResponse:
    """Tie a member to the branches in another way, from a day on."""
    form = forms.RelationForm(request.POST)

    def write() -> None:
        day, relation = form.cleaned_data["from_date"], form.relation()
        if relation is None:
            actions.end_membership(volunteer_id=volunteer_id, on=day, **said(request))
        else:
            actions.set_membership(volunteer_id=volunteer_id, relation=relation, from_date=day, **said(request))

    status = attempt(form, write)
    if status:
        return _show(request, volunteer_id, status=status, relation_form=form)
    messages.success(request, _("管理关系已更新"))
    return redirect("volunteers:volunteer", volunteer_id)


@require_POST
@never_cache
@allow(Permission.UNMASK)
def volunteer_unmask(request: Request, volunteer_id: int) -> HttpResponse:
    """Show a telephone in full, this once, for the reason given."""
    form, phone = forms.ReasonForm(request.POST), ""
    status = 422
    if form.is_valid():
        phone = actions.unmask_volunteer(volunteer_id=volunteer_id, **form.cleaned_data, **said(request))
        status = 200
    return _show(request, volunteer_id, status=status, reason_form=form, phone=phone)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def volunteer_code(request: Request, volunteer_id: int) -> HttpResponse:
    """Show number and code of an entry, this once, to be given to the person."""
    claim = actions.issue_claim_code(volunteer_id=volunteer_id, **said(request))
    return _show(request, volunteer_id, claim=claim)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def volunteer_codes(request: Request) -> HttpResponse:
    """Show codes for everybody of the list who has no way to their entry yet, this once, to be printed and cut."""
    form = forms.RegisterFilterForm(request.GET, viewer=request.actor)
    wanted = form.wanted()
    if form.errors:
        raise Invalid(_("筛选条件有误，请改正后再打印"))
    slips = actions.issue_claim_codes(wanted=wanted, **said(request))
    address = request.build_absolute_uri(reverse("volunteers:find"))
    return respond(request, "volunteers/codes.html", None, {"slips": slips, "address": address})


@require_POST
@allow(Permission.MANAGE)
def volunteer_withdraw(request: Request, volunteer_id: int) -> HttpResponse:
    """Erase somebody's entry at their wish."""
    actions.withdraw_volunteer(volunteer_id=volunteer_id, **said(request))
    messages.success(request, _("已按本人要求撤回，个人信息已删除"))
    return redirect("volunteers:list")


@require_safe
@allow(Permission.VIEW)
def figures(request: Request) -> HttpResponse:
    """Show how many people of each class live in each area, or work in each unit; every figure leads to its rows."""
    today, tree = clock.local_date(clock.now()), territory()
    area = tree.by_code(request.GET.get("area", ""))
    if area is None:
        area = _widest(request)
    by_unit = request.GET.get("by") == "unit"
    count = queries.figures_by_unit if by_unit else queries.figures_by_area
    lines, whole = count(viewer=request.actor, area=area, today=today)
    classes = [(each.value, each.label) for each in MemberClass] + [(queries.NO_CLASS, _("未登记管理关系"))]
    here = {"area": area.code} if area else {}
    above = tree.chain(area.id)[:-1] if area else ()
    chain = [each for each in above if request.actor.holds(Permission.VIEW, area_path=each.path)]
    below = {child.code for child in tree.children(area.id if area else None) if tree.children(child.id)}
    context = {
        "classes": [label for _code, label in classes], "by_unit": by_unit, "area": area, "whole": whole,
        "sums": [(number, label) for number, (_code, label) in zip(whole.by_class, classes, strict=True)],
        "lines": [
            {
                "figure": line, "down": line.key if not by_unit and line.key in below else "",
                "url": urlencode(_where(line, by_unit, here)),
                "cells": [
                    (number, urlencode({**_where(line, by_unit, here), "member_class": code}), label)
                    for number, (code, label) in zip(line.by_class, classes, strict=True)
                ],
            }
            for line in lines
        ],
        "chain": chain,
        "tabs": [
            {"label": _("按居住区域"), "url": f"?{urlencode(here)}", "current": not by_unit},
            {"label": _("按单位"), "url": f"?{urlencode({**here, 'by': 'unit'})}", "current": by_unit},
        ],
    }  # fmt: skip
    return respond(request, "volunteers/figures.html", None, context)


def _where(line: queries.Figure, by_unit: bool, here: dict[str, str]) -> dict[str, str]:
    if by_unit:
        return {**here, "unit": name_of(int(line.key))} if line.key else here
    return {"area": line.key} if line.key else here


def _widest(request: Request) -> Any:
    """Return the one area that the viewer's reach begins with, None where it is everything or several."""
    paths = request.actor.areas(Permission.VIEW)
    if len(paths) != 1 or "/" in paths:
        return None
    return territory().get(int(next(iter(paths)).rstrip("/").rpartition("/")[2]))
