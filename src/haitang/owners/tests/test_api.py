"""The API: a decision from its draft to its result, and a ballot by code."""

import pytest

from haitang.core import clock
from haitang.owners.models import Decision
from haitang.owners.tests.cast import (
    AFTER,
    DURING,
    FROM,
    UNTIL,
    announced,
    answers,
    closed,
    codes,
    estate,
    opened,
)
from haitang.people import actions as people
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, monkeypatch, town):
    """Ask the API as the secretary, at an instant."""
    account = town.account("secretary")
    _row, token = people.create_token(actor=FOUNDER, account_id=account.pk, name="测试", now=NOW)

    def ask(method, path, body=None, now=DURING):
        monkeypatch.setattr(clock, "now", lambda: now)
        given = {"data": body or {}, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1/owners{path}", headers={"Authorization": f"Bearer {token}"}, **given)

    return ask


def test_a_decision_is_drafted_and_announced(call, town):
    where = estate(town)
    (row,) = call("get", "/estates", now=NOW).json()
    assert (row["counted"], row["area_m2"]) == (3, "300.00")
    body = {
        "title": "电梯", "convener": "committee", "votes_from": FROM.isoformat(), "votes_until": UNTIL.isoformat(),
        "questions": [{"item": 6, "text": "筹集维修资金"}],
    }  # fmt: skip
    made = call("post", f"/estates/{where.pk}/decisions", body, NOW)
    assert made.status_code == 201, made.content
    assert call("post", f"/estates/{where.pk}/decisions", {**body, "extra": 1}, NOW).status_code == 422
    path = f"/decisions/{made.json()['id']}"
    assert call("get", path, now=NOW).status_code == 404
    assert call("post", f"{path}/announce", now=NOW).json()["status"] == "notice"
    assert call("post", f"{path}/open", now=FROM).status_code == 403
    assert call("get", path, now=NOW).json()["questions"][0]["level"] == "major"


def test_a_ballot_by_code_and_the_result(call, town):
    decision = opened(town, estate(town))
    code = codes(town, decision)[1]
    told = [{"question_id": each, "choice": choice} for each, choice in answers(decision).items()]
    given = call("post", "/ballots", {"code": code, "answers": told})
    assert given.json() == {"entry": 1, "label": "1幢 001", "m2": "100.00"}
    assert call("post", "/ballots", {"code": "AAAABBBBCCCC", "answers": told}).status_code == 404
    entry = decision.entries.get(number=2)
    paper = {"handed_in_at": DURING.isoformat(), "answers": told}
    assert call("post", f"/entries/{entry.pk}/paper", paper).json() == {"status": "once"}
    assert call("post", f"/entries/{entry.pk}/paper", paper).status_code == 403
    assert call("post", f"/decisions/{decision.pk}/stop", now=AFTER).status_code == 409
    other = announced(town, decision.estate)
    assert len(call("get", "/decisions").json()) == 2
    assert Decision.objects.get(pk=other.pk).status == "notice"


def test_the_result_says_what_is_lacking(call, town):
    decision = opened(town, estate(town))
    codes(town, decision)
    closed(town, decision)
    (found,) = call("get", f"/decisions/{decision.pk}", now=AFTER).json()["outcomes"]
    assert (found["passed"], found["checks"][0]["lacking"]) == (False, 20000)
