"""What residents see: rounds, proposals, what came of each and why; and what they say to them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui import entering
from haitang.core.ui.entering import attempt, photo_response, said
from haitang.core.ui.pages import respond
from haitang.rounds import actions, forms, queries
from haitang.rounds.lifecycle import PUBLIC, Deed, MergerStatus, Status, leads
from haitang.rounds.values import Task
from haitang.rounds.views.shared import COLOURS, base_for, followed, shown, steps_of, tinted, today


@require_safe
@allow(ANYONE)
def rounds(request: Request) -> HttpResponse:
    """Show the published rounds."""
    lines = queries.list_public_rounds(today=today())
    known = request.actor.id is not None
    context = {"lines": lines, "base": base_for(request.actor), "is_known": known,
               "sittings": queries.list_own_sittings(viewer=request.actor) if known else []}  # fmt: skip
    return respond(request, "rounds/rounds.html", None, context)


@require_safe
@allow(ANYONE)
def public_round(request: Request, round_id: int) -> HttpResponse:
    """Show a round: where it stands, its money, its rules, its proposals."""
    row = queries.get_public_round(round_id=round_id)
    about = shown(row)
    form = forms.FilterForm(request.GET, pots=about["pots"], public=True)
    rows = queries.list_public_proposals(round_id=row.pk, wanted=form.wanted())
    context = {
        **about, "base": base_for(request.actor), "form": form, "lines": tinted(rows),
        "may_propose": Task.PROPOSE in about["tasks"],
    }  # fmt: skip
    return respond(request, "rounds/round.html", "rounds/_proposals.html", context)


@require_safe
@allow(ANYONE)
def outcome(request: Request, pot_id: int) -> HttpResponse:
    """Show what came of the vote about a pot: every project with its reason, and whom the outcome serves."""
    pot = queries.get_public_pot(pot_id=pot_id)
    context = {
        **shown(pot.round), "pot": pot, "lines": queries.list_outcome(pot), "fairness": queries.describe_fairness(pot),
        "base": base_for(request.actor),
    }  # fmt: skip
    return respond(request, "rounds/outcome.html", None, context)


@never_cache
@require_safe
@allow(SIGNED_IN)
def mine(request: Request) -> HttpResponse:
    """Show what the viewer has proposed."""
    rows = queries.list_own_proposals(viewer=request.actor)
    return respond(request, "rounds/mine.html", None, {"lines": tinted(rows), "base": base_for(request.actor)})


@require_safe
@allow(ANYONE)
def proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Show a proposal, and what the viewer may say to it."""
    return _show(request, proposal_id)


def _show(
    request: Request, proposal_id: int, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    page = queries.get_proposal_page(viewer=request.actor, proposal_id=proposal_id)
    row = page.proposal
    tasks = queries.tasks_today(row.round, today())
    known = request.actor.id is not None
    could: dict[str, Any] = {}
    waits = page.merger is not None and page.merger.merger.status == MergerStatus.WAITING
    if page.mine and waits and page.merger is not None and page.merger.agreed is None:
        could["merge"] = forms.ConsentForm(by_staff=False)
    if page.mine and leads(row.status, Deed.WITHDRAW) and page.merger is None:
        could["withdraw"] = forms.ReasonForm(auto_id="withdraw_%s")
    if page.mine and leads(row.status, Deed.CHANGE):
        could["photos"] = forms.PhotoForm()
    if known and Task.REMARK in tasks and row.status in (Status.SHORTLISTED, Status.DECLINED):
        could["remark"] = forms.RemarkForm(auto_id="remark_%s")
    context = {
        "base": base_for(request.actor), "page": page, "proposal": row, "colour": COLOURS[row.status],
        "forms": {**could, **(refused or {})}, "why": queries.explain_proposal(row),
        "follow": followed(page),
        "steps": steps_of(page.entries) if page.mine else [],
        "may_join": known and not page.mine and Task.JOIN in tasks and row.status in PUBLIC
        and row.status != Status.MERGED,
    }  # fmt: skip
    return respond(request, "rounds/proposal.html", None, context, status)


@require_safe
@allow(ANYONE)
def photo(request: Request, proposal_id: int, photo_id: int) -> HttpResponse:
    """Give a photo of a proposal that the viewer may read."""
    found = queries.get_photo(viewer=request.actor, proposal_id=proposal_id, photo_id=photo_id)
    return photo_response(request, found.digest)


@require_POST
@never_cache
@allow(SIGNED_IN)
def own_deed(request: Request, proposal_id: int, name: str) -> HttpResponse:
    """Do what a resident can: stand behind a proposal, take one's own back, answer a merger, say something."""
    given = {"proposal_id": proposal_id, **said(request)}
    if name in ("join", "leave"):
        actions.join_proposal(joins=name == "join", **given)
        messages.success(request, _("已联名") if name == "join" else _("已取消联名"))
        return redirect("rounds:proposal", proposal_id)
    known: dict[str, tuple[Any, Callable[[Any], Any], str]] = {
        "withdraw": (
            forms.ReasonForm(request.POST, auto_id="withdraw_%s"),
            lambda form: actions.withdraw_proposal(reason=form.cleaned_data["reason"], **given), _("提案已撤回"),
        ),
        "remark": (
            forms.RemarkForm(request.POST, auto_id="remark_%s"),
            lambda form: actions.remark_on(words=form.cleaned_data["words"], **given), _("已提交，社区会答复"),
        ),
        "merge": (
            forms.ConsentForm(request.POST, by_staff=False),
            lambda form: actions.answer_merger(merger_id=_merger_of(request, proposal_id), **form.given(), **given),
            _("已答复"),
        ),
        "photos": (
            forms.PhotoForm(request.POST, request.FILES), lambda form: keep_photos(request, proposal_id, form),
            _("照片已处理"),
        ),
    }  # fmt: skip
    if name not in known:
        raise NotFound(_("没有这个操作"))
    form, write, done = known[name]
    status = attempt(form, lambda: write(form))
    if status:
        return _show(request, proposal_id, {name: form}, status)
    messages.success(request, done)
    return redirect("rounds:proposal", proposal_id)


def _merger_of(request: Request, proposal_id: int) -> int:
    part = queries.get_proposal_page(viewer=request.actor, proposal_id=proposal_id).merger
    if part is None:
        raise NotFound(_("没有这次合并"))
    return int(part.merger_id)


def keep_photos(request: Request, proposal_id: int, form: Any) -> None:
    """Add what was sent as far as it is photos, and say of every other why not."""
    add = partial(actions.add_proposal_photo, proposal_id=proposal_id, **said(request))
    entering.keep_photos(request, form.cleaned_data["photos"], lambda data: add(data=data))
