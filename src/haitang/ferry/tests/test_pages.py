"""The pages: of who carries, of who says which zones there are, and what a case says of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haitang.cases.models import Case
from haitang.ferry.models import Arrival, Package, Partner, Zone
from haitang.ferry.tests.zones import ADMIN, CITY, CLERK, DESK
from haitang.ferry.values import Card, make_opening_key, make_signing_key, publics_of
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def other_card(code: str = "inside") -> str:
    return Card(code, "政务网", *publics_of(make_signing_key(), make_opening_key())).text()


def agreed(**changes) -> dict:
    return {
        "card": other_card(), "area": CITY, "organization": DESK, "hands": "on", "is_active": "on", **changes,
    }  # fmt: skip


@pytest.fixture
def known(as_, town):
    """This installation has keys, and hands cases across to an inside."""
    client = as_(ADMIN)
    assert client.post("/admin/ferry/", {"code": "outside", "name": "互联网区"}).status_code == 302
    assert client.post("/admin/ferry/partners/new/", agreed()).status_code == 302
    return Partner.objects.get()


def test_an_administrator_makes_keys_and_enters_a_partner(as_, town):
    client = as_(ADMIN)
    assert "还没有密钥" in text_of(client.get("/admin/ferry/"))
    assert "小写字母" in text_of(client.post("/admin/ferry/", {"code": "Out side", "name": "互联网区"}), 422)
    client.post("/admin/ferry/", {"code": "outside", "name": "互联网区"})
    page = text_of(client.get("/admin/ferry/"))
    zone = Zone.objects.get()
    assert zone.card.fingerprint in page
    assert zone.signing_key not in page
    assert zone.signing_key.encode() not in bytes(zone.signing_sealed)
    new = "/admin/ferry/partners/new/"
    assert "不是一张区域名片" in text_of(client.post(new, agreed(card="abc")), 422)
    assert "自己的名片" in text_of(client.post(new, agreed(card=zone.card.text())), 422)
    assert "只能是转出或者接收" in text_of(client.post(new, agreed(takes="on")), 422)
    assert client.post(new, agreed()).status_code == 302
    partner = Partner.objects.get()
    assert "已经登记过" in text_of(client.post(new, agreed()), 409)
    page = text_of(client.get(f"/admin/ferry/partners/{partner.pk}/"))
    assert partner.card.fingerprint in page
    one = f"/admin/ferry/partners/{partner.pk}/"
    assert "另一个区域" in text_of(client.post(one, agreed(card=other_card("third"))), 422)
    assert client.post(one, agreed(card="", is_active="")).status_code == 302
    former, partner = partner, Partner.objects.get()
    assert (partner.is_active, partner.card) == (False, former.card)
    assert client.get("/admin/ferry/partners/999/").status_code == 404
    assert client.get("/ferry/").status_code == 403


def test_a_clerk_makes_a_package_fetches_it_and_brings_what_is_refused(as_, town, known):
    case = report(town.resident)
    client = as_(CLERK)
    assert "政务网" in text_of(client.get("/ferry/"))
    assert client.get("/admin/ferry/").status_code == 403
    made = client.post("/ferry/to/inside/make/", follow=True)
    assert "第 1 号包" in text_of(made)
    package = Package.objects.get()
    file = client.get(f"/ferry/packages/{package.pk}/file/")
    assert file["Content-Disposition"] == 'attachment; filename="outside-inside-000001.ferry"'
    assert "没有要带走的内容" in text_of(client.post("/ferry/to/inside/make/", follow=True))
    assert client.post("/ferry/to/nowhere/make/").status_code == 404
    brought = client.post("/ferry/bring/", {"file": SimpleUploadedFile("回来.ferry", file.content)})
    assert "未登记的区域" in text_of(brought, 422)
    assert Arrival.objects.get().outcome == "refused"
    assert "回来.ferry" in text_of(client.get("/ferry/"))
    assert client.post("/ferry/bring/").status_code == 422
    assert "摆渡到“政务网”办理" in text_of(as_(town.dispatcher).get(f"/cases/{case.pk}/"))
    refused = as_(town.grid).post(f"/cases/{case.pk}/verify/", {"opinion": "看过了", "result": "exists"})
    assert "摆渡到“政务网”办理" in text_of(refused, 409)
    assert Case.objects.get().status == "verifying"


def test_nobody_else_makes_fetches_or_brings(as_, town, known):
    report(town.resident)
    as_(CLERK).post("/ferry/to/inside/make/")
    package = Package.objects.get()
    for who in (town.leader, town.secretary, ADMIN):
        client = as_(who)
        for path in ("/ferry/", f"/ferry/packages/{package.pk}/", f"/ferry/packages/{package.pk}/file/"):
            assert client.get(path).status_code == 403, path
        assert client.post("/ferry/to/inside/make/").status_code == 403
        assert client.post("/ferry/bring/").status_code == 403
