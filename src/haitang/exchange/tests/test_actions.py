"""From an entry to an evaluation, and every way back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.core.access import VISITOR, system
from haitang.core.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from haitang.core.models import Entry
from haitang.exchange import actions, jobs, queries
from haitang.exchange.models import Agreement, Evaluation, Need, Resource
from haitang.exchange.queries import AgreementFilter, ListFilter
from haitang.exchange.tests.playing import AUTUMN, MANAGER, NEED, SPRING, STREET, finish, new_resource
from haitang.exchange.values import (
    AgreementUnknown,
    AlreadyEvaluated,
    AlreadyOrdered,
    BadEntry,
    BadRule,
    NeedUnknown,
    NewOrder,
    NoCapacity,
    ResourceUnknown,
    Terms,
    TermsChanged,
    WrongState,
)
from haitang.exchange.views.panels import origin_of
from haitang.projects import actions as projects
from haitang.projects.models import Milestone, Project
from haitang.projects.values import Permission as ProjectPermission
from haitang.testing.actors import NOBODY, NOW, TODAY, actor_with
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
SYSTEM = system("清单")


def states(stage) -> tuple[str, str, int]:
    stage.need.refresh_from_db()
    stage.resource.refresh_from_db()
    return stage.need.status, stage.resource.status, stage.resource.taken


def held() -> None:
    """What is taken of a resource is what stands of its agreements."""
    for row in Resource.objects.all():
        assert (
            row.taken == Agreement.objects.filter(resource=row, stage__in=("ordered", "confirmed", "delivered")).count()
        )


def test_ordered_confirmed_by_both_a_project_delivered_and_evaluated_by_both(stage):
    row = stage.order()
    assert (row.stage, row.waits_for, row.people) == ("ordered", "unit", 30)
    assert states(stage) == ("matched", "matched", 1)
    actions.confirm_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", now=NOW)
    row.refresh_from_db()
    project = Project.objects.get()
    assert (row.stage, row.project_id, project.origin, project.origin_id) == (
        "confirmed", project.pk, "agreement", str(row.pk),
    )  # fmt: skip
    assert (project.title, project.organization_id) == (stage.need.title, stage.resource.organization_id)
    steps = Milestone.objects.filter(project=project).order_by("due_on")
    assert [(step.due_on - TODAY).days for step in steps] == [7, 30, 45]
    assert (project.from_on, project.until_on) == (TODAY, TODAY + timedelta(days=45))
    deliver = {"actor": stage.secretary, "agreement_id": row.pk, "side": "community", "now": NOW}
    refused(WrongState, actions.deliver_agreement, **deliver)
    finish(project.pk)
    assert len(actions.follow_projects(actor=jobs.CLOCK, project_ids=[project.pk], now=NOW)) == 1
    assert actions.follow_projects(actor=jobs.CLOCK, project_ids=[project.pk], now=NOW) == []
    assert states(stage) == ("met", "met", 1)
    say = {"agreement_id": row.pk, "now": NOW}
    actions.evaluate_agreement(actor=stage.secretary, side="community", stars=5, words="准时", **say)
    refused(AlreadyEvaluated, actions.evaluate_agreement, actor=stage.secretary, side="community", stars=1, **say)
    refused(BadEntry, actions.evaluate_agreement, actor=stage.unit, side="unit", stars=6, **say)
    actions.evaluate_agreement(actor=stage.unit, side="unit", stars=4, **say)
    assert Evaluation.objects.count() == 2
    (standing,) = queries.list_standings(organization_ids=[row.organization_id])
    assert (standing.delivered, standing.evaluated, standing.stars) == (1, 1, 5.0)
    page = queries.get_agreement_page(viewer=stage.secretary, agreement_id=row.pk)
    assert page.deeds == []
    assert [entry.fact for entry in page.entries] == [
        "ResourceOrdered", "AgreementAnswered", "AgreementReached", "AgreementDelivered", "AgreementEvaluated",
        "AgreementEvaluated",
    ]  # fmt: skip


def test_a_project_given_up_gives_the_capacity_back(stage):
    row = stage.order()
    actions.confirm_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", now=NOW)
    project = Project.objects.get()
    jobs.follow_project(project_id=project.pk)
    assert states(stage) == ("matched", "matched", 1)
    street = actor_with(*ProjectPermission, account_id=53, name="陈书记")
    projects.give_up_project(actor=street, project_id=project.pk, words="场地拆迁", now=NOW)
    jobs.follow_project(project_id=project.pk)
    jobs.follow_project(project_id=project.pk)
    row.refresh_from_db()
    assert (row.stage, states(stage)) == ("given_up", ("published", "published", 0))
    assert queries.list_agreements(viewer=stage.secretary, wanted=AgreementFilter(stage="failed")).total == 1
    told = [entry.fact for entry in queries.get_agreement_page(viewer=stage.unit, agreement_id=row.pk).entries]
    assert told[-1] == "AgreementGivenUp"
    assert told.count("AgreementGivenUp") == 1
    held()
    stage.order()


def test_project_and_agreement_point_to_each_other(stage):
    row = stage.order()
    actions.confirm_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", now=NOW)
    project = Project.objects.get()
    wanted = AgreementFilter(stage="projects")
    (found,) = queries.list_agreements(viewer=stage.secretary, wanted=wanted).rows
    (view,) = queries.describe_agreements([found], viewer=stage.secretary)
    assert (view.project.number, view.project.status, view.project.may_see) == (project.number, "planned", True)
    (view,) = queries.describe_agreements([found], viewer=NOBODY)
    assert not view.project.may_see
    assert origin_of(stage.secretary, "agreement", str(row.pk)).name == row.number
    for origin, origin_id in (("agreement", "x"), ("agreement", "0"), ("secretary", str(row.pk))):
        assert origin_of(stage.secretary, origin, origin_id) is None
    assert origin_of(NOBODY, "agreement", str(row.pk)) is None


def test_other_terms_ask_the_other_side_again(stage):
    row = stage.order()
    terms = Terms(TODAY + timedelta(days=9), 20, "上午九点，社区活动室")
    actions.confirm_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", terms=terms, now=NOW)
    row.refresh_from_db()
    assert (row.stage, row.waits_for, row.version, row.people) == ("ordered", "community", 2, 20)
    say = {"agreement_id": row.pk, "side": "community", "now": NOW}
    refused(TermsChanged, actions.confirm_agreement, actor=stage.secretary, version=1, **say)
    actions.confirm_agreement(actor=stage.secretary, version=2, **say)
    row.refresh_from_db()
    assert row.stage == "confirmed"
    refused(WrongState, actions.confirm_agreement, actor=stage.secretary, **say)


def test_a_no_gives_the_capacity_back(stage):
    row = stage.order()
    refused(
        NoCapacity,
        actions.order_resource,
        actor=stage.secretary,
        order=NewOrder(stage.resource.pk, None, SPRING),
        now=NOW,
    )
    refused(AlreadyOrdered, stage.order)
    say = {"agreement_id": row.pk, "now": NOW}
    refused(BadEntry, actions.decline_agreement, actor=stage.unit, side="unit", reason=" ", **say)
    refused(NotAllowed, actions.decline_agreement, actor=stage.secretary, side="unit", reason="不", **say)
    refused(WrongState, actions.decline_agreement, actor=stage.secretary, side="community", reason="不", **say)
    actions.decline_agreement(actor=stage.unit, side="unit", reason="当周已排满", **say)
    assert states(stage) == ("published", "published", 0)
    again = stage.order()
    refused(WrongState, actions.withdraw_agreement, actor=stage.unit, agreement_id=again.pk, side="unit", now=NOW)
    actions.withdraw_agreement(actor=stage.secretary, agreement_id=again.pk, side="community", now=NOW)
    assert states(stage) == ("published", "published", 0)
    third = stage.order()
    assert actions.expire_agreements(actor=SYSTEM, now=NOW + timedelta(days=4)) == 0
    assert actions.expire_agreements(actor=SYSTEM, now=NOW + timedelta(days=5)) == 1
    assert actions.expire_agreements(actor=SYSTEM, now=NOW + timedelta(days=5)) == 0
    third.refresh_from_db()
    assert third.stage == "expired"
    assert states(stage) == ("published", "published", 0)
    held()


def test_a_unit_takes_up_a_need_and_the_community_says_yes(stage):
    order = NewOrder(stage.resource.pk, stage.need.pk)
    refused(NotAllowed, actions.order_resource, actor=stage.secretary, order=order, side="unit", now=NOW)
    refused(
        BadEntry,
        actions.order_resource,
        actor=stage.unit,
        order=NewOrder(stage.resource.pk, None, SPRING),
        side="unit",
        now=NOW,
    )
    row = actions.order_resource(actor=stage.unit, order=order, side="unit", now=NOW)
    assert row.waits_for == "community"
    assert queries.count_waiting(viewer=stage.secretary) == 1
    assert queries.count_waiting(viewer=stage.unit) == 0
    refused(AgreementUnknown, actions.confirm_agreement, actor=NOBODY, agreement_id=row.pk, side="community", now=NOW)
    actions.confirm_agreement(actor=stage.secretary, agreement_id=row.pk, side="community", now=NOW)
    assert Project.objects.count() == 1


def test_an_order_without_a_need_and_a_round_without_projects(stage):
    actions.change_round(
        actor=MANAGER,
        code="services",
        name="一键下单",
        area_code=STREET,
        from_date=TODAY,
        makes_projects=False,
        now=NOW,
    )
    new = new_resource(stage.resource.organization_id, capacity=3, round_code="services", title="法律讲座")
    (resource,) = actions.offer_resources(actor=stage.unit, news=[new], now=NOW)
    actions.publish_resources(actor=stage.secretary, resource_ids=[resource.pk], now=NOW)
    far = NewOrder(resource.pk, None, AUTUMN)
    refused(NotAllowed, actions.order_resource, actor=stage.secretary, order=far, now=NOW)
    terms = Terms(people=80)
    refused(
        BadEntry,
        actions.order_resource,
        actor=stage.secretary,
        order=NewOrder(resource.pk, None, SPRING, terms),
        now=NOW,
    )
    row = actions.order_resource(actor=stage.secretary, order=NewOrder(resource.pk, None, SPRING), now=NOW)
    actions.confirm_agreements(actor=stage.unit, agreement_ids=[row.pk], side="unit", now=NOW)
    row.refresh_from_db()
    assert (row.stage, row.project_id, row.community_id) == ("confirmed", None, stage.need.organization_id)
    resource.refresh_from_db()
    assert (resource.left, resource.status) == (2, "matched")


def test_many_orders_at_once_take_what_there_is(stage):
    needs = actions.enter_needs(actor=stage.secretary, news=[NEED, replace(NEED, title="量血糖")], now=NOW)
    actions.publish_needs(actor=stage.secretary, need_ids=[need.pk for need in needs], now=NOW)
    orders = [NewOrder(stage.resource.pk, need.pk) for need in (stage.need, *needs)] + [NewOrder(0, stage.need.pk)]
    first, second, third, last = actions.order_resources(actor=stage.secretary, orders=orders, now=NOW)
    assert isinstance(first, Agreement)
    assert isinstance(second, NoCapacity)
    assert isinstance(third, NoCapacity)
    assert isinstance(last, ResourceUnknown)
    held()


def test_denied_with_a_reason_and_published_after_all(town):
    need = actions.ask_need(actor=town.resident, new=NEED, now=NOW)
    assert queries.list_own_needs(viewer=town.resident) == [need]
    refused(NotSignedIn, actions.ask_need, actor=VISITOR, new=NEED, now=NOW)
    refused(NeedUnknown, queries.get_need, viewer=NOBODY, need_id=need.pk)
    refused(NotAllowed, actions.publish_needs, actor=town.grid, need_ids=[need.pk], now=NOW)
    refused(BadEntry, actions.deny_need, actor=town.secretary, need_id=need.pk, reason="", now=NOW)
    actions.deny_need(actor=town.secretary, need_id=need.pk, reason="同类需求已有安排", now=NOW)
    assert queries.get_need(viewer=town.resident, need_id=need.pk).reason == "同类需求已有安排"
    actions.publish_needs(actor=town.secretary, need_ids=[need.pk], now=NOW)
    assert queries.get_need(viewer=NOBODY, need_id=need.pk).status == "published"
    actions.close_need(actor=town.secretary, need_id=need.pk, reason="已自行解决", now=NOW)
    refused(WrongState, actions.publish_needs, actor=town.secretary, need_ids=[need.pk], now=NOW)
    refused(NeedUnknown, queries.get_need, viewer=NOBODY, need_id=need.pk)


def test_who_asks_is_sealed_and_shown_for_a_reason(stage):
    page = queries.get_need_page(viewer=stage.secretary, need_id=stage.need.pk)
    assert page.contact == ("林**", "154****1234")
    assert queries.get_need_page(viewer=NOBODY, need_id=stage.need.pk).contact == ("", "")
    refused(BadEntry, actions.unmask_need, actor=stage.secretary, need_id=stage.need.pk, reason="", now=NOW)
    refused(NotAllowed, actions.unmask_need, actor=NOBODY, need_id=stage.need.pk, reason="联系", now=NOW)
    full = actions.unmask_need(actor=stage.secretary, need_id=stage.need.pk, reason="约时间", now=NOW)
    assert full == ("林阿姨", "15400001234")
    assert not [entry for entry in Entry.objects.all() if "林阿姨" in str(entry.data) or "1234" in str(entry.data)]


@pytest.mark.parametrize(
    "change",
    [
        {"title": " "}, {"title": "长" * 61}, {"category": "nothing"}, {"area_code": "0"}, {"people": 0},
        {"hours": ("night",)}, {"wished_by": TODAY - timedelta(days=1)}, {"organization_id": 999_999},
        {"round_code": "none"},
    ],
)  # fmt: skip
def test_an_entry_that_cannot_stand_is_refused_at_its_field(town, change):
    refusal = refused(
        BadEntry, actions.enter_needs, actor=town.secretary, news=[NEED, replace(NEED, **change)], now=NOW
    )
    assert refusal.fields
    assert not Need.objects.exists()


def test_a_unit_offers_for_itself_and_closes_what_is_over(stage):
    other = new_resource(stage.town.desks["ZJJ"])
    refused(NotAllowed, actions.offer_resources, actor=stage.unit, news=[other], now=NOW)
    stage.order()
    close = {"actor": stage.unit, "resource_id": stage.resource.pk, "reason": "不再提供", "now": NOW}
    refused(WrongState, actions.close_resource, **close)
    actions.expire_agreements(actor=SYSTEM, now=NOW + timedelta(days=9))
    actions.close_resource(**close)
    assert queries.list_resources(viewer=stage.unit, wanted=ListFilter(status="closed")).total == 1
    refused(ResourceUnknown, queries.get_resource, viewer=NOBODY, resource_id=stage.resource.pk)


def test_a_wide_resource_is_seen_and_published_by_a_community_within(stage):
    news = [new_resource(stage.resource.organization_id, area_code="320585")]
    (row,) = actions.offer_resources(actor=stage.unit, news=news, now=NOW)
    assert queries.list_resources(viewer=stage.secretary, wanted=ListFilter(status="draft")).total == 1
    assert queries.get_resource_page(viewer=stage.secretary, resource_id=row.pk).deeds
    refused(ResourceUnknown, queries.get_resource, viewer=stage.town.grid, resource_id=row.pk)
    actions.publish_resources(actor=stage.secretary, resource_ids=[row.pk], now=NOW)


def test_each_viewer_sees_their_own(stage):
    row = stage.order()
    for viewer, count in ((stage.secretary, 1), (stage.unit, 1), (NOBODY, 0), (stage.town.outsider, 0)):
        assert queries.list_agreements(viewer=viewer, wanted=AgreementFilter()).total == count
    refused(AgreementUnknown, queries.get_agreement_page, viewer=stage.town.outsider, agreement_id=row.pk)
    page = queries.get_agreement_page(viewer=stage.unit, agreement_id=row.pk)
    assert page.deeds == [("confirm", "unit"), ("decline", "unit")]
    assert queries.get_agreement_page(viewer=stage.secretary, agreement_id=row.pk).deeds == [("withdraw", "community")]


def test_rules_are_kept_by_the_office(stage):
    change = {"actor": MANAGER, "now": NOW}
    actions.change_list_category(code="pets", name="宠物管理", group="共推基层治理", **change)
    assert queries.rules().category("pets").name == "宠物管理"
    refused(BadRule, actions.change_list_category, code="Pets!", name="宠物", group="其他", **change)
    refused(NotAllowed, actions.change_list_category, actor=stage.secretary, code="x", name="x", group="x", now=NOW)
    actions.change_list_category(code="health", name="健康服务", group="共做精准服务", **change)
    assert "health" not in actions.ship_list_categories()
    actions.change_exchange_setting(key="answer_days", value=2, **change)
    for key, value in (
        ("answer_days", 0), ("answer_days", True), ("weights", {"text": 1}), ("project_steps", ["没有天数"]),
        ("project_steps", ["节点 | 1"] * 11),
    ):  # fmt: skip
        refused(Invalid, actions.change_exchange_setting, key=key, value=value, **change)
    refused(NotFound, actions.change_exchange_setting, key="nothing", value=1, **change)
    zero = dict.fromkeys(queries.rules().setting("weights"), 0)
    refused(Invalid, actions.change_exchange_setting, key="weights", value=zero, **change)
    stage.order()
    assert actions.expire_agreements(actor=SYSTEM, now=NOW + timedelta(days=2)) == 1
    lines = {line.key: line.is_own for line in queries.list_exchange_settings(viewer=MANAGER)}
    assert (lines["answer_days"], lines["weights"]) == (True, False)
