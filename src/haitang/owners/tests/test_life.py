"""A decision from its draft to its result: what two people do, what is frozen, what counts, what is kept."""

from datetime import timedelta

import pytest

from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.owners import actions, queries
from haitang.owners.lifecycle import SheetStatus, Status
from haitang.owners.models import Ballot, Outcome, PaperSheet, RollEntry
from haitang.owners.tests.cast import (
    AFTER,
    DURING,
    FROM,
    SECOND,
    THIRD,
    UNTIL,
    VOTER,
    announced,
    answers,
    closed,
    codes,
    estate,
    home,
    keeper,
    opened,
    paper,
    plan,
    sheet,
    vote,
)
from haitang.owners.values import (
    AlreadyVoted,
    BadBallot,
    BadDecision,
    NotVotingNow,
    OpenObjections,
    PapersUnsettled,
    TakesTwo,
    VoterNotFound,
    WrongDecisionState,
    hash_code,
)
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db


def test_one_hundredth_of_a_square_metre_decides(town):
    """Two of three flats take part: exactly two thirds of the area, then one hundredth less."""
    for sizes, passes in ((("100.00", "100.00", "100.00"), True), (("100.00", "99.99", "100.00"), False)):
        rows = [home(number, size) for number, size in enumerate(sizes, start=1)]
        where = estate(town, *rows) if passes else _again(town, rows)
        decision = opened(town, where)
        by_number = codes(town, decision)
        vote(decision, by_number[1])
        vote(decision, by_number[2])
        closed(town, decision)
        (found,) = queries.list_outcomes(decision)
        kept = Outcome.objects.get(question__decision=decision)
        assert (found.verdict.passed, kept.passed) == (passes, passes)
        assert kept.passed_with_silent is None
        if not passes:
            first = found.verdict.checks[0]
            assert (first.lacking, first.formula) == (1, "3 × 19999 < 2 × 29999")
            assert [check.holds for check in found.verdict.checks] == [False, True, True, True]


def _again(town, rows):
    from haitang.owners.models import Estate

    where = Estate.objects.get()
    actions.import_register(actor=keeper(town), estate_id=where.pk, data=sheet(*rows), now=NOW)
    return where


def test_builder_several_units_and_joint_owners_on_the_roll(town):
    where = estate(
        town, home(1), home(2, owner="业主1", identity="ID0001"), home(3, share="1/2"),
        home(3, owner="配偶", identity="ID9003", share="1/2"), home(4, state="未出售", owner="", identity=""),
        home(5, state="已售未交付"), home(6, kind="车位", size="12.00"),
    )  # fmt: skip
    decision = announced(town, where)
    roll = list(RollEntry.objects.filter(decision=decision).order_by("number"))
    assert [(entry.label, entry.size, entry.is_builder) for entry in roll] == [
        ("1幢 001、1幢 002", 20000, False), ("1幢 003", 10000, False), ("1幢 004、1幢 005", 20000, True),
    ]  # fmt: skip
    assert (decision.total_heads, decision.total_size) == (3, 50000)
    assert roll[1].names == "业主3、配偶"


def test_notice_takes_fifteen_whole_days(town):
    where = estate(town)
    early = plan(votes_from=NOW + timedelta(days=15), votes_until=UNTIL)
    draft = actions.draft_decision(actor=keeper(town), estate_id=where.pk, new=early, now=NOW)
    refusal = refused(
        BadDecision, actions.announce_decision, actor=keeper(town), decision_id=draft.pk, now=NOW
    )  # fmt: skip
    assert "最早 2026-05-22" in refusal.message
    actions.change_decision(
        actor=keeper(town), decision_id=draft.pk, new=plan(votes_from=NOW + timedelta(days=16)), now=NOW
    )  # fmt: skip
    assert actions.announce_decision(actor=keeper(town), decision_id=draft.pk, now=NOW).status == Status.NOTICE


