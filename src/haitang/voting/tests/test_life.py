"""A vote from its preparation to its publication: two people, one vote each, changed until the end, a receipt."""

import json
from datetime import timedelta

import pytest

from haitang.core.access import VISITOR
from haitang.core.errors import NotAllowed
from haitang.core.models import Entry as HistoryEntry
from haitang.testing.actors import NOBODY, NOW
from haitang.voting import actions, queries
from haitang.voting.models import Entry, Envelope, PaperSheet, PublishedBallot
from haitang.voting.tests.cast import FIRST, LATER, OPTIONS, SECOND, THIRD, listed, opened, plan
from haitang.voting.values import (
    VOID,
    AlreadyListed,
    AlreadyVoted,
    BadBallot,
    BadVote,
    Cap,
    NotReconciled,
    OptionDraft,
    SamePerson,
    Unopened,
    VoteNotFound,
    Voter,
    WrongKey,
    WrongVoteState,
    WrongVotingCode,
    check,
    digest_of,
)
from haitang.voting.values.envelopes import Box, new_key_code

pytestmark = pytest.mark.django_db


def test_a_vote_goes_from_preparation_to_a_published_list(town, django_assert_num_queries):
    play = opened(town)
    told = HistoryEntry.objects.get(fact="VoteOpened").data
    assert told["digest"] == play.vote.digest == digest_of(play.vote.paper)
    first = play.cast(0, {"1": 1, "2": 1})
    receipts = [play.cast(0, {"2": 1}), play.cast(1, {"2": 1, "3": 1}), play.cast(2, {"3": 1})]
    with pytest.raises(VoteNotFound, match="还没有开箱"):
        queries.find_ballot(vote_id=play.vote_id, code=receipts[0].code)
    play.close()
    vote = play.count()
    assert vote.tally == {"entitled": 4, "electronic": 3, "paper": 0, "void": 0, "set_aside": 0, "mixed": 0}
    assert vote.result["chosen"] == ["3", "2"]
    assert queries.find_ballot(vote_id=vote.pk, code=receipts[0].code)["ballot"]["m"] == {"2": 1}
    with pytest.raises(VoteNotFound):  # the ballot that was replaced is nowhere
        queries.find_ballot(vote_id=vote.pk, code=first.code)
    with django_assert_num_queries(2):  # the vote and the ballot: the tree was built at the first look
        queries.find_ballot(vote_id=vote.pk, code=receipts[0].code)
    file = queries.file_of(vote)
    assert check(json.loads(json.dumps(file)))["root"] == vote.root
    assert not Envelope.objects.exists()
    assert list(Entry.objects.order_by("number").values_list("has_voted", flat=True)) == [True, True, True, False]


def test_opening_and_closing_take_two_people(town):
    play = listed(town)
    actions.propose_opening(actor=FIRST, vote_id=play.vote_id, now=NOW)
    with pytest.raises(SamePerson):
        actions.confirm_opening(actor=FIRST, vote_id=play.vote_id, now=NOW)
    with pytest.raises(WrongVoteState):
        play.cast(0, {"1": 1})
    actions.confirm_opening(actor=SECOND, vote_id=play.vote_id, now=NOW)
    with pytest.raises(WrongVoteState):
        actions.propose_closing(actor=FIRST, vote_id=play.vote_id, now=NOW)
    actions.propose_closing(actor=SECOND, vote_id=play.vote_id, now=LATER)
    with pytest.raises(SamePerson):
        actions.confirm_closing(actor=SECOND, vote_id=play.vote_id, now=LATER)


def test_nothing_changes_once_it_is_open_and_a_change_before_asks_both_again(town):
    play = listed(town)
    actions.propose_opening(actor=FIRST, vote_id=play.vote_id, now=NOW)
    actions.keep_vote(actor=FIRST, plan=plan(town, title="改过的标题"), vote_id=play.vote_id, now=NOW)
    with pytest.raises(WrongVoteState):
        actions.confirm_opening(actor=SECOND, vote_id=play.vote_id, now=NOW)
    actions.propose_opening(actor=FIRST, vote_id=play.vote_id, now=NOW)
    actions.confirm_opening(actor=SECOND, vote_id=play.vote_id, now=NOW)
    with pytest.raises(WrongVoteState):
        actions.keep_vote(actor=FIRST, plan=plan(town), vote_id=play.vote_id, now=NOW)
    with pytest.raises(WrongVoteState):
        actions.list_voters(actor=FIRST, vote_id=play.vote_id, voters=[Voter("晚来", "13900039999")], now=NOW)


