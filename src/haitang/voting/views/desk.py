"""The staff's pages: preparing, the roll, codes, opening, papers, closing, opening the box."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.voting import actions, forms, queries
from haitang.voting.values import Permission
from haitang.voting.views.shared import COLOURS, grouped, shown


@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the votes of the viewer's areas."""
    lines = [(row, COLOURS[row.status]) for row in queries.list_votes(viewer=request.actor)]
    may_prepare = request.actor.holds(Permission.PREPARE)
    return respond(request, "voting/desk.html", None, {"lines": lines, "may_prepare": may_prepare})


@form_page
@allow(Permission.PREPARE)
def vote_form(request: Request, vote_id: int | None = None) -> HttpResponse:
    """Prepare a vote, or change one that has not opened."""
    known = queries.get_vote(viewer=request.actor, vote_id=vote_id) if vote_id is not None else None
    form, status = forms.VoteForm(sent(request), viewer=request.actor, known=known), 200
    rows: list[Any] = []
    if request.method == "POST":
        status = attempt(
            form, lambda: rows.append(actions.keep_vote(plan=form.plan(), vote_id=vote_id, **said(request)))
        )
        if not status:
            messages.success(request, _("已保存。开放以前都可以修改"))
            return redirect("voting:staff_vote", rows[0].pk)
    return respond(request, "voting/form.html", None, {"form": form, "known": known}, status)


@never_cache
@require_safe
@allow(Permission.VIEW)
def staff_vote(request: Request, vote_id: int) -> HttpResponse:
    """Show a vote with how far it has come, and what the viewer may do about it."""
    return _vote(request, vote_id)


def _vote(request: Request, vote_id: int, status: int = 200, **more: Any) -> HttpResponse:
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    deeds = queries.deeds_of(request.actor, row, clock.now())
    context = {
        **shown(row), "deeds": deeds, "turnout": queries.turnout_of(viewer=request.actor, vote=row),
        "keys": forms.KeysForm() if "count" in deeds else None,
        "blanks": forms.BlanksForm() if "paper" in deeds and row.takes_ballots else None, **more,
    }  # fmt: skip
    return respond(request, "voting/staff_vote.html", None, context, status)


_DEEDS: dict[str, Callable[..., Any]] = {
    "open": actions.propose_opening, "confirm-open": actions.confirm_opening, "close": actions.propose_closing,
    "confirm-close": actions.confirm_closing,
}  # fmt: skip


@require_POST
@never_cache
@allow(Permission.ADMINISTER)
def deed(request: Request, vote_id: int, name: str) -> HttpResponse:
    """Propose or confirm opening or closing; a key is shown in the answer and nowhere else."""
    if name not in _DEEDS:
        raise NotFound(_("没有这个操作"))
    try:
        key = _DEEDS[name](vote_id=vote_id, **said(request))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("voting:staff_vote", vote_id)
    if key is None:
        messages.success(request, _("已提请，等第二位管理人员确认") if name == "close" else _("投票已截止"))
        return redirect("voting:staff_vote", vote_id)
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    context = {**shown(row), "key": grouped(key), "is_second": name == "confirm-open"}
    return respond(request, "voting/key.html", None, context)


@require_POST
@never_cache
@sensitive_post_parameters()
@allow(Permission.ADMINISTER)
def count(request: Request, vote_id: int) -> HttpResponse:
    """Open the box with both keys."""
    form = forms.KeysForm(request.POST)

    def write() -> None:
        given = form.cleaned_data
        actions.count_vote(vote_id=vote_id, codes=[given["first"], given["second"]], **said(request))

    if status := attempt(form, write):
        return _vote(request, vote_id, status, keys=form)
    messages.success(request, _("已开箱计票并公布"))
    return redirect("voting:vote", vote_id)


@form_page
@never_cache
@sensitive_post_parameters()
@allow(Permission.VIEW)
def roll(request: Request, vote_id: int) -> HttpResponse:
    """Show the roll a page at a time, and take people on it before the vote opens."""
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    deeds = queries.deeds_of(request.actor, row, clock.now())
    form, status = forms.RollForm(sent(request)), 200
    if request.method == "POST":
        added: list[int] = []
        status = attempt(form, lambda: added.append(
            actions.list_voters(vote_id=vote_id, voters=form.cleaned_data["people"], **said(request))
        ))  # fmt: skip
        if not status:
            messages.success(request, _("已录入 %(n)d 人") % {"n": added[0]})
            return redirect("voting:roll", vote_id)
    text = request.GET.get("start", "")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    waiting = request.GET.get("show") == "waiting"
    return _roll(request, row, deeds, form, status, waiting=waiting, start=start)


def _roll(request: Request, row: Any, deeds: frozenset[str], form: Any, status: int, **wanted: Any) -> HttpResponse:
    lines = queries.list_roll(viewer=request.actor, vote=row, **wanted)
    context = {
        **shown(row), "deeds": deeds, "form": form, "lines": lines, "wanted": wanted,
        "search": wanted.pop("search", None) or forms.DocumentForm(),
        "next": lines[-1].entry.number + 1 if len(lines) == queries.PAGE else 0,
    }  # fmt: skip
    return respond(request, "voting/roll.html", None, context, status)


