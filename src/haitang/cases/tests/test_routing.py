"""Where a case goes and why; a rule that cannot run is reported, never skipped in silence."""

from datetime import timedelta

import pytest
from django.utils import translation

from haitang.cases import actions, jobs, queries
from haitang.cases.models import Case, RoutingRule
from haitang.cases.queries.routing import Intake, Router
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.organizations.actions import close_organization
from haitang.territory import actions as territory_actions
from haitang.testing.actors import NOW, TODAY
from haitang.testing.cases import FOUNDER, report


@pytest.fixture
def rules(town):
    """Replace the shipped rules by none; return a function that adds one."""
    for rule in RoutingRule.objects.all():
        actions.remove_routing_rule(actor=FOUNDER, rule_id=rule.pk, now=NOW)

    def add(name: str, **fields: object) -> RoutingRule:
        given = {"reason": "{category}在{area}，属{organization}职责", **fields}
        return actions.create_routing_rule(actor=FOUNDER, now=NOW, name=name, **given)

    return add


def desk_of(case: Case) -> str:
    found = queries.describe([case])[0].organization
    return found.code if found else ""


def test_the_first_rule_that_fits_decides_and_says_why(town, rules):
    rules("部件归城管", categories=["1"], organization_code="CGJ")
    rules("其余归街道", serving="street_office")
    lamp = report(town.dispatcher, category_code="10101", channel="phone")
    noise = report(town.dispatcher, category_code="30101", channel="phone")
    assert (desk_of(lamp), desk_of(noise)) == ("CGJ", "HTJD")
    assert lamp.routing_reason == "按规则“部件归城管”：上水井盖在海棠街道 / 春和社区 / 第一网格，属城市管理局职责"


def test_a_rule_that_cannot_run_is_reported_and_the_next_decides(town, rules):
    broken = rules("归水务", categories=["1"], organization_code="NOWHERE")
    rules("其余归社区", serving="community")
    case = report(town.dispatcher, category_code="10101", channel="phone")
    assert desk_of(case) == "CHSQ"
    assert "规则“归水务”适用但未能执行" in case.routing_reason
    assert [(rule.id, "NOWHERE" in fault) for rule, fault in queries.list_rule_problems()] == [(broken.pk, True)]


def test_with_no_rule_the_dispatcher_must_choose(town, rules):
    case = report(town.dispatcher, category_code="10101", channel="phone")
    assert (desk_of(case), "人工指定" in case.routing_reason) == ("", True)
    for deed in ("accept", "register"):
        getattr(actions, f"{deed}_case")(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW)
    with pytest.raises(Invalid):
        actions.dispatch_case(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW)


@pytest.mark.parametrize(
    ("hours", "at_minutes", "fits"),
    [
        ((540, 600), 0, True),  # 09:00-10:00, the report comes at 09:30
        ((540, 570), 0, False),  # the end is not included
        ((570, 600), 0, True),  # the start is
        ((1080, 480), 0, False),  # over midnight, by day
        ((1080, 480), 60 * 12, True),  # over midnight, at 21:30
    ],
)
def test_hours_are_half_open_and_may_pass_midnight(town, rules, hours, at_minutes, fits):
    rules("夜间", from_minute=hours[0], to_minute=hours[1], organization_code="CGJ")
    rules("其余", organization_code="ZJJ")
    case = report(town.dispatcher, channel="phone", now=NOW + timedelta(minutes=at_minutes))
    assert desk_of(case) == ("CGJ" if fits else "ZJJ")


def test_area_channel_and_kind_narrow_a_rule(town, rules):
    rules(
        "窄", area_id=town.area("320585001001002").id, channels=["phone"], kinds=["complaint"], organization_code="CGJ"
    )
    rules("其余", organization_code="ZJJ")
    there = {"lon": 121.315, "lat": 31.505, "channel": "phone", "kind": "complaint"}
    assert desk_of(report(town.dispatcher, **there)) == "CGJ"
    for change in ({"lon": 121.305}, {"channel": "visit"}, {"kind": "help"}):
        assert desk_of(report(town.dispatcher, **{**there, **change})) == "ZJJ"


