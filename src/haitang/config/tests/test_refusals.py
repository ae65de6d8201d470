"""Who is refused what they may not do leaves a line in the log, without who they are."""

import json
import logging

import pytest

from haitang.config.logs import Formatter, TextFormatter
from haitang.core import history
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db
ID = "0123456789abcdef"


@pytest.fixture
def refusals(caplog):
    """The lines of refusals as they are written, JSON and text."""
    caplog.set_level(logging.INFO, "haitang.config.middleware")

    def lines() -> list[tuple[dict, str]]:
        token = history.request_id.set(ID)
        try:
            found = [each for each in caplog.records if each.getMessage() == "refused"]
            return [(json.loads(Formatter().format(each)), TextFormatter().format(each)) for each in found]
        finally:
            history.request_id.reset(token)

    return lines


def test_a_refused_page_is_told_by_its_route_and_permission(client, refusals):
    account = build_account("李四")
    client.force_login(account)
    assert client.get("/cases/?q=13900000001", headers={"X-Request-Id": ID}).status_code == 403
    ((told, text),) = refusals()
    assert {name: told[name] for name in ("request_id", "level", "method", "route", "permission", "asker")} == {
        "request_id": ID, "level": "INFO", "method": "GET", "route": "/cases/", "permission": "cases.case.view",
        "asker": "account",
    }  # fmt: skip
    assert f"[{ID}] refused method=GET route=/cases/ permission=cases.case.view asker=account" in text
    assert not any(word in json.dumps(told, ensure_ascii=False) for word in ("李四", account.username, "13900000001"))


def test_a_refused_operation_is_told_and_whoever_is_to_sign_in_is_not(client, refusals):
    client.force_login(build_account("李四"))
    assert client.get("/api/v1/cases").status_code == 401  # a session is no token
    assert client.get("/").status_code == 200
    assert refusals() == []
