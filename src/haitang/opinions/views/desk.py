"""The desk: conversations prepared, statements read, opened and closed; answers on paper; the rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import history
from haitang.core.access import allow, allows
from haitang.core.errors import NotFound, Refusal
from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.opinions import actions, forms, policies, queries
from haitang.opinions.lifecycle import Deed, StatementStatus, Status, leads
from haitang.opinions.values import Permission
from haitang.opinions.views.shared import COLOURS, phase_of


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the conversations of the viewer's areas."""
    form = forms.DeskFilterForm(request.GET, viewer=request.actor)
    page = queries.list_conversations(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    now = said(request)["now"]
    lines = [
        (view, COLOURS[view.conversation.status], phase_of(view.conversation, now))
        for view in queries.describe_conversations(page.rows)
    ]
    context = {"form": form, "page": page, "lines": lines, "may_start": request.actor.holds(Permission.MANAGE)}
    return respond(request, "opinions/desk.html", "opinions/_desk.html", context)


@never_cache
@form_page
@allow(Permission.MANAGE)
def desk_new(request: Request) -> HttpResponse:
    """Let staff begin a conversation."""
    form = forms.ConversationForm(sent(request), viewer=request.actor, now=said(request)["now"])
    status, made = 200, []  # type: int, list[int]
    if request.method == "POST":
        status = attempt(form, lambda: made.append(actions.start_conversation(new=form.new(), **said(request)).pk))
        if not status:
            messages.success(request, _("已保存。看过以后开始征集"))
            return redirect("opinions:desk_conversation", made[0])
    return respond(request, "opinions/desk_form.html", None, {"form": form}, status)


@never_cache
@form_page
@allow(Permission.MANAGE)
def desk_change(request: Request, conversation_id: int) -> HttpResponse:
    """Let staff change a conversation that is not open yet."""
    row = queries.get_conversation(viewer=request.actor, conversation_id=conversation_id)
    form = forms.ConversationForm(sent(request), viewer=request.actor, known=row, now=said(request)["now"])
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: actions.change_conversation(conversation_id=conversation_id, new=form.new(), **said(request)),
        )
        if not status:
            messages.success(request, _("已保存"))
            return redirect("opinions:desk_conversation", conversation_id)
    return respond(request, "opinions/desk_form.html", None, {"form": form, "row": row}, status)


def _show(
    request: Request, conversation_id: int, shown: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    viewer = request.actor
    row = queries.get_conversation(viewer=viewer, conversation_id=conversation_id)
    manages = allows(policies.check_can_manage, viewer, row)
    moderates = allows(policies.check_can_moderate, viewer, row) and row.status != Status.CLOSED
    by_status: dict[str, list[Any]] = {each: [] for each in StatementStatus.values}
    for statement in queries.list_statements(row.pk):
        by_status[statement.status].append(statement)
    context = {
        "row": row, "view": queries.describe_conversations([row])[0], "colour": COLOURS[row.status],
        "phase": phase_of(row, said(request)["now"]), "manages": manages, "moderates": moderates,
        "may_change": manages and leads(row.status, Deed.CHANGE), "may_open": manages and leads(row.status, Deed.OPEN),
        "may_close": manages and leads(row.status, Deed.CLOSE), "waiting": by_status[StatementStatus.WAITING],
        "accepted": by_status[StatementStatus.ACCEPTED], "denied": by_status[StatementStatus.DENIED],
        "seeds": forms.SeedsForm() if manages and leads(row.status, Deed.SEED) else None,
        "reason": forms.ReasonForm() if moderates else None, "seeds_min": queries.rules()["seeds_min"],
        "results": queries.get_results(viewer=viewer, conversation=row) if row.status != Status.DRAFT else None,
        "steps": [
            {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name,
             "organization": entry.organization_name, "text": entry.data.get("reason") or ""}
            for entry in history.timeline("conversation", row.pk)
        ],
        **(shown or {}),
    }  # fmt: skip
    return respond(request, "opinions/desk_conversation.html", None, context, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def desk_conversation(request: Request, conversation_id: int) -> HttpResponse:
    """Show one conversation to staff."""
    return _show(request, conversation_id)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def desk_deed(request: Request, conversation_id: int, name: str) -> HttpResponse:
    """Add statements, open, or close."""
    given = {"conversation_id": conversation_id, **said(request)}
    if name == "seed":
        form = forms.SeedsForm(request.POST)
        status = attempt(form, lambda: actions.add_seeds(seeds=form.cleaned_data["seeds"].splitlines(), **given))
        if status:
            return _show(request, conversation_id, {"seeds": form}, status)
        messages.success(request, _("已添加"))
    elif name in ("open", "close"):
        deed = actions.open_conversation if name == "open" else actions.close_conversation
        try:
            deed(**given)
        except NotFound:
            raise
        except Refusal as refusal:
            return _show(request, conversation_id, {"refused": refusal.message}, refusal.status)
        messages.success(
            request, _("已开始征集") if name == "open" else _("已结束，结果已公布，表态与账号的联系已销毁")
        )
    else:
        raise NotFound(_("没有这个页面"))
    return redirect("opinions:desk_conversation", conversation_id)


@require_POST
@never_cache
@allow(Permission.MODERATE)
def moderate(request: Request, conversation_id: int, statement_id: int) -> HttpResponse:
    """Show a statement to everybody, or say why not."""
    if request.POST.get("deed") == "accept":
        actions.accept_statements(statement_ids=[statement_id], **said(request))
        messages.success(request, _("已公开，大家可以表态了"))
        return redirect("opinions:desk_conversation", conversation_id)
    form = forms.ReasonForm(request.POST)
    status = attempt(
        form, lambda: actions.deny_statement(statement_id=statement_id, **form.cleaned_data, **said(request))
    )
    if status:
        return _show(request, conversation_id, {"reason": form, "denying": statement_id}, status)
    messages.success(request, _("已处理，作者会看到原因"))
    return redirect("opinions:desk_conversation", conversation_id)


@never_cache
@form_page
@allow(Permission.MANAGE)
def sheet(request: Request, conversation_id: int) -> HttpResponse:
    """Take in one sheet of paper after the other."""
    row = queries.get_conversation(viewer=request.actor, conversation_id=conversation_id)
    policies.check_can_manage(request.actor, row)
    form = forms.SheetForm(sent(request), statements=queries.list_statements(row.pk, StatementStatus.ACCEPTED))
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda: actions.enter_sheets(conversation_id=conversation_id, sheets=[form.sheet()], **said(request)),
        )
        if not status:
            messages.success(request, _("已录入一张，可以接着录下一张"))
            return redirect("opinions:sheet", conversation_id)
    return respond(request, "opinions/sheet.html", None, {"form": form, "row": row}, status)


@never_cache
@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    form = forms.SettingsForm(sent(request), lines=queries.list_opinion_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_opinion_setting, "opinions/settings.html", "opinions:settings")