def test_the_roll_is_frozen_and_corrected_after_an_objection(town):
    where = estate(town)
    decision = announced(town, where)
    kept = codes(town, decision)
    actions.import_register(
        actor=keeper(town), estate_id=where.pk, data=sheet(home(1), home(2), home(3, "120.00")), now=NOW
    )  # fmt: skip
    assert RollEntry.objects.get(decision=decision, number=3).size == 10000
    later = NOW + timedelta(hours=1)
    row = actions.raise_objection(
        actor=keeper(town), decision_id=decision.pk, by="1幢 003", text="面积应为 120", now=NOW
    )  # fmt: skip
    refused(OpenObjections, actions.open_decision, actor=SECOND, decision_id=decision.pk, now=FROM)
    decision = actions.redraw_roll(actor=keeper(town), decision_id=decision.pk, now=later)
    assert decision.total_size == 32000
    actions.settle_objection(actor=keeper(town), objection_id=row.pk, upheld=True, answer="已更正", now=NOW)
    refused(
        WrongDecisionState, actions.settle_objection, actor=keeper(town), objection_id=row.pk, upheld=True,
        answer="再答", now=NOW,
    )  # fmt: skip
    decision = actions.open_decision(actor=SECOND, decision_id=decision.pk, now=FROM)
    assert vote(decision, kept[3]).size == 12000
    refused(WrongDecisionState, actions.redraw_roll, actor=keeper(town), decision_id=decision.pk, now=FROM)


def test_opening_and_closing_take_two_people(town):
    decision = announced(town, estate(town))
    refused(TakesTwo, actions.open_decision, actor=keeper(town), decision_id=decision.pk, now=FROM)
    refused(NotVotingNow, actions.open_decision, actor=SECOND, decision_id=decision.pk, now=NOW)
    actions.open_decision(actor=SECOND, decision_id=decision.pk, now=FROM)
    refused(NotVotingNow, actions.stop_voting, actor=keeper(town), decision_id=decision.pk, now=DURING)
    actions.stop_voting(actor=keeper(town), decision_id=decision.pk, now=AFTER)
    refused(TakesTwo, actions.close_decision, actor=keeper(town), decision_id=decision.pk, now=AFTER)
    actions.close_decision(actor=SECOND, decision_id=decision.pk, now=AFTER)
    assert [entry.fact for entry in Entry.objects.filter(subject_type="owners_decision").order_by("id")] == [
        "DecisionDrafted", "DecisionAnnounced", "DecisionOpened", "VotingStopped", "DecisionClosed",
    ]  # fmt: skip


def test_the_last_ballot_stands_and_only_within_the_time(town):
    decision = opened(town, estate(town))
    by_number = codes(town, decision)
    refused(NotVotingNow, vote, decision=decision, code=by_number[1], now=UNTIL)
    vote(decision, by_number[1], "no")
    vote(decision, by_number[1].lower(), "yes")
    assert list(Ballot.objects.values_list("choice", "counts")) == [("yes", True)]
    refused(VoterNotFound, vote, decision=decision, code="AAAA-BBBB-CCCC")
    refused(
        BadBallot, actions.give_ballot, actor=VOTER, proof=hash_code(by_number[2]), choices={}, now=DURING
    )  # fmt: skip
    lost = RollEntry.objects.get(number=2)
    ((_entry, fresh),) = actions.issue_voting_codes(
        actor=keeper(town), decision_id=decision.pk, entry_ids=[lost.pk], now=DURING
    )
    refused(VoterNotFound, vote, decision=decision, code=by_number[2])
    vote(decision, fresh, "abstain")
    assert queries.count_voted(decision).heads == 2


def test_where_nobody_changes_a_ballot_the_first_stands(town):
    actions.change_owners_setting(
        actor=actor_with("owners.settings.manage"), key="may_change", value=False, now=NOW
    )  # fmt: skip
    decision = opened(town, estate(town))
    code = codes(town, decision)[1]
    vote(decision, code, "no")
    refused(AlreadyVoted, vote, decision=decision, code=code)


@pytest.mark.parametrize(
    ("precedence", "paper_first", "counted"),
    [("first", True, "no"), ("first", False, "yes"), ("paper", False, "no"), ("electronic", True, "yes")],
)
def test_a_paper_ballot_contradicting_an_electronic_one(town, precedence, paper_first, counted):
    decision = opened(town, estate(town), plan(5, precedence=precedence))
    code = codes(town, decision)[1]
    when = (DURING, DURING + timedelta(hours=1))
    vote(decision, code, "yes", when[1] if paper_first else when[0])
    paper(town, decision, 1, "no", when[0] if paper_first else when[1])
    assert Ballot.objects.get(counts=True).choice == counted
    ((on_paper, other),) = queries.contradictions(decision)
    assert (on_paper.choice, other.choice) == ("no", "yes")
    closed(town, decision)
    assert Outcome.objects.get().contradictions == 1


