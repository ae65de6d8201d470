"""The API of merging: what a desk's own system sends, refusals as problems, hostile input."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from haitang.cases.models import Case
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.merging.models import Flag, Join, Repeat, Voice
from haitang.merging.schemas import ChangedOut, RepeatOut, SimilarOut, StandingOut, VoiceOut
from haitang.merging.values import JOINED_AT_ONCE_MAX, Permission
from haitang.people.actions import create_token
from haitang.testing import people
from haitang.testing.actors import NOW
from haitang.testing.cases import HERE, LAMP, report

pytestmark = pytest.mark.django_db


class Api:
    """A caller with a token that holds these permissions everywhere."""

    def __init__(self, *permissions: str) -> None:
        account = people.build_account()
        for permission in permissions:
            people.give(account, permission=str(permission))
        _row, self.token = create_token(actor=people.FOUNDER, account_id=account.pk, name="t", now=NOW)

    def __call__(self, method: str, path: str, body: object = None):
        client = Client(headers={"Authorization": f"Bearer {self.token}"})
        data = b"" if body is None else json.dumps(body).encode()
        return client.generic(method, f"/api/v1{path}", data, "application/json")

    def standing(self, case: Case) -> dict:
        found = self("GET", f"/cases/{case.pk}/standing").json()
        StandingOut(**found)
        return found


@pytest.fixture
def api(town, monkeypatch) -> Api:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    return Api(*Permission, CasePermission.VIEW, CasePermission.REPORT)


def test_cases_are_found_similar_joined_explained_and_parted(api, town):
    main, one, two = (report(town.resident) for _ in range(3))
    report(town.resident, kind="denunciation")
    asked = f"?lon={HERE['lon']}&lat={HERE['lat']}&description={LAMP}"
    found = [SimilarOut(**each) for each in api("GET", f"/cases/similar{asked}").json()]
    assert {each.id for each in found} == {main.pk, one.pk, two.pk}
    assert {(each.metres, each.minutes, each.percent) for each in found} == {(0, 60, 100)}

    sent = {"cases": [one.pk, two.pk], "opinion": "同一盏灯"}
    for expected in ([one.pk, two.pk], []):  # sent again, nothing is done again
        answer = api("POST", f"/cases/{main.pk}/merge", sent)
        assert answer.status_code == 200, answer.content
        assert ChangedOut(**answer.json()).cases == expected
    assert api.standing(one)["main"] == main.pk
    standing = api.standing(main)
    assert (standing["joined"], standing["points"], standing["main"]) == ([one.pk, two.pk], 2, None)
    assert standing["reasons"][0] == "并入 2 件，计 2 分"

    assert api("POST", f"/cases/{main.pk}/part", {"cases": [two.pk], "opinion": "另一盏"}).json() == {"cases": [two.pk]}
    assert api("POST", f"/cases/{main.pk}/part", {"opinion": "弄错了"}).json() == {"cases": [one.pk]}
    assert api.standing(main)["joined"] == []


def test_voices_repeats_and_flags(api, town):
    case = report(town.resident)
    voices = [api("POST", f"/cases/{case.pk}/me-too", {"phone": f"1390000100{each}"}) for each in range(3)]
    assert [answer.status_code for answer in voices] == [201] * 3
    assert VoiceOut(**voices[2].json()).voices == 3
    again = api("POST", f"/cases/{case.pk}/me-too", {"phone": "13900001001"})
    assert (again.status_code, again.json()["title"]) == (409, "AlreadySaid")
    assert api.standing(case)["priority"] == 1

    said = api("POST", "/repeats", {"repeat_of": case.number, "description": "还是不亮", "channel": "phone"})
    assert said.status_code == 201, said.content
    assert RepeatOut(**said.json()) == RepeatOut(id=case.pk, number=case.number, repeats=1)

    assert api("POST", f"/cases/{case.pk}/flag", {"reason": "多部门推诿"}).status_code == 204
    assert api.standing(case)["difficult"] == "多部门推诿"
    assert api("POST", f"/cases/{case.pk}/flag", {"reason": "多部门推诿"}).json()["title"] == "NothingChanged"
    assert api("POST", f"/cases/{case.pk}/unflag", {"reason": "已有方案"}).status_code == 204
    assert api.standing(case)["difficult"] == ""


def test_refusals_are_problems(api, town):
    main, one, other = (report(town.resident) for _ in range(3))
    secret = report(town.resident, kind="denunciation")
    api("POST", f"/cases/{main.pk}/merge", {"cases": [one.pk], "opinion": "同一件"})

    def problem(caller: Api, path: str, body: dict) -> tuple[int, str]:
        answer = caller("POST", path, body)
        return answer.status_code, answer.json()["title"]

    said = {"cases": [one.pk], "opinion": "同一件"}
    assert problem(api, f"/cases/{other.pk}/merge", said) == (409, "AlreadyJoined")
    assert problem(api, f"/cases/{main.pk}/part", {**said, "cases": [other.pk]}) == (404, "NotJoined")
    # Whoever may not know of a denunciation learns nothing, by whichever door.
    for path, body in (
        (f"/cases/{secret.pk}/merge", {**said, "cases": [other.pk]}),
        (f"/cases/{main.pk}/merge", {**said, "cases": [secret.pk]}),
        (f"/cases/{secret.pk}/me-too", {"phone": "13900001001"}),
        (f"/cases/{secret.pk}/flag", {"reason": "复杂"}),
        ("/repeats", {"repeat_of": secret.number, "description": "又来", "channel": "phone"}),
    ):
        assert problem(api, path, body) == (404, "CaseNotFound"), path
    assert api("GET", f"/cases/{secret.pk}/standing").status_code == 404
    onlooker = Api(CasePermission.VIEW)
    assert onlooker.standing(one)["main"] == main.pk
    for path, body in (
        (f"/cases/{main.pk}/merge", said), (f"/cases/{main.pk}/part", said),
        (f"/cases/{main.pk}/me-too", {"phone": "13900001001"}), (f"/cases/{main.pk}/flag", {"reason": "复杂"}),
        (f"/cases/{main.pk}/unflag", {"reason": "复杂"}),
        ("/repeats", {"repeat_of": main.number, "description": "又来", "channel": "phone"}),
    ):  # fmt: skip
        assert onlooker("POST", path, body).status_code == 403, path
    assert Client().post(f"/api/v1/cases/{main.pk}/merge", said, "application/json").status_code == 401
    assert (Join.objects.count(), Voice.objects.count(), Repeat.objects.count(), Flag.objects.count()) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("merge", {"cases": [], "opinion": "同"}), ("merge", {"cases": [-1], "opinion": "同"}),
        ("merge", {"cases": [2**63], "opinion": "同"}), ("merge", {"cases": [999], "opinion": "同"}),
        ("merge", {"cases": [999], "opinion": " "}), ("merge", {"cases": [999], "opinion": "\x00"}),
        ("merge", {"cases": list(range(1, JOINED_AT_ONCE_MAX + 2)), "opinion": "同"}),
        ("merge", {"cases": [999], "opinion": "同", "extra": 1}), ("part", {"opinion": ""}),
        ("part", {"cases": [True], "opinion": "同"}), ("me-too", {"phone": " "}), ("me-too", {"phone": "1" * 31}),
        ("flag", {"reason": ""}), ("flag", {"reason": "长" * 5000}), ("unflag", {}),
    ],
)  # fmt: skip
def test_hostile_input_is_refused(api, town, path, body):
    case = report(town.resident)
    answer = api("POST", f"/cases/{case.pk}/{path}", body)
    assert answer.status_code in (404, 422), answer.content
    assert not Join.objects.exists()
    assert not Voice.objects.exists()
    assert not Flag.objects.exists()


@pytest.mark.parametrize("query", ["", "?lon=200&lat=31", "?lon=nan&lat=31", "?lon=121.3&lat=31.5&category=none"])
def test_hostile_questions_are_refused(api, query):
    assert api("GET", f"/cases/similar{query}").status_code in (404, 422)
