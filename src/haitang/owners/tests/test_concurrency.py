"""Many at once, each on a connection of their own: one head, one ballot that counts; none lost as the vote closes."""

import pytest

from haitang.owners import actions
from haitang.owners.models import Ballot, RollEntry
from haitang.owners.tests.cast import (
    AFTER,
    DURING,
    SECOND,
    answers,
    codes,
    estate,
    home,
    keeper,
    opened,
    vote,
)
from haitang.owners.values import NotVotingNow
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_hundred_presses_of_one_code_are_one_ballot():
    town = build_town()
    decision = opened(town, estate(town))
    code = codes(town, decision)[1]
    choices = ("yes", "no", "abstain")
    outcomes = at_once(*(lambda n=n: vote(decision, code, choices[n % 3]) for n in range(200)))
    assert outcomes.count(None) == 200
    assert Ballot.objects.filter(counts=True).count() == Ballot.objects.count() == 1


def test_paper_and_phone_at_the_same_moment_leave_one_that_counts():
    town = build_town()
    decision = opened(town, estate(town, *[home(number) for number in range(1, 11)]))
    made = codes(town, decision)
    entries = {entry.number: entry for entry in RollEntry.objects.filter(decision=decision)}
    choice = answers(decision, "no")
    for entry in entries.values():
        actions.read_paper(actor=keeper(town), entry_id=entry.pk, choices=choice, handed_in_at=DURING, now=DURING)
    outcomes = at_once(
        *(lambda n=n: vote(decision, made[n], "yes") for n in made),
        *(
            lambda e=entry: actions.read_paper(
                actor=SECOND, entry_id=e.pk, choices=choice, handed_in_at=DURING, now=DURING
            )
            for entry in entries.values()
        ),
    )
    assert outcomes.count(None) == 20
    assert Ballot.objects.count() == 20
    assert Ballot.objects.filter(counts=True).count() == 10


def test_no_ballot_is_taken_and_lost_while_the_vote_closes():
    town = build_town()
    decision = opened(town, estate(town, *[home(number) for number in range(1, 31)]))
    made = codes(town, decision)
    votes = [lambda n=n: vote(decision, made[n], now=DURING) for n in made]
    outcomes = at_once(
        *votes[:15],
        lambda: actions.stop_voting(actor=keeper(town), decision_id=decision.pk, now=AFTER),
        *votes[15:],
    )
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert all(isinstance(outcome, NotVotingNow) for outcome in refused)
    assert Ballot.objects.filter(counts=True).count() == 30 - len(refused)
    decision.refresh_from_db()
    actions.close_decision(actor=SECOND, decision_id=decision.pk, now=AFTER)
    assert decision.questions.get().outcome.yes_heads == 30 - len(refused)
