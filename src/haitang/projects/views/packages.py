"""Pages of packages."""

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
from haitang.projects.values import Permission
from haitang.projects.views.projects import line_of, today


@require_safe
@allow(Permission.VIEW)
def packages(request: Request) -> HttpResponse:
    """Show the packages within the viewer's reach."""
    page, views = queries.list_packages(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "views": views, "may_lead": request.actor.holds(Permission.LEAD)}
    return respond(request, "projects/packages.html", None, context)


@form_page
@allow(Permission.LEAD)
def package_new(request: Request) -> HttpResponse:
    """Make a package."""
    initial = {"organization": forms.office_name(request.actor.organization_id)}
    form, status = forms.PackageForm(sent(request), viewer=request.actor, initial=initial), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(form, lambda: made.append(actions.make_package(**form.given(), **said(request)).pk))
        if not status:
            messages.success(request, _("项目包已建立，请选择项目"))
            return redirect("projects:package", made[0])
    return respond(request, "projects/package_new.html", None, {"form": form}, status)


def _package(request: Request, package_id: int, form: forms.PackForm | None = None, status: int = 200) -> HttpResponse:
    page = queries.get_package_page(viewer=request.actor, package_id=package_id, today=today())
    if form is None and page.candidates:
        form = forms.PackForm(candidates=page.candidates)
    context = {
        "page": page, "package": page.view.package, "form": form if page.may_change else None,
        "lines": [line_of(view) for view in page.projects],
    }  # fmt: skip
    return respond(request, "projects/package.html", None, context, status)


@require_safe
@allow(Permission.VIEW)
def package(request: Request, package_id: int) -> HttpResponse:
    """Show a package with its projects."""
    return _package(request, package_id)


@require_POST
@allow(Permission.LEAD)
def package_add(request: Request, package_id: int) -> HttpResponse:
    """Put projects into the package: all of those chosen, or none."""
    page = queries.get_package_page(viewer=request.actor, package_id=package_id, today=today())
    form = forms.PackForm(request.POST, candidates=page.candidates)
    status = attempt(
        form,
        lambda: actions.pack_projects(
            package_id=package_id, project_ids=form.cleaned_data["projects"], **said(request)
        ),
    )
    if status:
        return _package(request, package_id, form, status)
    messages.success(request, _("已纳入项目包"))
    return redirect("projects:package", package_id)


@require_POST
@allow(Permission.LEAD)
def package_remove(request: Request, package_id: int, project_id: int) -> HttpResponse:
    """Take a project out of the package."""
    actions.unpack_project(package_id=package_id, project_id=project_id, **said(request))
    messages.success(request, _("已移出项目包"))
    return redirect("projects:package", package_id)
