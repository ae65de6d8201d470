"""A round from its publication to projects, and what each phase refuses."""

import pytest

from haitang.core.errors import Invalid, NotAllowed, NotSignedIn
from haitang.core.models import Entry as HistoryEntry
from haitang.projects.models import Project
from haitang.rounds import actions, queries
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import Hand, Proposal, Round
from haitang.rounds.tests.cast import (
    AUTHOR,
    MEMBER,
    OFFICE,
    OTHER,
    admitted,
    day_of,
    draft,
    judge,
    new,
    opened,
    pot_of,
    proposed,
    voted,
)
from haitang.rounds.values import (
    BadProposal,
    BadRound,
    BallotRule,
    CapDraft,
    NotInPhase,
    NotYetCounted,
    PotDraft,
    ProposalNotFound,
    SeatDraft,
    SittingNotFound,
    Task,
    WrongProposalState,
    WrongRoundState,
)
from haitang.testing.actors import NOBODY, NOW, TODAY

pytestmark = pytest.mark.django_db


def test_a_round_goes_from_proposals_to_projects(town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    rail = admitted(pot, town)
    park = admitted(pot, town, OTHER, title="口袋公园", category="环境", cost_fen=60_000_00)
    lines = admitted(pot, town, title="停车划线", category="交通", cost_fen=20_000_00)
    judge(pot, day_of(round_, Task.REVIEW))
    assert set(Proposal.objects.values_list("status", flat=True)) == {Status.SHORTLISTED}
    pot = voted(round_, pot, [{"1": 1, "2": 1}, {"2": 1, "3": 1}, {"2": 1}, {"3": 1}])
    fates = dict(Proposal.objects.order_by("number").values_list("pk", "status"))
    assert fates == {rail.pk: Status.NOT_CHOSEN, park.pk: Status.CHOSEN, lines.pk: Status.CHOSEN}
    told = queries.explain_proposal(Proposal.objects.get(pk=rail.pk))
    assert "得分 1" in told
    assert "若再多" in told or "若造价" in told
    first, second, third = queries.list_outcome(pot)
    assert (first.proposal.pk, second.proposal.pk, third.proposal.pk) == (park.pk, lines.pk, rail.pk)
    fair = queries.describe_fairness(pot)
    assert (fair.whole.voters, fair.whole.served) == (4, 4)
    started = actions.start_chosen(actor=OFFICE, round_id=round_.pk, now=day_of(round_, Task.START))
    assert {each.pk for each in started} == {park.pk, lines.pk}
    assert actions.start_chosen(actor=OFFICE, round_id=round_.pk, now=day_of(round_, Task.START)) == []
    project = Project.objects.get(origin="vote", title="口袋公园")
    assert project.planned_fen == 60_000_00
    assert project.published_at is not None
    assert project.origin_id == f"round-proposal-{park.pk}"
    assert queries.origin_of(OFFICE, "vote", project.origin_id).name == "微实事：口袋公园"
    with pytest.raises(NotInPhase):  # nobody hands in what comes too late
        actions.hand_in_proposal(actor=AUTHOR, new=new(pot, town), now=day_of(round_, Task.VOTE))


def test_each_phase_permits_what_it_says(town):
    row = actions.keep_round(actor=OFFICE, draft=draft(town), now=NOW)
    pot = pot_of(row, town)
    with pytest.raises(NotInPhase, match="还没有发布"):
        proposed(pot, town)
    actions.publish_round(actor=OFFICE, round_id=row.pk, now=NOW)
    proposal = proposed(pot, town)
    with pytest.raises(NotInPhase, match="2026-05-06 至 2026-06-04"):
        actions.turn_down_proposal(
            actor=OFFICE, proposal_id=proposal.pk, codes=["负3"], reason="迟了", now=day_of(row, Task.EVALUATE)
        )
    actions.admit_proposal(actor=OFFICE, proposal_id=proposal.pk, codes=["正2"], now=NOW)
    with pytest.raises(NotInPhase):
        actions.open_sitting(actor=OFFICE, pot_id=pot.pk, members=[SeatDraft("甲")], held_on=TODAY, now=NOW)
    with pytest.raises(NotInPhase):
        actions.prepare_ballot(actor=OFFICE, pot_id=pot.pk, now=NOW)
    with pytest.raises(NotInPhase):
        actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=NOW)
    with pytest.raises(NotYetCounted):
        actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=day_of(row, Task.PUBLISH))


