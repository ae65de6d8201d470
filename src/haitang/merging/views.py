"""Joining, parting, flagging, and the panels that merging adds to the pages of cases."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from haitang.cases import queries as case_queries
from haitang.cases.values import Mark
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid, NotSignedIn, Refusal
from haitang.core.http import Request, actor_of
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import Panel
from haitang.merging import actions, forms, policies, queries
from haitang.merging.values import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.MERGE)
def join(request: Request) -> HttpResponse:
    """Show the cases ticked and ask which is the main one; with that answered, join the others to it."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        ids = forms.read_ids(sent.getlist("case"))
    except ValidationError as error:
        raise Invalid(str(error.message)) from error
    found = case_queries.list_known(viewer=request.actor, case_ids=ids)
    if len(found) < 2:
        messages.error(request, _("请至少勾选两件案件，再点“并单”"))
        return redirect("cases:list")
    views = case_queries.describe(sorted(found, key=lambda case: (case.reported_at, case.pk)))
    first = next((view for view in views if Mark.MAIN.value in view.case.marks), views[0])
    form = forms.JoinForm(
        request.POST if request.method == "POST" else None, views=views, initial={"main": first.case.pk}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                joined = actions.merge_cases(
                    actor=request.actor, main_id=form.cleaned_data["main"], case_ids=[each.pk for each in found],
                    opinion=form.cleaned_data["opinion"], now=clock.now(),
                )  # fmt: skip
            except NotSignedIn:
                raise
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                text = ngettext("已并入 %(n)d 件", "已并入 %(n)d 件", len(joined)) % {"n": len(joined)}
                messages.success(request, text)
                return redirect("cases:case", form.cleaned_data["main"])
    return respond(request, "merging/join.html", None, {"form": form, "views": _lines(views)}, status)


@require_POST
@allow(Permission.MERGE)
def part(request: Request, main_id: int) -> HttpResponse:
    """Part one case from its main case, or all of them."""
    ids = forms.read_ids(request.POST.getlist("case")) if "case" in request.POST else None
    said = {"main_id": main_id, "case_ids": ids, "opinion": request.POST.get("reason", "")}
    return _deed(request, actions.part_cases, _("已拆单，恢复并单前的环节和时限"), main_id, **said)


@require_POST
@allow(Permission.FLAG)
def flag(request: Request, case_id: int) -> HttpResponse:
    """Hold a case for difficult."""
    said = {"case_id": case_id, "reason": request.POST.get("reason", "")}
    return _deed(request, actions.flag_case, _("已标记为疑难"), case_id, **said)


@require_POST
@allow(Permission.FLAG)
def unflag(request: Request, case_id: int) -> HttpResponse:
    """Hold a case for difficult no longer."""
    said = {"case_id": case_id, "reason": request.POST.get("reason", "")}
    return _deed(request, actions.unflag_case, _("已取消疑难标记"), case_id, **said)


@require_POST
@allow(CasePermission.REPORT)
def repeat(request: Request, case_id: int) -> HttpResponse:
    """Link what was about to be entered to a case of the same person, instead of opening another."""
    form = forms.RepeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请先填写问题描述和来源，再关联"))
        return redirect("cases:new")
    given = form.cleaned_data
    said = {"case_id": case_id, "text": given["description"], "channel": given["channel"]}
    return _deed(request, actions.link_repeat, _("已关联到此案件，记为重复反映，没有另立新案"), case_id, **said)


def _deed(request: Request, action: Callable[..., Any], done: str, shown_id: int, **said: Any) -> HttpResponse:
    """Do it and show the case; refused, the case's page says why."""
    try:
        action(actor=request.actor, now=clock.now(), **said)
    except NotSignedIn:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("cases:case", shown_id)


def deeds_panel(request: HttpRequest, page: Any) -> Panel | None:
    """Beside a case: which one it goes along with; join what may be the same matter, part, flag, for whoever may."""
    actor = actor_of(request)
    case = page.view.case
    where = {"area_path": case.area_path, "organization_id": case.organization_id}
    is_open = policies.is_open(case)
    may_merge, may_flag = (is_open and actor.holds(each, **where) for each in (Permission.MERGE, Permission.FLAG))
    is_joined, is_main = Mark.JOINED.value in case.marks, Mark.MAIN.value in case.marks
    near = [
        each for each in page.similar
        if policies.is_open(each.view.case) and not each.view.case.is_confidential
        and Mark.MAIN.value not in each.view.case.marks
    ] if may_merge and not is_joined and not case.is_confidential else []  # fmt: skip
    bundle = queries.get_bundle(viewer=actor, case_id=case.pk) if is_joined else None
    context = {
        "case": case, "near": near, "main": _lines([bundle.main])[0] if bundle and bundle.main else None,
        "is_difficult": Mark.DIFFICULT.value in case.marks,
        "part_id": queries.main_of(case.pk) if is_joined and may_merge else case.pk if is_main and may_merge else None,
        "is_joined": is_joined, "may_flag": may_flag,
        "part_form": forms.ReasonForm(name="part", label=_("拆单理由")),
        "flag_form": forms.ReasonForm(name="flag"),
    }  # fmt: skip
    if not (near or may_flag or context["part_id"] or context["main"]):
        return None
    return Panel("merging/_deeds.html", context)


def standing_panel(request: HttpRequest, page: Any) -> Panel | None:
    """Below a case: what goes together, who said so too, what was said again, and why the priority."""
    case, actor = page.view.case, actor_of(request)
    if not case.marks and not case.voices:
        return None
    where = {"area_path": case.area_path, "organization_id": case.organization_id}
    if not actor.holds(CasePermission.VIEW, **where):
        return None  # a mere reporter
    bundle = queries.get_bundle(viewer=actor, case_id=case.pk)
    standing = queries.get_standing(viewer=actor, case_id=case.pk)
    told = standing.reasons or standing.flag or standing.repeats or standing.earlier
    if not (told or bundle.joined or bundle.hidden):
        return None
    context = {"case": case, "standing": standing, "hidden": bundle.hidden, "joined": _lines(bundle.joined)}
    return Panel("merging/_standing.html", context)


def earlier_panel(request: HttpRequest, typed: Any) -> Panel | None:
    """Before a case is entered: what the same person has reported of the same sort nearby."""
    if not typed.phone:
        return None
    found = queries.find_earlier(
        viewer=actor_of(request), now=clock.now(), phone=typed.phone,
        category_id=typed.category.id if typed.category else None, lon=typed.lon, lat=typed.lat,
    )  # fmt: skip
    if not found:
        return None
    lines = [{"line": line, "earlier": each} for line, each in zip(_lines([e.view for e in found]), found, strict=True)]
    return Panel("merging/_earlier.html", {"lines": lines, "numbers": [each.view.case.number for each in found]})


def list_panel(request: HttpRequest, asked: Any) -> Panel | None:
    """Above the list of cases: join those ticked; for whoever may."""
    actor = actor_of(request)
    return Panel("merging/_ticked.html") if actor.holds(Permission.MERGE) else None


def _lines(views: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": view.case.pk, "number": view.case.number, "status": view.case.get_status_display(),
            "category": view.category.name if view.category else "", "area": view.area_name,
            "description": view.case.description, "reported_at": view.case.reported_at,
        }
        for view in views
    ]  # fmt: skip
