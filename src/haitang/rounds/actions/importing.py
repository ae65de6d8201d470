"""Projects of another platform's election taken over as proposals."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import check_phase, public_text_of, told
from haitang.rounds.facts import ProposalsImported
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import Pot, Proposal
from haitang.rounds.values import (
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    BadProposal,
    Channel,
    Permission,
    Task,
)
from haitang.tallying import Project
from haitang.tallying.pabulib import parse
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

_ROWS_MAX = 300
_FEN_A_YUAN = 100


@transaction.atomic
def import_proposals(*, actor: Actor, pot_id: int, text: str, category: str, now: datetime) -> list[Proposal]:
    """
    Enter the projects of a file of Pabulib as proposals that wait to be checked; those with a title that the pot has
    already are passed over, so that the same file enters nothing twice. Its ballots are not taken over.

    text: of the file, amounts in yuan. category: of projects whose category is none of ours. The areas below the pot's
    are known by name. All of it or nothing.

    Raises NotAllowed (no ENTER over the pot's area), RoundNotFound, NotInPhase, Broken (the file, with the line),
    BadProposal (a project that cannot be one here).
    """
    round_ = queries.lock_round(queries.round_of_pot(pot_id))
    pot = queries.lock_pot(pot_id)
    policies.check_may(actor, Permission.ENTER, pot)
    check_phase(round_, Task.ENTER, now)
    known = queries.rules()["categories"]
    if category not in known:
        raise BadProposal(_("请选择类别"), {"category": _("请选择类别")})
    election = parse(text).election
    had = set(Proposal.objects.filter(pot=pot).values_list("title", flat=True))
    below = {area.name: area for area in territory().children(pot.area_id)}
    rows = []
    for each in election.projects[: _ROWS_MAX + 1]:
        row = _built(each, election.unit, pot, below)
        if row.title not in had:
            had.add(row.title)
            row.category = next((mark for mark in known if mark in each.marks.get("category", ())), category)
            rows.append(row)
    if len(election.projects) > _ROWS_MAX:
        raise _fault(_("一次最多导入 %(n)d 个项目") % {"n": _ROWS_MAX})
    for row in rows:
        round_.numbers += 1
        row.round, row.number, row.entered_by_id = round_, round_.numbers, actor.id
        row.channel, row.status, row.handed_in_at = Channel.FILE, Status.HANDED_IN, now
    round_.save(update_fields=["numbers"])
    Proposal.objects.bulk_create(rows)
    history.record(actor=actor, fact=ProposalsImported(round_.pk, pot.pk, len(rows)), at=now, audience=told(pot))
    return rows


def _built(project: Project, unit: int, pot: Pot, below: dict[str, AreaRef]) -> Proposal:
    """Return a project of the file as a proposal. Raises BadProposal."""
    name = " ".join((project.name or project.id).split())
    cost_fen, rest = divmod(project.cost * _FEN_A_YUAN, unit)
    if rest or not 0 < cost_fen <= pot.budget_fen:
        raise _fault(
            _("“%(title)s”的造价应大于零、到分为止，且不超过这笔资金的总额") % {"title": name[:TITLE_LENGTH_MAX]}
        )
    districts = sorted(project.marks.get("district", ()))
    area = next((below[each] for each in districts if each in below), territory().area(pot.area_id))
    return Proposal(
        pot=pot, title=public_text_of(name[:TITLE_LENGTH_MAX], "file", BadProposal), cost_fen=cost_fen,
        words=public_text_of(name[:WORDS_LENGTH_MAX], "file", BadProposal), area_id=area.id, area_ids=list(area.ids),
        district=area.name if area.id != pot.area_id else "", place="、".join(districts)[:PLACE_LENGTH_MAX],
    )  # fmt: skip


def _fault(words: str) -> BadProposal:
    return BadProposal(words, {"file": words})
