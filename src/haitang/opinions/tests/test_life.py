"""A conversation from its first statement to its published votes; what is refused, and by whom it may be done."""

from datetime import timedelta

import pytest

from haitang.core.access import VISITOR
from haitang.core.errors import NotAllowed, NotSignedIn
from haitang.opinions import actions, jobs, queries
from haitang.opinions.lifecycle import StatementStatus, Status
from haitang.opinions.models import Landscape, Statement, Vote
from haitang.opinions.tests.cast import OVER, SEEDS, answer, new, opened, resident, started, statements, two_camps
from haitang.opinions.values import (
    BadConversation,
    ConversationNotFound,
    NotOpenNow,
    NotTakingPart,
    ResultsNotShown,
    SaidAlready,
    SaidEnough,
    StatementNotFound,
    TooFewSeeds,
    WrongConversationState,
)
from haitang.people.models import Notice
from haitang.testing.actors import NOW
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db


def test_a_conversation_is_begun_seeded_and_opened_by_the_community(town):
    row = started(town)
    assert [each.words for each in statements(row)] == list(SEEDS)
    with pytest.raises(ConversationNotFound):
        queries.get_public_conversation(conversation_id=row.pk)
    with pytest.raises(ConversationNotFound):
        actions.open_conversation(actor=town.outsider, conversation_id=row.pk, now=NOW)
    actions.open_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    assert queries.get_public_conversation(conversation_id=row.pk).status == Status.OPEN
    with pytest.raises(WrongConversationState):
        actions.change_conversation(actor=town.secretary, conversation_id=row.pk, new=new(town), now=NOW)


