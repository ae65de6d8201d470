"""A topic from a resident to a resolution that is done; quorum; questions in time; forgetting."""

from datetime import timedelta

import pytest

from haitang.cases.models import Case
from haitang.core import clock
from haitang.core.errors import NotAllowed, NotSignedIn
from haitang.core.models import Entry
from haitang.councils import actions, jobs, queries
from haitang.councils.lifecycle import ResolutionStatus, TopicStatus, Way
from haitang.councils.models import CouncilKind, Member, Question, Resolution, Session, Topic
from haitang.councils.tests.cast import accepted, called, held, present, raised, resident, set_up
from haitang.councils.values import (
    AnsweredAlready,
    AskedEnough,
    BadEntry,
    CouncilExists,
    CouncilHasEnded,
    MemberAlready,
    NewKind,
    NewMember,
    NewResolution,
    NewSession,
    NotQuorate,
    NotYours,
    QuestionNotFound,
    SessionHeld,
    SessionIsOver,
    SettledAlready,
    TopicNotFound,
    WrongTopicState,
)
from haitang.people.models import Notice
from haitang.projects.models import Project
from haitang.testing.actors import NOBODY, NOW, TODAY
from haitang.testing.people import give, refused
from haitang.voting.models import Vote

pytestmark = pytest.mark.django_db


def notices(who):
    return list(Notice.objects.filter(account_id=who.id).order_by("pk").values_list("text", flat=True))


def test_a_topic_is_followed_until_its_case_is_closed(town):
    who, council = resident(), set_up(town)
    topic = accepted(town, who)
    session = called(town, council, topic)
    topic.refresh_from_db()
    assert topic.status == TopicStatus.TABLED
    made = NewResolution("晚上九点前结束", None, TODAY + timedelta(days=3), 4, topic.pk)
    held(town, session, 4, made, summary="商量了广场舞的时间")
    (row,) = Resolution.objects.all()
    refused(NotAllowed, actions.make_resolution_case, actor=town.leader, resolution_id=row.pk, now=NOW)
    actions.make_resolution_case(actor=town.secretary, resolution_id=row.pk, now=NOW, words="广场夜间噪声，请处理")
    row.refresh_from_db()
    assert (row.way, row.status) == (Way.CASE, ResolutionStatus.OPEN)
    again = {"actor": town.secretary, "resolution_id": row.pk, "now": NOW}
    refused(SettledAlready, actions.make_resolution_case, **again)
    refused(SettledAlready, actions.settle_resolution, **again, words="好了")
    page = queries.get_topic_page(viewer=who, topic_id=topic.pk, now=NOW, today=TODAY)
    assert page.mine
    assert page.resolutions[0].row.way == Way.CASE
    assert page.resolutions[0].case is None
    jobs.follow_closed_case(case_id=row.case_id)
    jobs.follow_closed_case(case_id=row.case_id)
    row.refresh_from_db()
    assert (row.status, row.outcome) == (ResolutionStatus.DONE, "案件已结案")
    jobs.follow_reopened_case(case_id=row.case_id)
    row.refresh_from_db()
    assert row.status == ResolutionStatus.OPEN
    jobs.follow_voided_case(case_id=row.case_id)
    row.refresh_from_db()
    assert row.status == ResolutionStatus.DROPPED
    texts = notices(who)
    for part in ("已采纳", "已列入议程", "已经议过", "办理结果"):
        assert any(part in text for text in texts), part
    assert Case.objects.get().channel == "transfer"


