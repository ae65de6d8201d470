"""Committees: who sits in them, what they decide and what becomes of it."""

from datetime import timedelta

import pytest

from haitang.alliances import actions, jobs, queries
from haitang.alliances.models import Committee, Decision, Meeting, Seat
from haitang.alliances.queries import LATE, DecisionFilter
from haitang.alliances.tests.playing import build_committee
from haitang.alliances.values import (
    AlreadySeated,
    BadWords,
    CommitteeExists,
    CommitteeNotFound,
    DecisionNotFound,
    DecisionSettledAlready,
    HasEnded,
    Held,
    MeetingIsOver,
    MeetingNotFound,
    NewCommittee,
    NewDecision,
    NewItem,
    NewMeeting,
    NewSeat,
    Permission,
    SeatNotFound,
    Settled,
)
from haitang.core import clock
from haitang.core.access import VISITOR
from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.people.models import Notice
from haitang.projects.models import Project
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import give, refused

pytestmark = pytest.mark.django_db
BEFORE = NOW - timedelta(hours=3)


@pytest.fixture
def board(pair):
    """The community's committee, in which the company has a seat."""
    return build_committee(pair)


def page_of(board, viewer=None):
    return queries.get_committee_page(viewer=viewer or board.secretary, committee_id=board.row.pk, today=TODAY)


def test_members_are_seated_and_replaced_by_dates(board):
    again = NewSeat(board.row.pk, "part_time", "沈院长", "委员", TODAY, board.company)
    refused(AlreadySeated, actions.seat_members, actor=board.secretary, news=[again], now=NOW)
    homeless = NewSeat(board.row.pk, "part_time", "某某", "委员", TODAY)
    refused(BadWords, actions.seat_members, actor=board.secretary, news=[homeless], now=NOW)
    backwards = NewSeat(board.row.pk, "permanent", "某某", "委员", TODAY, None, TODAY)
    refused(BadWords, actions.seat_members, actor=board.secretary, news=[backwards], now=NOW)
    refused(NotAllowed, actions.seat_members, actor=board.pair.town.leader, news=[again], now=NOW)
    refused(CommitteeNotFound, actions.seat_members, actor=board.unit, news=[again], now=NOW)
    part_time = Seat.objects.get(kind="part_time")
    on = TODAY + timedelta(days=20)
    leave = {"actor": board.secretary, "seat_id": part_time.pk, "on": on, "now": NOW}
    refused(BadWords, actions.replace_member, **leave, reason="")
    refused(BadWords, actions.replace_member, **{**leave, "on": TODAY - timedelta(days=900)}, reason="调走")
    new = NewSeat(board.row.pk, "part_time", "吴院长", "委员", TODAY, board.company)
    made = actions.replace_member(**leave, reason="工作调动", new=new)
    assert (made.from_date, made.replaces_id) == (on, part_time.pk)
    refused(SeatNotFound, actions.replace_member, **leave, reason="再来")
    assert page_of(board).view.part_time == 1
    later = queries.get_committee_page(viewer=board.secretary, committee_id=board.row.pk, today=on)
    assert [each.row.name for each in later.seats if not each.is_over] == ["王书记", "吴院长"]


def test_one_committee_of_a_kind_for_an_area(board):
    new = NewCommittee("community", "另一个大党委", board.party, board.row.area_id, TODAY)
    refused(CommitteeExists, actions.set_up_committees, actor=board.secretary, news=[new], now=NOW)
    refused(BadWords, actions.set_up_committees, actor=board.secretary, now=NOW,
            news=[NewCommittee("county", "名称", board.party, board.row.area_id, TODAY)])  # fmt: skip
    street = NewCommittee("street", "海棠街道大工委", board.party, board.pair.town.areas["street"], TODAY)
    refused(NotAllowed, actions.set_up_committees, actor=board.secretary, news=[street], now=NOW)
    end = {"actor": board.secretary, "committee_id": board.row.pk, "now": NOW}
    refused(BadWords, actions.end_committee, **end, to_date=TODAY, reason=" ")
    actions.end_committee(**end, to_date=TODAY + timedelta(days=1), reason="社区合并")
    assert not Seat.objects.filter(to_date=None).exists()
    later = NOW + timedelta(days=2)
    seat = NewSeat(board.row.pk, "permanent", "某某", "委员", TODAY)
    refused(HasEnded, actions.seat_members, actor=board.secretary, news=[seat], now=later)
    meeting = NewMeeting(board.row.pk, "联席会议", later)
    refused(HasEnded, actions.call_meetings, actor=board.secretary, news=[meeting], now=later)
    renewed = NewCommittee("community", "春和社区大党委", board.party, board.row.area_id, TODAY + timedelta(days=1))
    actions.set_up_committees(actor=board.secretary, news=[renewed], now=NOW)
    assert Committee.objects.count() == 2


