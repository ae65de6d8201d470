"""A dispute from the hearing to what became of the agreement; only those who may see it do."""

from datetime import timedelta

import pytest

from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.patrols import actions, jobs, queries
from haitang.patrols.models import Asked, Dispute, FollowUp, Party
from haitang.patrols.queries import DisputeFilter
from haitang.patrols.values import DisputeConcluded, DisputeNotFound, NewParty
from haitang.people.models import Notice
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
GRID = "320585001001001"
PARTIES = [NewParty("applicant", "林阿姨", "15400001234"), NewParty("respondent", "孙先生", "15400005678")]


def take_up(town, actor=None, **more) -> Dispute:
    given = {"area_code": GRID, "kind": "邻里纠纷", "matter": "楼上漏水", "parties": PARTIES, "now": NOW, **more}
    return actions.open_dispute(actor=actor or town.grid, **given)


def agree(town, dispute: Dispute) -> None:
    actions.conclude_dispute(
        actor=town.grid, dispute_id=dispute.pk, status="agreed", words="楼上修好水管，赔偿粉刷", now=NOW
    )


def test_names_are_sealed_and_shown_in_part(town):
    dispute = take_up(town)
    stored = b"".join(bytes(row.name_sealed) + bytes(row.phone_sealed) for row in Party.objects.all())
    assert "林阿姨".encode() not in stored
    page = queries.get_dispute_page(viewer=town.grid, dispute_id=dispute.pk)
    assert [(party.name, party.phone) for party in page.parties] == [("林**", "154****1234"), ("孙**", "154****5678")]
    full = actions.unmask_parties(actor=town.grid, dispute_id=dispute.pk, reason="约调解时间", now=NOW)
    assert full[0][1:] == ("林阿姨", "15400001234")
    assert Entry.objects.get(fact="PartyUnmasked").data["reason"] == "约调解时间"


def test_mediated_agreed_and_asked_about(town):
    dispute = take_up(town)
    actions.hold_session(actor=town.grid, dispute_id=dispute.pk, on=TODAY, words="双方到场", now=NOW)
    agree(town, dispute)
    refused(
        DisputeConcluded, actions.hold_session, actor=town.grid, dispute_id=dispute.pk, on=TODAY, words="再谈", now=NOW
    )
    week, month = FollowUp.objects.order_by("due_on")
    assert [week.due_on, month.due_on] == [TODAY + timedelta(days=7), TODAY + timedelta(days=30)]
    same = {"actor": town.grid, "dispute_id": dispute.pk, "follow_up_id": week.pk, "is_kept": True, "now": NOW}
    actions.follow_up_dispute(words="水管已修好", **same)
    refused(DisputeConcluded, actions.follow_up_dispute, words="再问一次", **same)
    assert queries.count_disputes(viewer=town.secretary) == {"open": 0, "agreed": 1, "failed": 0, "withdrawn": 0}


def test_a_failed_one_is_not_asked_about(town):
    dispute = take_up(town)
    words = {"dispute_id": dispute.pk, "words": "一方要求诉讼", "now": NOW}
    refused(Invalid, actions.conclude_dispute, actor=town.grid, status="open", **words)
    actions.conclude_dispute(actor=town.grid, status="failed", **words)
    assert not FollowUp.objects.exists()


def test_what_cannot_be_is_refused(town):
    for wrong in ({"kind": "不存在"}, {"matter": " "}, {"parties": PARTIES[:1]}, {"area_code": "none"}):
        with pytest.raises(Invalid):
            take_up(town, **wrong)
    with pytest.raises(NotAllowed):
        take_up(town, area_code="320585001002001")
    refused(
        Invalid, actions.hold_session, actor=town.grid, dispute_id=take_up(town).pk, on=TODAY + timedelta(days=1),
        words="明天", now=NOW,
    )  # fmt: skip


def test_a_confidential_one_is_hidden_from_all_but_those_who_may(town):
    plain, secret = take_up(town), take_up(town, actor=town.secretary, is_confidential=True)
    everything = DisputeFilter()

    def seen(viewer) -> set[int]:
        return {row.pk for row in queries.list_disputes(viewer=viewer, wanted=everything, today=TODAY).rows}

    assert seen(town.secretary) == {plain.pk, secret.pk}
    assert seen(town.grid) == {plain.pk}
    assert seen(town.leader) == set()
    assert sum(queries.count_disputes(viewer=town.grid).values()) == 1
    with pytest.raises(DisputeNotFound):
        queries.get_dispute_page(viewer=town.grid, dispute_id=secret.pk)
    refused(
        DisputeNotFound, actions.hold_session, actor=town.grid, dispute_id=secret.pk, on=TODAY, words="看看", now=NOW
    )
    account = town.account("grid")
    actions.name_mediator(actor=town.secretary, dispute_id=secret.pk, account_id=account.pk, now=NOW)
    from haitang.people.queries import get_actor

    assert seen(get_actor(account.pk, now=NOW)) == {plain.pk, secret.pk}


def test_only_who_mediates_there_is_named(town):
    dispute = take_up(town)
    leader = town.account("leader")
    refused(Invalid, actions.name_mediator, actor=town.grid, dispute_id=dispute.pk, account_id=leader.pk, now=NOW)


def test_mediators_are_reminded_once_and_nobody_else(town):
    account, other = town.account("grid"), town.account("secretary")
    dispute = take_up(town)
    actions.name_mediator(actor=town.grid, dispute_id=dispute.pk, account_id=account.pk, now=NOW)
    agree(town, dispute)
    assert actions.tell_due_follow_ups(actor=jobs.CLOCK, now=NOW) == 0
    late = NOW + timedelta(days=7)
    assert actions.tell_due_follow_ups(actor=jobs.CLOCK, now=late) == 1
    assert actions.tell_due_follow_ups(actor=jobs.CLOCK, now=late) == 0
    entry = Entry.objects.get(fact="FollowUpDue")
    for _twice in range(2):
        jobs.tell_follow_up(dispute_id=dispute.pk, entry_id=entry.pk)
    assert [notice.account_id for notice in Notice.objects.filter(key=f"entry:{entry.pk}")] == [account.pk]
    assert other.pk != account.pk
    due = queries.list_disputes(viewer=town.grid, wanted=DisputeFilter(due=True), today=TODAY + timedelta(days=7))
    assert [row.pk for row in due.rows] == [dispute.pk]


def test_a_telephone_known_from_a_visit_counts_as_asked_again(town):
    from uuid import uuid4

    home = actions.open_household(actor=town.grid, area_code=GRID, room="502", now=NOW)
    told = {"contact_name": "林阿姨", "contact_phone": "15400001234"}
    actions.record_visit(
        actor=town.grid, household_id=home.pk, entry_key=uuid4(), consented=True, answers=told, now=NOW
    )
    take_up(town)
    assert Asked.objects.filter(form="dispute", was_known=True).count() == 2