def test_a_resolution_becomes_a_project_and_is_done_when_that_is_accepted(town):
    council = set_up(town, "round_table", 3)
    held(town, called(town, council), 2, NewResolution("建一个微花园"), NewResolution("补栽行道树"))
    garden, trees = Resolution.objects.order_by("pk")
    actions.make_resolution_project(actor=town.secretary, resolution_id=garden.pk, now=NOW)
    project = Project.objects.get()
    assert (project.origin, project.origin_id) == ("vote", f"resolution-{garden.pk}")
    jobs.follow_accepted_project(project_id=project.pk)
    actions.settle_resolution(actor=town.secretary, resolution_id=trees.pk, words="已补栽 12 棵", now=NOW)
    refused(
        SettledAlready, actions.settle_resolution, actor=town.secretary, resolution_id=trees.pk, words="再", now=NOW
    )
    actions.reopen_resolution(actor=town.secretary, resolution_id=trees.pk, reason="死了两棵", now=NOW)
    wanted = queries.ResolutionFilter(TODAY)
    found = queries.count_resolutions(viewer=town.secretary, wanted=wanted)
    assert found == {"open": 1, "done": 1, "dropped": 0, queries.LATE: 0}
    jobs.follow_given_up_project(project_id=project.pk, words="没有经费")
    garden.refresh_from_db()
    assert garden.status == ResolutionStatus.DONE


def test_a_resolution_is_voted_on_and_done_when_that_is_counted(town):
    council = set_up(town, "tea")
    held(town, called(town, council), 2, NewResolution("小区装不装门禁"))
    row = Resolution.objects.get()
    deed = {"actor": town.secretary, "resolution_id": row.pk, "now": NOW}
    refused(BadEntry, actions.bring_resolution_to_vote, **deed, way="nothing")
    actions.bring_resolution_to_vote(**deed, way="residents", title="装门禁")
    vote = Vote.objects.get()
    assert [each["title"] for each in vote.paper["options"]] == ["同意", "反对"]
    refused(SettledAlready, actions.bring_resolution_to_vote, **deed, way="residents")
    jobs.follow_counted_vote(vote_id=vote.pk)
    row.refresh_from_db()
    assert (row.status, row.way) == (ResolutionStatus.DONE, Way.VOTING)


def test_late_resolutions_are_visible(town):
    council = set_up(town, "tea")
    held(town, called(town, council), 2, NewResolution("修长椅", None, TODAY - timedelta(days=1)))
    late = queries.list_resolutions(viewer=town.leader, wanted=queries.ResolutionFilter(TODAY, queries.LATE))
    assert [each.text for each in late.rows] == ["修长椅"]
    assert queries.count_late(viewer=town.secretary, today=TODAY) == 1
    assert queries.describe_councils([council], TODAY)[0].late == 1
    with pytest.raises(NotAllowed):
        queries.list_resolutions(viewer=NOBODY, wanted=queries.ResolutionFilter(TODAY))


@pytest.mark.parametrize(("here", "agreed", "ok"), [(4, 3, True), (3, 3, False), (4, 2, False), (6, 4, True)])
def test_nothing_is_resolved_below_the_quorum_or_without_more_than_half(town, here, agreed, ok):
    council = set_up(town, members=6)
    session = called(town, council)
    made = NewResolution("停车收费", None, None, agreed)
    if ok:
        assert held(town, session, here, made).members == 6
        return
    told = SessionHeld(session.pk, "议定如下", present(council, here), (made,))
    refused(NotQuorate, actions.hold_sessions, actor=town.secretary, held=[told], now=NOW)
    assert held(town, session, here).status == "held"
    refused(
        NotQuorate, actions.add_resolutions, actor=town.secretary, session_id=session.pk, resolutions=[made], now=NOW
    )


def test_who_is_not_a_member_makes_no_quorum(town):
    council, other = set_up(town), set_up(town, "tea")
    session = called(town, council)
    told = SessionHeld(session.pk, "纪要", present(other, 4))
    refused(BadEntry, actions.hold_sessions, actor=town.secretary, held=[told], now=NOW)
    more = NewResolution("停车", None, None, 5)
    told = SessionHeld(session.pk, "纪要", present(council, 4), (more,))
    refused(BadEntry, actions.hold_sessions, actor=town.secretary, held=[told], now=NOW)
    stranger = NewResolution("停车", None, None, 4, accepted(town, resident()).pk)
    told = SessionHeld(session.pk, "纪要", present(council, 4), (stranger,))
    refused(BadEntry, actions.hold_sessions, actor=town.secretary, held=[told], now=NOW)


