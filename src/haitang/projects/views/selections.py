"""Pages of selections for those who hold them, put projects forward, or mark them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.projects import actions, forms, queries
from haitang.projects.lifecycle import Stage
from haitang.projects.values import Permission

COLOURS = {"nominating": "blue", "scoring": "orange", "published": "green"}


@require_safe
@allow(Permission.VIEW)
def selections(request: Request) -> HttpResponse:
    """Show the selections."""
    page = queries.list_selections(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page, "lines": [(row, COLOURS[row.stage]) for row in page.rows],
        "may_open": request.actor.holds(Permission.SELECT),
    }  # fmt: skip
    return respond(request, "projects/selections.html", None, context)


@form_page
@allow(Permission.SELECT)
def selection_new(request: Request) -> HttpResponse:
    """Open a selection."""
    form, status = forms.SelectionForm(sent(request), viewer=request.actor), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(form, lambda: made.append(actions.open_selection(**form.given(), **said(request)).pk))
        if not status:
            messages.success(request, _("评选已开始，可以推荐项目"))
            return redirect("projects:selection", made[0])
    return respond(request, "projects/selection_new.html", None, {"form": form}, status)


def _selection(
    request: Request, selection_id: int, *, named: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    page = queries.get_selection_page(viewer=request.actor, selection_id=selection_id)
    row = page.selection
    nominate = forms.NominateForm(candidates=page.candidates, auto_id="nominate_%s") if page.candidates else None
    begin = None
    if page.may_manage and row.stage == Stage.NOMINATING and page.rows:
        possible = queries.list_possible_reviewers(viewer=request.actor, selection=row)
        begin = forms.ReviewersForm(possible=possible, auto_id="begin_%s")
    marking = page.is_reviewer and row.stage == Stage.SCORING
    lines = []
    for view in page.rows:
        key = f"score_{view.nomination.pk}"
        marks = None
        if marking and not view.recused:
            marks = form if named == key else forms.MarksForm(criteria=page.criteria, held=view.own, key=key)
        lines.append((view, marks, named == key))
    context = {
        "page": page, "selection": row, "colour": COLOURS[row.stage], "lines": lines,
        "nominate": form if named == "nominate" else nominate, "begin": form if named == "begin" else begin,
        "may_publish": page.may_manage and row.stage == Stage.SCORING, "is_sent": named,
    }  # fmt: skip
    return respond(request, "projects/selection.html", None, context, status)


@require_safe
@allow(Permission.VIEW)
def selection(request: Request, selection_id: int) -> HttpResponse:
    """Show a selection as far as it is."""
    return _selection(request, selection_id)


@require_POST
@allow(Permission.LEAD)
def selection_nominate(request: Request, selection_id: int) -> HttpResponse:
    """Put a project forward."""
    page = queries.get_selection_page(viewer=request.actor, selection_id=selection_id)
    form = forms.NominateForm(request.POST, candidates=page.candidates, auto_id="nominate_%s")

    def write() -> None:
        given = form.cleaned_data
        actions.nominate_project(
            selection_id=selection_id, project_id=given["project"], words=given["words"], **said(request)
        )

    status = attempt(form, write)
    if status:
        return _selection(request, selection_id, named="nominate", form=form, status=status)
    messages.success(request, _("项目已推荐"))
    return redirect("projects:selection", selection_id)


@require_POST
@allow(Permission.SELECT)
def selection_begin(request: Request, selection_id: int) -> HttpResponse:
    """Name the reviewers and begin marking."""
    page = queries.get_selection_page(viewer=request.actor, selection_id=selection_id)
    possible = queries.list_possible_reviewers(viewer=request.actor, selection=page.selection)
    form = forms.ReviewersForm(request.POST, possible=possible, auto_id="begin_%s")
    status = attempt(
        form,
        lambda: actions.begin_scoring(
            selection_id=selection_id, account_ids=form.cleaned_data["reviewers"], **said(request)
        ),
    )
    if status:
        return _selection(request, selection_id, named="begin", form=form, status=status)
    messages.success(request, _("评审已开始"))
    return redirect("projects:selection", selection_id)


@require_POST
@allow(Permission.REVIEW)
def selection_score(request: Request, selection_id: int, nomination_id: int) -> HttpResponse:
    """Mark one project."""
    page = queries.get_selection_page(viewer=request.actor, selection_id=selection_id)
    key = f"score_{nomination_id}"
    form = forms.MarksForm(request.POST, criteria=page.criteria, key=key)

    def write() -> None:
        actions.score_project(
            selection_id=selection_id, nomination_id=nomination_id, marks=form.marks(),
            words=form.cleaned_data["words"], **said(request),
        )  # fmt: skip

    status = attempt(form, write)
    if status:
        return _selection(request, selection_id, named=key, form=form, status=status)
    messages.success(request, _("评分已保存"))
    return redirect("projects:selection", selection_id)


@require_POST
@allow(Permission.SELECT)
def selection_publish(request: Request, selection_id: int) -> HttpResponse:
    """Work out the result and publish it."""
    actions.publish_selection(selection_id=selection_id, **said(request))
    messages.success(request, _("评选结果已公布"))
    return redirect("projects:selection", selection_id)
