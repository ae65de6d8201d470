"""The staff's pages of rounds: the list, a round with its phases and money, ballots, outcomes, projects."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.rounds import actions, forms, queries
from haitang.rounds.lifecycle import Status
from haitang.rounds.values import (
    BallotRule,
    Decides,
    Permission,
    PhaseDraft,
    PotDraft,
    RoundDraft,
    Task,
    default_phases,
)
from haitang.rounds.views.shared import shown, tinted, today
from haitang.voting.lifecycle import Status as VoteStatus


@require_safe
@allow(Permission.VIEW)
def desk(request: Request) -> HttpResponse:
    """Show the rounds where the viewer works with them."""
    lines = queries.list_rounds(viewer=request.actor, today=today())
    context = {"lines": lines, "may_manage": request.actor.holds(Permission.MANAGE)}
    return respond(request, "rounds/desk.html", None, context)


@form_page
@allow(Permission.MANAGE)
def round_form(request: Request, round_id: int | None = None) -> HttpResponse:
    """Enter a round, or change one; a new one begins with the phases as shipped."""
    known = queries.get_round(viewer=request.actor, round_id=round_id) if round_id is not None else None
    form = forms.RoundForm(sent(request), viewer=request.actor, initial_of=_draft_of(known))
    status = 200
    if request.method == "POST":
        made: list[Any] = []
        status = attempt(
            form, lambda: made.append(actions.keep_round(draft=form.draft(), round_id=round_id, **said(request)))
        )
        if not status:
            messages.success(request, _("已保存"))
            return redirect("rounds:staff_round", made[0].pk)
    return respond(request, "rounds/round_form.html", None, {"form": form, "known": known}, status)


def _draft_of(known: Any) -> RoundDraft:
    if known is None:
        return RoundDraft("", 0, (), default_phases(today()), BallotRule())
    pots = tuple(PotDraft(line.pot.area_id, line.pot.budget_fen) for line in queries.pots_of(known.pk))
    phases = tuple(
        PhaseDraft(each.name, each.begins_on, each.ends_on, tuple(each.tasks), each.source)
        for each in queries.phases_of(known.pk)
    )
    return RoundDraft(known.title, known.area_id, pots, phases, known.rule, known.words)


@require_safe
@allow(Permission.VIEW)
def staff_round(request: Request, round_id: int) -> HttpResponse:
    """Show a round with its proposals, and what the viewer may do about each pot today."""
    row = queries.get_round(viewer=request.actor, round_id=round_id)
    about = shown(row)
    form = forms.FilterForm(request.GET, pots=about["pots"], public=False)
    counted = queries.count_by_status(viewer=request.actor, round_=row)
    actor, tasks = request.actor, about["tasks"]
    rows = queries.list_proposals(viewer=actor, round_=row, wanted=form.wanted())
    context = {
        **about, "form": form, "lines": tinted(rows),
        "counted": [(Status(each).label, counted[each]) for each in Status.values if counted.get(each)],
        "pot_lines": [(line, _deeds(actor, line, tasks)) for line in about["pots"]],
        "mergers": queries.list_mergers(viewer=actor, round_=row),
        "may_manage": actor.holds(Permission.MANAGE, area_path=row.area_path),
        "may_enter": Task.ENTER in tasks and actor.holds(Permission.ENTER),
        "may_start": Task.START in tasks and actor.holds(Permission.MANAGE) and bool(counted.get(Status.CHOSEN)),
    }  # fmt: skip
    return respond(request, "rounds/staff_round.html", "rounds/_staff_proposals.html", context)


def _deeds(actor: Any, line: Any, tasks: frozenset[str]) -> frozenset[str]:
    """Return what the viewer may do about a pot today, in words by which the page shows its buttons."""
    pot, found = line.pot, set()
    if actor.holds(Permission.COUNCIL, area_path=pot.area_path) and Task.REVIEW in tasks:
        found.add("sitting")
    if actor.holds(Permission.MANAGE, area_path=pot.area_path):
        is_draft = pot.vote is None or pot.vote.status in (VoteStatus.DRAFT, VoteStatus.PROPOSED)
        by_council = pot.round.rule.decides == Decides.COUNCIL
        if Task.BALLOT in tasks and not by_council and is_draft and (line.shortlisted or pot.vote is not None):
            found.add("ballot")
        counted = pot.vote is not None and pot.vote.status == VoteStatus.COUNTED
        counted = bool(line.shortlisted) if by_council else counted
        if Task.PUBLISH in tasks and counted and pot.published_at is None:
            found.add("publish")
    return frozenset(found)


def _done(request: Request, write: Callable[[], Any], done: str) -> None:
    """Do it and say so, or say why not; what is not there rises."""
    try:
        write()
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def round_deed(request: Request, round_id: int, name: str) -> HttpResponse:
    """Publish a round, or begin projects of what was chosen."""
    given = {"round_id": round_id, **said(request)}
    if name == "publish":
        _done(request, lambda: actions.publish_round(**given), _("已发布，居民现在可以看到"))
    elif name == "start":
        _done(request, lambda: actions.start_chosen(**given), _("入选项目已立项，每个提案只立项一次"))
    else:
        raise NotFound(_("没有这个操作"))
    return redirect("rounds:staff_round", round_id)


@require_POST
@never_cache
@allow(Permission.MANAGE)
def pot_deed(request: Request, pot_id: int, name: str) -> HttpResponse:
    """Make the ballot of a pot, or publish what came of its vote."""
    pot = queries.get_pot(viewer=request.actor, pot_id=pot_id)
    given = {"pot_id": pot_id, **said(request)}
    if name == "ballot":
        _done(request, lambda: actions.prepare_ballot(**given), _("选票已生成，请由两位管理人员开放投票"))
    elif name == "publish":
        _done(request, lambda: actions.publish_outcome(**given), _("结果已公布，每个项目都写明了原因"))
    else:
        raise NotFound(_("没有这个操作"))
    return redirect("rounds:staff_round", pot.round_id)
