"""What apps above may do: keep a case from a deed, write down what they did with it and have it counted."""

from dataclasses import dataclass
from typing import Annotated

import pytest

from haitang.cases import actions, queries
from haitang.cases.facts import CaseNoted
from haitang.cases.models import Case
from haitang.cases.queries.measuring import counted, recount
from haitang.cases.values import GUARDS
from haitang.core.errors import Conflict
from haitang.core.history import timeline
from haitang.core.privacy import Privacy
from haitang.testing.actors import NOW
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class LampLookedAt(CaseNoted):
    """Somebody above looked at the lamp so many times."""

    label = "看过路灯"
    times: Annotated[int, Privacy.INTERNAL] = 1

    def measures(self) -> tuple[tuple[str, int], ...]:
        return (("looked", self.times),)


def test_a_guard_keeps_a_case_from_a_deed_and_nothing_is_written(town, monkeypatch):
    def not_yet(deed: str, case: Case) -> None:
        if deed == "accept":
            raise Conflict(f"{case.number} 还不能受理")

    case = report(town.resident)
    monkeypatch.setattr(GUARDS, "_joined", {})
    GUARDS.join(not_yet)
    before = timeline("case", case.pk)
    with pytest.raises(Conflict, match="还不能受理"):
        actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    assert timeline("case", case.pk) == before
    assert Case.objects.get(pk=case.pk).status == case.status
    assert actions.verify_case(actor=town.grid, case_id=case.pk, opinion="属实", now=NOW).status == "reported"


def test_what_an_app_above_notes_is_told_and_counted_as_a_recount_would(town):
    case = report(town.resident)
    actions.note_on_case(actor=town.grid, fact=LampLookedAt(case.pk, 3), now=NOW)
    told = queries.list_timeline(viewer=town.dispatcher, case_id=case.pk)
    assert told[-1].fact == "LampLookedAt"
    assert sum(n for key, n in counted().items() if key[-1] == "looked") == 3
    assert counted() == recount()


@dataclass(frozen=True)
class LampAnnounced(CaseNoted):
    """Somebody above did what the reporter should know."""

    label = "已联系供电公司"
    told = "已联系供电公司"


def test_the_reporter_hears_of_what_was_noted_only_where_it_says_so(town):
    case = report(town.resident)
    actions.note_on_case(actor=town.grid, fact=LampLookedAt(case.pk), now=NOW)
    actions.note_on_case(actor=town.grid, fact=LampAnnounced(case.pk), now=NOW)
    seen = [entry.fact for entry in queries.list_timeline(viewer=town.resident, case_id=case.pk)]
    assert seen == ["CaseReported", "LampAnnounced"]
    steps = queries.follow_case(case=case).steps
    assert [(step.fact, step.told) for step in steps] == [("CaseReported", ""), ("LampAnnounced", "已联系供电公司")]
