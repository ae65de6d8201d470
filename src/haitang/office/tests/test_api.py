"""The API of the office: what the pages do, programs do under the same rules."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT

from haitang.cases import actions as case_actions
from haitang.cases.values import Permission
from haitang.office import jobs
from haitang.office.tests.test_deputies import colleague, on_the_desk
from haitang.people import actions as people
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import build_account, give


@pytest.fixture
def call(client, monkeypatch):
    """Call an operation with a token of the account; returns status and answer."""
    from haitang.core import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    tokens: dict[int, str] = {}

    def call(account, method: str, path: str, body: object = None, **more: object):
        if account.pk not in tokens:
            tokens[account.pk] = people.create_token(
                actor=get_actor(account.pk, now=NOW), account_id=account.pk, name="程序", expires_at=None, now=NOW
            )[1]
        sent = {"data": body, "content_type": "application/json", **more} if method != "get" else {"data": body}
        answer = getattr(client, method)(
            f"/api/v1{path}", headers={"Authorization": f"Bearer {tokens[account.pk]}"}, **sent
        )
        is_json = answer.headers.get("Content-Type", "").startswith(("application/json", "application/problem"))
        return answer.status_code, answer.json() if is_json and answer.content else answer.content

    return call


def test_a_deputy_is_named_and_released(town, call):
    whose, deputy = colleague(town, "赵强"), colleague(town, "钱勇")
    _status, colleagues = call(deputy, "get", "/colleagues")
    assert {each["name"] for each in colleagues} == {"赵强", "钱勇"}
    asked = {
        "deputy_id": deputy.pk, "from_date": TODAY.isoformat(), "to_date": (TODAY + timedelta(days=7)).isoformat(),
        "reason": "年休假",
    }  # fmt: skip
    status, made = call(whose, "post", "/delegations", asked)
    assert (status, made["account"], made["deputy"]) == (201, "赵强", "钱勇")
    assert call(whose, "post", "/delegations", asked)[0] == 409
    assert call(whose, "post", "/delegations", {**asked, "to_date": asked["from_date"]})[0] == 422
    assert call(deputy, "post", "/delegations", {**asked, "account_id": whose.pk})[0] == 403
    assert [row["id"] for row in call(deputy, "get", "/delegations")[1]] == [made["id"]]
    assert call(colleague(town, "外单位", desk="CGJ"), "get", "/delegations")[1] == []
    end = f"/delegations/{made['id']}/end"
    assert call(deputy, "post", end)[0] == 200
    assert call(deputy, "post", end)[0] == 409


def test_a_desk_is_handed_over(town, call):
    leaving, heir = colleague(town, "赵强"), colleague(town, "钱勇")
    case = on_the_desk(town)
    case_actions.sign_case(actor=get_actor(leaving.pk), case_id=case.pk, opinion="收到", now=NOW)
    assert [row["case_id"] for row in call(leaving, "get", "/handovers")[1]] == [case.pk]
    assert call(heir, "get", "/handovers", {"account_id": leaving.pk})[1] == []
    asked = {"account_id": leaving.pk, "to_account_id": heir.pk, "reason": "调离"}
    assert call(heir, "post", "/handovers", asked)[0] == 403
    assert call(leaving, "post", "/handovers", asked)[1]["done"] == 1
    assert call(leaving, "post", "/handovers", asked)[0] == 409


def test_filters_phrases_and_watched_cases_are_ones_own(town, call):
    own, other = town.account("dispatcher"), town.account("secretary")
    status, kept = call(own, "post", "/filters", {"name": "超期", "query": "overdue=1&cursor=x"})
    assert (status, kept["query"]) == (200, "overdue=1")
    one = f"/filters/{kept['id']}"
    assert call(own, "post", f"{one}/pin", {"is_pinned": True})[1]["is_pinned"] is True
    assert call(other, "delete", one)[0] == 404
    assert call(other, "get", "/filters")[1] == []
    assert call(own, "delete", one)[0] == 204
    phrase = call(own, "post", "/phrases", {"deed": "accept", "text": "情况属实"})[1]
    assert call(own, "get", "/phrases")[1] == [phrase]
    assert call(own, "delete", f"/phrases/{phrase['id']}")[0] == 204
    case = on_the_desk(town)
    assert call(own, "post", f"/cases/{case.pk}/watch")[0] == 204
    assert call(own, "post", "/cases/999999/watch")[0] == 404
    assert [row["case_id"] for row in call(own, "get", "/cases/watched")[1]["items"]] == [case.pk]
    assert call(own, "delete", f"/cases/{case.pk}/watch")[0] == 204
    assert call(own, "get", "/cases/watched")[1]["items"] == []


def test_a_file_of_cases(town, call, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    own = build_account("导入员")
    for permission in (Permission.REPORT, Permission.EXPORT, Permission.VIEW):
        give(own, permission=permission)
    table = "外部编号,诉求内容,采集渠道,所属区域,上报时间\n77,路灯不亮,12345 热线,,2026-05-06 09:00\n78,,,,\n"
    sent = {"file": SimpleUploadedFile("案件.csv", table.encode()), "source": "旧系统"}
    status, made = call(own, "post", "/imports", sent, content_type=MULTIPART_CONTENT)
    assert (status, made["state"]) == (201, "checking"), made
    one = f"/imports/{made['id']}"
    assert call(own, "post", f"{one}/confirm")[0] == 409
    jobs.work_upload(upload_id=made["id"])
    checked = call(own, "get", one)[1]
    assert (checked["state"], checked["rows"], checked["refused"]) == ("checked", 2, 1), checked
    assert call(own, "post", f"{one}/confirm?overwrite=true")[1]["state"] == "importing"
    jobs.work_upload(upload_id=made["id"])
    assert call(own, "get", one)[1]["state"] == "done"
    assert "已导入".encode() in call(own, "get", f"{one}/result.csv")[1]
    assert call(town.account("dispatcher"), "get", one)[0] in (403, 404)
    days = {"from_date": "2026-05-01", "to_date": "2026-04-01"}
    assert call(own, "post", "/imports/feedback", days)[0] == 422
    assert call(own, "post", "/imports/feedback", {**days, "to_date": "2026-05-31"})[1]["rows"] == []