def test_without_enough_to_answer_it_is_not_opened(town):
    row = started(town, seeds=SEEDS[:2])
    with pytest.raises(TooFewSeeds):
        actions.open_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    actions.change_conversation(actor=town.secretary, conversation_id=row.pk, new=new(town, seeds=SEEDS[2:]), now=NOW)
    assert actions.open_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW).status == Status.OPEN


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"closes_at": NOW}, "closes_at"),
        ({"opens_at": NOW - timedelta(days=9), "closes_at": NOW - timedelta(days=2)}, "closes_at"),
        ({"who": "all"}, "who"),
        ({"seeds": ("请打 13912345678",)}, "seeds"),
        ({"area_id": 0}, "area"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(town, wrong, field):
    with pytest.raises(BadConversation) as refused:
        started(town, **wrong)
    assert list(refused.value.fields) == [field]


def test_only_who_manages_there_begins_one(town):
    with pytest.raises(NotAllowed):
        actions.start_conversation(actor=town.outsider, new=new(town), now=NOW)
    with pytest.raises(NotAllowed):
        actions.start_conversation(actor=town.grid, new=new(town), now=NOW)


def test_an_answer_counts_once_and_can_be_changed_until_the_close(town):
    row = opened(town)
    first, *_rest = statements(row)
    for said in (1, 1, -1, 0):
        answer(row, resident(1), first, said)
    assert list(Vote.objects.values_list("answer", flat=True)) == [0]
    with pytest.raises(NotOpenNow):
        answer(row, resident(1), first, 1, now=row.closes_at)
    with pytest.raises(BadConversation):
        answer(row, resident(1), first, 2)


def test_who_may_answer(town):
    row = opened(town, opens_at=NOW + timedelta(hours=1))
    first, *_rest = statements(row)
    with pytest.raises(NotOpenNow):
        answer(row, resident(1), first, 1)
    later = NOW + timedelta(hours=2)
    with pytest.raises(NotSignedIn):
        answer(row, VISITOR, first, 1, now=later)
    with pytest.raises(NotTakingPart):
        answer(row, town.secretary, first, 1, now=later)
    answer(row, resident(1), first, 1, now=later)
    everybody = opened(town, who="signed_in", title="大家都来")
    answer(everybody, town.secretary, statements(everybody)[0], 1)
    with pytest.raises(StatementNotFound):
        answer(everybody, resident(1), first, 1)


def test_every_statement_is_asked_once_in_an_order_of_ones_own(town):
    row = opened(town)
    orders = set()
    for number in range(6):
        seen = []
        while (part := queries.get_own_part(viewer=resident(number), conversation=row)).next:
            again = queries.get_own_part(viewer=resident(number), conversation=row).next
            assert again == part.next, "the same until it is answered"
            seen.append(part.next.pk)
            answer(row, resident(number), part.next, 1)
        assert sorted(seen) == [each.pk for each in statements(row)]
        orders.add(tuple(seen))
    assert len(orders) > 1


def test_a_statement_is_read_before_others_answer_it_and_its_author_learns_why_not(town):
    account = build_account("林阿姨")
    who = resident(0).__class__("林阿姨", id=account.pk)
    row = opened(town)
    good = actions.say_statement(actor=who, conversation_id=row.pk, words="  晚上对面  学校可以停 ", now=NOW)
    bad = actions.say_statement(actor=who, conversation_id=row.pk, words="某某不配住这里", now=NOW)
    assert good.words == "晚上对面 学校可以停"
    with pytest.raises(StatementNotFound):
        answer(row, resident(1), good, 1)
    with pytest.raises(ConversationNotFound):
        actions.accept_statements(actor=town.outsider, statement_ids=[good.pk], now=NOW)
    actions.accept_statements(actor=town.secretary, statement_ids=[good.pk], now=NOW)
    with pytest.raises(BadConversation):
        actions.deny_statement(actor=town.secretary, statement_id=bad.pk, reason=" ", now=NOW)
    actions.deny_statement(actor=town.secretary, statement_id=bad.pk, reason="人身攻击", now=NOW)
    answer(row, resident(1), good, 1)
    own = queries.get_own_part(viewer=who, conversation=row).said
    assert [(each.status, each.reason) for each in own] == [("accepted", ""), ("denied", "人身攻击")]
    with pytest.raises(WrongConversationState):
        actions.accept_statements(actor=town.secretary, statement_ids=[good.pk], now=NOW)


def test_an_author_is_told_once_of_all_and_then_forgotten(town):
    who = resident(0).__class__("林阿姨", id=build_account("林阿姨").pk)
    row = opened(town)
    said = [actions.say_statement(actor=who, conversation_id=row.pk, words=f"第{n}条", now=NOW) for n in range(2)]
    assert actions.tell_authors(actor=jobs.CLOCK, now=NOW) == 0, "nothing is decided yet"
    actions.accept_statements(actor=town.secretary, statement_ids=[each.pk for each in said], now=NOW)
    assert actions.tell_authors(actor=jobs.CLOCK, now=NOW) == 2
    assert actions.tell_authors(actor=jobs.CLOCK, now=NOW) == 0
    notice = Notice.objects.get()
    assert notice.account_id == who.id
    assert "第0条" not in str(notice.parts)
    assert {bytes(each.author_sealed) for each in Statement.objects.filter(is_seed=False)} == {b""}


def test_nobody_fills_a_conversation_with_statements_of_their_own(town):
    row = opened(town)
    for number in range(3):
        actions.say_statement(actor=resident(1), conversation_id=row.pk, words=f"第{number}条", now=NOW)
    with pytest.raises(SaidEnough):
        actions.say_statement(actor=resident(1), conversation_id=row.pk, words="第四条", now=NOW)
    with pytest.raises(SaidAlready):
        actions.say_statement(actor=resident(2), conversation_id=row.pk, words=SEEDS[0], now=NOW)
    with pytest.raises(BadConversation):
        actions.say_statement(actor=resident(2), conversation_id=row.pk, words="打 13912345678 找我", now=NOW)


def test_groups_are_found_when_votes_have_come_and_only_then(town):
    row = opened(town)
    two_camps(row)
    assert actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    assert not actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    answer(row, resident(0), statements(row)[0], -1)
    assert actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    results = queries.get_results(viewer=town.secretary, conversation=row)
    assert [each.people for each in results.groups] == [12, 8]
    assert "多种树" in results.bridges[0].words
    assert queries.get_own_part(viewer=resident(19), conversation=row).group == 1


def test_groups_of_an_open_conversation_are_for_who_has_answered(town):
    row = opened(town)
    two_camps(row)
    actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    for viewer in (VISITOR, resident(700), town.outsider):
        with pytest.raises(ResultsNotShown):
            queries.get_results(viewer=viewer, conversation=row)
    assert queries.get_results(viewer=resident(3), conversation=row).groups


def test_few_people_are_told_nothing_of_one_another(town):
    row = opened(town)
    two_camps(row, 8, 6)
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    row.refresh_from_db()
    results = queries.get_results(viewer=VISITOR, conversation=row)
    assert (results.people, results.enough, results.groups, results.lines) == (14, False, (), ())
    with pytest.raises(ResultsNotShown):  # before the first line is sent, since then it is too late to refuse
        queries.list_anonymous_votes(row)


def test_a_group_below_the_least_is_merged_and_few_answers_are_no_percentage(town):
    row = opened(town)
    two_camps(row, 16, 4)
    answer(row, resident(99), statements(row)[0], 1)
    extra = actions.add_seeds(actor=town.secretary, conversation_id=row.pk, seeds=["新加的一条"], now=NOW)
    assert extra == 1
    answer(row, resident(0), statements(row)[-1], 1)
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    row.refresh_from_db()
    results = queries.get_results(viewer=VISITOR, conversation=row)
    assert results.groups == (), "four people are no group here"
    assert results.lines[-1].everybody.agree is None


def test_the_close_publishes_what_was_answered(town):
    row = opened(town)
    two_camps(row)
    waiting = actions.say_statement(actor=resident(1), conversation_id=row.pk, words="还没人看过", now=NOW)
    before = sorted(Vote.objects.values_list("statement_id", "answer"))
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.status, row.people, row.votes) == (Status.CLOSED, 20, 120)
    assert sorted(Vote.objects.values_list("statement_id", "answer")) == before
    assert waiting.status == StatementStatus.DENIED
    published = list(queries.list_anonymous_votes(row))
    assert len(published) == 120
    assert {group for *_rest, group in published} == {1, 2}
    with pytest.raises(NotOpenNow):
        answer(row, resident(1), statements(row)[0], 1)
    with pytest.raises(NotOpenNow):
        actions.deny_statement(actor=town.secretary, statement_id=statements(row)[0].pk, reason="晚了", now=NOW)


