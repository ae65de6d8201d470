"""Two press at once: one agreement a year, one yes, one word of each side, one project."""

from datetime import timedelta

import pytest

from haitang.alliances import actions
from haitang.alliances.models import AgreedDuty, Agreement, Evaluation, Link, Seat
from haitang.alliances.tests.playing import DUTIES, build_committee, build_helper, build_pair, marks
from haitang.alliances.tests.test_links import DECEMBER
from haitang.alliances.values import (
    AlreadyJudged,
    AlreadyPart,
    DecisionSettledAlready,
    DutiesChanged,
    Held,
    MeetingIsOver,
    NewBranch,
    NewDecision,
    NewSeat,
    NotYourTurn,
    SeatNotFound,
    Settled,
)
from haitang.core.errors import Refusal
from haitang.core.models import Entry
from haitang.projects.models import Project
from haitang.testing import cases as cast
from haitang.testing.actors import NOW, TODAY
from haitang.testing.crowds import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair():
    actions.ship_joint_lines()
    return build_pair(cast.build_town())


def test_both_sides_draw_the_year_up_at_once(pair):
    at_once(lambda: pair.propose(), lambda: pair.propose(actor=pair.unit, side="unit"), lambda: pair.propose())
    row = Agreement.objects.get()
    assert row.version == 3
    assert AgreedDuty.objects.count() == len(DUTIES)
    assert (row.community_at is None) != (row.unit_at is None)


def test_yes_no_and_a_change_at_once_are_one_of_them(pair):
    row = pair.propose()
    say = {"actor": pair.unit, "agreement_id": row.pk, "side": "unit", "version": 1, "now": NOW}
    found = at_once(
        lambda: actions.agree_year(**say),
        lambda: actions.agree_year(**say),
        lambda: actions.return_agreement(**say, reason="再议"),
        lambda: pair.propose(version=1),
    )
    refusals = [each for each in found if isinstance(each, Refusal)]
    assert all(isinstance(each, NotYourTurn | DutiesChanged) for each in refusals)
    row.refresh_from_db()
    if row.stage == "agreed":
        assert len(refusals) == 3
    said = Entry.objects.filter(fact__in=["DutiesAgreed", "DutiesReturned"]).count()
    assert said <= 1


def test_a_side_speaks_once(pair):
    row = pair.agree()
    found = at_once(*[lambda: actions.judge_year(actor=pair.unit, new=marks("unit", row), now=DECEMBER)] * 4)
    assert sum(isinstance(each, AlreadyJudged) for each in found) == 3
    assert Evaluation.objects.count() == 1


def test_pairs_are_taken_up_once_by_several(pair):
    Agreement.objects.all().delete()
    Link.objects.all().delete()
    made = Entry.objects.filter(fact="LinkTakenUp").count()
    at_once(*[lambda: actions.follow_links(actor=pair.secretary, now=NOW)] * 4)
    assert Link.objects.count() == 1
    assert Entry.objects.filter(fact="LinkTakenUp").count() == made + 1


def test_a_seat_is_filled_once_and_a_decision_becomes_one_project(pair):
    board = build_committee(pair)
    seat = Seat.objects.get(kind="part_time")
    new = NewSeat(board.row.pk, "part_time", "吴院长", "委员", TODAY, board.company)
    leave = {"actor": board.secretary, "seat_id": seat.pk, "on": TODAY, "reason": "调动", "now": NOW}
    found = at_once(*[lambda: actions.replace_member(**leave, new=new)] * 3)
    assert sum(isinstance(each, SeatNotFound) for each in found) == 2
    assert Seat.objects.filter(to_date=None, kind="part_time").count() == 1
    row = board.hold().decisions.get()
    done = [Settled(row.pk, "办好了")]
    found = at_once(
        *[lambda: actions.make_decision_project(actor=board.secretary, decision_id=row.pk, now=NOW)] * 3,
        lambda: actions.settle_decisions(actor=board.secretary, settled=done, now=NOW),
    )
    assert sum(isinstance(each, DecisionSettledAlready) for each in found) == 3
    row.refresh_from_db()
    assert Project.objects.count() == int(row.status == "project")


def test_minutes_are_taken_once_and_a_branch_is_joined_once(pair):
    board = build_committee(pair)
    meeting = board.call()
    held = [Held(meeting.pk, "纪要", (NewDecision("一件事"),))]
    found = at_once(*[lambda: actions.hold_meetings(actor=board.secretary, held=held, now=NOW)] * 3)
    assert sum(isinstance(each, MeetingIsOver) for each in found) == 2
    assert meeting.decisions.count() == 1
    helper = build_helper(pair.town, "林阿姨")
    new = NewBranch("敲门", "看望", "team", pair.link.area_id, board.party, TODAY, TODAY + timedelta(days=30))
    (branch,) = actions.form_branches(actor=board.secretary, news=[new], now=NOW)
    join = {"actor": board.secretary, "branch_id": branch.pk, "volunteer_ids": [helper], "from_date": TODAY, "now": NOW}
    found = at_once(*[lambda: actions.join_branch(**join)] * 3)
    assert sum(isinstance(each, AlreadyPart) for each in found) == 2
    assert branch.members.count() == 1
