"""The pages on which an office decides about categories, phrases, routing rules and settings."""

import pytest
from django.urls import reverse

from haitang.cases import queries
from haitang.cases.models import Category, Phrase, RoutingRule
from haitang.cases.values import Permission
from haitang.core import access
from haitang.testing.actors import actor_with
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db
MANAGER = actor_with(Permission.MANAGE_CATALOG, Permission.MANAGE_ROUTING, Permission.VIEW)


@pytest.fixture
def office(town, client, monkeypatch):
    monkeypatch.setattr(access, "VISITOR", MANAGER)
    return client


def text(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("name", ["categories", "category_new", "phrases", "routes", "route_new", "settings"])
def test_every_page_is_for_those_who_manage(town, client, monkeypatch, name, django_assert_max_num_queries):
    monkeypatch.setattr(access, "VISITOR", MANAGER)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"cases:{name}")).status_code == 200
    monkeypatch.setattr(access, "VISITOR", town.dispatcher)
    assert client.get(reverse(f"cases:{name}")).status_code == 403


def test_a_category_is_changed_and_its_limits_are_read(office):
    row = Category.objects.get(code="10113")
    url = reverse("cases:category", args=[row.pk])
    assert "路灯" in text(office.get(url))
    sent = {
        "name": "路灯与庭院灯", "name_en": "Lamp", "keywords": "路灯，灯不亮 黑灯", "limit_handle": "24工作小时",
        "is_active": "on", "source": "本地规范",
    }  # fmt: skip
    assert office.post(url, sent).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.keywords) == ("路灯与庭院灯", ["路灯", "灯不亮", "黑灯"])
    assert list(row.limits) == ["handle"]
    assert "路灯与庭院灯" in text(office.get(reverse("cases:categories"), {"tree": "part"}))
    response = office.post(url, {**sent, "limit_sign": "很快"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in text(response)


def test_a_category_is_added_under_another(office):
    url = reverse("cases:category_new")
    sent = {"code": "10199", "tree": "part", "parent_code": "101", "name": "长椅", "is_active": "on"}
    assert office.post(url, sent).status_code == 302
    assert queries.catalog().category("10199").ids[0] == queries.catalog().category("101").id
    again = office.post(url, sent)
    assert again.status_code == 409
    assert "已被使用" in text(again)


def test_phrases_are_added_and_removed(office):
    url = reverse("cases:phrases")
    assert office.post(url, {"deed": "accept", "text": "同意受理，请抓紧。"}).status_code == 302
    assert "同意受理，请抓紧。" in queries.catalog().phrases["accept"]
    assert office.post(url, {"deed": "accept", "text": ""}).status_code == 422
    phrase = Phrase.objects.get(text="同意受理，请抓紧。")
    assert office.post(reverse("cases:phrase_remove", args=[phrase.pk])).status_code == 302
    assert "同意受理，请抓紧。" not in queries.catalog().phrases["accept"]
    assert office.post(reverse("cases:phrase_remove", args=[phrase.pk])).status_code == 404


def rule(**more) -> dict:
    return {
        "name": "夜间路灯", "categories": "10113", "kinds": ["help"], "channels": [], "from_time": "18:00",
        "to_time": "08:00", "organization": "ZJJ", "serving": "", "reason": "{category}夜间由{organization}值班处置",
        "is_active": "on", **more,
    }  # fmt: skip


def test_rules_are_added_moved_switched_off_and_removed(office):
    assert office.post(reverse("cases:route_new"), rule()).status_code == 302
    made = RoutingRule.objects.order_by("-position").first()
    assert (made.from_minute, made.to_minute, made.organization_code) == (1080, 480, "ZJJ")
    assert "18:00–08:00" in text(office.get(reverse("cases:routes")))

    def place() -> int:
        return [each.pk for each in RoutingRule.objects.order_by("position")].index(made.pk)

    def change(what: str) -> int:
        return office.post(reverse("cases:route_change", args=[made.pk, what])).status_code

    before = place()
    assert change("up") == 302
    assert place() == before - 1
    assert change("off") == 302
    assert made.pk not in {each.id for each in queries.catalog().rules}
    assert "已停用" in text(office.get(reverse("cases:routes")))
    url = reverse("cases:route", args=[made.pk])
    assert 'value="18:00' in text(office.get(url))
    assert office.post(url, rule(name="夜间照明")).status_code == 302
    assert RoutingRule.objects.get(pk=made.pk).name == "夜间照明"
    assert change("remove") == 302
    assert change("remove") == 404
    assert office.post(reverse("cases:route_change", args=[1, "sideways"])).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"organization": ""}, "二者选一"),
        ({"serving": "community"}, "二者选一"),
        ({"to_time": ""}, "同时填写"),
        ({"organization": "NOPE"}, "没有这个单位"),
        ({"kinds": ["wish"]}, "请从列出的选项中选择"),
        ({"name": ""}, "必填"),
    ],
)
def test_a_rule_that_cannot_be_is_shown_again(office, changed, words):
    response = office.post(reverse("cases:route_new"), rule(**changed))
    assert response.status_code == 422
    assert words in text(response)


def test_the_rules_are_tried_on_a_past_case_and_faults_stand_out(office, town):
    case = report(town.resident)
    page = text(office.get(reverse("cases:routes"), {"number": case.number}))
    assert page.count('ht-tag-green">采用') == 1
    assert "类别不符" in page
    assert "不能执行" in page
    assert "没有这个案件" in text(office.get(reverse("cases:routes"), {"number": "20200101-0000001"}))


def test_settings_are_changed_and_checked(office):
    url = reverse("cases:settings")
    page = text(office.get(url))
    assert "最多重办次数" in page
    known = queries.catalog().settings
    sent = {
        f"{key}.{part}" if part else key: value
        for key, kept in known.items()
        for part, value in (kept.items() if isinstance(kept, dict) else [("", kept)])
    }
    sent["warn_percents"] = "50、80"
    assert office.post(url, {**sent, "similar.meters": "80", "limits.handle": "3工作日"}).status_code == 302
    assert queries.catalog().setting("similar") == {"meters": 80, "hours": 24}
    assert str(queries.catalog().default_limits["handle"]) == "3 工作日"
    response = office.post(url, {**sent, "limits.handle": "", "warn_percents": "200"})
    assert response.status_code == 422
    assert queries.catalog().setting("warn_percents") == known["warn_percents"]
