"""The API: taking part, moderating, results; refusals are answers and never a crash."""

import pytest

from haitang.opinions import actions, jobs
from haitang.opinions.models import Vote
from haitang.opinions.tests.cast import SEEDS, opened, statements, two_camps
from haitang.testing.actors import NOW
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db
NEW = {
    "title": "广场舞跳到几点？", "area": "320585001001", "opens_at": "2026-05-06T09:00:00+08:00",
    "closes_at": "2026-05-20T18:00:00+08:00", "seeds": list(SEEDS),
}  # fmt: skip


def test_a_conversation_by_programs_alone(call, town):
    secretary, someone = town.account("secretary").pk, build_account("林阿姨").pk
    made = call(secretary, "post", "/conversations", NEW)
    assert made.status_code == 201, made.content
    path = f"/conversations/{made.json()['id']}"
    assert call(someone, "get", path).status_code == 404
    assert call(secretary, "post", f"{path}/open").json()["statements"] == 6
    part = call(someone, "get", f"{path}/mine").json()
    assert (part["done"], part["total"], part["may_say"]) == (0, 6, 3)
    given = {"statement_id": part["next"]["id"], "answer": -1}
    for _twice in range(2):
        assert call(someone, "post", f"{path}/answers", given).json()["done"] == 1
    assert Vote.objects.count() == 1
    said = call(someone, "post", f"{path}/statements", {"words": "九点"}).json()
    assert call(secretary, "post", f"/statements/{said['id']}/accept").json()["status"] == "accepted"
    denied = call(secretary, "post", f"/statements/{said['id']}/deny", {"reason": "重复"}).json()
    assert denied["reason"] == "重复"
    assert call(someone, "get", f"{path}/mine").json()["statements"][0]["reason"] == "重复"
    assert call(someone, "get", f"{path}/statements").status_code == 403
    assert len(call(secretary, "get", f"{path}/statements").json()) == 7
    assert call(secretary, "post", f"{path}/close").json()["people"] == 1
    assert call(someone, "get", f"{path}/results").json()["enough"] is False
    assert call(someone, "get", f"{path}/votes").status_code == 409


def test_results_and_votes_are_published_at_the_close(call, town):
    row = opened(town)
    two_camps(row)
    actions.find_opinion_groups(actor=jobs.CLOCK, conversation_id=row.pk, now=NOW)
    assert call(0, "get", f"/conversations/{row.pk}/results").status_code in (401, 409)
    actions.close_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)
    someone = build_account("林阿姨").pk
    found = call(someone, "get", f"/conversations/{row.pk}/results").json()
    assert [each["people"] for each in found["groups"]] == [12, 8]
    assert found["bridges"][0]["everybody"]["agree"] == 100
    votes = call(someone, "get", f"/conversations/{row.pk}/votes").json()
    assert len(votes) == 120
    assert call(someone, "get", "/conversations").json()["items"][0]["people"] == 20


@pytest.mark.parametrize(
    "body", [{}, {"statement_id": 1}, {"statement_id": 2**70, "answer": 1}, {"statement_id": 1, "answer": 7, "x": 1}]
)
def test_what_cannot_be_read_is_refused(call, town, body):
    row = opened(town)
    someone = build_account("林阿姨").pk
    assert call(someone, "post", f"/conversations/{row.pk}/answers", body).status_code == 422
    other = {"statement_id": 2**62, "answer": 1}
    assert call(someone, "post", f"/conversations/{row.pk}/answers", other).status_code == 404
    assert call(someone, "post", f"/conversations/{2**62}/answers", other).status_code == 404
    staff = town.account("secretary").pk
    first = {"statement_id": statements(row)[0].pk, "answer": 1}
    assert call(staff, "post", f"/conversations/{row.pk}/answers", first).status_code == 403