def test_the_box_opens_with_both_keys_and_no_other(town):
    play, other = opened(town), opened(town)
    play.cast(0, {"1": 1})
    play.close()
    for wrong in ([play.keys[0]], [play.keys[0]] * 2, [play.keys[0], new_key_code()], other.keys, ["", ""]):
        with pytest.raises(WrongKey):
            actions.count_vote(actor=FIRST, vote_id=play.vote_id, codes=wrong, now=LATER)
    sealed = bytes(Envelope.objects.get().sealed)
    for box in (Box(other.vote_id, play.keys), Box(play.vote_id, play.keys[::-1]), Box(play.vote_id, other.keys)):
        with pytest.raises(Unopened):
            box.open(sealed)
    play.keys.reverse()  # typed in any order
    assert play.count().tally["electronic"] == 1


def test_ballots_are_taken_between_beginning_and_end_alone(town):
    play = opened(town)
    for at, words in ((play.vote.opens_at - timedelta(seconds=1), "还没有开始"), (play.vote.closes_at, "已经截止")):
        with pytest.raises(WrongVoteState, match=words):
            play.cast(0, {"1": 1}, now=at)
    play.cast(0, {"1": 1}, now=play.vote.closes_at - timedelta(seconds=1))
    for code in ("", "ABCD", " "):
        with pytest.raises(WrongVotingCode):
            play.cast(0, {"1": 1}, code=code)
    for marks in ({"1": 1, "2": 1, "3": 1}, {"9": 1}, {"1": 2}):
        with pytest.raises(BadBallot):
            play.cast(0, marks)


def test_all_envelopes_are_of_one_length_and_none_says_what_is_in_it(town):
    play = opened(town, kind="points", most=10, budget_fen=0)
    play.cast(0, {"1": 10})
    play.cast(1, {"1": 3, "2": 3, "3": 4})
    play.cast(2, {})
    sealed = [bytes(each) for each in Envelope.objects.values_list("sealed", flat=True)]
    assert len({len(each) for each in sealed}) == 1
    assert len({each[:32] for each in sealed}) == 3
    assert not HistoryEntry.objects.filter(fact__icontains="ballot").exists()


def test_a_stranger_votes_first_and_counts_when_residence_is_proven(town):
    play = opened(town)
    ask = {"actor": VISITOR, "vote_id": play.vote_id, "party": "x", "now": NOW}
    codes = [
        actions.register_stranger(voter=Voter(name, number, "春和路 9 号"), **ask)
        for name, number in (("新来", "13900031111"), ("外人", "13900032222"), ("居民0", "13900020000"))
    ]
    for code in codes:
        assert not play.cast(0, {"1": 1}, code=code).counts
    new, outsider, known = Entry.objects.filter(standing="provisional").order_by("number")
    actions.judge_residence(actor=FIRST, entry_id=new.pk, proven=True, now=NOW)
    with pytest.raises(BadVote):
        actions.judge_residence(actor=FIRST, entry_id=outsider.pk, proven=False, now=NOW)
    with pytest.raises(AlreadyListed):
        actions.judge_residence(actor=FIRST, entry_id=known.pk, proven=True, now=NOW)
    actions.judge_residence(actor=FIRST, entry_id=outsider.pk, proven=False, reason="不住在本社区", now=NOW)
    with pytest.raises(WrongVotingCode):
        play.cast(0, {"1": 1}, code=codes[1])
    play.close()
    assert play.count().tally == {"entitled": 5, "electronic": 1, "paper": 0, "void": 0, "set_aside": 2, "mixed": 0}


