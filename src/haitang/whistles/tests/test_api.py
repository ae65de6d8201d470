"""The API of whistles: the chain, shapes, refusals as problems, hostile input."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haitang.cases.values import Permission as CasePermission
from haitang.people.actions import create_token
from haitang.testing import people
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.whistles.models import Call, Whistle
from haitang.whistles.schemas import CallOut, MeetingOut, TaskOut, WhistleDetailOut, WhistleOut, WhistlePageOut
from haitang.whistles.tests.test_pages import photo
from haitang.whistles.values import Permission

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
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.generic(method, f"/api/v1/whistles{path}", data, "application/json")


@pytest.fixture
def api(town) -> Api:
    return Api(*Permission, CasePermission.VIEW)


@pytest.fixture
def body(town) -> dict:
    case = report(town.dispatcher, channel="phone")
    departments = [{"organization_code": "ZJJ", "role": "lead"}, {"organization_code": "CGJ", "task": "清理占道"}]
    return {"case_id": case.pk, "kind": "emergency", "reason": "多个部门", "departments": departments}


def test_the_whole_chain_over_the_api(api, body):
    made = api("POST", "", body)
    assert made.status_code == 201, made.content
    WhistleOut(**made.json())
    path = f"/{made.json()['id']}"
    opinion = {"opinion": "同意"}
    assert api("POST", f"{path}/approve", opinion).json()["status"] == "blown"
    first, second = (each["id"] for each in api("GET", path).json()["departments"])
    for deed, more in (
        ("sign", {}), ("contact", {}), ("arrive", {"place": "东门", "people": "2人"}), ("handle", {}), ("sign-off", {}),
        ("rework", {}), ("handle", {}), ("sign-off", {}), ("evaluate", {"rating": "satisfied"}),
    ):  # fmt: skip
        answer = api("POST", f"{path}/calls/{first}/{deed}", {**opinion, **more})
        assert answer.status_code == 200, (deed, answer.content)
        CallOut(**answer.json())
        if deed == "arrive":
            client = Client(headers={"Authorization": f"Bearer {api.token}"})
            sent = client.post(f"/api/v1/whistles{path}/calls/{first}/photos", {"file": photo()})
            assert sent.status_code == 201, sent.content
    meeting = {
        "held_at": "2026-05-06T09:00:00+08:00", "minutes": "议定",
        "tasks": [{"organization_code": "CGJ", "text": "清理", "due_on": "2026-12-31"}],
    }  # fmt: skip
    held = api("POST", f"{path}/meetings", meeting)
    assert held.status_code == 201, held.content
    MeetingOut(**held.json())
    settled = api("POST", f"{path}/tasks/{held.json()['tasks'][0]['id']}/settle", {"done": False, "note": "未完成"})
    assert TaskOut(**settled.json()).done is False
    for deed in ("refuse", "insist", "refuse", "release"):
        assert api("POST", f"{path}/calls/{second}/{deed}", opinion).status_code == 200, deed
    whole = api("GET", path).json()
    WhistleDetailOut(**whole)
    assert (whole["status"], len(whole["photos"]), len(whole["meetings"])) == ("done", 1, 1)
    listed = api("GET", "?box=called&status=done").json()
    WhistlePageOut(**listed)
    assert listed["total"] == 0  # an integration belongs to no department
    assert api("GET", "?status=done").json()["total"] == 1
    assert [kind["code"] for kind in api("GET", "/kinds").json()] == ["progress", "hard", "emergency"]


def test_refusals_are_problems(api, body, town):
    made = api("POST", "", body).json()
    again = api("POST", "", body)
    assert (again.status_code, again.json()["title"]) == (409, "AlreadyBlown")
    early = api("POST", f"/{made['id']}/calls/{made['departments'][0]['id']}/sign", {"opinion": "签收"})
    assert (early.status_code, early.json()["title"]) == (409, "WrongStep")
    assert api("POST", "/999/approve", {"opinion": "同意"}).json()["title"] == "WhistleNotFound"
    assert api("POST", f"/{made['id']}/withdraw", {"opinion": "不用了"}).json()["status"] == "withdrawn"
    wrong = api("POST", "", {**body, "departments": [{"organization_code": "ZJJ"}]})
    assert (wrong.status_code, "lead" in wrong.json()["fields"]) == (422, True)
    nobody = Api(CasePermission.VIEW)
    assert nobody("GET", f"/{made['id']}").status_code == 404
    assert nobody("POST", "", body).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "none"}, {"reason": ""}, {"reason": "\x00"}, {"departments": []}, {"case_id": -1}, {"extra": 1},
        {"case_id": 2**63 - 1}, {"departments": [{"organization_code": "ZJJ", "role": "boss"}]},
        {"departments": [{"organization_code": "ZJJ", "role": "lead"}] * 2}, {"reason": "长" * 2001},
    ],
)  # fmt: skip
def test_hostile_input_is_refused(api, body, changes):
    answer = api("POST", "", {**body, **changes})
    assert answer.status_code in (404, 422), answer.content
    assert not Whistle.objects.exists()


def test_a_file_that_is_no_photo_is_refused(api, body):
    made = api("POST", "", body).json()
    api("POST", f"/{made['id']}/approve", {"opinion": "同意"})
    call = Call.objects.order_by("id")[0]
    api("POST", f"/{made['id']}/calls/{call.pk}/arrive", {"opinion": "到", "place": "东门", "people": "2人"})
    client = Client(headers={"Authorization": f"Bearer {api.token}"})
    file = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    assert client.post(f"/api/v1/whistles/{made['id']}/calls/{call.pk}/photos", {"file": file}).status_code == 422
