"""Updates by date, and how often somebody without a key may read."""

from datetime import timedelta

import pytest

from haitang.core import clock
from haitang.open311.tests import city
from haitang.open311.tests.city import DISPUTE, LATER, Caller
from haitang.people.queries import actors, limits
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db
PATH = "servicerequestupdates.json"


def told(caller, **asked):
    response = caller.get(PATH, **asked)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_has_happened_is_listed_by_date_the_oldest_first_without_a_word_of_anybody(town, visitor):
    case = city.made(town, description="王小明家门口", reporter_phone="13900000001")
    city.refused(town, case)
    found = told(visitor)
    assert [one["type"] for one in found] == ["CaseReported", "CaseRefused"]
    assert [one["status"] for one in found] == [None, "closed"]
    assert {one["service_request_id"] for one in found} == {case.number}
    assert not [secret for secret in ("王小明", "13900000001", "不属本市事权") if secret in str(found)]
    later = told(visitor, start_date=instant(NOW + timedelta(minutes=1)))
    assert [one["type"] for one in later] == ["CaseRefused"]
    assert told(visitor, end_date=instant(NOW - timedelta(minutes=1))) == []
    assert visitor.get("servicerequestupdates.xml").content.count(b"<request_update>") == 2


def test_pages_lead_on_and_hold_each_once(town, visitor):
    for _number in range(3):
        city.refused(town, city.made(town))
    first = visitor.get(PATH, page_size="4")
    assert 'rel="next"' in first["Link"]
    following = visitor.client.get(first["Link"].split(">")[0].lstrip("<"))
    ids = [one["update_id"] for one in (*first.json(), *following.json())]
    assert len(ids) == len(set(ids)) == 6
    assert not following.has_header("Link")


def test_denunciations_and_hidden_classes_are_not_told_of_and_the_answer_is_for_the_reporter(town, app, visitor):
    city.made(town, kind="denunciation")
    city.made(town, category_code=DISPUTE)
    assert told(visitor) == []
    number = app.report()
    from haitang.cases.models import Case

    city.refused(town, Case.objects.get(number=number))
    texts = [one["description"] for one in told(app, service_request_id=number)]
    assert "不属本市事权" in texts[-1]
    assert "不属本市事权" not in told(visitor, service_request_id=number)[-1]["description"]


@pytest.mark.parametrize("asked", [
    {"start_date": "2026-05-06"}, {"cursor": "x"},
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-06T00:00:00Z"},
])  # fmt: skip
def test_what_is_asked_wrongly_is_told(visitor, town, asked):
    assert visitor.get(PATH, **asked).status_code == 400


def test_reading_without_a_key_is_counted_by_address_over_all_processes(town, visitor, monkeypatch):
    monkeypatch.setattr(actors, "SIGN_IN", type("Rules", (), {"get": staticmethod(lambda: RULES)}))
    at = LATER + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: at)
    processes = [limits.Allowance() for _number in range(2)]
    answers = []
    for number in range(60):
        monkeypatch.setattr(actors, "ALLOWANCE", processes[number % 2])
        answers.append(Caller().get("requests.json").status_code)
    assert answers.count(200) <= 40
    assert answers[:30] == [200] * 30
    assert answers[-1] == 400
    refused = Caller().get("requests.json")
    assert refused.json()[0]["code"] == 429
    assert int(refused["Retry-After"]) <= 60
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=1))
    assert Caller().get("requests.json").status_code == 200


RULES = {"token_requests_per_minute": 40, "address_requests_per_minute": 40}
