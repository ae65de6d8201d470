"""Who leaves leaves nothing behind, and nobody is given what they cannot handle."""

import pytest
from django.urls import reverse

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.core.access import VISITOR
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.office import actions, jobs, queries
from haitang.office.tests.test_deputies import colleague, on_the_desk
from haitang.office.values import NothingToHandOver
from haitang.patrols.tests.test_disputes import take_up
from haitang.people.queries import count_unread, get_actor
from haitang.testing.actors import NOW
from haitang.whistles import actions as whistle_actions
from haitang.whistles.queries import list_calls_in_hand
from haitang.whistles.tests.cast import blow


@pytest.fixture
def leaving(town):
    """Somebody with two cases in hand."""
    account = colleague(town, "赵强")
    for _number in range(2):
        case = on_the_desk(town)
        case_actions.sign_case(actor=get_actor(account.pk), case_id=case.pk, opinion="收到", now=NOW)
    return account


def hand(actor, whose, to):
    return actions.hand_desk_over(actor=actor, account_id=whose.pk, to_account_id=to.pk, reason="调离", now=NOW)


def test_everything_in_hand_goes_over_in_one_step(town, leaving):
    heir = colleague(town, "钱勇")
    lines = hand(get_actor(leaving.pk), leaving, heir)
    assert [line.is_done for line in lines] == [True, True]
    assert len(case_queries.list_in_hand(account_id=heir.pk)) == 2
    assert Entry.objects.get(fact="DeskHandedOver").data["cases"] == 2
    assert Entry.objects.filter(fact="CaseHandedOver").count() == 2
    with pytest.raises(NothingToHandOver):
        hand(get_actor(leaving.pk), leaving, heir)


def test_a_stranger_is_given_nothing(town, leaving):
    lines = hand(get_actor(leaving.pk), leaving, colleague(town, "外单位", desk="CGJ"))
    assert not any(line.is_done for line in lines)
    assert len(case_queries.list_in_hand(account_id=leaving.pk)) == 2


def test_only_oneself_or_who_arranges_it(town, leaving):
    heir = colleague(town, "钱勇")
    with pytest.raises(NotAllowed):
        hand(get_actor(heir.pk), leaving, heir)
    manager = colleague(town, "综合科", role="office_manager")
    assert all(line.is_done for line in hand(get_actor(manager.pk), leaving, heir))
    with pytest.raises(Invalid):
        hand(get_actor(manager.pk), heir, heir)


def test_who_arranges_it_is_asked_when_somebody_leaves(town, leaving):
    manager = colleague(town, "综合科", role="office_manager")
    holding = leaving.person.holdings.get()
    for _time in range(2):
        jobs.ask_for_handover(person_id=leaving.person_id, post_id=holding.post_id, entry_id=5)
    assert count_unread(get_actor(manager.pk)) == 1


def test_the_page(town, leaving, client):
    colleague(town, "钱勇")
    manager = colleague(town, "综合科", role="office_manager")
    client.force_login(manager)
    page = client.get(reverse("office:handover"), {"account": leaving.username}).content.decode()
    assert "赵强手中的在办事项" in page
    assert page.count("处置中") >= 2
    sent = {"account_id": leaving.username, "to_account_id": "钱勇", "reason": "退休"}
    assert "已移交 2 件" in client.post(reverse("office:handover"), sent).content.decode()
    assert client.post(reverse("office:handover"), sent).status_code == 409
    assert VISITOR.id is None


def test_calls_of_whistles_go_over_too(town, leaving):
    heir, stranger = colleague(town, "钱勇"), colleague(town, "外单位", desk="CGJ")
    whistle, (lead, *_others) = blow(town)
    whistle_actions.sign_call(
        actor=get_actor(leaving.pk), now=NOW, whistle_id=whistle.pk, call_id=lead.pk, opinion="收到"
    )  # fmt: skip
    lines = hand(get_actor(leaving.pk), leaving, stranger)
    assert not any(line.is_done for line in lines)
    lines = hand(get_actor(leaving.pk), leaving, heir)
    assert sorted(line.kind for line in lines) == ["call", "case", "case"]
    assert all(line.is_done for line in lines)
    assert [call.pk for call in list_calls_in_hand(heir.pk)] == [lead.pk]
    assert Entry.objects.get(fact="CallHandedOver").data["opinion"] == "调离"
    entry = Entry.objects.filter(fact="DeskHandedOver").latest("id")
    for _twice in range(2):
        jobs.tell_heir(account_id=leaving.pk, to_account_id=heir.pk, cases=3, entry_id=entry.pk)
    assert count_unread(get_actor(heir.pk)) == 1
    with pytest.raises(NothingToHandOver):
        hand(get_actor(leaving.pk), leaving, heir)


def test_disputes_go_to_another_mediator(town, client):
    leaving, heir, other = (town.account(word) for word in ("grid", "secretary", "handler"))
    dispute = take_up(town, actor=get_actor(leaving.pk, now=NOW))
    assert not any(line.is_done for line in hand(get_actor(leaving.pk), leaving, other))
    assert all(line.is_done for line in hand(get_actor(leaving.pk), leaving, heir))
    client.force_login(heir)
    assert dispute.number in client.get(reverse("office:handover")).content.decode()


def test_who_arranges_it_learns_of_no_denunciation(town, leaving):
    heir, manager = colleague(town, "钱勇"), colleague(town, "综合科", role="office_manager")
    case = case_queries.list_in_hand(account_id=leaving.pk)[0]
    case.is_confidential = True
    case.save(update_fields=["is_confidential"])
    assert case.pk not in [
        thing.key for thing in queries.list_handovers(viewer=get_actor(manager.pk), account_id=leaving.pk)
    ]
    assert len(hand(get_actor(manager.pk), leaving, heir)) == 1
    assert [row.pk for row in case_queries.list_in_hand(account_id=leaving.pk)] == [case.pk]
    assert len(queries.list_handovers(viewer=get_actor(leaving.pk), account_id=leaving.pk)) == 1
