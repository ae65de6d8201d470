"""What a category asks: its form changed, tried out before, and every version with what it changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haitang.cases import actions, forms, queries
from haitang.cases.values import AskedOf, CaseForm, Moment, Permission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Conflict, Invalid
from haitang.core.http import Request
from haitang.core.ui.pages import respond

_SIGNS = {"added": ("＋", "green"), "removed": ("－", "red"), "changed": ("≠", "orange")}


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.MANAGE_CATALOG)
def category_form(request: Request, category_id: int) -> HttpResponse:
    """Change a category's questions and conditions; `preview` shows what would come of it and writes nothing."""
    row, own, inherited = queries.get_form(viewer=request.actor, category_id=category_id)
    form = forms.FormOfCategory(request.POST if request.method == "POST" else None, own=own)
    status, tried = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "preview" in request.POST:
                    tried, status = _tried(request, row, form.given(), own, inherited), 200
                else:
                    actions.change_form(
                        actor=request.actor, category_id=category_id, form=form.given(), now=clock.now()
                    )
            except (Invalid, Conflict) as refusal:
                form.refusal, status = refusal.message, refusal.status
            else:
                if tried is None:
                    messages.success(request, _("表单已保存；以后的案件按新表单，已有的案件仍按原来的"))
                    return redirect("cases:category_form", category_id)
    context = {
        "form": form,
        "category": row,
        "inherited": _shown(inherited),
        "tried": tried,
        "versions": _versions(request, category_id),
        "back": f"{reverse('cases:categories')}?tree={row.tree}",
    }
    return respond(request, "cases/category_form.html", None, context, status)


def _tried(request: Request, row: Any, typed: CaseForm, own: CaseForm, inherited: CaseForm) -> dict[str, Any]:
    """Return what the form would be and change, as its people would be asked."""
    checked = queries.check_form_of(viewer=request.actor, category_id=row.pk, form=typed)
    after, before = checked.below(inherited), own.below(inherited)
    open_ones = queries.count_open_by_form(viewer=request.actor, category_id=row.pk)
    known = queries.catalog()
    return {
        **_shown(after),
        "changes": _told(queries.form_changes(before, after)),
        "open": sum(open_ones.values()),
        "below": [each.name for each in known.categories if row.pk in each.ids[:-1] and each.is_active],
    }


def _shown(form: CaseForm) -> dict[str, Any]:
    """Return a form as those who are asked meet it, by moment and person."""
    asked = []
    for moment in Moment:
        for of in (AskedOf.RESIDENT, AskedOf.STAFF) if moment is Moment.REPORT else (AskedOf.STAFF,):
            found = form.asked(moment, of)
            if found:
                asked.append((f"{moment.label} · {of.label}", forms.Sample(found)))
    return {"asked": asked, "form": form}


def _versions(request: Request, category_id: int) -> list[dict[str, Any]]:
    counts = queries.count_open_by_form(viewer=request.actor, category_id=category_id)
    return [
        {
            "number": version.number,
            "made_at": version.made_at,
            "changes": _told(version.changes),
            "open": counts.get(version.number, 0),
        }
        for version in queries.list_form_versions(viewer=request.actor, category_id=category_id)
    ]


def _told(changes: Any) -> list[dict[str, str]]:
    words = {"added": _("新增"), "removed": _("删除"), "changed": _("改为")}
    return [{"word": words[what], "colour": _SIGNS[what][1], "text": text} for what, text in changes]