def test_a_household_has_one_vote(town):
    play = opened(town, basis="household")
    play.cast(0, {"1": 1})
    with pytest.raises(AlreadyVoted, match="这一户"):
        play.cast(1, {"2": 1})
    play.cast(0, {"3": 1})
    code = actions.register_stranger(
        actor=VISITOR, vote_id=play.vote_id, voter=Voter("同住", "13900037777", "春和路１号1 室"), party="x", now=NOW
    )
    play.cast(0, {"1": 1}, code=code)  # keeps nobody of the home out while it is not proven
    row = Entry.objects.get(standing="provisional")
    with pytest.raises(AlreadyVoted):
        actions.judge_residence(actor=FIRST, entry_id=row.pk, proven=True, now=NOW)
    play.close()
    assert play.count().tally == {"entitled": 2, "electronic": 1, "paper": 0, "void": 0, "set_aside": 1, "mixed": 0}


def enter(play, serial, *readings):
    for actor, marks in zip((SECOND, THIRD), readings, strict=False):
        row = actions.enter_paper(actor=actor, vote_id=play.vote_id, serial=serial, marks=marks, now=NOW)
    return row


def test_paper_contradicting_an_electronic_ballot_follows_the_rule_of_the_vote(town):
    play = opened(town)
    play.cast(0, {"1": 1})
    actions.take_paper(actor=FIRST, entry_id=play.entry(0).pk, now=NOW)
    with pytest.raises(AlreadyVoted, match="纸质票"):
        play.cast(0, {"1": 1})
    enter(play, "A1", {"3": 1}, {"3": 1})
    play.close()
    vote = play.count()
    assert vote.tally == {"entitled": 4, "electronic": 0, "paper": 1, "void": 0, "set_aside": 0, "mixed": 0}
    assert PublishedBallot.objects.get().marks == {"3": 1}
    assert queries.find_ballot(vote_id=vote.pk, code="a1")["marks"][0][0]["title"] == "停车划线"
    other = opened(town, both="first")
    other.cast(0, {"1": 1})
    with pytest.raises(AlreadyVoted):
        actions.take_paper(actor=FIRST, entry_id=other.entry(0).pk, now=NOW)
    actions.take_paper(actor=FIRST, entry_id=other.entry(1).pk, now=NOW)
    with pytest.raises(AlreadyVoted):
        other.cast(1, {"1": 1})


def test_paper_of_a_household_takes_the_place_of_the_electronic_ballot_of_another_of_it(town):
    play = opened(town, basis="household")
    play.cast(0, {"1": 1})
    actions.take_paper(actor=FIRST, entry_id=play.entry(1).pk, now=NOW)
    with pytest.raises(AlreadyVoted):
        play.cast(0, {"1": 1})
    actions.give_back_paper(actor=FIRST, entry_id=play.entry(1).pk, now=NOW)
    play.cast(0, {"1": 1})


def test_papers_are_read_by_two_and_decided_by_a_third(town):
    play = opened(town)
    for at in range(2):
        actions.take_paper(actor=FIRST, entry_id=play.entry(at).pk, now=NOW)
    assert enter(play, "A1", {"1": 1}, {"1": 1}).agreed == {"1": 1}
    actions.enter_paper(actor=SECOND, vote_id=play.vote_id, serial="A2", marks={"2": 1}, now=NOW)
    with pytest.raises(SamePerson):
        actions.enter_paper(actor=SECOND, vote_id=play.vote_id, serial="a2", marks={"2": 1}, now=NOW)
    play.close()
    with pytest.raises(NotReconciled, match="复核"):
        play.count()
    row = actions.enter_paper(actor=THIRD, vote_id=play.vote_id, serial="A2", marks={"3": 1}, now=LATER)
    assert row.agreed is None
    for actor in (SECOND, THIRD):
        with pytest.raises(SamePerson):
            actions.decide_paper(actor=actor, sheet_id=row.pk, marks={"2": 1}, now=LATER)
    actions.decide_paper(actor=FIRST, sheet_id=row.pk, marks={"2": 1}, now=LATER)
    assert play.count().tally["paper"] == 2
    assert not PaperSheet.objects.exists()


