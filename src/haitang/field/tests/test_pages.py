"""The page is the same for everybody; its answers are for whoever is signed in."""

import io
import json
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from haitang.cases.models import Attachment, Case
from haitang.core.models import Entry
from haitang.field.models import Phone
from haitang.field.tests.story import build_worker
from haitang.field.tests.test_actions import LAMP, picture
from haitang.testing.cases import HERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(town) -> Client:
    client = Client()
    client.force_login(build_worker(town, password=""))
    return client


def join(client) -> str:
    uid = str(uuid4())
    answer = client.post("/field/phones/", json.dumps({"uid": uid, "key": "private"}), "application/json")
    assert answer.json() == {"uid": uid}
    return uid


def captured(uid, **changes):
    given = {
        "phone": uid, "key": str(uuid4()), "description": LAMP, "captured_at": "2026-05-06T09:00:00+08:00",
        "category_code": "20101", **HERE, **changes,
    }  # fmt: skip
    return json.dumps(given)


def test_the_shell_holds_nothing_of_the_account_and_says_where_its_worker_may_go(client, town):
    page, visitor = client.get("/field/"), Client().get("/field/")
    assert page.content == visitor.content
    assert "李建国" not in page.content.decode()
    assert "csrf" not in page.content.decode().lower()
    worker = Client().get("/field/worker.js")
    assert worker["Service-Worker-Allowed"] == "/field/"
    assert worker["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker["Cache-Control"]
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    english = Client(headers={"accept-language": "en"})
    assert english.get("/field/worker.js").content != worker.content
    assert Client().get("/field/manifest.webmanifest").json()["scope"] == "/field/"


def test_a_capture_and_its_photo_arrive(client):
    uid = join(client)
    sent = client.post("/field/cases/", {"capture": captured(uid)}).json()
    photo = {"photo": SimpleUploadedFile("1.jpg", picture()), "key": str(uuid4()), "phone": uid, "purpose": "place"}
    assert client.post(f"/field/cases/{sent['case_id']}/photos/", photo).status_code == 200
    assert Case.objects.get().number == sent["number"]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"description": " "}, 422, "发生了什么事"),
        ({"lon": 1, "lat": 1}, 422, "不在本市"),
        ({"handled": True, "done": "好"}, 422, "照片"),
        ({"handled": True}, 422, "当场办好"),
        ({"captured_at": "昨天"}, 422, "captured_at"),
        ({"extra": 1}, 422, "extra"),
        ({"area_code": "none", "lon": None, "lat": None}, 422, "区域"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(client, change, status, word):
    answer = client.post("/field/cases/", {"capture": captured(join(client), **change)})
    assert answer.status_code == status
    assert word in answer.json()["detail"]
    assert not Case.objects.exists()


def test_signing_out_on_any_page_destroys_the_key(client):
    uid = join(client)
    assert client.get(f"/field/phones/{uid}/").json()["key"] == "private"
    assert client.session.get_expiry_age() == 7 * 24 * 3600
    client.post("/accounts/logout/")
    assert not Phone.objects.exists()


def test_the_worker_sees_the_phones_that_hold_a_key_and_puts_an_end_to_one(client, town):
    assert "没有启用的手机" in client.get("/field/mine/").content.decode()
    lost = Client()
    lost.force_login(get_user_model().objects.get(pk=client.session["_auth_user_id"]))
    uid, here = join(lost), join(client)
    assert lost.get(f"/field/phones/{uid}/").status_code == 200
    page = client.get("/field/mine/").content.decode()
    assert page.count("停用这部手机") == 2
    assert page.count("正在使用的这部") == 1
    phone = Phone.objects.get(uid=uid)
    rival = Client()
    rival.force_login(town.account("checker"))
    assert rival.post(f"/field/mine/{phone.pk}/revoke/").status_code == 404
    assert client.get(f"/field/mine/{phone.pk}/revoke/").status_code == 405
    assert client.post(f"/field/mine/{phone.pk}/revoke/").status_code == 302
    assert [str(each.uid) for each in Phone.objects.all()] == [here]
    assert lost.get("/field/state/").status_code == 302  # signed out there
    answer = client.post("/field/cases/", {"capture": captured(uid)})
    assert (answer.status_code, answer.json()["title"]) == (404, "PhoneUnknown")
    assert client.post(f"/field/mine/{Phone.objects.get().pk}/revoke/").status_code == 302
    assert client.get("/field/state/").status_code == 200  # the sign-in in which it was asked goes on
    assert Entry.objects.filter(fact="PhoneForgotten", data__reason="revoked").count() == 2


@pytest.mark.parametrize("size", [180, 192, 512])
def test_the_icon_is_drawn_for_telephones_that_take_no_svg(town, size):
    answer = Client().get(f"/field/icon-{size}.png")
    picture = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], picture.size) == ("image/png", (size, size))
    assert picture.getpixel((size // 2, size * 34 // 64)) == (0xF2, 0xC1, 0x4E)
    assert "max-age" in answer["Cache-Control"]
    assert Client().get("/field/icon-31.png").status_code == 404
    asked = Client().get("/field/").content + Client().get("/field/manifest.webmanifest").content
    assert f"icon-{size}.png".encode() in asked


def test_a_browser_whose_service_workers_are_no_modules_gets_one_that_keeps_the_page_alone(town):
    assert b"import " in Client().get("/field/worker.js").content
    assert b"import " not in Client().get("/field/worker.js?plain").content


def test_who_is_not_signed_in_is_sent_away(town):
    client = Client()
    assert client.get("/field/state/").status_code == 302
    assert client.post("/field/cases/", {"capture": "{}"}).status_code == 401
    client.force_login(town.account("checker"))
    assert client.post("/field/phones/", "{}", "application/json").status_code == 403
    assert client.get("/field/state/").json()["may_report"] is False


def test_the_lists_to_choose_from_and_what_waits(client):
    found = client.get("/field/state/").json()
    assert found["areas"] == [["320585001001001", "第一网格"]]
    assert found["may_handle"] is True
    assert len(found["categories"]) == 3
    assert "已现场处置完毕，恢复正常。" in found["phrases"]
    assert client.get("/field/todo/").json()["rows"] == []
