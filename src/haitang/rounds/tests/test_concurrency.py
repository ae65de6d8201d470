"""Many at the same moment, each on a connection of their own: numbers differ, and everything is done once."""

import pytest

from haitang.core.access import Actor
from haitang.projects.models import Project
from haitang.rounds import actions
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import CoProposer, Hand, MergerPart, Proposal, Sitting
from haitang.rounds.tests.cast import AUTHOR, OFFICE, OTHER, admitted, day_of, judge, new, opened, pot_of, voted
from haitang.rounds.values import AlreadyJoined, AlreadyMerging, SeatDraft, Task, WrongRoundState
from haitang.testing.actors import NOW, TODAY
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town

pytestmark = pytest.mark.django_db(transaction=True)


def people(count: int) -> list[Actor]:
    return [Actor(f"居民{n}", id=910_000 + n) for n in range(count)]


def test_proposals_at_once_have_numbers_of_their_own_and_one_joins_once():
    town = build_town()
    pot = pot_of(opened(town), town)
    given = new(pot, town)
    done = at_once(*[
        lambda actor=actor: actions.hand_in_proposal(actor=actor, new=given, now=NOW) for actor in people(12)
    ])  # fmt: skip
    assert set(done) == {None}
    assert sorted(Proposal.objects.values_list("number", flat=True)) == list(range(1, 13))
    row = Proposal.objects.get(number=1)
    actions.admit_proposal(actor=OFFICE, proposal_id=row.pk, codes=["正1"], now=NOW)
    done = at_once(*[lambda: actions.join_proposal(actor=OTHER, proposal_id=row.pk, now=NOW)] * 10)
    assert done.count(None) == 1
    assert all(each is None or isinstance(each, AlreadyJoined) for each in done)
    assert CoProposer.objects.count() == 1


def test_of_two_mergers_of_one_proposal_one_begins():
    town = build_town()
    pot = pot_of(opened(town), town)
    rows = [actions.hand_in_proposal(actor=actor, new=new(pot, town), now=NOW) for actor in people(3)]

    def begin(target: int, other: int):
        return lambda: actions.begin_merger(
            actor=OFFICE, target_id=target, proposal_ids=[other], reason="相似", now=NOW
        )  # fmt: skip

    done = at_once(begin(rows[0].pk, rows[1].pk), begin(rows[1].pk, rows[2].pk), begin(rows[2].pk, rows[0].pk))
    assert done.count(None) == 1
    assert all(each is None or isinstance(each, AlreadyMerging) for each in done)
    assert MergerPart.objects.filter(is_live=True).count() == 2


def test_hands_given_while_a_sitting_closes_count_or_are_refused():
    town = build_town()
    round_ = opened(town)
    pot, now = pot_of(round_, town), day_of(round_, Task.REVIEW)
    row, members = admitted(pot, town), people(9)
    seats = [SeatDraft(each.name, each.id) for each in members]
    sitting = actions.open_sitting(actor=OFFICE, pot_id=pot.pk, members=seats, held_on=TODAY, now=now)
    for member in members[:6]:
        actions.give_hand(actor=member, sitting_id=sitting.pk, hands={row.pk: "yes"}, now=now)
    done = at_once(
        *[
            lambda member=member: actions.give_hand(actor=member, sitting_id=sitting.pk, hands={row.pk: "no"}, now=now)
            for member in members[6:]
        ],
        *[lambda: actions.close_sitting(actor=OFFICE, sitting_id=sitting.pk, now=now)] * 2,
    )
    assert all(each is None or isinstance(each, WrongRoundState) for each in done)
    assert done[3:].count(None) == 1
    counted = Sitting.objects.get()
    item = counted.agenda.get()
    assert (item.yes, item.no) == (6, done[:3].count(None))
    assert counted.present == 6 + item.no
    assert not Hand.objects.exists()


def test_an_outcome_is_published_and_projects_are_begun_once():
    town = build_town()
    round_ = opened(town)
    pot = pot_of(round_, town)
    admitted(pot, town, AUTHOR)
    admitted(pot, town, OTHER, title="口袋公园", category="环境", cost_fen=20_000_00)
    judge(pot, day_of(round_, Task.REVIEW))
    pot = voted(round_, pot, [{"1": 1}, {"2": 1}])
    now = day_of(round_, Task.START)
    done = at_once(
        *[lambda: actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=now)] * 4,
        *[lambda: actions.start_chosen(actor=OFFICE, round_id=round_.pk, now=now)] * 6,
    )
    assert set(done) == {None}
    assert Project.objects.filter(origin="vote").count() == 2
    assert Proposal.objects.filter(status=Status.CHOSEN, project=None).count() == 0
