"""Pages of alliances, action branches, contact points and workstations."""

import pytest
from django.urls import reverse

from haitang.alliances.models import ActionBranch, Alliance, BranchMember, ContactPoint, Workstation
from haitang.alliances.tests.playing import SPRING, build_helper
from haitang.alliances.tests.test_pages import post, seen
from haitang.testing.actors import NOBODY, TODAY

pytestmark = pytest.mark.django_db
DAY = str(TODAY)


def test_an_alliance_on_the_pages(pair, as_):
    client = as_(pair.secretary)
    sent = {"name": "医教联盟", "purpose": "资源进社区", "level": "beyond", "area": SPRING, "lead": "春和社区居委会"}
    post(client, "circle_new", "alliances", **sent, answers=422)
    post(client, "circle_new", "alliances", **sent, from_date=DAY)
    row = Alliance.objects.get()
    join = {"outside_name": "江湾街道", "outside_place": "临江市", "from_date": DAY}
    post(client, "circle_deed", "alliances", row.pk, "part", from_date=DAY, answers=422)
    post(client, "circle_deed", "alliances", row.pk, "part", **join)
    post(client, "circle_deed", "alliances", row.pk, "part", organization="春和医院", from_date=DAY)
    assert "江湾街道（临江市）" in seen(client, "circle", "alliances", row.pk)
    assert "医教联盟" in seen(as_(pair.unit), "alliances")
    client = as_(pair.secretary)
    part = row.partners.get(organization=None)
    seen(client, "circle_part", "alliances", row.pk, part.pk)
    post(client, "circle_part", "alliances", row.pk, part.pk, to_date=DAY)
    seen(client, "circle_part", "alliances", row.pk, part.pk, answers=404)
    post(client, "circle_deed", "alliances", row.pk, "end", to_date=DAY, reason="", answers=422)
    post(client, "circle_deed", "alliances", row.pk, "end", to_date=DAY, reason="期满")
    post(client, "circle_deed", "alliances", row.pk, "else", answers=404)
    assert "医教联盟" in seen(client, "alliances", state="ended")


def test_a_branch_on_the_pages(pair, as_):
    build_helper(pair.town, "林阿姨")
    client = as_(pair.secretary)
    sent = {
        "name": "敲门行动支部", "purpose": "看望老人", "base": "team", "area": SPRING, "parent": "机关支部",
        "from_date": DAY,
    }  # fmt: skip
    post(client, "circle_new", "branches", **sent, until=DAY, answers=422)
    post(client, "circle_new", "branches", **sent, until="2026-12-31")
    row = ActionBranch.objects.get()
    assert "志愿登记中没有这个人" in post(
        client, "circle_deed", "branches", row.pk, "part", who="没有此人", from_date=DAY, answers=422
    ).content.decode()  # fmt: skip
    post(client, "circle_deed", "branches", row.pk, "part", who="林阿姨", from_date=DAY)
    number = BranchMember.objects.get().volunteer.number
    post(client, "circle_deed", "branches", row.pk, "part", who=number, from_date=DAY, answers=409)
    assert "机关支部" in seen(client, "circle", "branches", row.pk)
    page = seen(client, "branches")
    assert "1 个行动支部，共 1 人" in page
    post(client, "circle_deed", "branches", row.pk, "end", to_date=DAY, outcome="", answers=422)
    post(client, "circle_deed", "branches", row.pk, "end", to_date=DAY, outcome="看望 40 户")
    assert "看望 40 户" in seen(client, "circle", "branches", row.pk)
    assert "敲门行动支部" in seen(client, "branches", state="ended")


def test_points_and_stations_on_the_pages(pair, as_):
    client = as_(pair.secretary)
    post(client, "circle_new", "points", leader="郑主任", post="区领导", area=SPRING, from_date=DAY)
    point = ContactPoint.objects.get()
    post(client, "circle_deed", "points", point.pk, "part", on=DAY, what="", answers=422)
    post(client, "circle_deed", "points", point.pk, "part", on=DAY, what="居民反映停车难", outcome="加划车位")
    assert "加划车位" in seen(client, "circle", "points", point.pk)
    assert "走访不够" in seen(client, "points", few="on")
    sent = {"name": "春和工作站", "place": "春和路 1 号", "area": SPRING, "host": "春和社区居委会", "from_date": DAY}
    post(client, "circle_new", "stations", **sent)
    station = Workstation.objects.get()
    post(client, "circle_deed", "stations", station.pk, "part", name="老周", organization="春和医院", from_date=DAY)
    assert "老周 → 春和医院" in seen(client, "circle", "stations", station.pk)
    part = station.instructors.get()
    post(client, "circle_part", "stations", station.pk, part.pk, to_date=DAY)
    post(client, "circle_deed", "stations", station.pk, "end", to_date=DAY, reason="搬迁")
    post(client, "circle_deed", "points", point.pk, "end", to_date=DAY, reason="分工调整")
    for kind in ("alliances", "branches", "points", "stations"):
        assert client.get(reverse("alliances:circles_export", args=[kind])).content[:2] == b"PK"
    assert client.get(reverse("alliances:circles_export", args=["clubs"])).status_code == 404
    seen(as_(NOBODY), "circle", "points", point.pk, answers=404)
    assert as_(NOBODY).get(reverse("alliances:points")).status_code == 403
    assert "登记走访" not in seen(as_(pair.town.leader), "circle", "points", point.pk)