def test_a_round_that_cannot_be_is_refused_with_its_fields(town):
    for more, field in (
        ({"title": " "}, "title"),
        ({"pots": ()}, "pots"),
        ({"pots": (PotDraft(town.areas["spring"], 1), PotDraft(town.areas["spring"], 2))}, "pots"),
        ({"pots": (PotDraft(town.areas["autumn"], 0),)}, "pots"),
        ({"pots": (PotDraft(town.areas["city"], 1),)}, "pots"),
        ({"phases": draft(town).phases[:3]}, "phases"),
        ({"ballot": BallotRule(method="dice")}, "method"),
        ({"ballot": BallotRule(caps=(CapDraft("category", "环境"),))}, "caps"),
    ):
        with pytest.raises(BadRound) as caught:
            actions.keep_round(actor=OFFICE, draft=draft(town, **more), now=NOW)
        assert field in caught.value.fields
    with pytest.raises(NotAllowed):
        actions.keep_round(actor=NOBODY, draft=draft(town), now=NOW)
    assert not Round.objects.exists()


def test_money_and_rule_are_fixed_once_a_ballot_is_prepared(town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    admitted(pot, town)
    judge(pot, day_of(round_, Task.REVIEW))
    ready = day_of(round_, Task.REMARK)
    vote_id = actions.prepare_ballot(actor=OFFICE, pot_id=pot.pk, now=ready).vote_id
    assert actions.prepare_ballot(actor=OFFICE, pot_id=pot.pk, now=ready).vote_id == vote_id
    with pytest.raises(WrongRoundState, match="不能再改"):
        actions.keep_round(
            actor=OFFICE, draft=draft(town, ballot=BallotRule(most=1)), round_id=round_.pk, now=ready
        )  # fmt: skip
    actions.keep_round(
        actor=OFFICE, draft=draft(town, words="新的说明"), round_id=round_.pk, now=ready
    )  # fmt: skip
    with pytest.raises(NotYetCounted):
        actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=day_of(round_, Task.PUBLISH))


def test_a_proposal_is_refused_with_the_clause_and_the_reason(town):
    round_ = opened(town)
    row = proposed(pot_of(round_, town), town)
    with pytest.raises(BadProposal, match="正面清单"):
        actions.admit_proposal(actor=OFFICE, proposal_id=row.pk, codes=["正1", "负4"], now=NOW)
    with pytest.raises(BadProposal, match="请写明原因"):
        actions.turn_down_proposal(actor=OFFICE, proposal_id=row.pk, codes=["负4"], reason=" ", now=NOW)
    row = actions.turn_down_proposal(
        actor=OFFICE, proposal_id=row.pk, codes=["负4"], reason="物业合同里有这一项", now=NOW
    )
    assert row.clauses[0]["text"] == "属于物业服务企业合同职责的项目"
    assert HistoryEntry.objects.get(fact="ProposalTurnedDown").data["reason"] == "物业合同里有这一项"
    with pytest.raises(ProposalNotFound):  # what was not admitted is read by its author and by staff alone
        queries.get_proposal(viewer=OTHER, proposal_id=row.pk)
    assert queries.get_proposal(viewer=AUTHOR, proposal_id=row.pk).reason == "物业合同里有这一项"
    row = actions.reopen_proposal(actor=OFFICE, proposal_id=row.pk, reason="提案人说明了情况", now=NOW)
    assert (row.status, row.clauses, row.reason) == (Status.HANDED_IN, [], "")


