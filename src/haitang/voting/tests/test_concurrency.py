"""Many at the same moment, each on a connection of their own: nobody votes twice, no ballot is lost."""

import pytest

from haitang.testing.actors import NOW
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town
from haitang.voting import actions
from haitang.voting.models import Envelope, PublishedBallot
from haitang.voting.tests.cast import FIRST, LATER, SECOND, opened
from haitang.voting.values import AlreadyVoted, WrongVoteState

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_parallel_attempts_each_person_has_one_ballot_and_none_is_lost():
    play = opened(build_town(), voters=25)
    outcomes = at_once(*[lambda at=at: play.cast(at, {str(at % 3 + 1): 1}) for at in range(25)] * 16)
    assert set(outcomes) == {None}
    assert Envelope.objects.count() == 25
    play.close()
    vote = play.count()
    assert vote.tally["electronic"] == PublishedBallot.objects.count() == 25
    assert [vote.result["options"][each]["votes"] for each in "123"] == [9, 8, 8]


def test_of_a_household_one_is_in_the_box_whoever_is_faster():
    play = opened(build_town(), voters=20, basis="household")
    outcomes = at_once(*[lambda at=at: play.cast(at, {"1": 1}) for at in range(20)] * 10)
    assert all(each is None or isinstance(each, AlreadyVoted) for each in outcomes)
    assert outcomes.count(None) == 100
    assert Envelope.objects.count() == 10


def test_paper_and_electronic_of_one_person_are_one_vote():
    play = opened(build_town(), voters=10)
    entries = [play.entry(at).pk for at in range(10)]
    outcomes = at_once(
        *[lambda at=at: play.cast(at, {"1": 1}) for at in range(10)] * 5,
        *[lambda entry=entry: actions.take_paper(actor=FIRST, entry_id=entry, now=NOW) for entry in entries] * 5,
    )
    assert all(each is None or isinstance(each, AlreadyVoted) for each in outcomes)
    assert list(Envelope.objects.values_list("via", flat=True)) == ["paper"] * 10


def test_a_ballot_is_in_the_box_before_the_vote_closes_or_refused():
    play = opened(build_town(), voters=20)
    actions.propose_closing(actor=FIRST, vote_id=play.vote_id, now=LATER)
    done = at_once(
        *[lambda at=at: play.cast(at, {"1": 1}) for at in range(10)],
        lambda: actions.confirm_closing(actor=SECOND, vote_id=play.vote_id, now=LATER),
        *[lambda at=at: play.cast(at, {"1": 1}) for at in range(10, 20)],
    )
    casts = [*done[:10], *done[11:]]
    assert all(each is None or isinstance(each, WrongVoteState) for each in casts)
    assert Envelope.objects.count() == casts.count(None)
    assert play.count().tally["electronic"] == casts.count(None)


def test_the_box_is_opened_once():
    play = opened(build_town(), voters=5)
    play.cast(0, {"1": 1})
    play.close()
    outcomes = at_once(*[play.count] * 8)
    assert outcomes.count(None) == 1
    assert all(each is None or isinstance(each, WrongVoteState) for each in outcomes)
    assert PublishedBallot.objects.count() == 1
