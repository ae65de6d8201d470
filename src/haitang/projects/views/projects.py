"""Pages of projects for those who work on them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, photo_response, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.projects import actions, forms, queries
from haitang.projects.lifecycle import OPEN, Deed, Status
from haitang.projects.queries import ProjectView
from haitang.projects.values import ORIGINS, OriginPage, Permission

COLOURS = {
    "planned": "grey", "under_way": "blue", "delivered": "orange", "accepted": "green", "archived": "green",
    "given_up": "grey",
}  # fmt: skip
RUN: dict[Deed, Callable[..., Any]] = {
    Deed.LAUNCH: actions.launch_project,
    Deed.DELIVER: actions.deliver_project,
    Deed.ACCEPT: actions.accept_project,
    Deed.ARCHIVE: actions.archive_project,
    Deed.GIVE_UP: actions.give_up_project,
}


def today() -> Any:
    """Return the calendar day in China."""
    return local_date(clock.now())


def line_of(view: ProjectView) -> dict[str, Any]:
    """Return a project as lists print it."""
    row = view.project
    is_open = row.status in OPEN
    is_late = is_open and bool(view.late or (row.until_on and row.until_on < today()))
    return {"view": view, "project": row, "colour": COLOURS[row.status], "is_open": is_open, "is_late": is_late}


@require_safe
@allow(Permission.VIEW)
def projects(request: Request) -> HttpResponse:
    """Show the projects within the viewer's reach, newest first, and how many stand at each state."""
    form = forms.ProjectFilterForm(request.GET, viewer=request.actor)
    wanted = form.wanted()
    page = queries.list_projects(
        viewer=request.actor, wanted=wanted, today=today(), cursor=request.GET.get("cursor", "")
    )
    counted = queries.count_by_status(viewer=request.actor, wanted=wanted, today=today())
    asked = request.GET.copy()
    asked.pop("cursor", None)
    tabs = []
    for status, label in (("", _("全部")), *Status.choices):
        asked["status"] = status
        tabs.append({
            "label": label, "url": f"?{asked.urlencode()}", "current": wanted.status == status,
            "count": counted[status] if status else sum(counted.values()),
        })  # fmt: skip
    context = {
        "form": form, "page": page, "tabs": tabs, "may_lead": request.actor.holds(Permission.LEAD),
        "lines": [line_of(view) for view in queries.describe_projects(page.rows, today())],
    }  # fmt: skip
    return respond(request, "projects/projects.html", "projects/_projects.html", context)


@form_page
@allow(Permission.LEAD)
def new(request: Request) -> HttpResponse:
    """Take a project on."""
    initial = {
        "key": uuid4().hex,
        "responsible": request.actor.name,
        "organization": forms.office_name(request.actor.organization_id),
    }
    form = forms.NewProjectForm(sent(request), viewer=request.actor, initial=initial)
    status = 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(
            form, lambda: made.append(actions.start_project(plan=form.start(request.actor), **said(request)).pk)
        )
        if not status:
            messages.success(request, _("项目已立项"))
            return redirect("projects:project", made[0])
    return respond(request, "projects/new.html", None, {"form": form}, status)


def _step(entry: Any) -> dict[str, Any]:
    data = entry.data
    text = data.get("words", "")
    if "milestone_id" in data:
        day = data.get("done_on") or data.get("due_on") or ""
        text = " ".join(filter(None, (data["title"], day, text)))
    colour = {
        "ProjectAccepted": "green", "ProjectArchived": "green", "ProjectReturned": "orange",
        "MilestoneOverdue": "red", "ProjectGivenUp": "grey",
    }.get(entry.fact, "blue")  # fmt: skip
    return {
        "title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
        "organization": entry.organization_name, "text": text, "colour": colour,
    }  # fmt: skip


