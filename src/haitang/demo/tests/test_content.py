"""The shipped categories, phrases and routes, and the texts of the demo, fit one another."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from random import Random

import pytest

from haitang.demo import names, texts
from haitang.demo.city import plan_city
from haitang.demo.units import plan_organizations

LIMIT = re.compile(r"\d+(分钟|紧急工作时|工作时|工作日|自然日)")
STAGES = {"verify", "accept", "dispatch", "sign", "handle", "check"}
DEEDS = {
    "force_close",
    "verify", "accept", "refuse", "register", "dispatch", "sign", "return", "handle", "feedback", "check", "rework",
    "close", "void", "reopen", "rate",
}  # fmt: skip


@cache
def shipped(name):
    return tomllib.loads(files("haitang.cases").joinpath(f"data/{name}.toml").read_text("utf-8"))


def categories():
    return {category["code"]: category for category in shipped("categories")["category"]}


def test_every_category_has_a_code_of_its_own_under_a_parent_of_the_same_tree():
    listed = shipped("categories")["category"]
    assert len(categories()) == len(listed)
    for category in listed:
        tree = {"1": "part", "2": "event", "3": "life"}[category["code"][0]]
        assert category["tree"] == tree
        assert category["name"]
        assert category["name_en"].isascii()
        assert category["source"]
        if "parent" in category:
            assert category["code"][:3] == category["parent"]
            assert category["keywords"]
        else:
            assert len(category["code"]) == 3
    majors = [code[0] for code in categories() if len(code) == 3]
    assert [majors.count(tree) for tree in "123"] == [5, 6, 12]


def test_every_limit_is_of_a_known_stage_and_clock():
    defaults = shipped("categories")["defaults"]["limits"]
    assert set(defaults) == STAGES
    for limits in [defaults, *(category["limits"] for category in categories().values())]:
        assert set(limits) <= STAGES
        assert all(LIMIT.fullmatch(limit) for limit in limits.values()), limits


def test_urgent_categories_are_timed_without_a_break():
    urgent = [category for category in categories().values() if category["urgent"]]
    assert len(urgent) > 8
    for category in urgent:
        assert set(category["limits"]) == STAGES
        assert all("工作日" not in limit and not re.match(r"\d+工作时", limit) for limit in category["limits"].values())


def test_every_deed_has_four_to_eight_different_phrases():
    phrases = shipped("phrases")["phrases"]
    assert set(phrases) == DEEDS
    for listed in phrases.values():
        assert 4 <= len(set(listed)) == len(listed) <= 8


def test_every_rule_leads_to_an_organization_of_the_demo_and_names_known_categories():
    organizations = {each.code for each in plan_organizations(plan_city(), 20260)}
    rules = shipped("routes")["rule"]
    assert [rule["order"] for rule in rules] == sorted({rule["order"] for rule in rules})
    for rule in rules:
        assert set(rule["target"]) in ({"organization", "post"}, {"serving", "post"})
        assert rule["target"].get("organization", "CGJ") in organizations
        assert rule["target"].get("serving", "community") in ("community", "street_office")
        for code in rule.get("categories", ()):
            assert code in categories() or code in ("1", "2", "3")
        assert set(re.findall(r"\{(\w+)\}", rule["reason"])) <= {"category", "organization", "area"}
        assert re.fullmatch(r"\d\d:00-\d\d:00", rule.get("hours", "00:00-08:00"))


def test_the_last_rule_takes_whatever_is_left():
    last = shipped("routes")["rule"][-1]
    assert set(last) == {"order", "name", "target", "reason"}


def test_there_are_many_templates_over_many_known_categories():
    assert len(texts.templates()) >= 150
    assert len({template.category for template in texts.templates()}) >= 150
    for template in texts.templates():
        assert template.category in categories()
        assert "parent" in categories()[template.category]
        assert set(template.channels) <= set(texts.CHANNELS)
        assert template.answer


@pytest.fixture(scope="module")
def city():
    return plan_city()


def test_no_description_is_left_with_a_slot_or_a_choice(city):
    words, rng = texts.words_of(city), Random(1)
    for template in texts.templates():
        for channel in template.channels * 3:
            building = rng.choice(city.buildings)
            text = texts.describe(rng, template, channel, words[building.parent], building)
            assert not re.search(r"[\[\]{}|]|，。|。。|，，|：，|！", text), text
            assert 8 <= len(text) <= 200


def test_ice_lies_only_in_winter_and_heat_goes_out_only_then(city):
    wintry = {"20110", "30706"}
    rng = Random(3)
    assert (
        not {texts.choose(rng, 7, hour, village=False)[0].category for hour in range(24) for _n in range(100)} & wintry
    )
    assert {texts.choose(rng, 1, hour, village=False)[0].category for hour in range(24) for _n in range(100)} >= wintry


def test_villages_have_no_lifts_and_towns_no_burning_fields():
    rng = Random(3)
    rural, urban = (
        {texts.choose(rng, 10, hour, village=village)[0].category[:3] for hour in range(24) for _n in range(100)}
        for village in (True, False)
    )
    assert "306" in urban - rural
    straw = [texts.choose(rng, 10, 12, village=False)[0].category for _n in range(2000)]
    assert "20509" not in straw


def test_telephone_numbers_belong_to_nobody():
    assert re.fullmatch(r"154\d{8}", names.mobile_number(7))
    assert names.office_number(12).startswith("0500-")


def test_the_same_seed_gives_the_same_names():
    assert [names.person_name(Random(5)) for _n in range(3)] == [names.person_name(Random(5)) for _n in range(3)]
    rng = Random(5)
    found = [names.person_name(rng) for _n in range(500)]
    assert len(set(found)) > 350
    assert all(2 <= len(name) <= 3 for name in found)
