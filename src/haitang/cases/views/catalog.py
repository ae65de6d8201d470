"""Administration of what is decided per city about cases: categories, phrases, settings."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.lifecycle import Deed
from haitang.cases.values import Permission, Stage, Tree
from haitang.cases.views.page import put_on
from haitang.core.access import allow
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, said
from haitang.core.ui.pages import respond


def answer(
    request: Request, form: Form, write: Callable[[], Any], *, title: str, back: str, done: str, note: str = ""
) -> HttpResponse:
    """Show the form; when it was sent, write and go back, or show it again with what was wrong."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                write()
            except (Invalid, Conflict, NotFound) as refusal:
                put_on(form, refusal)
                status = refusal.status
            else:
                messages.success(request, done)
                return redirect(back)
    context = {"form": form, "title": title, "back": back, "note": note}
    return respond(request, "cases/form.html", None, context, status)


@require_safe
@allow(Permission.MANAGE_CATALOG)
def categories(request: Request) -> HttpResponse:
    """Show one of the three trees, with the limits that hold."""
    known = queries.catalog()
    chosen = request.GET.get("tree", "")
    chosen = chosen if chosen in Tree.values else Tree.PART.value
    url = reverse("cases:categories")
    tabs = [
        {
            "label": tree.label, "url": f"{url}?tree={tree.value}", "current": tree.value == chosen,
            "count": sum(each.tree == tree.value for each in known.categories),
        }
        for tree in Tree
    ]  # fmt: skip
    lines = [
        {
            "category": each,
            "depth": len(each.ids) - 1,
            "limits": [(stage.label, str(each.limits.get(stage.value, ""))) for stage in Stage],
        }
        for each in known.categories
        if each.tree == chosen
    ]
    context = {"tabs": tabs, "lines": lines, "stages": [stage.label for stage in Stage], "tree": chosen}
    return respond(request, "cases/categories.html", None, context)


@form_page
@allow(Permission.MANAGE_CATALOG)
def category(request: Request, category_id: int) -> HttpResponse:
    """Change one category; deadlines that already run stay."""
    row = queries.get_category(viewer=request.actor, category_id=category_id)
    known = queries.catalog()
    above = known.by_id[row.parent_id].limits if row.parent_id else known.default_limits
    initial = {name: getattr(row, name) for name in ("name", "name_en", "keywords", "is_urgent", "is_active", "source")}
    initial |= {f"limit_{stage}": limit for stage, limit in row.limits.items()}
    form = forms.CategoryForm(_sent(request), initial=initial, inherited=above)
    return answer(
        request, form, lambda: actions.change_category(category_id=category_id, **form.given(), **said(request)),
        title=_("类别：%(code)s %(name)s") % {"code": row.code, "name": row.name},
        back=f"{reverse('cases:categories')}?tree={row.tree}", done=_("类别已保存"),
        note=_("时限写法：30分钟、2紧急工作时（连续计时）、4工作时、3工作日、7自然日。已在计时的案件不受影响。"),
    )  # fmt: skip


@form_page
@allow(Permission.MANAGE_CATALOG)
def category_new(request: Request) -> HttpResponse:
    """Add a category."""
    tree = request.GET.get("tree", Tree.PART.value)
    form = forms.NewCategory(_sent(request), initial={"tree": tree}, inherited=queries.catalog().default_limits)
    return answer(
        request, form, lambda: actions.create_category(**form.given(), **said(request)),
        title=_("新增类别"), back=f"{reverse('cases:categories')}?tree={tree}", done=_("类别已建立"),
    )  # fmt: skip


@form_page
@allow(Permission.MANAGE_CATALOG)
def phrases(request: Request) -> HttpResponse:
    """Show the ready-made opinions by deed, and add one."""
    form, status = forms.NewPhrase(_sent(request)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            actions.create_phrase(**form.cleaned_data, **said(request))
            messages.success(request, _("常用语已添加"))
            return redirect(f"{reverse('cases:phrases')}#{form.cleaned_data['deed']}")
    by_deed: dict[str, list[Any]] = {}
    for phrase in queries.list_phrases(viewer=request.actor):
        by_deed.setdefault(phrase.deed, []).append(phrase)
    groups = [(deed, by_deed[deed.value]) for deed in Deed if deed.value in by_deed]
    return respond(request, "cases/phrases.html", None, {"groups": groups, "form": form}, status)


@require_POST
@allow(Permission.MANAGE_CATALOG)
def phrase_remove(request: Request, phrase_id: int) -> HttpResponse:
    """No longer offer a ready-made opinion."""
    actions.remove_phrase(phrase_id=phrase_id, **said(request))
    messages.success(request, _("常用语已删除"))
    return redirect("cases:phrases")


@form_page
@allow(Permission.MANAGE_CATALOG)
def settings(request: Request) -> HttpResponse:
    """Show and change the settings of cases; only what was changed is written."""
    rows = queries.list_settings(viewer=request.actor)
    form = forms.SettingsForm(_sent(request), values={row.key: row.value for row in rows})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            changed = form.changed()
            with transaction.atomic():
                for key, value in changed.items():
                    actions.change_setting(key=key, value=value, **said(request))
            messages.success(request, _("设置已保存") if changed else _("没有改动"))
            return redirect("cases:settings")
    context = {"form": form, "settings": [(row, form.fields_of(row.key)) for row in rows]}
    return respond(request, "cases/settings.html", None, context, status)


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None
