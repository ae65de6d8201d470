"""What everybody may read of projects, and the judgement of those served."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, photo_response, said, sent
from haitang.core.ui.pages import respond
from haitang.projects import actions, forms, queries
from haitang.projects.views.projects import line_of, today


@require_safe
@allow(ANYONE)
def public(request: Request) -> HttpResponse:
    """Show the published projects, by area."""
    form = forms.PublicFilterForm(request.GET)
    area_path, kind = form.wanted()
    page = queries.list_public_projects(area_path=area_path, kind=kind, cursor=request.GET.get("cursor", ""))
    context = {
        "form": form, "page": page, "areas": queries.list_public_areas(), "area": request.GET.get("area", ""),
        "lines": [line_of(view) for view in queries.describe_projects(page.rows, today())],
        "selections": queries.list_public_selections().rows[:3],
    }  # fmt: skip
    return respond(request, "projects/public.html", "projects/_public.html", context)


@require_safe
@allow(ANYONE)
def public_project(request: Request, project_id: int) -> HttpResponse:
    """Show one published project."""
    page = queries.get_public_project(project_id=project_id, today=today())
    most = max((n for _score, n in page.scores), default=0)
    context = {"page": page, **line_of(page.view), "today": today(), "most": most}
    return respond(request, "projects/public_project.html", None, context)


@require_safe
@allow(ANYONE)
def public_photo(request: Request, project_id: int, photo_id: int) -> HttpResponse:
    """Return a photo that stands on a public page."""
    return photo_response(request, queries.get_public_photo(project_id=project_id, photo_id=photo_id).digest)


@form_page
@never_cache
@allow(ANYONE)
def evaluate(request: Request) -> HttpResponse:
    """Take the judgement of somebody served, by the code that they were given."""
    form: Any = forms.EvaluationForm(sent(request), initial={"code": request.GET.get("code", "")[:20]})
    status = 200
    if request.method == "POST":
        party = str(get_adapter().get_client_ip(request))
        made: list[Any] = []
        status = attempt(
            form, lambda: made.append(actions.evaluate_project(party=party, **form.cleaned_data, **said(request)))
        )
        if not status:
            messages.success(request, _("谢谢您的评价，已经收到"))
            if made[0].published_at is not None:
                return redirect("projects:public_project", made[0].pk)
            return redirect("projects:public")
    return respond(request, "projects/evaluate.html", None, {"form": form}, status)


@require_safe
@allow(ANYONE)
def public_selection(request: Request, selection_id: int) -> HttpResponse:
    """Show the result of a selection with its arithmetic."""
    page = queries.get_public_selection(selection_id=selection_id)
    return respond(request, "projects/public_selection.html", None, {"page": page, "selection": page.selection})