@require_POST
@never_cache
@sensitive_post_parameters()
@allow(Permission.VIEW)
def look_up(request: Request, vote_id: int) -> HttpResponse:
    """Find somebody on the roll by the number of a document, which stands in no address."""
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    search = forms.DocumentForm(request.POST)
    document = search.cleaned_data["document"] if search.is_valid() else ""
    deeds = queries.deeds_of(request.actor, row, clock.now())
    return _roll(request, row, deeds, forms.RollForm(), 200, document=document)


@require_POST
@never_cache
@allow(Permission.ROLL)
def codes(request: Request, vote_id: int) -> HttpResponse:
    """Make codes for everybody who has none, and show the sheets to be printed, this once."""
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    try:
        sheets = actions.print_codes(vote_id=vote_id, **said(request))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("voting:staff_vote", vote_id)
    return _sheets(request, row, sheets)


def _sheets(request: Request, row: Any, sheets: list[Any]) -> HttpResponse:
    lines = [(sheet, grouped(sheet.code)) for sheet in sheets]
    address = request.build_absolute_uri("/votes/")
    return respond(request, "voting/sheets.html", None, {**shown(row), "lines": lines, "address": address})


@require_POST
@never_cache
@allow(Permission.VIEW)
def entry_deed(request: Request, entry_id: int, name: str) -> HttpResponse:
    """Hand out a code, take or give back paper, prove residence or refuse it."""
    entry = queries.get_entry(viewer=request.actor, entry_id=entry_id)
    told = {"entry_id": entry_id, **said(request)}
    done = {
        "code": lambda: actions.hand_out_code(**told), "paper": lambda: actions.take_paper(**told),
        "no-paper": lambda: actions.give_back_paper(**told),
        "prove": lambda: actions.judge_residence(proven=True, **told),
        "refuse": lambda: actions.judge_residence(proven=False, reason=request.POST.get("reason", "")[:200], **told),
    }  # fmt: skip
    if name not in done:
        raise NotFound(_("没有这个操作"))
    try:
        made = done[name]()
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("voting:roll", entry.vote_id)
    if name == "code":
        return _sheets(request, queries.get_vote(viewer=request.actor, vote_id=entry.vote_id), [made])
    messages.success(request, _("已登记"))
    return redirect("voting:roll", entry.vote_id)


@form_page
@never_cache
@sensitive_post_parameters()
@allow(Permission.PAPER)
def paper(request: Request, vote_id: int, sheet_id: int | None = None) -> HttpResponse:
    """Enter a ballot of paper, or decide as the third person what stands on one."""
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    form, status, made = forms.PaperForm(sent(request), paper=row.paper), 200, []
    if sheet_id is not None:
        del form.fields["serial"]

    def write() -> None:
        if sheet_id is not None:
            made.append(actions.decide_paper(sheet_id=sheet_id, marks=form.marks(), **said(request)))
        else:
            given = {"vote_id": vote_id, "serial": form.cleaned_data["serial"], "marks": form.marks()}
            made.append(actions.enter_paper(**given, **said(request)))

    if request.method == "POST":
        status = attempt(form, write)
        if not status:
            messages.success(request, _said_of(made[0]))
            return redirect("voting:paper", vote_id)
    sheets = queries.list_sheets(viewer=request.actor, vote=row)
    sheet = next((each for each in sheets if each.pk == sheet_id), None)
    if sheet_id is not None and sheet is None:
        raise NotFound(_("没有这张纸质票"))
    context = {**shown(row), "form": form, "sheets": sheets, "sheet": sheet}
    return respond(request, "voting/paper.html", None, context, status)


@require_POST
@never_cache
@allow(Permission.PAPER)
def blanks(request: Request, vote_id: int) -> HttpResponse:
    """Show blank ballots to be printed, each with a number that is shown this once."""
    form, serials = forms.BlanksForm(request.POST), []

    def write() -> None:
        serials.extend(actions.print_papers(vote_id=vote_id, count=form.cleaned_data["count"], **said(request)))

    if status := attempt(form, write):
        return _vote(request, vote_id, status, blanks=form)
    row = queries.get_vote(viewer=request.actor, vote_id=vote_id)
    context = {**shown(row), "serials": [grouped(each) for each in serials]}
    return respond(request, "voting/blanks.html", None, context)


def _said_of(sheet: Any) -> str:
    if sheet.agreed is not None:
        return _("两次录入一致，已认定") if sheet.third_by_id is None else _("已复核认定")
    return _("已录入第一遍，请另一个人录第二遍") if sheet.second is None else _("两遍不一致，请第三个人复核")


@form_page
@allow(Permission.SETTINGS)
def settings(request: Request) -> HttpResponse:
    """Show and change the rules for all votes; only what was changed is written."""
    form = forms.SettingsForm(sent(request), lines=queries.list_voting_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_voting_setting, "voting/settings.html", "voting:settings")
