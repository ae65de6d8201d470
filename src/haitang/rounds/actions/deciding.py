"""From the published proposals of a pot to its vote, from the count to the outcome, from those chosen to projects."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, Grant, system
from haitang.core.clock import LOCAL
from haitang.projects.actions import publish_projects, start_projects
from haitang.projects.values import Origin, ProjectPlan, Step
from haitang.projects.values import Permission as ProjectPermission
from haitang.rounds import policies, queries
from haitang.rounds.actions.counting import by_council, by_vote, write_results
from haitang.rounds.actions.shared import check_phase, record_all, told
from haitang.rounds.facts import BallotPrepared, OutcomePublished, ProposalBecameProject
from haitang.rounds.lifecycle import Deed, Status, check_move
from haitang.rounds.models import Phase, Pot, Proposal, Round
from haitang.rounds.values import Decides, Permission, Task, WrongRoundState
from haitang.voting.actions import keep_vote
from haitang.voting.lifecycle import BEFORE as VOTE_BEFORE
from haitang.voting.values import Cap, OptionDraft, VotePlan
from haitang.voting.values import Permission as VotePermission

_STARTER = system(
    "微实事",
    *(Grant(each, "/") for each in (ProjectPermission.VIEW, ProjectPermission.LEAD, ProjectPermission.PUBLISH)),
)
"""Who begins and publishes what residents have chosen: whoever publishes the outcome need not lead projects."""


@transaction.atomic
def prepare_ballot(*, actor: Actor, pot_id: int, now: datetime) -> Pot:
    """
    Make the ballot of a pot of its published proposals, by the rule of the round; made again until the vote opens.

    Whoever manages the round there prepares its vote; opening it takes two administrators of votes.
    Raises RoundNotFound, NotAllowed, NotInPhase, WrongRoundState, BadVote.
    """
    pot = queries.lock_pot(pot_id)
    policies.check_may(actor, Permission.MANAGE, pot)
    check_phase(pot.round, Task.BALLOT, now)
    if pot.round.rule.decides == Decides.COUNCIL:
        raise WrongRoundState(_("本轮由议事会票决，不用选票"))
    if pot.vote is not None and pot.vote.status not in VOTE_BEFORE:
        raise WrongRoundState(_("投票已经开放，选票不能再改"))
    listed = queries.shortlist_of(pot)
    if not listed:
        raise WrongRoundState(_("没有通过评议、正在公示的提案"))
    rows = queries.lock_proposals([row.pk for row in listed])
    rows.sort(key=lambda row: row.number)
    may = Grant(VotePermission.PREPARE, pot.area_path)
    by = replace(actor, grants=actor.grants | {may})
    vote = keep_vote(actor=by, plan=_plan(pot, rows), vote_id=pot.vote_id, now=now)
    for at, row in enumerate(rows, start=1):
        if row.status != Status.ON_BALLOT:
            row.status = check_move(row.status, Deed.PUT_ON)
        row.option = str(at)
    Proposal.objects.bulk_update(rows, ["option"])
    Proposal.objects.filter(pk__in=[row.pk for row in rows]).update(status=Status.ON_BALLOT)
    pot.vote = vote
    pot.save(update_fields=["vote"])
    fact = BallotPrepared(pot.round_id, pot.pk, vote.pk, len(rows))
    history.record(actor=actor, fact=fact, at=now, audience=told(pot))
    return pot


def _plan(pot: Pot, rows: Sequence[Proposal]) -> VotePlan:
    round_, rule = pot.round, pot.round.rule
    opens, closes = _voting_days(queries.phases_of(round_.pk))
    groups: dict[str, list[int]] = {}
    for at, row in enumerate(rows, start=1):
        if row.exclusive:
            groups.setdefault(row.exclusive, []).append(at)
    return VotePlan(
        title=f"{round_.title}（{pot.area.name}）", area_id=pot.area_id, kind=rule.kind,
        words=_("以下项目经过初审、议事会评议和公示。请在规定范围内选出您支持的项目。"),
        options=tuple(
            OptionDraft(row.title, f"{row.words}\n{row.place}".strip(), row.asked_fen, row.category, row.district)
            for row in rows
        ),
        opens_at=datetime.combine(opens, time(), LOCAL), closes_at=datetime.combine(closes, time(), LOCAL),
        basis=rule.basis, both=rule.both, least=rule.least, most=rule.most, budget_fen=pot.budget_fen,
        method=rule.method, ties=rule.ties, seed=rule.seed, least_votes=rule.least_votes,
        turnout_percent=rule.turnout_percent, takes_strangers=rule.takes_strangers,
        excluding=tuple(tuple(each) for _word, each in sorted(groups.items()) if len(each) > 1),
        caps=tuple(Cap(each.kind, each.value, each.cost_fen, each.count) for each in rule.caps),
    )  # fmt: skip


def _voting_days(phases: Sequence[Phase]) -> tuple[date, date]:
    """Return the day on which voting opens, and the one on whose midnight it ends."""
    days = [(each.begins_on, each.ends_on) for each in phases if Task.VOTE in each.tasks]
    if not days:
        raise WrongRoundState(_("本轮没有安排投票阶段"))
    return min(first for first, _last in days), max(last for _first, last in days) + timedelta(days=1)


@transaction.atomic
def publish_outcome(*, actor: Actor, pot_id: int, now: datetime) -> Pot:
    """
    Publish what came of the vote about a pot: chosen or not, why, what would have been enough, whom it serves.

    Everything follows from the published ballots, or the council's numbers, and the rule that was fixed before; once
    is enough. Raises RoundNotFound, NotAllowed, NotInPhase, NotYetCounted.
    """
    pot = queries.lock_pot(pot_id)
    policies.check_may(actor, Permission.MANAGE, pot)
    if pot.published_at is not None:
        return pot
    check_phase(pot.round, Task.PUBLISH, now)
    count = by_council(pot) if pot.round.rule.decides == Decides.COUNCIL else by_vote(pot)
    write_results(count)
    pot.outcome, pot.published_at = count.figures, now
    pot.save(update_fields=["outcome", "published_at"])
    fact = OutcomePublished(pot.round_id, pot.pk, len(count.outcome.chosen), len(count.rows))
    history.record(actor=actor, fact=fact, at=now, audience=told(pot))
    return pot


@transaction.atomic
def start_chosen(*, actor: Actor, round_id: int, now: datetime) -> list[Proposal]:
    """
    Begin a project for every chosen proposal of the round's pots that the actor manages; everybody may follow it.

    Done again, none comes twice. Raises RoundNotFound, NotAllowed, NotInPhase, PlanInvalid. Returns those begun now.
    """
    round_ = queries.lock_round(round_id)
    pots = [line.pot for line in queries.pots_of(round_id)]
    mine = [pot for pot in pots if actor.holds(Permission.MANAGE, area_path=pot.area_path)]
    if not mine:
        policies.check_may(actor, Permission.MANAGE, round_)
    check_phase(round_, Task.START, now)
    known = Proposal.objects.filter(pot__in=mine, status=Status.CHOSEN, project=None).values_list("pk", flat=True)
    waiting = list(known)
    if not waiting:
        return []
    rows = [row for row in queries.lock_proposals(waiting) if row.project_id is None]
    steps = _steps(queries.phases_of(round_id), now)
    plans = [_project(row, round_, steps, now) for row in rows]
    begun = start_projects(actor=_STARTER, plans=plans, now=now)
    publish_projects(actor=_STARTER, project_ids=[each.pk for each in begun], now=now)
    for row, project in zip(rows, begun, strict=True):
        row.project_id = project.pk
    Proposal.objects.bulk_update(rows, ["project"])
    record_all(actor, [(ProposalBecameProject(row.pk, row.project_id or 0), told(row)) for row in rows], now)
    return rows


def _steps(phases: Sequence[Phase], now: datetime) -> tuple[Step, ...]:
    """Return the milestones of a project: the ends of the phases in which it is carried out and judged."""
    today = now.astimezone(LOCAL).date()
    ours = {Task.START.value, Task.ACCEPT.value, Task.EVALUATE.value}
    found = [Step(each.name, each.ends_on) for each in phases if ours & {*each.tasks} and each.ends_on >= today]
    return tuple(found[: queries.rules()["milestones_max"]])


def _project(row: Proposal, round_: Round, steps: Sequence[Step], now: datetime) -> ProjectPlan:
    if row.organization_id is None:
        raise WrongRoundState(_("“%(title)s”没有承办单位") % {"title": row.title})
    today = now.astimezone(LOCAL).date()
    until: Mapping[str, Any] = {"from_on": today, "until_on": max(each.due_on for each in steps)} if steps else {}
    return ProjectPlan(
        origin=Origin.VOTE, origin_id=f"round-proposal-{row.pk}", title=row.title, area_id=row.area_id,
        organization_id=row.organization_id, aim=row.words, planned_fen=row.asked_fen, money_ref=round_.title,
        milestones=tuple(steps), **until,
    )  # fmt: skip