def test_staff_enter_what_comes_on_paper_and_nobody_checks_their_own(town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    row = actions.enter_proposal(
        actor=OFFICE, new=new(pot, town, co_proposers=("张三", "李四")), channel="paper", now=NOW
    )
    assert (row.account_id, row.channel, row.name) == (None, "paper", "林阿姨")
    assert row.co_proposers.count() == 2
    with pytest.raises(NotAllowed):
        actions.enter_proposal(actor=AUTHOR, new=new(pot, town), channel="paper", now=NOW)
    mine = proposed(pot, town, OFFICE)
    with pytest.raises(NotAllowed, match="自己提交"):
        actions.admit_proposal(actor=OFFICE, proposal_id=mine.pk, codes=["正1"], now=NOW)
    with pytest.raises(NotSignedIn):
        proposed(pot, town, actor=type(AUTHOR)("访客"))


def test_a_council_may_choose_by_its_own_numbers(town):
    with pytest.raises(BadRound) as caught:
        actions.keep_round(actor=OFFICE, draft=draft(town, ballot=BallotRule(decides="council")), now=NOW)
    assert set(caught.value.fields) == {"seed"}
    round_ = opened(town, ballot=BallotRule(decides="council", ties=("cheaper", "lot"), seed="种子"))
    pot = pot_of(round_, town)
    dear = admitted(pot, town, title="口袋公园", category="环境", cost_fen=60_000_00)
    cheap = admitted(pot, town, OTHER, cost_fen=30_000_00)
    now = day_of(round_, Task.REVIEW)
    with pytest.raises(NotYetCounted):
        actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=day_of(round_, Task.PUBLISH))
    judge(pot, now)
    with pytest.raises(WrongRoundState, match="不用选票"):
        actions.prepare_ballot(actor=OFFICE, pot_id=pot.pk, now=now)
    pot = actions.publish_outcome(actor=OFFICE, pot_id=pot.pk, now=day_of(round_, Task.PUBLISH))
    fates = dict(Proposal.objects.values_list("pk", "status"))
    assert fates == {
        dear.pk: Status.NOT_CHOSEN,
        cheap.pk: Status.CHOSEN,
    }  # both have two votes: the cheaper comes first
    assert "若再多 1 票" in queries.explain_proposal(Proposal.objects.get(pk=dear.pk))
    assert queries.describe_fairness(pot) is None
    assert len(actions.start_chosen(actor=OFFICE, round_id=round_.pk, now=day_of(round_, Task.START))) == 1


def test_what_anybody_will_read_holds_no_telephone(town):
    pot = pot_of(opened(town), town)
    for name in ("title", "words", "place"):
        with pytest.raises(BadProposal, match="这里会公开") as caught:
            proposed(pot, town, **{name: "请找我 13912345678"})
        assert set(caught.value.fields) == {name}


