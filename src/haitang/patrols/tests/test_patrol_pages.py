"""Pages of checklists and hazards, as a browser without JavaScript meets them."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from haitang.patrols import actions, queries
from haitang.patrols.models import Hazard, HazardPhoto, ItemResult, Round
from haitang.patrols.values import Permission
from haitang.testing.actors import NOW, TODAY, actor_with

pytestmark = pytest.mark.django_db
MANAGER = actor_with(Permission.MANAGE)


@pytest.fixture
def round_(town):
    actions.generate_rounds(actor=MANAGER, month=TODAY, now=NOW)
    return Round.objects.get(code="residential", area_id=town.areas["grid"])


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def test_a_checklist_is_gone_through_on_a_phone(town, round_, as_):
    client = as_(town.grid)
    assert "居民小区安全巡查" in client.get(reverse("patrols:rounds")).content.decode()
    page = reverse("patrols:round", args=[round_.pk])
    assert "消防车通道畅通" in client.get(page).content.decode()
    item = reverse("patrols:check_item", args=[round_.pk, "lamps"])
    answer = client.post(item, {"result": "in_order", "seen": "", "words": ""})
    assert answer.status_code == 302
    assert answer.url.startswith(page)
    lane = reverse("patrols:check_item", args=[round_.pk, "fire_lane"])
    failed = client.post(lane, {"result": "hazard", "hazard_words": "", "level": "major"})
    assert failed.status_code == 422
    assert not Hazard.objects.exists()
    found = {"result": "hazard", "hazard_words": "私家车堵住消防通道", "level": "major", "photos": picture()}
    assert client.post(lane, found).status_code == 302
    hazard = Hazard.objects.get()
    assert HazardPhoto.objects.filter(hazard=hazard).count() == 1
    assert hazard.number in client.get(page).content.decode()


def test_an_item_filled_in_by_another_is_said_so(town, round_, as_):
    actions.check_item(actor=town.secretary, round_id=round_.pk, key="lamps", result="in_order", now=NOW)
    item = reverse("patrols:check_item", args=[round_.pk, "lamps"])
    answer = as_(town.grid).post(item, {"result": "not_applicable", "seen": "", "words": "没有路灯"})
    assert answer.status_code == 409
    assert "已由他人填为“正常”" in answer.content.decode()
    assert "没有路灯" in answer.content.decode()
    assert ItemResult.objects.get().result == "in_order"


def test_a_hazard_goes_through_its_page_to_a_case(town, as_):
    client = as_(town.grid)
    sent = {"hazard_words": "消防栓没有水", "level": "general", "area": "320585001001001"}
    assert client.post(reverse("patrols:hazard_new"), {**sent, "until_on": "2020-01-01"}).status_code == 422
    assert client.post(reverse("patrols:hazard_new"), sent).status_code == 302
    hazard = Hazard.objects.get()
    page = reverse("patrols:hazard", args=[hazard.pk])
    assert "转为案件" in client.get(page).content.decode()
    answer = client.post(reverse("patrols:hazard_case", args=[hazard.pk]))
    hazard.refresh_from_db()
    assert answer.url == reverse("cases:case", args=[hazard.case_id])
    assert hazard.number in client.get(answer.url).content.decode()
    deed = reverse("patrols:hazard_deed", args=[hazard.pk, "rectify"])
    assert client.post(deed, {"words": ""}).status_code == 422
    assert client.post(deed, {"words": "已修好", "photos": picture()}).status_code == 302
    client = as_(town.secretary)
    assert "复查" in client.get(page).content.decode()
    recheck = reverse("patrols:hazard_deed", args=[hazard.pk, "recheck"])
    assert client.post(recheck, {"words": "看过", "passed": "1"}).status_code == 302
    assert client.post(reverse("patrols:hazard_deed", args=[hazard.pk, "close"]), {"words": ""}).status_code == 302
    assert "已销号" in client.get(page).content.decode()
    assert client.get(reverse("patrols:hazards") + "?status=closed").content.decode().count(hazard.number) == 1


def test_who_must_put_it_right_is_set_on_its_page(town, as_):
    from haitang.patrols.values import NewHazard

    new = NewHazard("楼道堆物")
    hazard = actions.report_hazard(actor=town.grid, area_code="320585001001001", new=new, now=NOW)
    assign = reverse("patrols:hazard_assign", args=[hazard.pk])
    sent = {"responsible": "物业公司", "until_on": "2026-05-20", "organization": str(town.desks["CGJ"])}
    assert as_(town.secretary).post(assign, {**sent, "until_on": "2020-05-20"}).status_code == 422
    assert as_(town.secretary).post(assign, sent).status_code == 302
    assert as_(town.grid).post(assign, sent).status_code == 403
    page = as_(town.secretary).get(reverse("patrols:hazard", args=[hazard.pk])).content.decode()
    assert "物业公司" in page
    assert "城市管理局" in page


def test_progress_goes_down_to_the_grid(town, round_, as_):
    client = as_(town.leader)
    for code, shown in (("", "海棠街道"), ("320585001000", "春和社区"), ("320585001001", "第一网格")):
        assert shown in client.get(reverse("patrols:progress"), {"area": code}).content.decode()
    assert client.get(reverse("patrols:progress"), {"area": "nowhere"}).status_code == 404


def test_checklists_are_kept_by_the_office(town, as_):
    client = as_(MANAGER)
    assert "第 1 版" in client.get(reverse("patrols:checklist", args=["shops"])).content.decode()
    sent = {
        "name": "小店巡查", "place_kind": "shops", "every_months": "3", "is_active": "on",
        "items": "exits | 出口畅通 | major | 《消防法》第二十八条\ngas | 燃气安全 | general",
    }  # fmt: skip
    page = reverse("patrols:checklist", args=["shops"])
    assert client.post(page, {**sent, "items": "只有一段"}).status_code == 422
    assert client.post(page, sent).status_code == 302
    known = queries.rules().checklist("shops")
    assert (known.version, known.every_months, [item.key for item in known.items]) == (2, 3, ["exits", "gas"])
    assert client.post(reverse("patrols:checklist_new"), {**sent, "code": "schools"}).status_code == 302
    assert "小店巡查" in client.get(reverse("patrols:checklists")).content.decode()
    assert as_(town.grid).get(page).status_code == 403
