"""The API: shapes, refusals as problems, idempotency under fire, hostile input."""

import io
import json
import threading
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from haitang.cases.models import Case
from haitang.cases.schemas import CaseOut, CasePageOut, CountRowOut, CreatedOut, StatsOut
from haitang.cases.values import Permission
from haitang.people.actions import create_token
from haitang.testing import cases as cast
from haitang.testing import people as people_cast
from haitang.testing.actors import NOW
from haitang.testing.cases import LAMP

REAL_NOW = datetime(2026, 5, 6, 1, tzinfo=UTC)
BODY = {"description": LAMP, "lon": 121.305, "lat": 31.505, "channel": "phone"}
OPINION = {"opinion": "情况属实，按程序办理"}


class Api:
    """A caller with a token that holds every permission over cases, everywhere."""

    def __init__(self) -> None:
        account = people_cast.build_account()
        for permission in Permission:
            people_cast.give(account, permission=str(permission))
        _row, self.token = create_token(actor=people_cast.FOUNDER, account_id=account.pk, name="t", now=NOW)

    def __call__(self, method: str, path: str, body: object = None, **headers: str):
        client = Client(headers={"Authorization": f"Bearer {self.token}", **headers})
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.generic(method, f"/api/v1{path}", data, "application/json")

    def report(self, **changes: object) -> dict:
        response = self("POST", "/cases", {**BODY, **changes})
        assert response.status_code == 201, response.content
        return response.json()


@pytest.fixture
def api(town) -> Api:
    return Api()


def test_a_case_is_created_with_all_that_was_found_for_it(api):
    made = api.report(reporter={"name": "王小明", "phone": "13900000001"})
    assert len(made["query_code"]) == 6
    assert made["status"] == "reported"
    assert made["area"]["code"] == "320585001001001"
    assert made["category"]["name"]
    assert made["organization"]["code"]
    assert made["routing_reason"]
    assert set(made["deadlines"]) == {"accept", "dispatch", "sign", "handle", "check"}
    shown = api("GET", f"/cases/{made['id']}").json()
    assert shown["reporter"] == {"name": "王**", "phone": "139****0001"}
    assert [step["fact"] for step in shown["timeline"]] == ["CaseReported"]
    assert "accept" in shown["deeds"]


def test_the_whole_life_over_the_api(api):
    made = api.report()
    path = f"/cases/{made['id']}"
    for verb, more in [
        ("accept", {}), ("register", {}), ("dispatch", {"organization_code": "ZJJ"}), ("sign", {}), ("handle", {}),
        ("feedback", {}), ("check", {"passed": False}), ("handle", {}), ("feedback", {}), ("check", {"passed": True}),
        ("close", {}),
    ]:  # fmt: skip
        response = api("POST", f"{path}/{verb}", {**OPINION, **more})
        assert response.status_code == 200, (verb, response.content)
    rated = api("POST", f"{path}/rate", {"solved": True, "score": 4, "query_code": made["query_code"].lower()})
    assert rated.json()["status"] == "rated"
    again = api("POST", f"{path}/accept", OPINION)
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert again.json()["title"] == "WrongStage"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"description": ""}, 422),
        ({"description": "   "}, 422),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, 422),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, 422),
        ({"description": "a\u0000b"}, 422),
        ({"description": "长" * 2001}, 422),
        ({"lon": 999}, 422),
        ({"lon": 100.0, "lat": 10.0}, 422),
        ({"lat": None}, 422),
        ({"category_code": "99999"}, 404),
        ({"area_code": "1"}, 422),
        ({"channel": "pigeon"}, 422),
        ({"score": 5}, 422),
        ({"occurred_at": "2999-01-01T00:00:00Z"}, 422),
        ({"occurred_at": "2026-01-01T00:00:00"}, 422),
        ({"reporter": {"phone": "1" * 40}}, 422),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_nothing_is_kept(api, change, status):
    response = api("POST", "/cases", {**BODY, **change})
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[]", b"null", b'{"description": "\xff"}', b"1e999"])
def test_a_broken_body_is_never_a_failure_of_ours(api, body):
    assert api("POST", "/cases", body).status_code in (400, 422)