def _project(
    request: Request, project_id: int, *, named: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    """Show the project; `named` says which of its forms is the one that was sent and refused."""
    page = queries.get_project_page(viewer=request.actor, project_id=project_id, today=today())
    row = page.view.project
    shown: dict[str, Any] = {
        "milestone": forms.MilestoneForm(auto_id="milestone_%s") if page.may_plan else None,
        "tell": forms.ProgressForm(auto_id="tell_%s") if page.may_tell and row.status != Status.PLANNED else None,
        "publish": forms.PublishForm(auto_id="publish_%s", initial={"summary": row.summary})
        if page.may_publish else None,
        "codes": forms.CodesForm(auto_id="codes_%s") if page.may_issue else None,
    }  # fmt: skip
    deeds = [(deed, forms.DeedForm(deed)) for deed in page.deeds]
    if named in shown:
        shown[named] = form
    elif named:
        deeds = [(deed, form if deed == named else each) for deed, each in deeds]
    context = {
        "page": page, **line_of(page.view), "forms": shown, "deeds": deeds, "today": today(), "is_sent": named,
        "origin": _origin(request, row),
        "steps": [_step(entry) for entry in reversed(page.entries) if entry.fact != "ProgressPhotoAdded"],
    }  # fmt: skip
    return respond(request, "projects/project.html", None, context, status)


def _origin(request: Request, row: Any) -> OriginPage | None:
    found = (ask(request.actor, row.origin, row.origin_id) for ask in ORIGINS)
    return next((each for each in found if each is not None), None)


@require_safe
@allow(Permission.VIEW)
def project(request: Request, project_id: int) -> HttpResponse:
    """Show one project with all that became of it."""
    return _project(request, project_id)


@require_POST
@allow(Permission.VIEW)
def project_deed(request: Request, project_id: int, name: str) -> HttpResponse:
    """Move the project on; refused, the form stands there as it was filled in."""
    if name not in Deed.values:
        raise NotFound(_("没有这项操作"))
    deed = Deed(name)
    form = forms.DeedForm(deed, request.POST)
    status = attempt(form, lambda: RUN[deed](project_id=project_id, **form.cleaned_data, **said(request)))
    if status:
        return _project(request, project_id, named=deed.value, form=form, status=status)
    messages.success(request, _("已登记：%(deed)s") % {"deed": deed.label})
    return redirect("projects:project", project_id)


@form_page
@allow(Permission.LEAD)
def project_edit(request: Request, project_id: int) -> HttpResponse:
    """Write the plan anew."""
    row = queries.get_project(viewer=request.actor, project_id=project_id)
    initial = {name: getattr(row, name) for name in forms.PlanForm.base_fields}
    form, status = forms.PlanForm(sent(request), initial=initial, held=row.kind), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_plan(project_id=project_id, plan=form.plan(), **said(request)))
        if not status:
            messages.success(request, _("方案已保存"))
            return redirect("projects:project", project_id)
    return respond(request, "projects/edit.html", None, {"form": form, "project": row, "title": _("调整方案")}, status)


@form_page
@allow(Permission.LEAD)
def project_parties(request: Request, project_id: int) -> HttpResponse:
    """Set which units take part and who answers for what."""
    page = queries.get_project_page(viewer=request.actor, project_id=project_id, today=today())
    row = page.view.project
    lines = [f"{name} | {unit.duty}" for unit, name in page.units if unit.organization_id != row.organization_id]
    people = [" | ".join(filter(None, (each.name, each.task, name))) for each, name in page.responsible]
    form = forms.PartiesForm(
        sent(request), accounts=queries.list_leaders(project=row),
        initial={"partners": "\n".join(lines), "responsible": "\n".join(people)},
    )  # fmt: skip
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_parties(project_id=project_id, **form.cleaned_data, **said(request))
        )
        if not status:
            messages.success(request, _("已保存"))
            return redirect("projects:project", project_id)
    context = {"form": form, "project": row, "title": _("参与单位和责任人")}
    return respond(request, "projects/edit.html", None, context, status)