def test_the_clock_closes_what_is_over_once(town):
    row = opened(town)
    two_camps(row)
    assert queries.due_conversations(NOW) == []
    assert queries.due_conversations(OVER) == [row.pk]
    assert actions.close_due_conversation(actor=jobs.CLOCK, conversation_id=row.pk, now=OVER)
    assert not actions.close_due_conversation(actor=jobs.CLOCK, conversation_id=row.pk, now=OVER)
    assert Landscape.objects.get().people == 20


def test_sheets_of_paper_count_as_people(town):
    row = opened(town)
    ids = [each.pk for each in statements(row)]
    sheets = [dict.fromkeys(ids, 1 if number < 11 else -1) for number in range(16)]
    assert actions.enter_sheets(actor=town.secretary, conversation_id=row.pk, sheets=sheets, now=NOW) == 16
    actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    assert queries.get_results(viewer=town.secretary, conversation=row).people == 16
    with pytest.raises(BadConversation):
        actions.enter_sheets(actor=town.secretary, conversation_id=row.pk, sheets=[{}], now=NOW)
    with pytest.raises(StatementNotFound):
        actions.enter_sheets(actor=town.secretary, conversation_id=row.pk, sheets=[{1: 1}], now=NOW)
    with pytest.raises(NotAllowed):
        actions.enter_sheets(actor=town.leader, conversation_id=row.pk, sheets=sheets, now=NOW)