def test_without_or_with_a_wrong_token_nothing_is_told(town, client):
    assert client.get("/api/v1/cases").status_code == 401
    assert client.get("/api/v1/cases", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_the_same_key_gives_the_same_case_and_another_body_a_conflict(api):
    headers = {"Idempotency-Key": "abc-1"}
    first = api("POST", "/cases", BODY, **headers)
    second = api("POST", "/cases", BODY, **headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Case.objects.count() == 1
    other = api("POST", "/cases", {**BODY, "description": "另一件事"}, **headers)
    assert (other.status_code, other.json()["title"]) == (409, "IdempotencyKeyReused")
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_key_sent_by_eight_at_once_makes_one_case():
    cast.build_town()
    api = Api()
    answers: list[tuple[int, int]] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        response = api("POST", "/cases", BODY, **{"Idempotency-Key": "same"})
        answers.append((response.status_code, response.json()["id"]))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_deed_done_by_eight_at_once_happens_once():
    cast.build_town()
    api = Api()
    made = api.report()
    answers: list[int] = []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        answers.append(api("POST", f"/cases/{made['id']}/accept", OPINION).status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 7


def test_a_list_is_filtered_and_paged_to_its_end_without_gap_or_repeat(api):
    for number in range(7):
        api.report(description=f"第{number}件：路灯不亮", lon=121.305 + 0.01 * (number % 4))
    seen, cursor = [], ""
    while True:
        page = api("GET", f"/cases?limit=2&cursor={cursor}").json()
        seen += [item["id"] for item in page["items"]]
        assert page["total"] == 7
        if not page["next"]:
            break
        cursor = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7
    assert api("GET", "/cases?area=320585001001").json()["total"] == 4
    assert api("GET", "/cases?q=路灯").json()["total"] == 7
    assert api("GET", "/cases?q=第3件").json()["total"] == 1
    assert api("GET", "/cases?status=closed").json()["total"] == 0
    assert api("GET", "/cases?overdue=true").json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=xx", 422), ("cursor=%00", 422), ("limit=0", 422), ("limit=9999", 422), ("area=nowhere", 404),
        ("status=asleep", 422), ("from=2026-13-01", 422), ("q=%00", 422), ("to=9999-12-31", 422),
    ],
)  # fmt: skip
def test_a_bad_question_is_refused_politely(api, query, status):
    assert api("GET", f"/cases?{query}").status_code == status


def test_statistics_count_what_happened(api):
    made = api.report()
    api.report(channel="visit")
    api("POST", f"/cases/{made['id']}/accept", OPINION)
    table = api("GET", "/stats/cases?by=channel").json()
    assert {row["key"]: row["reported"] for row in table["rows"]} == {"phone": 1, "visit": 1}
    assert table["total"]["done"] == {"accept": 1, "report": 2}
    by_area = api("GET", "/stats/cases?by=area&area=320585001001").json()
    assert {row["key"]: row["reported"] for row in by_area["rows"]} == {"320585001001001": 2}
    assert table["from"] <= table["to"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80), place=st.text(max_size=80), query=st.text(max_size=30))
def test_any_text_is_taken_or_refused(api, text, place, query):
    made = api("POST", "/cases", {**BODY, "description": text, "address": place})
    assert made.status_code in (201, 422)
    client = Client(headers={"Authorization": f"Bearer {api.token}"})
    assert client.get("/api/v1/cases", {"q": query}).status_code in (200, 422)


def test_the_api_describes_itself(api):
    described = api("GET", "/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    paths = described["paths"]
    verbs = (
        "accept register dispatch sign handle feedback check close return rework refuse void reopen rate attachments"
    )
    for verb in verbs.split():
        assert "post" in paths[f"/api/v1/cases/{{case_id}}/{verb}"], verb


def test_a_photo_is_kept_without_its_metadata_and_given_to_those_who_see_the_case(api, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    made = api.report()
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(picture, "JPEG", comment=b"secret place")
    client = Client(headers={"Authorization": f"Bearer {api.token}"})

    def send(name: str, data: bytes):
        upload = SimpleUploadedFile(name, data, "image/jpeg")
        return client.post(f"/api/v1/cases/{made['id']}/attachments", {"file": upload, "purpose": "place"})

    first = send("a.jpg", picture.getvalue())
    assert first.status_code == 201, first.content
    assert send("b.jpg", picture.getvalue()).json()["id"] == first.json()["id"]
    shown = client.get(first.json()["url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert b"secret" not in shown.content
    assert client.get(first.json()["url"][:-1] + "999").status_code == 404
    for junk in (b"", b"<script>alert(1)</script>", picture.getvalue()[:200]):
        refused = send("c.jpg", junk)
        assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert len(api("GET", f"/cases/{made['id']}").json()["attachments"]) == 1


def test_an_address_that_there_is_not_is_a_problem_too(client, db):
    response = client.get("/api/v1/nowhere")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert client.get("/nowhere/")["Content-Type"].startswith("text/html")


def test_a_bug_of_ours_is_told_as_a_problem_with_its_request_id(api, monkeypatch):
    def fail(**_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("haitang.cases.queries.count_cases", fail)
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {api.token}"})
    response = client.get("/api/v1/stats/cases", headers={"X-Request-Id": "abcdef12"})
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json()["request_id"] == "abcdef12"
    assert "a bug" not in response.content.decode()


def test_answers_given_without_checking_are_of_the_shape_that_is_promised(api):
    made = api.report()
    moved = api("POST", f"/cases/{made['id']}/accept", OPINION).json()
    page = api("GET", "/cases").json()
    stats = api("GET", "/stats/cases?by=area").json()
    for body, shape in [
        (made, CreatedOut), (moved, CaseOut), (page, CasePageOut), (page["items"][0], CaseOut),
        (stats, StatsOut), (stats["rows"][0], CountRowOut),
    ]:  # fmt: skip
        shape.model_validate(body)
        assert set(body) == {field.alias or name for name, field in shape.model_fields.items()}