def test_papers_have_to_be_as_many_as_the_roll_says(town):
    play = opened(town)
    enter(play, "A1", {"1": 1}, {"1": 1})
    play.close()
    with pytest.raises(NotReconciled, match="名册上收到 0 张"):
        play.count()


def test_the_desk_gives_no_second_code_to_who_has_voted(town):
    play = opened(town)
    sheet = actions.hand_out_code(actor=FIRST, entry_id=play.entry(0).pk, now=NOW)
    with pytest.raises(WrongVotingCode):
        play.cast(0, {"1": 1})
    play.cast(0, {"1": 1}, code=sheet.code.lower())
    with pytest.raises(AlreadyVoted):
        actions.hand_out_code(actor=FIRST, entry_id=play.entry(0).pk, now=NOW)
    assert sheet.code.encode() not in bytes(play.entry(0).code_hash)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"), ({"kind": "drawn"}, "kind"), ({"options": ()}, "options"), ({"least": 3}, "most"),
        ({"method": "by hand"}, "method"), ({"ties": ("votes",)}, "method"),
        ({"closes_at": NOW - timedelta(days=1)}, "closes_at"),
        ({"options": (*OPTIONS, OptionDraft("没有价"))}, "options"), ({"kind": "knapsack", "budget_fen": 0}, "budget"),
        ({"turnout_percent": 101}, "turnout_percent"), ({"excluding": ((1,),)}, "caps"),
        ({"excluding": ((1, 4),)}, "caps"), ({"caps": (Cap("category", "为老"),)}, "caps"),
        ({"caps": (Cap("street", "为老", count=1),)}, "caps"), ({"caps": (Cap("district", "", count=1),)}, "caps"),
    ],
)  # fmt: skip
def test_a_vote_that_cannot_be_is_refused_at_its_field(town, more, field):
    with pytest.raises(BadVote) as refusal:
        actions.keep_vote(actor=FIRST, plan=plan(town, **more), now=NOW)
    assert field in refusal.value.fields


def test_the_roll_takes_a_person_once_and_names_the_line(town):
    play = listed(town)
    with pytest.raises(AlreadyListed):
        actions.list_voters(actor=FIRST, vote_id=play.vote_id, voters=[Voter("又来", "1390002 0000")], now=NOW)
    wrong = [Voter("甲", "13900039991"), Voter("", "13900039992")]
    with pytest.raises(BadVote, match="第 2 行"):
        actions.list_voters(actor=FIRST, vote_id=play.vote_id, voters=wrong, now=NOW)
    assert Entry.objects.count() == 4


