"""What everybody keeps for their own desk: phrases, lists, cases watched."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.cases import queries as case_queries
from haitang.cases.lifecycle import Deed
from haitang.cases.values import Permission
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.office import actions, queries
from haitang.office.forms import OwnPhraseForm, SaveFilterForm
from haitang.office.views.telling import category_name


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.VIEW)
def phrases(request: Request) -> HttpResponse:
    """Show the viewer's own ready-made opinions by deed, and add one."""
    form, status = OwnPhraseForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            deed, text = Deed(form.cleaned_data["deed"]), form.cleaned_data["text"]
            try:
                actions.add_own_phrase(actor=request.actor, deed=deed, text=text, now=clock.now())
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
            else:
                messages.success(request, _("常用语已添加"))
                return redirect("office:phrases")
    kept = queries.list_own_phrases(viewer=request.actor)
    groups = [(deed, own) for deed in Deed if (own := [each for each in kept if each.deed == deed.value])]
    shared = [(deed, texts) for deed in Deed if (texts := case_queries.catalog().phrases.get(deed.value))]
    return respond(request, "office/phrases.html", None, {"groups": groups, "shared": shared, "form": form}, status)


@require_POST
@allow(Permission.VIEW)
def phrase_remove(request: Request, phrase_id: int) -> HttpResponse:
    """Forget one of the viewer's own opinions."""
    actions.remove_own_phrase(actor=request.actor, phrase_id=phrase_id, now=clock.now())
    messages.success(request, _("常用语已删除"))
    return redirect("office:phrases")


@require_POST
@allow(Permission.VIEW)
def filter_save(request: Request) -> HttpResponse:
    """Keep the list that is shown under a name, and show it again."""
    form = SaveFilterForm(request.POST)
    query = request.POST.get("query", "")
    try:
        if not form.is_valid():
            messages.error(request, _("请填写筛选的名称，最多 30 个字"))
        else:
            saved = actions.save_filter(actor=request.actor, now=clock.now(), **form.cleaned_data)
            query = saved.query
            messages.success(request, _("已保存筛选“%(name)s”") % {"name": saved.name})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(f"{reverse('cases:list')}?{query}" if len(query) <= 2000 and query.isascii() else "cases:list")


@require_POST
@allow(Permission.VIEW)
def filter_pin(request: Request, filter_id: int) -> HttpResponse:
    """Show a list on the desk, or no longer."""
    try:
        actions.pin_filter(
            actor=request.actor, filter_id=filter_id, is_pinned=request.POST.get("on") == "1", now=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("office:watched")


@require_POST
@allow(Permission.VIEW)
def filter_remove(request: Request, filter_id: int) -> HttpResponse:
    """Forget a list."""
    actions.remove_filter(actor=request.actor, filter_id=filter_id, now=clock.now())
    messages.success(request, _("筛选已删除"))
    return redirect("office:watched")


@require_POST
@allow(Permission.VIEW)
def watch(request: Request, case_id: int) -> HttpResponse:
    """Hear of every step of a case from now on."""
    try:
        actions.watch_case(actor=request.actor, case_id=case_id, now=clock.now())
        messages.success(request, _("已关注，案件每有进展都会通知您"))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("cases:case", case_id)


@require_POST
@allow(Permission.VIEW)
def unwatch(request: Request, case_id: int) -> HttpResponse:
    """Hear of a case no longer."""
    actions.unwatch_case(actor=request.actor, case_id=case_id, now=clock.now())
    messages.success(request, _("已取消关注"))
    return redirect("office:watched") if request.POST.get("back") == "list" else redirect("cases:case", case_id)


@require_safe
@allow(SIGNED_IN)
def watched(request: Request) -> HttpResponse:
    """Show the cases that the viewer watches and the lists that the viewer keeps."""
    page, cases = queries.list_watched(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page, "views": [(view, category_name(view)) for view in case_queries.describe(cases)],
        "filters": queries.list_filters(viewer=request.actor),
    }  # fmt: skip
    return respond(request, "office/watched.html", None, context)