@require_POST
@allow(Permission.LEAD)
def project_milestone(request: Request, project_id: int) -> HttpResponse:
    """Add a milestone."""
    form = forms.MilestoneForm(request.POST, auto_id="milestone_%s")
    status = attempt(form, lambda: actions.set_milestone(project_id=project_id, **form.cleaned_data, **said(request)))
    if status:
        return _project(request, project_id, named="milestone", form=form, status=status)
    messages.success(request, _("节点已添加"))
    return redirect("projects:project", project_id)


@require_POST
@allow(Permission.LEAD)
def project_milestone_deed(request: Request, project_id: int, milestone_id: int, name: str) -> HttpResponse:
    """Say that a milestone was reached, or drop it."""
    what = {"project_id": project_id, "milestone_id": milestone_id, **said(request)}
    if name == "reach":
        form = forms.ReachForm(request.POST)
        form.is_valid()
        actions.reach_milestone(words=form.cleaned_data.get("words", ""), **what)
    elif name == "drop":
        actions.drop_milestone(**what)
    else:
        raise NotFound(_("没有这项操作"))
    messages.success(request, _("已登记"))
    return redirect("projects:project", project_id)


@require_POST
@allow(Permission.LEAD)
def project_tell(request: Request, project_id: int) -> HttpResponse:
    """Tell of progress, with photos where wanted."""
    form = forms.ProgressForm(request.POST, request.FILES, auto_id="tell_%s")
    status = attempt(form, lambda: _tell(request, project_id, form))
    if status:
        return _project(request, project_id, named="tell", form=form, status=status)
    messages.success(request, _("进展已登记"))
    return redirect("projects:project", project_id)


@transaction.atomic
def _tell(request: Request, project_id: int, form: forms.ProgressForm) -> None:
    given = form.cleaned_data
    row = actions.tell_progress(
        project_id=project_id, words=given["words"], is_public=given["is_public"], **said(request)
    )
    for photo in given["photos"] or ():
        actions.add_progress_photo(project_id=project_id, progress_id=row.pk, data=photo.read(), **said(request))


@require_POST
@allow(Permission.PUBLISH)
def project_publish(request: Request, project_id: int) -> HttpResponse:
    """Let everybody read of the project."""
    form = forms.PublishForm(request.POST, auto_id="publish_%s")
    status = attempt(form, lambda: actions.publish_project(project_id=project_id, **form.cleaned_data, **said(request)))
    if status:
        return _project(request, project_id, named="publish", form=form, status=status)
    messages.success(request, _("项目已公开"))
    return redirect("projects:project", project_id)


@require_POST
@allow(Permission.PUBLISH)
def project_unpublish(request: Request, project_id: int) -> HttpResponse:
    """Close the public page."""
    actions.end_publication(project_id=project_id, **said(request))
    messages.success(request, _("已取消公开"))
    return redirect("projects:project", project_id)


@form_page
@never_cache
@allow(Permission.PUBLISH)
def project_codes(request: Request, project_id: int) -> HttpResponse:
    """Make evaluation codes, or show those not used yet, to be printed and cut."""
    if request.method == "POST":
        form = forms.CodesForm(request.POST, auto_id="codes_%s")
        status = attempt(form, lambda: actions.issue_codes(project_id=project_id, **form.cleaned_data, **said(request)))
        if status:
            return _project(request, project_id, named="codes", form=form, status=status)
        return redirect("projects:codes", project_id)
    row, codes = queries.list_unused_codes(viewer=request.actor, project_id=project_id)
    return respond(request, "projects/codes.html", None, {"project": row, "codes": codes})


@require_safe
@allow(Permission.VIEW)
def project_photo(request: Request, project_id: int, photo_id: int) -> HttpResponse:
    """Return a photo of progress."""
    photo = queries.get_photo(viewer=request.actor, project_id=project_id, photo_id=photo_id)
    return photo_response(request, photo.digest)


@form_page
@allow(Permission.MANAGE)
def settings(request: Request) -> HttpResponse:
    """Keep the rules about projects."""
    form = forms.RulesForm(sent(request), lines=queries.list_project_rules(viewer=request.actor))
    return settings_page(request, form, actions.change_project_rule, "projects/settings.html", "projects:settings")