def test_a_dry_run_tells_each_rules_verdict_on_a_past_case(town, rules):
    case = report(town.dispatcher, category_code="10101", channel="phone")
    rules("不符", categories=["2"], organization_code="CGJ")
    rules("坏", organization_code="NOWHERE")
    rules("中", organization_code="ZJJ")
    routing, steps = queries.dry_run_routing(viewer=town.dispatcher, case_id=case.pk)
    assert routing.organization.code == "ZJJ"
    assert [(step.rule.name, step.fits, step.decides) for step in steps] == [
        ("不符", False, False), ("坏", True, False), ("中", True, True),
    ]  # fmt: skip
    assert Case.objects.get(pk=case.pk).routed_to_id is None


def test_rules_are_changed_only_by_those_who_may_and_must_make_sense(town, rules):
    with pytest.raises(NotAllowed):
        actions.create_routing_rule(actor=town.dispatcher, now=NOW, name="x", reason="", organization_code="ZJJ")
    for nonsense in (
        {"organization_code": "ZJJ", "serving": "community"},
        {},
        {"serving": "community", "from_minute": 5},
    ):
        with pytest.raises(Invalid):
            rules("x", **nonsense)
    assert not RoutingRule.objects.exists()


def test_moving_a_rule_changes_who_decides(town, rules):
    rules("甲", organization_code="CGJ")
    second = rules("乙", organization_code="ZJJ")
    actions.move_routing_rule(actor=FOUNDER, rule_id=second.pk, up=True, now=NOW)
    assert desk_of(report(town.dispatcher, channel="phone")) == "ZJJ"


def test_a_rule_for_a_desk_that_has_closed_is_reported_and_passed_over(town, rules):
    rules("甲", organization_code="ZJJ")
    rules("乙", organization_code="CGJ")
    close_organization(actor=FOUNDER, organization_id=town.desks["ZJJ"], on=TODAY, now=NOW)
    case = report(town.dispatcher, channel="phone")
    assert desk_of(case) == "CGJ"
    assert "单位 ZJJ 不存在或已停用" in case.routing_reason
    assert [rule.name for rule, _fault in queries.list_rule_problems()] == ["甲"]


def test_every_shipped_rule_names_categories_that_exist(town):
    faults = [fault for _rule, fault in queries.list_rule_problems() if "类别" in fault]
    assert not faults


def test_a_rule_follows_its_replaced_area_and_is_reported_when_the_area_has_ended(town, rules):
    community, other = town.area("320585001001"), town.area("320585001002")
    rules("春和归城管", area_id=community.id, organization_code="CGJ")
    rules("秋实归城管", area_id=other.id, organization_code="CGJ")
    territory_actions.replace_area(actor=FOUNDER, area_id=community.id, name="春和新社区", code="320585001009", now=NOW)
    for entry in Entry.objects.filter(fact="AreaReplaced"):
        jobs.move_rules(**entry.data, entry_id=entry.pk)
    assert queries.list_rule_problems() == []
    assert desk_of(report(town.leader, channel="web")) == "CGJ"
    for code in ("320585001002001", "320585001002002", "320585001002"):
        territory_actions.close_area(actor=FOUNDER, area_id=town.area(code).id, now=NOW)
    assert [rule.name for rule, _fault in queries.list_rule_problems()] == ["秋实归城管"]


def test_what_is_kept_is_said_in_the_offices_language_whoever_asks(town):
    with translation.override("en"):
        case = report(town.dispatcher, channel="phone")
        assert case.routing_reason.startswith("按规则“")


def test_a_router_of_many_cases_says_of_each_what_is_said_of_it_alone(town, rules):
    rules("归水务", categories=["3"], organization_code="NOWHERE")
    rules("部件归城管", categories=["1"], organization_code="CGJ")
    rules("其余归社区", serving="community", channels=["phone"])
    known, router = queries.catalog(), Router(NOW)
    categories = [None, *(known.category(code) for code in ("10101", "10102", "30101"))]
    said = set()
    for area in (town.area("320585001001001"), town.area("320585001002001"), town.area("320585")):
        for category in categories:
            for channel in ("phone", "web"):
                routing = router.route(category, "help", channel, area)
                assert routing == queries.route(Intake(category, "help", channel, area, NOW))
                said.add((routing.reason, routing.problems))
    assert len(said) > 8
    assert not any("{" in reason for reason, _problems in said)
