"""What one person alone could turn: the roll, a paper ballot, who counts as silent, how many heads somebody has."""

from datetime import timedelta

import pytest

from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.owners import actions, queries
from haitang.owners.lifecycle import SheetStatus
from haitang.owners.models import Ballot, Owner, PaperSheet, RollEntry
from haitang.owners.tests.cast import (
    DURING,
    FROM,
    SECOND,
    THIRD,
    UNTIL,
    announced,
    answers,
    closed,
    codes,
    estate,
    home,
    keeper,
    opened,
    plan,
    sheet,
    vote,
)
from haitang.owners.values import BadBallot, NotVotingNow, TakesTwo, VoterNotFound
from haitang.testing.actors import NOW
from haitang.testing.people import build_account, refused

pytestmark = pytest.mark.django_db


def test_whoever_has_drawn_the_roll_anew_does_not_open_the_vote(town):
    decision = announced(town, estate(town))
    actions.redraw_roll(actor=SECOND, decision_id=decision.pk, now=NOW)
    for who in (SECOND, keeper(town)):
        refused(TakesTwo, actions.open_decision, actor=who, decision_id=decision.pk, now=FROM)
    assert actions.open_decision(actor=THIRD, decision_id=decision.pk, now=FROM).opened_by_id == THIRD.id


def test_a_paper_ballot_read_differently_is_settled_by_neither_reader(town):
    decision = opened(town, estate(town))
    entry = RollEntry.objects.get(decision=decision, number=1)
    told = {"entry_id": entry.pk, "handed_in_at": DURING, "now": DURING}
    actions.read_paper(actor=keeper(town), choices=answers(decision, "no"), **told)
    actions.read_paper(actor=THIRD, choices=answers(decision, "yes"), **told)
    again = {"entry_id": entry.pk, "choices": answers(decision, "yes"), "reason": "同意", "now": DURING}
    for who in (keeper(town), THIRD):
        refused(TakesTwo, actions.reconcile_paper, actor=who, **again)
    assert actions.reconcile_paper(actor=SECOND, **again).settled_by_id == SECOND.id


def test_the_time_of_receipt_is_read_twice_too_for_it_can_decide_which_ballot_counts(town):
    decision = opened(town, estate(town), plan(5, precedence="first"))
    vote(decision, codes(town, decision)[1], "yes", DURING)
    entry = RollEntry.objects.get(decision=decision, number=1)
    before, after, now = DURING - timedelta(hours=1), DURING + timedelta(hours=1), DURING + timedelta(hours=2)
    told = {"entry_id": entry.pk, "choices": answers(decision, "no"), "now": now}
    actions.read_paper(actor=keeper(town), handed_in_at=before, **told)
    actions.read_paper(actor=THIRD, handed_in_at=after, **told)
    assert PaperSheet.objects.get().status == SheetStatus.DIFFERS
    refused(BadBallot, actions.reconcile_paper, actor=SECOND, reason="再看", **told)
    refused(BadBallot, actions.reconcile_paper, actor=SECOND, reason="再看", handed_in_at=UNTIL, **told)
    actions.reconcile_paper(actor=SECOND, reason="票面盖章为投票之后", handed_in_at=after, **told)
    assert Ballot.objects.get(counts=True).choice == "yes"


def test_nobody_is_made_silent_once_the_vote_is_over(town):
    decision = opened(town, estate(town))
    refused(NotVotingNow, actions.note_delivered, actor=keeper(town), decision_id=decision.pk, now=UNTIL)
    assert actions.note_delivered(actor=keeper(town), decision_id=decision.pk, now=DURING) == 3


def test_what_changes_in_the_register_while_they_vote_changes_nothing_of_the_vote(town):
    """A flat is sold, another measured anew, an owner's account tied to somebody else: the roll stays as announced."""
    where = estate(town)
    decision = opened(town, where)
    by_number = codes(town, decision)
    vote(decision, by_number[1])
    sold = sheet(home(1, owner="买主", identity="ID0099"), home(2, "900.00"), home(3))
    actions.import_register(actor=keeper(town), estate_id=where.pk, data=sold, now=DURING)
    account = build_account("买主")
    buyer = Owner.objects.get(name="买主")
    actions.tie_owner(actor=keeper(town), owner_id=buyer.pk, username=account.username, now=DURING)
    assert queries.list_entries_of(account.pk) == []
    entry = RollEntry.objects.get(decision=decision, number=1)
    bought = Actor("买主", id=account.pk)
    refused(
        VoterNotFound, actions.give_ballot, actor=bought, entry_id=entry.pk, choices=answers(decision), now=DURING
    )  # fmt: skip
    vote(decision, by_number[2])
    closed(town, decision)
    (found,) = queries.list_outcomes(decision)
    assert (found.figures.total.size, found.figures.yes.size, found.figures.yes.heads) == (30000, 20000, 2)


def test_one_person_is_one_head_however_the_rows_were_typed(town):
    phone = {"owner": "张三", "identity": "", "phone": "138 0000 1234"}
    where = estate(
        town, home(1, identity="id0001"), home(2, owner="业主1", identity="ＩＤ 0001"), home(3, **phone),
        home(4, **{**phone, "phone": "138-0000-1234"}),
    )  # fmt: skip
    assert [len(head.units) for head in queries.draw_heads(where.pk)] == [2, 2]
    mixed = sheet(home(1), home(2, **phone), home(3, **{**phone, "identity": "ID0003"}))
    told = {"actor": keeper(town), "estate_id": where.pk, "now": NOW}
    read = actions.import_register(data=mixed, **told)
    assert not read.written
    assert [line for line, reason in read.reasons if "算作两人" in reason] == [3]


def test_an_owner_stays_who_they_are_when_a_certificate_comes_later_or_is_left_out(town):
    phone = {"owner": "张三", "identity": "", "phone": "13800001234"}
    where = estate(town, home(1), home(2, **phone))
    owner, account = Owner.objects.get(name="张三"), build_account("张三")
    actions.tie_owner(actor=keeper(town), owner_id=owner.pk, username=account.username, now=NOW)
    for identity in ("ID0077", ""):
        rows = sheet(home(1), home(2, **{**phone, "identity": identity}))
        assert actions.import_register(actor=keeper(town), estate_id=where.pk, data=rows, now=NOW).written
        kept = Owner.objects.get(name="张三")
        assert (kept.pk, kept.account_id, kept.identity) == (owner.pk, account.pk, "ID0077")


def test_a_code_made_anew_at_the_desk_leaves_whose(town):
    decision = opened(town, estate(town))
    codes(town, decision)
    lost = RollEntry.objects.get(decision=decision, number=2)
    actions.issue_voting_codes(actor=keeper(town), decision_id=decision.pk, entry_ids=[lost.pk], now=DURING)
    numbers = [each.data["numbers"] for each in Entry.objects.filter(fact="VotingCodesIssued").order_by("id")]
    assert numbers == [[], [2]]
