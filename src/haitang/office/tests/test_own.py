"""What a desk keeps for itself is its own."""

import pytest
from django.urls import reverse

from haitang.cases import actions as case_actions
from haitang.cases.lifecycle import Deed
from haitang.cases.values import CaseNotFound
from haitang.core.access import VISITOR
from haitang.office import actions, jobs, queries
from haitang.office.values import NotKept, TooManyKept
from haitang.people.queries import count_unread, get_actor
from haitang.testing.actors import NOW
from haitang.testing.cases import report


@pytest.fixture
def dispatcher(town):
    return get_actor(town.account("dispatcher").pk)


def test_an_own_phrase_is_offered_first_and_to_nobody_else(town, client, dispatcher):
    actions.add_own_phrase(actor=dispatcher, deed=Deed.ACCEPT, text="情况属实，马上办", now=NOW)
    actions.add_own_phrase(actor=dispatcher, deed=Deed.ACCEPT, text="情况属实，马上办", now=NOW)
    case = report(town.resident)
    from haitang.people.models import Account

    client.force_login(Account.objects.get(pk=dispatcher.id))
    assert client.get(f"/cases/{case.pk}/").content.decode().count("情况属实，马上办") == 1
    client.force_login(town.account("secretary"))
    assert "情况属实，马上办" not in client.get(f"/cases/{case.pk}/").content.decode()


def test_nobody_removes_what_is_anothers(town, dispatcher):
    other = get_actor(town.account("handler").pk)
    phrase = actions.add_own_phrase(actor=dispatcher, deed=Deed.ACCEPT, text="同意", now=NOW)
    saved = actions.save_filter(actor=dispatcher, name="超期", query="overdue=1", now=NOW)
    with pytest.raises(NotKept):
        actions.remove_own_phrase(actor=other, phrase_id=phrase.pk, now=NOW)
    with pytest.raises(NotKept):
        actions.remove_filter(actor=other, filter_id=saved.pk, now=NOW)
    with pytest.raises(NotKept):
        actions.pin_filter(actor=other, filter_id=saved.pk, is_pinned=True, now=NOW)


def test_a_list_saved_again_gets_the_new_conditions_without_the_page(dispatcher):
    actions.save_filter(actor=dispatcher, name="我的", query="overdue=1&cursor=abc", now=NOW)
    actions.save_filter(actor=dispatcher, name="我的", query="status=open&cursor=abc&q=", now=NOW)
    assert [saved.query for saved in queries.list_filters(viewer=dispatcher)] == ["status=open"]


def test_only_so_many_lists_stand_on_the_desk(dispatcher):
    for number in range(6):
        saved = actions.save_filter(actor=dispatcher, name=f"列表{number}", query=f"q={number}", now=NOW)
        if number < 5:
            actions.pin_filter(actor=dispatcher, filter_id=saved.pk, is_pinned=True, now=NOW)
    with pytest.raises(TooManyKept):
        actions.pin_filter(actor=dispatcher, filter_id=saved.pk, is_pinned=True, now=NOW)


def test_every_step_of_a_watched_case_is_told_once_as_far_as_it_may_be_known(town, dispatcher):
    case = report(VISITOR, kind="denunciation")
    stranger = get_actor(town.account("secretary").pk)
    actions.watch_case(actor=dispatcher, case_id=case.pk, now=NOW)
    with pytest.raises(CaseNotFound):
        actions.watch_case(actor=stranger, case_id=case.pk, now=NOW)
    case_actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    for _time in range(2):
        jobs.tell_watchers(case_id=case.pk, entry_id=7, to_status="accepted")
    assert count_unread(dispatcher) == 1
    actions.unwatch_case(actor=dispatcher, case_id=case.pk, now=NOW)
    jobs.tell_watchers(case_id=case.pk, entry_id=8, to_status="accepted")
    assert count_unread(dispatcher) == 1


def test_the_pages_keep_and_forget(town, client):
    client.force_login(town.account("dispatcher"))
    case = report(town.resident)
    client.post(reverse("office:watch", args=[case.pk]))
    client.post(reverse("office:filter_save"), {"name": "超期案件", "query": "overdue=1"})
    page = client.get(reverse("office:watched")).content.decode()
    assert case.number in page
    assert "超期案件" in page
    client.post(reverse("office:phrases"), {"deed": "accept", "text": "属于受理范围"})
    assert "属于受理范围" in client.get(reverse("office:phrases")).content.decode()
    assert client.get("/desk/").status_code == 200
    assert "取消关注" in client.get(f"/cases/{case.pk}/").content.decode()
