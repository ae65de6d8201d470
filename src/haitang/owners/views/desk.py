"""The desk's pages of decisions: drafts, the notice, the vote, paper ballots, the close."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.clock import LOCAL
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.privacy import mask_name
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.owners import actions, forms, queries
from haitang.owners.lifecycle import OBJECTED_IN, Deed, SheetStatus, leads
from haitang.owners.values import Choice, Permission, article
from haitang.owners.views.shared import COLOURS, OBJECTION_COLOURS, coloured, steps_of


@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the decisions of the estates within reach."""
    views = queries.list_decisions(viewer=request.actor, now=clock.now())
    return respond(request, "owners/desk.html", None, {"decisions": coloured(views)})


@form_page
@allow(Permission.PREPARE)
def decision_new(request: Request, estate_id: int) -> HttpResponse:
    """Draft a decision."""
    estate = queries.get_estate(viewer=request.actor, estate_id=estate_id)
    form, status = forms.DecisionForm(sent(request)), 200
    if request.method == "POST":
        made: list[int] = []
        status = attempt(
            form,
            lambda: made.append(actions.draft_decision(estate_id=estate_id, new=form.new(), **said(request)).pk),
            {"questions": "text_1"},
        )
        if not status:
            messages.success(request, _("草案已保存，核对后公示"))
            return redirect("owners:vote", made[0])
    context = {"form": form, "title": _("起草业主表决"), "estate": estate}
    return respond(request, "owners/form.html", None, context, status)


@form_page
@allow(Permission.PREPARE)
def decision_change(request: Request, decision_id: int) -> HttpResponse:
    """Change a draft."""
    page = queries.get_decision_page(viewer=request.actor, decision_id=decision_id, now=clock.now())
    known = page.view.decision
    form, status = forms.DecisionForm(sent(request), known=known, questions=page.questions), 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_decision(decision_id=decision_id, new=form.new(), **said(request)),
            {"questions": "text_1"},
        )  # fmt: skip
        if not status:
            messages.success(request, _("已修改"))
            return redirect("owners:vote", decision_id)
    context = {"form": form, "title": _("修改草案"), "estate": page.view.estate}
    return respond(request, "owners/form.html", None, context, status)


def _show(request: Request, decision_id: int, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    page = queries.get_decision_page(viewer=request.actor, decision_id=decision_id, now=clock.now())
    decision = page.view.decision
    may = {
        f"may_{deed.value}": right in page.may and leads(decision.status, deed)
        for deed, right in (
            (Deed.CHANGE, "prepare"), (Deed.ANNOUNCE, "prepare"), (Deed.REDRAW, "prepare"), (Deed.CANCEL, "prepare"),
            (Deed.OPEN, "close"), (Deed.EXTEND, "close"), (Deed.STOP, "close"), (Deed.RESUME, "close"),
            (Deed.CLOSE, "close"),
        )
    }  # fmt: skip
    shown: dict[str, Any] = {}
    for name, kind in (("cancel", forms.ReasonForm), ("extend", forms.ExtendForm), ("resume", forms.ReasonForm)):
        if may[f"may_{name}"]:
            shown[name] = kind(auto_id=f"{name}_%s")
    if decision.status in OBJECTED_IN and "prepare" in page.may:
        shown["object"] = forms.DeskObjectionForm(auto_id="object_%s")
        shown["settle"] = forms.SettleForm(auto_id="settle_%s")
    context = {
        "page": page, "view": page.view, "decision": decision, "estate": page.view.estate,
        "colour": COLOURS[decision.status], "steps": steps_of(page.entries), "article": article(),
        "objections": [(each, OBJECTION_COLOURS[each.status]) for each in page.objections],
        "contradictions": [
            (paper.entry, paper.question, Choice(paper.choice).label, Choice(other.choice).label,
             paper.get_channel_display() if paper.counts else other.get_channel_display())
            for paper, other in page.contradictions
        ],
        "may_codes": "prepare" in page.may and (may["may_redraw"] or leads(decision.status, Deed.STOP)),
        "may_enter": "enter" in page.may, "may_ballots": "close" in page.may and decision.closed_at is not None,
        "forms": {**shown, **(refused or {})}, **may,
    }  # fmt: skip
    return respond(request, "owners/vote.html", None, context, status)


@require_safe
@never_cache
@allow(Permission.VIEW)
def vote(request: Request, decision_id: int) -> HttpResponse:
    """Show one decision to staff."""
    return _show(request, decision_id)


@require_POST
@never_cache
@allow(Permission.VIEW)
def vote_deed(request: Request, decision_id: int, name: str) -> HttpResponse:
    """Lead a decision on; the actions ask who may."""
    about: dict[str, Any] = {"decision_id": decision_id, **said(request)}
    plain: dict[str, tuple[Callable[..., Any], str]] = {
        "announce": (actions.announce_decision, _("已公示，名册已固定")),
        "redraw": (actions.redraw_roll, _("名册已按最新登记更正")),
        "open": (actions.open_decision, _("表决已开始")), "stop": (actions.stop_voting, _("已申请结束，等另一人确认")),
        "close": (actions.close_decision, _("已结束，结果已公布")),
        "delivered": (actions.note_delivered, _("已登记全部送达")),
    }  # fmt: skip
    if name in plain:
        action, done = plain[name]
        try:
            action(**about)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, "；".join(dict.fromkeys([refusal.message, *refusal.fields.values()])))
            return redirect("owners:vote", decision_id)
        messages.success(request, done)
        return redirect("owners:vote", decision_id)
    known: dict[str, tuple[Any, Callable[..., Any], str]] = {
        "cancel": (forms.ReasonForm, actions.cancel_decision, _("已取消")),
        "extend": (forms.ExtendForm, actions.extend_voting, _("已延长")),
        "resume": (forms.ReasonForm, actions.resume_counting, _("已退回")),
        "object": (forms.DeskObjectionForm, actions.raise_objection, _("异议已登记")),
    }
    if name not in known:
        raise NotFound(_("没有这个页面"))
    kind, action, done = known[name]
    form = kind(request.POST, auto_id=f"{name}_%s")
    status = attempt(form, lambda: action(**form.cleaned_data, **about))
    if status:
        return _show(request, decision_id, refused={name: form}, status=status)
    messages.success(request, done)
    return redirect("owners:vote", decision_id)


