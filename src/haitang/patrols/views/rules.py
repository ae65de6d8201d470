"""Administration of checklists."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.patrols import actions, forms, queries
from haitang.patrols.values import Permission, PlaceKind


@require_safe
@allow(Permission.MANAGE)
def checklists(request: Request) -> HttpResponse:
    """Show the checklists in force."""
    lines = [
        {"each": each, "place": PlaceKind(each.place_kind).label, "turn": forms.turn_name(each.every_months)}
        for each in queries.rules().checklists
    ]
    return respond(request, "patrols/checklists.html", None, {"lines": lines})


@form_page
@allow(Permission.MANAGE)
def checklist_new(request: Request) -> HttpResponse:
    """Add a checklist."""
    form, status = forms.ChecklistForm(sent(request)), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_checklist(**form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("巡查清单模板已建立，从下次生成起使用"))
            return redirect("patrols:checklists")
    context = {"form": form, "title": _("新增巡查清单模板")}
    return respond(request, "patrols/checklist.html", None, context, status)


@form_page
@allow(Permission.MANAGE)
def checklist(request: Request, code: str) -> HttpResponse:
    """Give a checklist its next version."""
    known = queries.rules().checklist(code)
    form, status = forms.ChecklistForm(sent(request), known=known), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_checklist(code=code, **form.cleaned_data, **said(request)))
        if not status:
            messages.success(request, _("已保存为新版本，已生成的清单不变"))
            return redirect("patrols:checklists")
    title = _("%(name)s（第 %(n)d 版）") % {"name": known.name, "n": known.version}
    return respond(request, "patrols/checklist.html", None, {"form": form, "title": title}, status)