def test_the_author_reads_why_and_nobody_else(town):
    who, other = resident(), resident("孙大爷")
    topic = raised(town, who)
    with pytest.raises(TopicNotFound):
        queries.get_topic_page(viewer=other, topic_id=topic.pk, now=NOW, today=TODAY)
    refused(NotAllowed, actions.deny_topic, actor=town.leader, topic_id=topic.pk, reason="不归这里管", now=NOW)
    refused(BadEntry, actions.deny_topic, actor=town.secretary, topic_id=topic.pk, reason=" ", now=NOW)
    actions.deny_topic(actor=town.secretary, topic_id=topic.pk, reason="请改成对事的说法", now=NOW)
    page = queries.get_topic_page(viewer=who, topic_id=topic.pk, now=NOW, today=TODAY)
    assert page.view.row.reason == "请改成对事的说法"
    assert any("没有采纳" in text for text in notices(who))
    refused(WrongTopicState, actions.accept_topics, actor=town.secretary, topic_ids=[topic.pk], now=NOW)
    entry = Entry.objects.get(fact="TopicRaised")
    assert (entry.actor_id, entry.actor_name) == (None, "居民")


def test_only_the_author_takes_a_topic_back(town):
    who = resident()
    topic = accepted(town, who)
    refused(NotYours, actions.withdraw_topic, actor=town.secretary, topic_id=topic.pk, now=NOW)
    actions.withdraw_topic(actor=who, topic_id=topic.pk, now=NOW)
    call = NewSession(set_up(town).pk, "五月议事", NOW, "", (topic.pk,))
    refused(WrongTopicState, actions.call_sessions, actor=town.secretary, news=[call], now=NOW)


def test_bounds_of_what_residents_raise(town):
    who = resident()
    for bad in ({"title": " "}, {"words": ""}, {"words": "打我电话 13812345678"}, {"area_id": 0}):
        with pytest.raises(BadEntry):
            raised(town, who, **bad)
    with pytest.raises(NotSignedIn):
        raised(town, jobs.CLOCK)
    for _each in range(3):
        raised(town, who)
    with pytest.raises(AskedEnough):
        raised(town, who)
    with pytest.raises(AskedEnough):
        actions.ask_question(actor=who, area_id=town.areas["spring"], words="问", now=NOW)
    assert Topic.objects.count() == 3


