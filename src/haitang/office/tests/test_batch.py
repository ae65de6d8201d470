"""Many cases at once: each by itself, nothing twice, nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.lifecycle import Deed
from haitang.core.errors import Invalid
from haitang.core.models import Entry
from haitang.office import actions
from haitang.office.values import NothingChosen
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW
from haitang.testing.cases import build_town, report


def waiting(town, count=3, **changes):
    """Report so many matters and take them in, up to where they wait to be dispatched."""
    found = []
    for _number in range(count):
        case = report(town.resident, **changes)
        case_actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
        case_actions.register_case(actor=town.dispatcher, case_id=case.pk, opinion="立案", now=NOW)
        found.append(case.pk)
    return found


def dispatch(actor, ids, **more):
    return actions.do_batch(
        actor=actor, deed=Deed.DISPATCH, case_ids=ids, opinion="请尽快办理", now=NOW,
        **{"organization_code": "ZJJ", **more},
    )  # fmt: skip


def test_every_case_is_dispatched_with_the_same_opinion(town):
    ids = waiting(town)
    lines = dispatch(town.dispatcher, ids)
    assert [(line.case_id, line.is_done) for line in lines] == [(case_id, True) for case_id in ids]
    told = Entry.objects.filter(fact="CaseDispatched", subject_id__in=ids)
    assert {entry.data["opinion"] for entry in told} == {"请尽快办理"}
    assert len(told) == 3


def test_one_that_is_refused_keeps_none_back(town):
    first, second, third = waiting(town)
    case_actions.void_case(actor=town.dispatcher, case_id=second, opinion="重复登记", now=NOW)
    lines = dispatch(town.dispatcher, [first, second, 999_999, third])
    assert [line.is_done for line in lines] == [True, False, False, True]
    assert "已作废" in lines[1].reason
    assert lines[2].reason == "没有这个案件"


def test_what_was_dispatched_is_not_dispatched_again(town):
    """One by one a case may go to another desk before it is signed for; a batch takes no such step by accident."""
    ids = waiting(town, 2)
    dispatch(town.dispatcher, ids)
    again = dispatch(town.dispatcher, ids, organization_code="CGJ")
    assert not any(line.is_done for line in again)
    assert {case.organization_id for case in map(case_queries.get_case_for_job, ids)} == {town.desks["ZJJ"]}


def test_without_a_desk_each_goes_where_the_rules_point(town):
    (case_id,) = waiting(town, 1)
    (line,) = dispatch(town.dispatcher, [case_id], organization_code="")
    assert line.is_done
    case = case_queries.get_case_for_job(case_id)
    assert case.organization_id == case.routed_to_id


def test_who_may_not_dispatch_is_refused_each(town):
    ids = waiting(town, 2)
    assert not any(line.is_done for line in dispatch(town.checker, ids))
    assert {line.reason for line in dispatch(town.outsider, ids)} == {"没有这个案件"}


@pytest.mark.parametrize(("ids", "opinion", "refusal"), [([], "办", NothingChosen), ([1], " ", Invalid)])
def test_nothing_is_begun_without_cases_or_opinion(town, ids, opinion, refusal):
    with pytest.raises(refusal):
        actions.do_batch(actor=town.dispatcher, deed=Deed.ACCEPT, case_ids=ids, opinion=opinion, now=NOW)


def test_too_many_are_refused_before_the_first(town):
    with pytest.raises(NothingChosen, match="分批"):
        dispatch(town.dispatcher, list(range(1, 102)))


def test_many_are_accepted_and_registered(town):
    ids = [report(town.resident).pk for _number in range(2)]
    for deed in (Deed.ACCEPT, Deed.REGISTER):
        lines = actions.do_batch(actor=town.dispatcher, deed=deed, case_ids=ids, opinion="同意", now=NOW)
        assert all(line.is_done for line in lines)


def test_the_page_offers_the_deed_that_most_wait_for_and_keeps_what_was_refused(town, client):
    account = town.account("dispatcher")
    client.force_login(account)
    ids = waiting(town, 2)
    listed = client.get("/cases/").content.decode()
    assert f'name="case" value="{ids[0]}"' in listed
    page = client.get(reverse("office:batch"), {"case": ids})
    assert "批量派遣" in page.content.decode()
    empty = client.post(reverse("office:batch"), {"case": ids, "deed": "dispatch", "opinion": ""})
    assert empty.status_code == 422
    case_actions.void_case(actor=town.dispatcher, case_id=ids[1], opinion="重复", now=NOW)
    sent = {"case": ids, "deed": "dispatch", "opinion": "请办理这一件", "organization_code": "ZJJ"}
    answer = client.post(reverse("office:batch"), sent).content.decode()
    assert "已派遣 1 件" in answer
    assert "已作废" in answer
    assert "请办理这一件" in answer


def test_who_does_nothing_to_many_has_no_boxes_to_tick(town, client):
    client.force_login(town.account("leader"))
    report(town.resident)
    assert 'name="case"' not in client.get("/cases/").content.decode()


def test_the_api_tells_of_each(town, client):
    from haitang.people import actions as people

    account = town.account("dispatcher")
    token = people.create_token(
        actor=get_actor(account.pk), account_id=account.pk, name="派单台", expires_at=None, now=NOW
    )[1]
    (case_id,) = waiting(town, 1)
    body = {"deed": "dispatch", "case_ids": [case_id, 999_999], "opinion": "请办理", "organization_code": "ZJJ"}
    answer = client.post(
        "/api/v1/cases/batch", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["done"], told["refused"]) == (1, 1)
    assert told["items"][1]["reason"] == "没有这个案件"


@pytest.mark.django_db(transaction=True)
def test_of_two_dispatchers_at_once_each_case_is_dispatched_once():
    town = build_town()
    ids = waiting(town, 4)
    together = Barrier(2)

    def work(desk, wanted):
        together.wait()
        try:
            return dispatch(town.dispatcher, wanted, organization_code=desk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        first = both.submit(work, "ZJJ", ids)
        second = both.submit(work, "CGJ", ids[::-1])
        done = [line.case_id for line in first.result() + second.result() if line.is_done]
    assert sorted(done) == sorted(ids)
    assert Entry.objects.filter(fact="CaseDispatched").count() == len(ids)