def test_a_council_of_too_few_decides_nothing_and_keeps_no_hands(town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    row, now = admitted(pot, town), day_of(round_, Task.REVIEW)
    members = [SeatDraft("甲"), SeatDraft("乙"), SeatDraft("议事会成员", MEMBER.id)]
    sitting = actions.open_sitting(actor=OFFICE, pot_id=pot.pk, members=members, held_on=TODAY, now=now)
    with pytest.raises(WrongRoundState):
        actions.open_sitting(actor=OFFICE, pot_id=pot.pk, members=members, held_on=TODAY, now=now)
    actions.give_hand(actor=MEMBER, sitting_id=sitting.pk, hands={row.pk: "yes"}, now=now)
    with pytest.raises(SittingNotFound):
        actions.give_hand(actor=AUTHOR, sitting_id=sitting.pk, hands={row.pk: "yes"}, now=now)
    seat = sitting.seats.get(account_id=MEMBER.id)
    with pytest.raises(SittingNotFound):  # a member with an account speaks for themselves
        actions.note_hands(actor=OFFICE, sitting_id=sitting.pk, given={seat.pk: {row.pk: "no"}}, now=now)
    closed = actions.close_sitting(actor=OFFICE, sitting_id=sitting.pk, now=now)
    assert (closed.members, closed.present, closed.needed) == (3, 1, 2)
    assert Proposal.objects.get(pk=row.pk).status == Status.ADMITTED
    assert closed.agenda.get().passed is None
    judge(pot, now, no=(row.pk,))
    assert Proposal.objects.get(pk=row.pk).status == Status.DECLINED
    assert not Hand.objects.exists()
    with pytest.raises(WrongProposalState):
        actions.withdraw_proposal(actor=AUTHOR, proposal_id=row.pk, reason="算了", now=now)


def test_projects_that_exclude_one_another_and_bounds_hold_in_the_count(town):
    caps = (CapDraft("category", "环境", count=1),)
    round_ = opened(town, ballot=BallotRule(most=4, seed="种子", takes_strangers=False, caps=caps))
    pot = pot_of(round_, town)
    names = ("花坛", "草坪", "车棚", "充电桩")
    for name, category, exclusive in zip(
        names, ("环境", "环境", "交通", "交通"), ("", "", "一处", "一处"), strict=True
    ):  # fmt: skip
        admitted(pot, town, title=name, category=category, exclusive=exclusive, cost_fen=10_000_00)
    judge(pot, day_of(round_, Task.REVIEW))
    voted(round_, pot, [{"1": 1, "2": 1, "3": 1, "4": 1}, {"1": 1, "3": 1}])
    rows = {row.title: row for row in Proposal.objects.all()}
    assert {name: rows[name].status for name in names} == {
        "花坛": Status.CHOSEN, "草坪": Status.NOT_CHOSEN, "车棚": Status.CHOSEN, "充电桩": Status.NOT_CHOSEN,
    }  # fmt: skip
    assert rows["草坪"].result["why"] == "cap_count"
    assert "不能同时实施" in queries.explain_proposal(rows["充电桩"])
    assert "车棚" in queries.explain_proposal(rows["充电桩"])


def test_phragmen_is_a_rule_that_a_round_can_have_and_says_why(town):
    round_ = opened(town, ballot=BallotRule(most=4, method="phragmen", seed="种子", takes_strangers=False))
    pot = pot_of(round_, town)
    for name in ("花坛", "草坪"):
        admitted(pot, town, title=name, cost_fen=pot.budget_fen)
    judge(pot, day_of(round_, Task.REVIEW))
    voted(round_, pot, [{"1": 1, "2": 1}, {"1": 1}])
    rows = {row.title: row for row in Proposal.objects.all()}
    assert (rows["花坛"].status, rows["草坪"].status) == (Status.CHOSEN, Status.NOT_CHOSEN)
    assert "入选" in queries.explain_proposal(rows["花坛"])
    assert len(queries.explain_proposal(rows["草坪"])) > 10


ELSEWHERE = """META
key;value
description;往年投票
num_projects;3
num_votes;1
budget;100000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name;category;neighborhood
a;20000;楼道加装扶手;为老;一网格
b;30000.5;口袋公园;绿地;
c;1000;宣传栏;文化;
VOTES
voter_id;vote
1;a,b
"""


def test_projects_of_a_file_become_proposals_once(town):
    round_ = opened(town)
    pot = pot_of(round_, town)
    told = {"actor": OFFICE, "pot_id": pot.pk, "category": "环境", "now": NOW}
    rows = actions.import_proposals(text=ELSEWHERE, **told)
    assert [(row.number, row.title, row.category, row.cost_fen) for row in rows] == [
        (1, "楼道加装扶手", "为老", 20_000_00), (2, "口袋公园", "环境", 30_000_50), (3, "宣传栏", "文化", 1_000_00),
    ]  # fmt: skip
    first = Proposal.objects.get(number=1)
    assert (first.status, first.channel, first.name, first.account_id) == (Status.HANDED_IN, "file", "", None)
    assert actions.import_proposals(text=ELSEWHERE, **told) == []
    assert [each.data["count"] for each in HistoryEntry.objects.filter(fact="ProposalsImported").order_by("pk")] == [
        3,
        0,
    ]
    for text, wrong in (
        (ELSEWHERE.replace("num_projects;3", "num_projects;4"), "项目"),
        (ELSEWHERE.replace("c;1000;", "c;900000;"), "宣传栏"),
        (ELSEWHERE.replace("宣传栏", "找 13912345678"), "这里会公开"),
    ):
        with pytest.raises(Invalid, match=wrong):
            actions.import_proposals(text=text, **told)
    assert Proposal.objects.count() == 3
    with pytest.raises(NotAllowed):
        actions.import_proposals(**{**told, "actor": AUTHOR}, text=ELSEWHERE)
    with pytest.raises(NotInPhase):
        actions.import_proposals(**{**told, "now": day_of(round_, Task.VOTE)}, text=ELSEWHERE)