@require_POST
@never_cache
@allow(Permission.PREPARE)
def settle(request: Request, decision_id: int, objection_id: int) -> HttpResponse:
    """Answer an objection."""
    form = forms.SettleForm(request.POST, auto_id="settle_%s")
    status = attempt(
        form, lambda: actions.settle_objection(objection_id=objection_id, **form.cleaned_data, **said(request))
    )
    if status:
        return _show(request, decision_id, refused={"settle": form}, status=status)
    messages.success(request, _("已答复"))
    return redirect("owners:vote", decision_id)


@require_safe
@never_cache
@allow(Permission.VIEW)
def roll(request: Request, decision_id: int) -> HttpResponse:
    """Show the roll: who may vote, and who has; what they said is not shown."""
    search, page = request.GET.get("search", ""), request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    decision = queries.get_decision(viewer=request.actor, decision_id=decision_id)
    rows, more = queries.list_roll(viewer=request.actor, decision_id=decision_id, search=search, page=number)
    context = {
        "decision": decision, "search": search, "number": number, "more": more,
        "rows": [(row, "、".join(mask_name(name) for name in row.names.split("、"))) for row in rows],
        "may_enter": request.actor.holds(Permission.ENTER, area_path=decision.area_path)
        and leads(decision.status, Deed.STOP),
        "may_codes": request.actor.holds(Permission.PREPARE, area_path=decision.area_path)
        and (leads(decision.status, Deed.STOP) or leads(decision.status, Deed.REDRAW)),
    }  # fmt: skip
    return respond(request, "owners/roll.html", None, context)


@require_POST
@never_cache
@allow(Permission.PREPARE)
def codes(request: Request, decision_id: int) -> HttpResponse:
    """Make codes for all who have none and give them as a workbook, this once; or one anew, for `entry`."""
    entry = request.POST.get("entry", "")
    chosen = [int(entry)] if entry.isascii() and entry.isdigit() and len(entry) < 19 else None
    made = actions.issue_voting_codes(decision_id=decision_id, entry_ids=chosen, **said(request))
    if not made:
        messages.warning(request, _("名册上每一户都已有表决码；遗失的请在名册中单独重发"))
        return redirect("owners:vote", decision_id)
    return workbook(_("表决码（只给这一次）"), queries.code_columns(), queries.code_rows(made))


@never_cache
@form_page
@allow(Permission.ENTER)
def paper(request: Request, decision_id: int, entry_id: int) -> HttpResponse:
    """Type a paper ballot in; what the first reader has read is not shown to the second."""
    entry = queries.get_roll_entry(viewer=request.actor, decision_id=decision_id, entry_id=entry_id)
    page = queries.get_decision_page(viewer=request.actor, decision_id=decision_id, now=clock.now())
    sheet = queries.find_sheet(entry_id)
    done = sheet is not None and sheet.status == SheetStatus.DONE
    reconcile = sheet is not None and sheet.status == SheetStatus.DIFFERS
    form, status = _paper_form(request, page.questions, sheet), 200
    if request.method == "POST":

        def write() -> None:
            if done:
                actions.take_paper_back(entry_id=entry_id, reason=form.cleaned_data["reason"], **said(request))
                return
            given = {name: form.cleaned_data[name] for name in ("handed_in_at", "reason") if name in form.cleaned_data}
            action = actions.reconcile_paper if reconcile else actions.read_paper
            action(entry_id=entry_id, choices=form.choices(), **given, **said(request))

        status = attempt(form, write)
        if not status:
            messages.success(request, _("已退回，请由两个人重新录入") if done else _("已录入"))
            return redirect("owners:roll", decision_id)
    context = {
        "form": form, "entry": entry, "decision": page.view.decision, "sheet": sheet, "reconcile": reconcile,
        "readings": _readings(page.questions, sheet) if reconcile and "close" in page.may else [],
        "shows_form": "close" in page.may if done or reconcile else True,
    }  # fmt: skip
    return respond(request, "owners/paper.html", None, context, status)


def _paper_form(request: Request, questions: list[Any], sheet: Any) -> Any:
    """Return what this paper takes next: a reading, a decision between two, or why it is taken back."""
    if sheet is not None and sheet.status == SheetStatus.DONE:
        return forms.ReasonForm(sent(request))
    kind = forms.ReconcileForm if sheet is not None and sheet.status == SheetStatus.DIFFERS else forms.PaperForm
    handed = {"handed_in_at": sheet.handed_in_at.astimezone(LOCAL)} if sheet else None
    return kind(sent(request), questions=questions, complete=False, initial=handed)


def _readings(questions: list[Any], sheet: Any) -> list[tuple[Any, str, str]]:
    def word(read: dict[str, str] | None, key: int) -> str:
        choice = (read or {}).get(str(key))
        return str(Choice(choice).label) if choice else _("未填写或无法辨认")

    return [(each, word(sheet.first, each.pk), word(sheet.second, each.pk)) for each in questions]