def test_a_meeting_from_the_call_to_the_last_decision(board):
    agenda = (NewItem("小区停车"), NewItem("义诊进社区", board.company))
    first = NewMeeting(board.row.pk, "联席会议", NOW + timedelta(days=2), "会议室", agenda)
    (row,) = actions.call_meetings(actor=board.secretary, news=[first], now=NOW)
    refused(BadWords, actions.hold_meetings, actor=board.secretary, held=[Held(row.pk, "纪要")], now=NOW)
    new = NewMeeting(board.row.pk, "二季度联席会议", BEFORE, "", agenda[:1])
    actions.change_meeting(actor=board.secretary, meeting_id=row.pk, new=new, now=NOW)
    assert [item.title for item in row.agenda.all()] == ["小区停车"]
    held = Held(row.pk, "议定三件事", (
        NewDecision("加划车位", None, TODAY + timedelta(days=5)), NewDecision("每月义诊", board.company, TODAY),
        NewDecision("建一个微花园"),
    ))  # fmt: skip
    refused(BadWords, actions.hold_meetings, actor=board.secretary, held=[Held(row.pk, " ")], now=NOW)
    refused(NotAllowed, actions.hold_meetings, actor=board.pair.town.leader, held=[held], now=NOW)
    actions.hold_meetings(actor=board.secretary, held=[held], now=NOW)
    refused(MeetingIsOver, actions.hold_meetings, actor=board.secretary, held=[held], now=NOW)
    off = {"actor": board.secretary, "meeting_id": row.pk, "now": NOW}
    refused(MeetingIsOver, actions.call_off_meeting, **off, reason="不开了")
    park, clinic, garden = Decision.objects.order_by("pk")
    assert (park.office_id, clinic.office_id) == (board.party, board.company)
    refused(BadWords, actions.settle_decisions, actor=board.unit, settled=[Settled(clinic.pk, "")], now=NOW)
    done = [Settled(park.pk, "好了")]
    refused(CommitteeNotFound, actions.settle_decisions, actor=board.unit, settled=done, now=NOW)
    actions.settle_decisions(actor=board.unit, settled=[Settled(clinic.pk, "已义诊两次")], now=NOW)
    refused(DecisionSettledAlready, actions.settle_decisions, actor=board.secretary,
            settled=[Settled(clinic.pk, "再办")], now=NOW)  # fmt: skip
    actions.settle_decisions(actor=board.secretary, settled=[Settled(park.pk, "业主不同意", dropped=True)], now=NOW)
    made = actions.make_decision_project(actor=board.secretary, decision_id=garden.pk, now=NOW)
    project = Project.objects.get(pk=made.project_id)
    assert (project.origin, project.origin_id, project.title) == ("alliance", f"decision-{garden.pk}", "建一个微花园")
    refused(
        DecisionSettledAlready, actions.make_decision_project, actor=board.secretary, decision_id=garden.pk, now=NOW
    )
    again = {"actor": board.secretary, "decision_id": garden.pk, "now": NOW}
    refused(DecisionSettledAlready, actions.reopen_decision, **again, reason="再议")
    actions.reopen_decision(actor=board.secretary, decision_id=park.pk, reason="业主改了主意", now=NOW)
    wanted = DecisionFilter(TODAY + timedelta(days=9))
    counted = queries.count_decisions(viewer=board.secretary, wanted=wanted)
    assert counted == {"open": 1, "done": 1, "dropped": 0, "project": 1, "case": 0, LATE: 1}
    late = queries.list_decisions(viewer=board.secretary, wanted=DecisionFilter(TODAY + timedelta(days=9), LATE))
    assert [each.pk for each in late.rows] == [park.pk]
    view = page_of(board).view
    assert (view.meetings, view.open, view.late) == (1, 1, 0)
    actions.add_decisions(actor=board.secretary, meeting_id=row.pk, decisions=[NewDecision("补记一件")], now=NOW)
    assert Decision.objects.count() == 4


def test_called_off_and_never_held(board):
    row = board.call()
    off = {"actor": board.secretary, "meeting_id": row.pk, "now": NOW}
    refused(BadWords, actions.call_off_meeting, **off, reason="")
    actions.call_off_meeting(**off, reason="防汛")
    refused(MeetingIsOver, actions.hold_meetings, actor=board.secretary, held=[Held(row.pk, "纪要")], now=NOW)
    refused(MeetingIsOver, actions.add_decisions, actor=board.secretary, meeting_id=row.pk,
            decisions=[NewDecision("决议")], now=NOW)  # fmt: skip
    refused(MeetingNotFound, actions.hold_meetings, actor=board.secretary, held=[Held(10**9, "纪要")], now=NOW)
    refused(DecisionNotFound, actions.reopen_decision, actor=board.secretary, decision_id=10**9, reason="无", now=NOW)


def test_who_sees_a_committee(board):
    row = board.call()
    for viewer in (board.secretary, board.unit, board.pair.town.leader):
        assert queries.get_meeting_page(viewer=viewer, meeting_id=row.pk, today=TODAY).row == row
        assert len(queries.list_committees(viewer=viewer, today=TODAY).rows) == 1
    for stranger in (NOBODY, VISITOR, board.pair.town.outsider):
        assert not queries.list_committees(viewer=stranger, today=TODAY).rows
        for look in (
            lambda who: queries.get_committee_page(viewer=who, committee_id=board.row.pk, today=TODAY),
            lambda who: queries.get_meeting_page(viewer=who, meeting_id=row.pk, today=TODAY),
        ):
            with pytest.raises(CommitteeNotFound):
                look(stranger)


def test_the_units_of_members_are_told_of_a_meeting_to_come(board):
    liaison = board.pair.town.account("handler")
    give(liaison, permission=Permission.SPEAK, organization_id=board.company)
    news = [
        NewMeeting(board.row.pk, "三季度会议", clock.now() + timedelta(days=9)),
        NewMeeting(board.row.pk, "补登的会议", BEFORE),
    ]
    actions.call_meetings(actor=board.secretary, news=news, now=NOW)
    entries = list(Entry.objects.filter(fact="MeetingCalled").values_list("pk", flat=True))
    for _twice in range(2):
        jobs.tell_of_meetings(entry_ids=entries)
    (notice,) = Notice.objects.all()
    assert notice.account_id == liaison.pk
    assert Meeting.objects.count() == 2
