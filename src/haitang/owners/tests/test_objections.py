"""Objections: one open for a home, so many for a vote, nothing goes on over them, and no yes without a correction."""

from datetime import timedelta

import pytest

from haitang.core.models import Entry
from haitang.owners import actions, queries
from haitang.owners.lifecycle import ObjectionStatus, Status
from haitang.owners.models import Ballot, Decision, Objection, RollEntry
from haitang.owners.tests.cast import (
    AFTER,
    DURING,
    FROM,
    SECOND,
    THIRD,
    VOTER,
    announced,
    closed,
    codes,
    estate,
    home,
    keeper,
    opened,
    paper,
    sheet,
    vote,
)
from haitang.owners.values import (
    NothingCorrected,
    NotVotingNow,
    ObjectedEnough,
    OpenObjections,
    Permission,
    TakesTwo,
    VoterNotFound,
    WrongDecisionState,
)
from haitang.testing.actors import NOW, actor_with
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town, refused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
FOURTH = actor_with(*Permission, account_id=79, name="督查员")


def object_to(decision, number=1, now=NOW) -> Objection:
    """Object as the owner of an entry."""
    entry = RollEntry.objects.get(decision=decision, number=number)
    return actions.raise_objection(actor=VOTER, decision_id=decision.pk, entry_id=entry.pk, text="不对", now=now)


def settle(town, row, upheld=False, now=LATER) -> Objection:
    """Answer an objection as the desk."""
    return actions.settle_objection(
        actor=keeper(town), objection_id=row.pk, upheld=upheld, answer="已看", now=now
    )  # fmt: skip


def test_a_home_has_one_open_objection_and_so_many_for_a_vote(town):
    decision = announced(town, estate(town))
    for _time in range(3):
        row = object_to(decision)
        refused(ObjectedEnough, object_to, decision=decision)
        settle(town, row)
    refused(ObjectedEnough, object_to, decision=decision)
    assert not queries.view_voter(row.decision.entries.get(number=1).pk, NOW).may_object
    settle(town, object_to(decision, number=2))
    actor = actor_with("owners.settings.manage")
    actions.change_owners_setting(actor=actor, key="objections_max", value=4, now=NOW)
    assert object_to(decision).status == ObjectionStatus.RAISED
    assert not Entry.objects.filter(fact="ObjectionRaised").exclude(actor_name="业主").exists()


def test_a_home_objects_no_more_often_because_its_roll_was_drawn_anew(town):
    where = estate(town)
    decision = announced(town, where)
    row = object_to(decision)
    actions.redraw_roll(actor=keeper(town), decision_id=decision.pk, now=LATER)
    refused(ObjectedEnough, object_to, decision=decision)
    assert [each.pk for each in queries.view_voter(decision.entries.get(number=1).pk, NOW).objections] == [row.pk]


def test_an_objection_to_the_roll_is_upheld_by_another_roll_alone(town):
    where = estate(town)
    decision = announced(town, where)
    row = object_to(decision, number=3)
    refused(NothingCorrected, settle, town=town, row=row, upheld=True)
    actions.redraw_roll(actor=keeper(town), decision_id=decision.pk, now=LATER)
    refused(NothingCorrected, settle, town=town, row=row, upheld=True)
    corrected = sheet(home(1), home(2), home(3, "120.00"))
    actions.import_register(actor=keeper(town), estate_id=where.pk, data=corrected, now=LATER)
    actions.redraw_roll(actor=keeper(town), decision_id=decision.pk, now=LATER)
    assert settle(town, row, upheld=True).status == ObjectionStatus.UPHELD
    assert actions.open_decision(actor=SECOND, decision_id=decision.pk, now=FROM).status == Status.OPEN


def test_a_vote_is_neither_stopped_nor_closed_over_an_objection(town):
    decision = opened(town, estate(town))
    vote(decision, codes(town, decision)[1])
    row = object_to(decision, now=DURING)
    stop = {"actor": keeper(town), "decision_id": decision.pk, "now": AFTER}
    refused(OpenObjections, actions.stop_voting, **stop)
    settle(town, row, now=DURING)
    actions.stop_voting(**stop)
    late = object_to(decision, number=2, now=AFTER)
    refused(OpenObjections, actions.close_decision, actor=SECOND, decision_id=decision.pk, now=AFTER)
    settle(town, late, now=AFTER)
    assert actions.close_decision(actor=SECOND, decision_id=decision.pk, now=AFTER).status == Status.CLOSED
    refused(WrongDecisionState, object_to, decision=decision, number=3, now=AFTER)


def test_an_objection_to_the_count_is_upheld_by_a_corrected_count_alone(town):
    decision = opened(town, estate(town))
    vote(decision, codes(town, decision)[1], "yes", DURING + timedelta(hours=1))
    paper(town, decision, 1, "no", DURING)
    assert Ballot.objects.get(counts=True).choice == "no"
    row = object_to(decision, now=DURING + timedelta(hours=2))
    told = {"entry_id": RollEntry.objects.get(decision=decision, number=1).pk, "reason": "勾的是同意"}
    refused(NothingCorrected, settle, town=town, row=row, upheld=True, now=AFTER)
    for reader in (keeper(town), THIRD):
        refused(TakesTwo, actions.take_paper_back, actor=reader, now=AFTER, **told)
    actions.take_paper_back(actor=SECOND, now=AFTER, **told)
    assert Ballot.objects.get().counts
    assert settle(town, row, upheld=True, now=AFTER).status == ObjectionStatus.UPHELD
    paper(town, decision, 1, "yes", DURING)
    assert Ballot.objects.get(counts=True).choice == "yes"
    closed(town, decision)
    refused(NotVotingNow, actions.take_paper_back, actor=FOURTH, now=AFTER, **told)


def test_nobody_objects_for_another_vote(town):
    where = estate(town)
    first, second = announced(town, where), announced(town, where)
    entry = RollEntry.objects.get(decision=first, number=1)
    refused(
        VoterNotFound, actions.raise_objection, actor=VOTER, decision_id=second.pk, entry_id=entry.pk, text="不对",
        now=NOW,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_many_presses_leave_one_open_objection():
    town = build_town()
    decision = announced(town, estate(town))
    outcomes = at_once(*(lambda: object_to(decision) for _press in range(8)))
    assert outcomes.count(None) == 1
    assert {type(each) for each in outcomes if each is not None} == {ObjectedEnough}
    assert Objection.objects.count() == 1
    assert Decision.objects.get().status == Status.NOTICE
