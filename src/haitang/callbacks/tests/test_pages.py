"""The pages and the API of call-backs, as their users meet them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.callbacks import actions, queries
from haitang.callbacks.models import Callback
from haitang.callbacks.tests.test_actions import SYSTEM, TOMORROW, closed
from haitang.callbacks.values import Permission
from haitang.cases.models import Case
from haitang.core import clock
from haitang.people import actions as people_actions
from haitang.testing import people
from haitang.testing.actors import NOW


@pytest.fixture
def at_work(town, client, monkeypatch):
    """A call-back officer of the street, signed in, at 08:30 on the day after the closure."""
    monkeypatch.setattr(clock, "now", lambda: TOMORROW + timedelta(minutes=30))
    account = people.build_account("吴芳")
    people.give(account, "callback_officer", area_id=town.areas["street"])
    client.force_login(account)
    return client


def test_the_box_leads_to_the_task_and_a_negative_answer_is_told(town, at_work):
    case, callback = closed(town)
    page = at_work.get(reverse("callbacks:list")).content.decode()
    assert case.number in page
    assert "139****1234" in page
    assert "13900001234" not in page
    url = reverse("callbacks:task", args=[callback.pk])
    assert "登记通话结果" in at_work.get(url).content.decode()
    shown = at_work.post(reverse("callbacks:contact", args=[callback.pk]))
    assert "13900001234" in shown.content.decode()
    said = {"outcome": "answered", "contacted": "yes", "solved": "no", "satisfaction": "dissatisfied", "words": "没修"}
    done = at_work.post(url, said, follow=True)
    assert "已退回原承办单位重办" in done.content.decode()
    assert Case.objects.get(pk=case.pk).status == "handling"
    for state in ("waiting", "ended"):
        assert at_work.get(reverse("callbacks:list"), {"state": state}).status_code == 200


def test_an_answered_call_without_an_answer_is_asked_for_again(town, at_work):
    _case, callback = closed(town)
    refused = at_work.post(reverse("callbacks:task", args=[callback.pk]), {"outcome": "answered"})
    assert refused.status_code == 422
    assert "请填写诉求人的回答" in refused.content.decode()
    assert at_work.post(reverse("callbacks:task", args=[callback.pk]), {"outcome": "busy"}).status_code == 302
    early = at_work.post(reverse("callbacks:task", args=[callback.pk]), {"outcome": "busy"})
    assert early.status_code == 409
    assert "请勿频繁打扰" in early.content.decode()


def test_the_case_shows_its_call_backs_to_those_who_may_make_them(town, at_work, client):
    case, _callback = closed(town)
    url = reverse("cases:case", args=[case.pk])
    assert "第 1 次结案" in at_work.get(url).content.decode()
    client.force_login(town.account("leader"))
    assert "第 1 次结案" not in client.get(url).content.decode()


def test_the_rules_are_changed_on_their_page(town, client):
    account = people.build_account("业务管理员")
    people.give(account, permission=Permission.MANAGE)
    client.force_login(account)
    url = reverse("callbacks:rules")
    page = client.get(url)
    assert "依据" in page.content.decode()
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"attempts_max": 5, "spacing": "2工作时, 1工作日"}
    assert client.post(url, sent).status_code == 302
    assert queries.rules()["attempts_max"] == 5
    assert queries.rules()["spacing"] == ["2工作时", "1工作日"]
    assert queries.rules()["day_cut"] == "00:00"
    wrong = client.post(url, sent | {"due": "很快"})
    assert wrong.status_code == 422


def test_the_api_lists_and_records(town, at_work):
    case, callback = closed(town)
    account = people.build_account("接口")
    people.give(account, "callback_officer", area_id=town.areas["street"])
    _row, token = people_actions.create_token(actor=people.FOUNDER, account_id=account.pk, name="回访系统", now=NOW)
    head = {"headers": {"Authorization": f"Bearer {token}"}}
    listed = at_work.get("/api/v1/callbacks", **head).json()
    assert [row["case_number"] for row in listed["rows"]] == [case.number]
    assert listed["rows"][0]["phone"] == "139****1234"
    url = f"/api/v1/callbacks/{callback.pk}"
    said = {"outcome": "answered", "contacted": True, "solved": True, "satisfaction": "basically", "words": "行吧"}
    assert at_work.get(url, **head).json()["state"] == "waiting"
    done = at_work.post(f"{url}/calls", said, content_type="application/json", **head)
    assert done.json()["satisfaction"] == "basically"
    again = at_work.post(f"{url}/calls", said, content_type="application/json", **head)
    assert (again.status_code, again.json()["title"]) == (409, "AlreadyAnswered")
    assert at_work.post(f"{url}/calls", {"outcome": "sung"}, content_type="application/json", **head).status_code == 422


def test_the_box_costs_the_same_at_any_length(town, django_assert_max_num_queries):
    from haitang.callbacks.tests.test_actions import CALLER

    for _ in range(3):
        closed(town)
    with django_assert_max_num_queries(9):
        page = queries.list_callbacks(viewer=CALLER, state="ready", now=TOMORROW)
    assert len(page.rows) == Callback.objects.count() == 3
    assert actions.make_callback(
        actor=SYSTEM, case_id=page.rows[0].callback.case_id, entry_id=page.rows[0].callback.closing_entry_id, now=NOW
    ) is None  # fmt: skip