def test_two_people_read_a_paper_ballot_and_differences_are_settled(town):
    decision = opened(town, estate(town), plan(5, 9))
    entry = RollEntry.objects.get(decision=decision, number=1)
    told = {"entry_id": entry.pk, "handed_in_at": DURING, "now": DURING}
    actions.read_paper(actor=keeper(town), choices=answers(decision, "yes"), **told)
    refused(TakesTwo, actions.read_paper, actor=keeper(town), choices=answers(decision, "yes"), **told)
    first, second = answers(decision)
    actions.read_paper(actor=THIRD, choices={first: "yes"}, **told)
    assert PaperSheet.objects.get().status == SheetStatus.DIFFERS
    assert not Ballot.objects.exists()
    refused(PapersUnsettled, actions.stop_voting, actor=keeper(town), decision_id=decision.pk, now=AFTER)
    actions.reconcile_paper(
        actor=SECOND, entry_id=entry.pk, choices={first: "yes"}, reason="第二项没有勾选", now=AFTER
    )  # fmt: skip
    assert list(Ballot.objects.values_list("question", "choice")) == [(first, "yes")]
    closed(town, decision)
    assert [each.figures.took_part.heads for each in queries.list_outcomes(decision)] == [1, 0]
    assert second


def test_the_silent_are_counted_with_the_majority_only_where_the_rules_say_so_and_never_alone(town):
    where = estate(town, *[home(number) for number in range(1, 7)])
    told = {"actor": keeper(town), "estate_id": where.pk, "now": NOW}
    actions.change_estate(
        **told, new=_new(where), silent_follows=True, silent_basis="业主大会议事规则第二十条"
    )  # fmt: skip
    decision = opened(town, where)
    by_number = codes(town, decision)
    for number in (1, 2, 3):
        vote(decision, by_number[number])
    actions.note_delivered(
        actor=keeper(town), decision_id=decision.pk, now=DURING,
        entry_ids=[RollEntry.objects.get(decision=decision, number=4).pk],
    )  # fmt: skip
    closed(town, decision)
    kept = Outcome.objects.get()
    assert (kept.passed, kept.passed_with_silent, kept.silent_heads) == (False, True, 1)


def _new(where):
    from haitang.owners.tests.cast import COMMUNITY
    from haitang.owners.values import NewEstate

    return NewEstate(where.name, COMMUNITY)


def test_an_owner_signed_in_votes_for_the_own_units_alone(town):
    from haitang.owners.models import Owner
    from haitang.testing.people import build_account

    where = estate(town)
    decision = opened(town, where)
    account = build_account("林阿姨")
    owner = Owner.objects.get(name="业主1")
    actions.tie_owner(actor=keeper(town), owner_id=owner.pk, username=account.username, now=NOW)
    voter = Actor("林阿姨", id=account.pk)
    (entry,) = queries.list_entries_of(account.pk)
    actions.give_ballot(actor=voter, entry_id=entry.pk, choices=answers(decision), now=DURING)
    other = RollEntry.objects.get(decision=decision, number=2)
    refused(
        VoterNotFound, actions.give_ballot, actor=voter, entry_id=other.pk, choices=answers(decision), now=DURING
    )  # fmt: skip
    assert not Entry.objects.filter(fact="BallotGiven", actor_id=account.pk).exists()


def test_voting_goes_on_for_longer_but_not_for_ever(town):
    decision = opened(town, estate(town))
    told = {"actor": SECOND, "decision_id": decision.pk, "reason": "参与不足", "now": DURING}
    refused(BadDecision, actions.extend_voting, until=UNTIL + timedelta(days=91), **told)
    actions.extend_voting(until=UNTIL + timedelta(days=30), **told)
    code = codes(town, decision)[1]
    vote(decision, code, now=UNTIL + timedelta(days=1))
    refused(NotVotingNow, actions.stop_voting, actor=SECOND, decision_id=decision.pk, now=AFTER)
