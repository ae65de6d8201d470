"""Similar proposals become one with everybody's consent, and are themselves again when it is undone."""

import pytest

from haitang.rounds import actions, queries
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import MergerPart, Proposal
from haitang.rounds.tests.cast import AUTHOR, OFFICE, OTHER, new, opened, pot_of, proposed
from haitang.rounds.values import AlreadyJoined, AlreadyMerging, BadProposal, MergerNotFound, ProposalNotFound
from haitang.testing.actors import NOBODY, NOW

pytestmark = pytest.mark.django_db


def statuses() -> list[str]:
    return list(Proposal.objects.order_by("number").values_list("status", flat=True))


def test_all_agree_and_it_can_be_undone(town):
    pot = pot_of(opened(town), town)
    one, two = proposed(pot, town), proposed(pot, town, OTHER, title="楼道里装上扶手")
    on_paper = actions.enter_proposal(
        actor=OFFICE, new=new(pot, town, title="装楼道扶手"), channel="phone", now=NOW
    )  # fmt: skip
    assert {each.pk for each, _alike in queries.list_similar(one)} == {two.pk, on_paper.pk}
    merger = actions.begin_merger(
        actor=OFFICE, target_id=one.pk, proposal_ids=[two.pk, on_paper.pk], reason="同一件事", now=NOW
    )
    with pytest.raises(AlreadyMerging):
        actions.begin_merger(actor=OFFICE, target_id=two.pk, proposal_ids=[one.pk], reason="又一次", now=NOW)
    told = {"merger_id": merger.pk, "now": NOW}
    actions.answer_merger(actor=AUTHOR, proposal_id=one.pk, agreed=True, **told)
    with pytest.raises(MergerNotFound):
        actions.answer_merger(actor=NOBODY, proposal_id=two.pk, agreed=True, **told)
    with pytest.raises(ProposalNotFound):  # whoever has an account speaks for themselves
        actions.answer_merger(actor=OFFICE, proposal_id=two.pk, agreed=True, how="电话", **told)
    with pytest.raises(BadProposal, match="怎么答复"):
        actions.answer_merger(actor=OFFICE, proposal_id=on_paper.pk, agreed=True, **told)
    actions.answer_merger(actor=OFFICE, proposal_id=on_paper.pk, agreed=True, how="电话确认", **told)
    assert statuses() == [Status.HANDED_IN] * 3
    actions.answer_merger(actor=OTHER, proposal_id=two.pk, agreed=True, **told)
    assert statuses() == [Status.HANDED_IN, Status.MERGED, Status.MERGED]
    assert Proposal.objects.get(pk=two.pk).into_id == one.pk
    with pytest.raises(AlreadyMerging):
        actions.withdraw_proposal(actor=AUTHOR, proposal_id=one.pk, reason="算了", now=NOW)
    with pytest.raises(ProposalNotFound):
        actions.undo_merger(actor=AUTHOR, merger_id=merger.pk, reason="反悔", now=NOW)
    actions.undo_merger(actor=OFFICE, merger_id=merger.pk, reason="两个单元情况不同", now=NOW)
    assert statuses() == [Status.HANDED_IN] * 3
    assert not MergerPart.objects.filter(is_live=True).exists()


def test_one_who_does_not_agree_ends_it(town):
    pot = pot_of(opened(town), town)
    one, two = proposed(pot, town), proposed(pot, town, OTHER)
    merger = actions.begin_merger(actor=OFFICE, target_id=one.pk, proposal_ids=[two.pk], reason="相似", now=NOW)
    actions.answer_merger(actor=OTHER, merger_id=merger.pk, proposal_id=two.pk, agreed=False, now=NOW)
    assert statuses() == [Status.HANDED_IN] * 2
    actions.begin_merger(actor=OFFICE, target_id=one.pk, proposal_ids=[two.pk], reason="再问一次", now=NOW)


def test_a_neighbour_stands_behind_a_proposal_once(town):
    pot = pot_of(opened(town), town)
    row = proposed(pot, town)
    actions.admit_proposal(actor=OFFICE, proposal_id=row.pk, codes=["正1"], now=NOW)
    actions.join_proposal(actor=OTHER, proposal_id=row.pk, now=NOW)
    for actor in (OTHER, AUTHOR):
        with pytest.raises(AlreadyJoined):
            actions.join_proposal(actor=actor, proposal_id=row.pk, now=NOW)
    actions.join_proposal(actor=OTHER, proposal_id=row.pk, joins=False, now=NOW)
    assert row.co_proposers.count() == 0
