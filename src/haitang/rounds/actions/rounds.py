"""A round entered, changed while it may be, and published."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, require
from haitang.core.errors import Invalid
from haitang.rounds import policies, queries
from haitang.rounds.actions.shared import refuse, text_of, told
from haitang.rounds.facts import RoundKept, RoundPublished
from haitang.rounds.models import Phase, Pot, Proposal, Round
from haitang.rounds.values import (
    AMOUNT_MAX,
    NAME_LENGTH_MAX,
    PHASES_MAX,
    POTS_MAX,
    ROUND_METHODS,
    TITLE_LENGTH_MAX,
    BadRound,
    BallotRule,
    Decides,
    Permission,
    PhaseDraft,
    PotDraft,
    RoundDraft,
    Task,
    WrongRoundState,
)
from haitang.territory.queries import territory
from haitang.voting.values import BallotKind, Basis, Both


@transaction.atomic
def keep_round(*, actor: Actor, draft: RoundDraft, round_id: int | None = None, now: datetime) -> Round:
    """
    Enter a round, or change one: its words, phases, money, and the rule of its votes.

    Of a published round, pots with proposals stay with their area, and money and rule stay as they are once a ballot
    has been prepared. Raises NotAllowed, RoundNotFound, WrongRoundState, BadRound (its `fields` say where).
    """
    area = territory().get(draft.area_id)
    if area is None or not area.open:
        raise BadRound(_("请选择区域"), {"area": _("请选择区域")})
    row = Round(made_at=now) if round_id is None else queries.lock_round(round_id)
    if round_id is not None:
        policies.check_may(actor, Permission.MANAGE, row)
    require(actor, Permission.MANAGE, area_path=area.path)
    title = text_of(draft.title, "title", BadRound, TITLE_LENGTH_MAX, missing=_("请填写名称"))
    words = text_of(draft.words, "words", BadRound)
    refuse(
        BadRound,
        {
            **_pot_faults(draft.pots, area.path),
            **_phase_faults(draft.phases, draft.ballot),
            **_rule_faults(draft.ballot),
        },
    )
    if row.pk and row.pots.filter(Q(vote__isnull=False) | Q(published_at__isnull=False)).exists():
        _check_fixed(row, draft)
    row.title, row.words, row.area_id, row.area_ids = title, words, area.id, list(area.ids)
    row.ballot = draft.ballot.as_data()
    row.save()
    _write_pots(row, draft.pots)
    _write_phases(row, draft.phases)
    history.record(actor=actor, fact=RoundKept(row.pk, row.title), at=now, audience=told(row))
    return row


def _check_fixed(row: Round, draft: RoundDraft) -> None:
    held = {(each.area_id, each.budget_fen) for each in row.pots.all()}
    if draft.ballot.as_data() != row.ballot or {(each.area_id, each.budget_fen) for each in draft.pots} != held:
        raise WrongRoundState(_("选票已经生成，资金和投票规则不能再改；说明和阶段仍可修改"))


def _pot_faults(pots: tuple[PotDraft, ...], round_path: str) -> dict[str, str]:
    if not 1 <= len(pots) <= POTS_MAX:
        return {"pots": _("请填写 1 到 %(n)d 笔资金") % {"n": POTS_MAX}}
    if len({each.area_id for each in pots}) < len(pots):
        return {"pots": _("同一区域只能有一笔资金")}
    if not all(0 < each.budget_fen <= AMOUNT_MAX for each in pots):
        return {"pots": _("资金应大于零")}
    areas = [territory().get(each.area_id) for each in pots]
    if not all(each is not None and each.open and each.path.startswith(round_path) for each in areas):
        return {"pots": _("资金所在的区域应在本轮区域之内")}
    return {}


def _phase_faults(phases: tuple[PhaseDraft, ...], ballot: BallotRule) -> dict[str, str]:
    if not 1 <= len(phases) <= PHASES_MAX:
        return {"phases": _("请安排 1 到 %(n)d 个阶段") % {"n": PHASES_MAX}}
    for each in phases:
        if not 1 <= len(each.name.strip()) <= NAME_LENGTH_MAX:
            return {"phases": _("请填写阶段名称")}
        if each.ends_on < each.begins_on:
            return {"phases": _("阶段“%(name)s”的结束日期早于开始日期") % {"name": each.name}}
        if not set(each.tasks) <= set(Task.values):
            return {"phases": _("阶段“%(name)s”有不认识的事项") % {"name": each.name}}
    deciding = Task.REVIEW if ballot.decides == Decides.COUNCIL else Task.VOTE
    permitted = {task for each in phases for task in each.tasks}
    missing = [Task(each).label for each in (Task.PROPOSE, deciding, Task.PUBLISH) if each not in permitted]
    if missing:
        return {"phases": _("没有阶段可以办理：%(tasks)s") % {"tasks": "、".join(map(str, missing))}}
    return {}


def _rule_faults(ballot: BallotRule) -> dict[str, str]:
    faults = {}
    if ballot.kind not in BallotKind.values or ballot.basis not in Basis.values or ballot.both not in Both.values:
        faults["kind"] = _("请选择投票方式")
    if not 0 <= ballot.least <= ballot.most or ballot.most < 1:
        faults["most"] = _("最少不能多于最多")
    if ballot.method not in ROUND_METHODS:
        faults["method"] = _("请选择计票规则")
    if ballot.decides == Decides.COUNCIL:
        if not ballot.method.startswith("greedy"):
            faults["method"] = _("议事会票决只留票数，请选按票数从高到低的规则")
        if "lot" in ballot.ties and not ballot.seed.strip():
            faults["seed"] = _("议事会票决请事先写明抽签种子")
    if not 0 <= ballot.turnout_percent <= 100 or ballot.least_votes < 0:
        faults["turnout_percent"] = _("比例应为 0 到 100")
    if any((each.count is None) == (each.cost_fen is None) for each in ballot.caps):
        faults["caps"] = _("每条限额写个数或金额其中一项")
    return faults


def _write_pots(row: Round, pots: tuple[PotDraft, ...]) -> None:
    held = {each.area_id: each for each in Pot.objects.select_for_update(no_key=True).filter(round=row)}
    gone = [each.pk for area_id, each in held.items() if area_id not in {pot.area_id for pot in pots}]
    if Proposal.objects.filter(pot__in=gone).exists():
        fault = _("已有提案的资金不能去掉")
        raise BadRound(fault, {"pots": fault})
    Pot.objects.filter(pk__in=gone).delete()
    for each in pots:
        area = territory().area(each.area_id)
        pot = held.get(area.id) or Pot(round=row, area_id=area.id, area_ids=list(area.ids))
        pot.budget_fen = each.budget_fen
        pot.save()


def _write_phases(row: Round, phases: tuple[PhaseDraft, ...]) -> None:
    Phase.objects.filter(round=row).delete()
    Phase.objects.bulk_create(
        Phase(
            round=row, position=at, name=each.name.strip(), begins_on=each.begins_on, ends_on=each.ends_on,
            tasks=[task for task in Task.values if task in each.tasks], source=each.source.strip(),
        )
        for at, each in enumerate(phases, start=1)
    )  # fmt: skip


@transaction.atomic
def publish_round(*, actor: Actor, round_id: int, now: datetime) -> Round:
    """Publish a round: from now on anybody reads it, and its phases permit what they say. Once is enough.

    Raises NotAllowed, RoundNotFound, Invalid.
    """
    row = queries.lock_round(round_id)
    policies.check_may(actor, Permission.MANAGE, row)
    if row.published_at is not None:
        return row
    if not row.pots.exists():
        raise Invalid(_("还没有资金，不能发布"))
    row.published_at = now
    row.save(update_fields=["published_at"])
    history.record(actor=actor, fact=RoundPublished(row.pk, row.title), at=now, audience=told(row))
    return row
