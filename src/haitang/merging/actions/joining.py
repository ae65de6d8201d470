"""Joining cases to a main case (并单), and parting them (拆单)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.cases.queries.relating import CLOSES
from haitang.cases.values import GUARDS, OPINION_LENGTH_MAX, CaseNotFound, Mark, Stage
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.merging import policies, queries
from haitang.merging.actions.judging import reassess
from haitang.merging.facts import CaseJoined, CaseParted, OthersJoined, OthersParted
from haitang.merging.models import Join
from haitang.merging.values import AlreadyJoined, NotJoinable, NotJoined


@transaction.atomic
def merge_cases(*, actor: Actor, main_id: int, case_ids: Iterable[int], opinion: str, now: datetime) -> list[int]:
    """
    Join cases to a main case; return the ids of those joined now, without those that went along with it already.

    Joined cases take no deeds of their own, their clocks rest, and they end with the main case, which by the setting
    `bundled_clock` is due when the first of them would be. One level deep: a case with others is joined to none.
    Raises CaseNotFound, NotAllowed (no MERGE over one of them), NotJoinable, AlreadyJoined, Invalid, and what keeps a
    case from being closed.
    """
    opinion = _clean(opinion)
    ids = sorted(set(case_ids) - {main_id})
    policies.check_how_many(len(ids))
    cases = case_queries.lock_cases_whole([main_id, *ids])
    for case_id in (main_id, *ids):
        _check_may_join(actor, cases.get(case_id))
    held = {join.case_id: join for join in Join.objects.filter(case_id__in=[main_id, *ids])}
    main = cases[main_id]
    if main_id in held:
        raise AlreadyJoined(_("%(number)s 已并入其他案件，不能作主案件") % {"number": main.number})
    new = [case_id for case_id in ids if case_id not in held or held[case_id].main_id != main_id]
    for case_id in new:
        if case_id in held:
            raise AlreadyJoined(_("%(number)s 已并入其他案件，请先拆单") % {"number": cases[case_id].number})
        if Mark.MAIN.value in cases[case_id].marks:
            text = _("%(number)s 是主案件，已有案件并入；请以它为主，或先拆单")
            raise AlreadyJoined(text % {"number": cases[case_id].number})
        for guard in GUARDS:
            guard(CLOSES, cases[case_id])
    for case_id in new:
        rested = case_actions.rest_clock(actor=actor, case_id=case_id, now=now)
        Join.objects.create(case_id=case_id, main_id=main_id, rested=rested, by_id=actor.id, at=now)
        case_actions.mark_case(actor=actor, case_id=case_id, add=[Mark.JOINED], now=now)
        fact = CaseJoined(case_id, main_id, main.number, opinion)
        case_actions.note_on_case(actor=actor, fact=fact, now=now)
    if new:
        numbers = [cases[case_id].number for case_id in new]
        case_actions.mark_case(actor=actor, case_id=main_id, add=[Mark.MAIN], now=now)
        case_actions.note_on_case(actor=actor, fact=OthersJoined(main_id, numbers, opinion), now=now)
        _bundle(actor, main_id, now)
        reassess(actor=actor, case_id=main_id, now=now)
    return new


@transaction.atomic
def part_cases(
    *, actor: Actor, main_id: int, opinion: str, now: datetime, case_ids: Iterable[int] | None = None
) -> list[int]:
    """
    Part cases from their main case, all of them if none are named; return the ids of those parted.

    Each goes on as it was when it was joined, with the deadlines that it had.
    Raises CaseNotFound, NotAllowed, NotJoined, NotJoinable (the main case has ended), Invalid.
    """
    opinion = _clean(opinion)
    wanted = {join.case_id for join in queries.joins_of(main_id)} if case_ids is None else set(case_ids)
    cases = case_queries.lock_cases_whole([main_id, *wanted])
    joins = {join.case_id: join for join in queries.joins_of(main_id) if join.case_id in wanted}
    if main_id not in cases:
        raise CaseNotFound(_("没有这个案件"))
    if not joins or (case_ids is not None and wanted - joins.keys()):
        raise NotJoined(_("所选案件没有并入此案件"))
    main = cases[main_id]
    for case in (main, *(cases[case_id] for case_id in joins)):
        _check_may_know(actor, case)
        policies.check_can_merge(actor, case)
        if not policies.is_open(case):
            raise NotJoinable(_("案件 %(number)s 已办结，不能拆单") % {"number": case.number})
    for case_id, join in sorted(joins.items()):
        join.delete()
        case_actions.wake_clock(actor=actor, case_id=case_id, rested=join.rested, now=now)
        case_actions.mark_case(actor=actor, case_id=case_id, remove=[Mark.JOINED], now=now)
        fact = CaseParted(case_id, main_id, main.number, opinion)
        case_actions.note_on_case(actor=actor, fact=fact, now=now)
    numbers = [cases[case_id].number for case_id in sorted(joins)]
    if not Join.objects.filter(main_id=main_id).exists():
        case_actions.mark_case(actor=actor, case_id=main_id, remove=[Mark.MAIN], now=now)
    case_actions.note_on_case(actor=actor, fact=OthersParted(main_id, numbers, opinion), now=now)
    _bundle(actor, main_id, now)
    reassess(actor=actor, case_id=main_id, now=now)
    return sorted(joins)


def _check_may_join(actor: Actor, case: Any) -> None:
    if case is None:
        raise CaseNotFound(_("没有这个案件"))
    _check_may_know(actor, case)
    policies.check_can_merge(actor, case)
    policies.check_joinable(case)


def _check_may_know(actor: Actor, case: Any) -> None:
    """Raise CaseNotFound for a case that the actor may not know of, as the page would."""
    case_queries.get_case(viewer=actor, case_id=case.pk)


def _bundle(actor: Actor, main_id: int, now: datetime) -> None:
    """Bind the main case's clock to the earliest deadline, stage by stage, of all that go along with it."""
    bounds: dict[str, datetime] = {}
    if catalog().setting("bundled_clock"):
        for join in queries.joins_of(main_id):
            for stage, kept in join.rested["deadlines"].items():
                if stage in Stage.values and "due_at" in kept and "done_at" not in kept:
                    due = datetime.fromisoformat(kept["due_at"])
                    bounds[stage] = min(bounds.get(stage, due), due)
    case_actions.bound_clock(actor=actor, case_id=main_id, bounds=bounds, now=now)


def _clean(opinion: str) -> str:
    opinion = opinion.strip()
    if not opinion:
        raise Invalid(_("请填写理由"), {"opinion": _("请填写理由")})
    if len(opinion) > OPINION_LENGTH_MAX:
        text = _("理由不能超过 %(n)d 字") % {"n": OPINION_LENGTH_MAX}
        raise Invalid(text, {"opinion": text})
    return opinion