def test_without_the_permission_nothing_is_done(town):
    play = opened(town)
    entry = play.entry(0).pk
    for deed in (
        lambda: actions.keep_vote(actor=NOBODY, plan=plan(town), now=NOW),
        lambda: actions.print_codes(actor=town.outsider, vote_id=play.vote_id, now=NOW),
        lambda: actions.hand_out_code(actor=town.outsider, entry_id=entry, now=NOW),
        lambda: actions.take_paper(actor=NOBODY, entry_id=entry, now=NOW),
        lambda: actions.propose_closing(actor=town.outsider, vote_id=play.vote_id, now=LATER),
        lambda: actions.enter_paper(actor=NOBODY, vote_id=play.vote_id, serial="A", marks={}, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_the_roll_is_erased_after_its_time(town):
    play = opened(town)
    play.cast(0, {"1": 1})
    play.close()
    play.count()
    assert actions.erase_rolls(actor=FIRST, now=LATER + timedelta(days=89)) == 0
    assert actions.erase_rolls(actor=FIRST, now=LATER + timedelta(days=90)) == 1
    row = Entry.objects.order_by("number")[0]
    assert (row.name, row.document, row.household, bytes(row.document_index), row.has_voted) == ("", "", "", b"", True)
    assert actions.erase_rolls(actor=FIRST, now=LATER + timedelta(days=91)) == 0


def test_paper_noted_for_the_wrong_person_costs_nobody_their_ballot(town):
    play = opened(town)
    receipt = play.cast(0, {"1": 1})
    entry = play.entry(0).pk
    actions.take_paper(actor=FIRST, entry_id=entry, now=NOW)
    with pytest.raises(AlreadyVoted):
        play.cast(0, {"2": 1})
    actions.give_back_paper(actor=FIRST, entry_id=entry, now=NOW)
    with pytest.raises(WrongVoteState):
        actions.give_back_paper(actor=FIRST, entry_id=entry, now=NOW)
    play.close()
    assert play.count().tally["electronic"] == 1
    assert queries.find_ballot(vote_id=play.vote_id, code=receipt.code)["ballot"]["m"] == {"1": 1}


def test_paper_taken_back_leaves_a_household_the_ballot_it_had(town):
    play = opened(town, basis="household")
    receipt = play.cast(0, {"1": 1})
    for at in (1, 0):
        entry = play.entry(at).pk
        actions.take_paper(actor=FIRST, entry_id=entry, now=NOW)
        for other in (0, 1):
            with pytest.raises(AlreadyVoted):
                play.cast(other, {"2": 1})
        actions.give_back_paper(actor=FIRST, entry_id=entry, now=NOW)
    with pytest.raises(AlreadyVoted, match="这一户"):
        play.cast(1, {"2": 1})
    play.close()
    assert play.count().tally["electronic"] == 1
    assert queries.find_ballot(vote_id=play.vote_id, code=receipt.code)["ballot"]["m"] == {"1": 1}
    assert list(Entry.objects.order_by("number").values_list("has_voted", flat=True)) == [True, False, False, False]


def test_two_papers_of_a_household_are_one_vote(town):
    play = opened(town, basis="household")
    play.cast(0, {"1": 1})
    actions.take_paper(actor=FIRST, entry_id=play.entry(1).pk, now=NOW)
    with pytest.raises(AlreadyVoted, match="这一户"):
        actions.take_paper(actor=FIRST, entry_id=play.entry(0).pk, now=NOW)
    enter(play, "A1", {"3": 1}, {"3": 1})
    play.close()
    assert play.count().tally == {"entitled": 2, "electronic": 0, "paper": 1, "void": 0, "set_aside": 0, "mixed": 0}
    assert list(Entry.objects.order_by("number").values_list("has_voted", flat=True)) == [False, True, False, False]


def test_a_void_paper_is_counted_as_void_and_published_nowhere(town):
    play = opened(town, least=1)
    actions.take_paper(actor=FIRST, entry_id=play.entry(0).pk, now=NOW)
    actions.take_paper(actor=FIRST, entry_id=play.entry(1).pk, now=NOW)
    assert enter(play, "A1", VOID, VOID).agreed == VOID
    row = enter(play, "A2", {"1": 1}, VOID)
    assert row.agreed is None
    actions.decide_paper(actor=FIRST, sheet_id=row.pk, marks={"1": 1}, now=NOW)
    play.close()
    vote = play.count()
    assert vote.tally == {"entitled": 4, "electronic": 0, "paper": 1, "void": 1, "set_aside": 0, "mixed": 0}
    assert PublishedBallot.objects.get().marks == {"1": 1}
    assert check(json.loads(json.dumps(queries.file_of(vote))))


def test_a_roll_that_cannot_keep_homes_apart_is_not_opened(town):
    play = listed(town)
    actions.list_voters(actor=FIRST, vote_id=play.vote_id, voters=[Voter("无址", "13900039999")], now=NOW)
    actions.keep_vote(actor=FIRST, plan=plan(town, basis="household"), vote_id=play.vote_id, now=NOW)
    with pytest.raises(BadVote, match="第 5 号"):
        actions.propose_opening(actor=FIRST, vote_id=play.vote_id, now=NOW)


def test_a_document_of_dashes_is_none(town):
    with pytest.raises(BadVote):
        actions.list_voters(actor=FIRST, vote_id=listed(town).vote_id, voters=[Voter("甲", "-- --")], now=NOW)