def test_a_meeting_called_off_lets_its_topics_wait(town):
    who, council = resident(), set_up(town)
    first, second = accepted(town, who), accepted(town, who, title="加装充电桩")
    session = called(town, council, first, at=NOW + timedelta(days=2))
    new = NewSession(council.pk, "改期议事", NOW + timedelta(days=3), "", (second.pk,), ("停车",))
    actions.change_session(actor=town.secretary, session_id=session.pk, new=new, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (TopicStatus.ACCEPTED, TopicStatus.TABLED)
    told = SessionHeld(session.pk, "纪要", present(council, 4))
    refused(BadEntry, actions.hold_sessions, actor=town.secretary, held=[told], now=NOW)
    off = {"actor": town.secretary, "session_id": session.pk, "now": NOW}
    refused(BadEntry, actions.call_off_session, **off, reason="")
    actions.call_off_session(**off, reason="台风")
    second.refresh_from_db()
    assert second.status == TopicStatus.ACCEPTED
    refused(SessionIsOver, actions.call_off_session, **off, reason="再")
    refused(SessionIsOver, actions.publish_session_summary, **off, summary="没有开")
    assert any("取消" in text for text in notices(who))


def test_members_with_accounts_are_invited(town):
    council = set_up(town)
    account = town.account("grid")
    member = NewMember(council.pk, "李建国", TODAY, "convener", TODAY + timedelta(days=300), account.username)
    actions.seat_council_members(actor=town.secretary, news=[member], now=NOW)
    refused(MemberAlready, actions.seat_council_members, actor=town.secretary, news=[member], now=NOW)
    nobody = NewMember(council.pk, "某某", TODAY, "member", None, "没有这个账号")
    refused(BadEntry, actions.seat_council_members, actor=town.secretary, news=[nobody], now=NOW)
    called(town, council, at=clock.now() + timedelta(days=9))
    called(town, council, title="补登的会")
    entries = list(Entry.objects.filter(fact="SessionCalled").values_list("pk", flat=True))
    for _twice in range(2):
        jobs.invite_members(entry_ids=entries)
    (notice,) = Notice.objects.filter(account=account)
    assert notice.parts["title"] == "五月议事"


def test_councils_members_and_kinds(town):
    council = set_up(town)
    with pytest.raises(CouncilExists):
        set_up(town)
    with pytest.raises(NotAllowed):
        actions.end_council(actor=town.leader, council_id=council.pk, on=TODAY, reason="撤", now=NOW)
    member = Member.objects.order_by("pk").first()
    actions.let_member_leave(actor=town.secretary, member_id=member.pk, on=TODAY, reason="搬家", now=NOW)
    assert len(queries.members_on(council.pk, TODAY)) == 5
    actions.end_council(actor=town.secretary, council_id=council.pk, on=TODAY, reason="改选", now=NOW)
    new = NewSession(council.pk, "五月议事", NOW, "", (), ("停车",))
    refused(CouncilHasEnded, actions.call_sessions, actor=town.secretary, news=[new], now=NOW)
    assert CouncilKind.objects.count() == 6
    assert actions.ship_council_kinds() == []
    keeper = town.secretary
    refused(NotAllowed, actions.change_council_kind, actor=keeper, kind=NewKind("x", "新"), now=NOW)


def test_a_question_is_answered_in_time_or_told_to_the_street(town):
    who, street = resident(), town.account("dispatcher")
    give(street, "", permission="councils.question.supervise", area_id=town.areas["street"])
    ask = {"actor": who, "area_id": town.areas["spring"], "now": NOW}
    first = actions.ask_question(**ask, words="路灯什么时候修？", may_publish=True)
    second = actions.ask_question(**ask, words="能不能多放几张长椅？")
    assert first.due_at > NOW + timedelta(days=4)
    with pytest.raises(QuestionNotFound):
        queries.get_question(viewer=NOBODY, question_id=first.pk, now=NOW)
    reply = {"actor": town.secretary, "question_id": first.pk, "now": NOW}
    actions.answer_question(**reply, answer="本周五前修好", publish=True)
    refused(AnsweredAlready, actions.answer_question, **reply, answer="再答")
    assert queries.get_question(viewer=NOBODY, question_id=first.pk, now=NOW).row.answer == "本周五前修好"
    late = second.due_at + timedelta(minutes=1)
    assert queries.list_overdue_questions(second.due_at - timedelta(minutes=1)) == []
    assert queries.list_overdue_questions(late) == [second.pk]
    assert actions.escalate_question(actor=jobs.CLOCK, question_id=second.pk, now=late)
    assert not actions.escalate_question(actor=jobs.CLOCK, question_id=second.pk, now=late)
    view = queries.get_question(viewer=who, question_id=second.pk, now=late)
    assert view.is_late
    assert view.row.escalated_at == late
    assert list(notices(town.secretary)) == []
    assert Notice.objects.filter(account=street, key=f"council_question:{second.pk}:overdue").count() == 1
    answered = actions.answer_question(**{**reply, "question_id": second.pk}, answer="已加", publish=True)
    assert not answered.is_public


def test_authors_are_forgotten(town):
    who, council = resident(), set_up(town, "tea")
    done, open_one = accepted(town, who), accepted(town, who, title="还没办完的")
    held(town, called(town, council, done, open_one), 2, NewResolution("办", None, None, None, open_one.pk))
    asked = actions.ask_question(actor=who, area_id=town.areas["spring"], words="问", now=NOW)
    actions.answer_question(actor=town.secretary, question_id=asked.pk, answer="答", now=NOW)
    assert actions.forget_council_authors(actor=jobs.CLOCK, now=NOW + timedelta(days=300)) == 0
    assert actions.forget_council_authors(actor=jobs.CLOCK, now=NOW + timedelta(days=400)) == 2
    assert list(Topic.objects.filter(author=None)) == [done]
    assert Question.objects.get().asker is None


def test_nothing_adds_up_who_came(town):
    """Who was there stands with one meeting alone; no row and no query counts it by member."""
    names = {field.name for field in Member._meta.get_fields()}
    assert not names & {"present", "presence", "sessions", "meetings"}
    assert "present_ids" in {field.name for field in Session._meta.concrete_fields}
