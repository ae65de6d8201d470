"""The pages and the API of indicators, as their users meet them."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from haitang.core import clock
from haitang.indicators import queries
from haitang.indicators.models import Evidence, Exclusion, FormulaVersion, Given
from haitang.indicators.tests.test_actions import LATER, answered
from haitang.indicators.tests.test_desks import bring_up_to_date
from haitang.people import actions as people_actions
from haitang.testing import people
from haitang.testing.actors import NOW

TABLE = "/indicators/?set=three_rates&month=2026-05"


@pytest.fixture(autouse=True)
def later(monkeypatch):
    """Late in May."""
    monkeypatch.setattr(clock, "now", lambda: LATER)


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def signed_in(client, role: str, area_id: int | None = None) -> object:
    """Sign somebody in who holds the role over the area, or everywhere."""
    account = people.build_account(role)
    people.give(account, role, **({"area_id": area_id} if area_id else {}))
    client.force_login(account)
    return account


def test_the_table_leads_to_how_each_figure_came_about(town, client):
    answered(town)
    signed_in(client, "leader", town.areas["city"])
    page = client.get(TABLE).content.decode()
    assert "100.00 %" in page
    assert "海棠街道" in page
    shown = client.get("/indicators/explain/satisfaction_rate/?set=three_rates&month=2026-05").content.decode()
    assert "满意数 + 0.9×基本满意数" in shown
    assert "callback:satisfied" in shown
    for code in [each.code for each in queries.sets()]:
        assert client.get("/indicators/", {"set": code}).status_code == 200
    assert client.get("/indicators/", {"set": "nothing"}).status_code == 404
    assert client.get("/indicators/explain/nothing/").status_code == 404
    assert client.get("/indicators/", {"from": "2026-05-03", "to": "2026-05-01"}).status_code == 422
    assert client.get("/indicators/", {"from": "2026-05-01", "to": "2026-05-31"}).status_code == 200


def test_the_table_is_taken_along_as_a_file(town, client):
    answered(town)
    signed_in(client, "leader", town.areas["city"])
    query = {"set": "three_rates", "month": "2026-05"}
    taken = client.get("/indicators/export/", {**query, "format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(taken)))
    assert rows[-1]["区域"] == "合计"
    assert (rows[-1]["满意率"], rows[-1]["有效回访数"]) == ("100.00 %", "1")
    assert client.get("/indicators/export/", {**query, "format": "xlsx"}).content[:2] == b"PK"


def test_a_formula_is_tried_and_then_saved(town, client):
    answered(town)
    signed_in(client, "case_administrator")
    assert client.get(reverse("indicators:formulas")).status_code == 200
    url = reverse("indicators:formula", args=["three_rates", "satisfaction_rate"])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent |= {"numerator": "满意数", "valid_from": "2026-05-19", "try_month": "2026-05-01", "try_area": "320585"}
    tried = client.post(url, sent | {"try": "1"})
    assert "未保存" in tried.content.decode()
    assert not FormulaVersion.objects.exists()
    assert client.post(url, sent | {"numerator": "满意"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert FormulaVersion.objects.get().valid_from == date(2026, 5, 19)
    new = reverse("indicators:formula", args=["three_rates", "new"])
    assert client.get(new).status_code == 200
    assert client.post(new, sent | {"name": "很满意率", "numerator": "满意数"}).status_code == 302
    assert queries.sets()[0].indicators[-1].name == "很满意率"
    assert "2026-05-19 起生效" in client.get(reverse("indicators:formulas")).content.decode()


def test_what_the_office_knows_is_entered(town, client):
    signed_in(client, "case_administrator")
    url = reverse("indicators:given")
    page = client.get(url)
    assert "面积" in page.content.decode()
    sent = {"area": town.areas["city"], "code": "areaSize", "value": "12.5", "source": "年鉴"}
    assert client.post(url, sent).status_code == 302
    assert str(Given.objects.get().value) == "12.500000"
    assert client.post(url, sent | {"value": "-1"}).status_code == 422


def test_a_case_is_left_out_by_request_and_review(town, client):
    case = answered(town)
    signed_in(client, "street_dispatcher", town.areas["street"])
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    url = reverse("indicators:exclusion_new", args=[case.pk])
    assert url in page
    assert client.get(url).status_code == 200
    assert client.post(url, {"sets": [], "reason": "other", "evidence": "x"}).status_code == 422
    told = {"sets": ["three_rates"], "reason": "other", "evidence": "证据"}
    wrong = SimpleUploadedFile("a.jpg", b"not a photo at all", "image/jpeg")
    assert client.post(url, {**told, "photos": wrong}).status_code == 422
    assert client.post(url, {**told, "photos": [photo(), photo()]}).status_code == 302
    assert client.post(url, {"sets": ["three_rates"], "reason": "other", "evidence": "证据"}).status_code == 409
    one = reverse("indicators:exclusion", args=[Exclusion.objects.get().pk])
    assert "同意剔除" not in client.get(one).content.decode()
    picture = reverse("indicators:evidence", args=[Exclusion.objects.get().pk, Evidence.objects.get().pk])
    assert picture in client.get(one).content.decode()
    assert client.get(f"{picture}?size=320")["Content-Type"] == "image/jpeg"
    assert client.get(f"{picture}?size=321").status_code == client.get(picture[:-2] + "99/").status_code == 404
    signed_in(client, "supervisor", town.areas["street"])
    assert case.number in client.get(reverse("indicators:exclusions")).content.decode()
    assert "同意剔除" in client.get(one).content.decode()
    assert client.post(one, {"opinion": "属实", "approve": "1"}).status_code == 302
    assert Exclusion.objects.get().state == "approved"
    assert "恢复计入" in client.get(one).content.decode()
    assert client.post(one, {"opinion": "复核", "undo": "1"}).status_code == 302
    signed_in(client, "checker", town.areas["street"])
    assert client.get(one).status_code == 403
    signed_in(client, "supervisor", town.areas["other_street"])
    assert client.get(picture).status_code == 404


def test_the_api_computes_and_takes_requests(town, client):
    case = answered(town)
    account = people.build_account("接口")
    for role in ("street_dispatcher", "supervisor"):
        people.give(account, role, area_id=town.areas["street"])
    _row, token = people_actions.create_token(actor=people.FOUNDER, account_id=account.pk, name="t", now=NOW)
    head = {"headers": {"Authorization": f"Bearer {token}"}}
    found = client.get("/api/v1/indicators?set=three_rates&month=2026-05", **head).json()
    figure = {each["indicator"]: each for each in found["total"]["figures"]}["composite"]
    assert figure == {"indicator": "composite", "text": "100.00", "value": "100"}
    assert (found["first"], found["last"], found["area"]) == ("2026-04-19", "2026-05-18", "320585001000")
    assert client.get("/api/v1/indicator-sets", **head).json()[0]["code"] == "three_rates"
    for wrong in ("month=2026-13", "from=2026-05-01", "set=nothing", "from=2026-05-02&to=2026-05-01"):
        assert client.get(f"/api/v1/indicators?{wrong}", **head).status_code in (404, 422)
    body = {"sets": ["three_rates"], "reason": "duplicate", "evidence": "与另一件重复"}
    made = client.post(f"/api/v1/cases/{case.pk}/exclusions", body, content_type="application/json", **head)
    assert made.status_code == 201
    reviewed = client.post(
        f"/api/v1/exclusions/{made.json()['id']}/review", {"approved": True, "opinion": "同意"},
        content_type="application/json", **head,
    )  # fmt: skip
    assert (reviewed.status_code, reviewed.json()["title"]) == (403, "NotYourOwn")


DESKS = "/indicators/organizations/"


def test_organizations_have_a_table_that_leads_to_its_figures_and_their_cases(town, client):
    case = answered(town)
    signed_in(client, "leader", town.areas["city"])
    assert "历史案件正在统计" in client.get(DESKS).content.decode()
    bring_up_to_date()
    query = {"set": "three_rates", "month": "2026-05"}
    page = client.get(DESKS, query).content.decode()
    assert "100.00 %" in page
    assert "按承办单位" in client.get(TABLE).content.decode()
    here = {**query, "area": "320585", "organization": "ZJJ"}
    shown = client.get(f"{DESKS}explain/satisfaction_rate/", here)
    assert "满意数 + 0.9×基本满意数" in shown.content.decode()
    assert "measure=callback%3Asatisfied" in shown.content.decode()
    listed = client.get(f"{DESKS}cases/", {**here, "measure": "callback:satisfied"}).content.decode()
    assert case.number in listed
    assert client.get(f"{DESKS}cases/", {**here, "measure": "did:report"}).status_code == 404
    assert client.get(f"{DESKS}cases/", {**here, "organization": "nobody"}).status_code == 404
    assert client.get(f"{DESKS}explain/callback_rate/", {**here, "kind": "x"}).status_code == 200
    assert client.get(f"{DESKS}explain/nothing/", here).status_code == 404
    assert client.get(DESKS, {"from": "2026-05-03", "to": "2026-05-01"}).status_code == 422
    assert "这段时间没有" in client.get(DESKS, {**query, "kind": "unit"}).content.decode()
    for code in [each.code for each in queries.sets()]:
        assert client.get(DESKS, {"set": code}).status_code == 200


def test_the_table_of_organizations_is_taken_along_as_a_file(town, client):
    answered(town)
    bring_up_to_date()
    signed_in(client, "leader", town.areas["city"])
    taken = client.get(f"{DESKS}export/", {"set": "three_rates", "month": "2026-05", "format": "csv"})
    (row,) = csv.DictReader(io.StringIO(taken.content.decode("utf-8-sig")))
    assert (row["编码"], row["满意率"], row["有效回访数"]) == ("ZJJ", "100.00 %", "1")
    assert client.get(f"{DESKS}export/", {"format": "xlsx"}).content[:2] == b"PK"
    assert client.get(f"{DESKS}export/", {"from": "2026-05-03"}).status_code == 422


def test_a_department_is_led_to_its_own_figures(town, client):
    answered(town)
    bring_up_to_date()
    client.force_login(town.account("handler"))
    assert client.get("/indicators/").url == DESKS
    page = client.get(DESKS, {"set": "three_rates", "month": "2026-05"}).content.decode()
    assert "本单位承办单位" not in page
    assert "100.00 %" in page
    assert client.get(DESKS, {"area": "320585"}).status_code == 403
    cases = {"set": "three_rates", "month": "2026-05", "organization": "CGJ", "measure": "callback:valid"}
    assert client.get(f"{DESKS}cases/", cases).status_code == 403


def test_the_api_tells_the_figures_of_organizations_and_their_cases(town, client):
    case = answered(town)
    bring_up_to_date()
    account = town.account("handler")
    _row, token = people_actions.create_token(actor=people.FOUNDER, account_id=account.pk, name="t", now=NOW)
    head = {"headers": {"Authorization": f"Bearer {token}"}}
    query = {"set": "three_rates", "month": "2026-05"}
    found = client.get("/api/v1/indicators/organizations", query, **head).json()
    assert (found["area"], [row["organization"] for row in found["rows"]]) == ("", ["ZJJ"])
    assert found["rows"][0]["figures"][1] == {"indicator": "response_rate", "text": "100.00 %", "value": "1"}
    where = "/api/v1/indicators/organizations/ZJJ/cases"
    listed = client.get(where, {**query, "measure": "callback:valid"}, **head).json()
    assert [each["id"] for each in listed["items"]] == [case.pk]
    assert client.get(where, {**query, "measure": "x"}, **head).status_code == 404
    assert client.get(where, {**query, "measure": "callback:valid", "cursor": "x"}, **head).status_code == 422
    assert client.get(where.replace("ZJJ", "CGJ"), {**query, "measure": "callback:valid"}, **head).status_code == 403
