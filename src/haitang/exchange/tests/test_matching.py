"""Proposals with reasons, the whole plan against a search through all plans, gaps and figures."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haitang.core.errors import Invalid
from haitang.exchange import actions, queries
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries import ListFilter
from haitang.exchange.queries.matching import fits
from haitang.exchange.queries.weighing import weigh
from haitang.exchange.tests.playing import AUTUMN, MANAGER, NEED, SPRING, STREET, new_resource
from haitang.exchange.values import Gap, NewOrder, Permission
from haitang.territory.queries import territory
from haitang.testing.actors import NOW, TODAY, actor_with

pytestmark = pytest.mark.django_db
PUBLISHER = actor_with(Permission.PUBLISH)
PARTS = st.integers(min_value=0, max_value=100)


def publish(stage, *news) -> list:
    rows = actions.offer_resources(actor=stage.unit, news=list(news), now=NOW)
    actions.publish_resources(actor=PUBLISHER, resource_ids=[row.pk for row in rows], now=NOW)
    return rows


def need_like(stage, **more) -> Need:
    (row,) = actions.enter_needs(actor=stage.secretary, news=[replace(NEED, **more)], now=NOW)
    actions.publish_needs(actor=stage.secretary, need_ids=[row.pk], now=NOW)
    return row


def propose(stage):
    return queries.propose_resources(viewer=stage.secretary, need_id=stage.need.pk, today=TODAY)


def test_the_best_comes_first_and_says_why(stage):
    unit = stage.resource.organization_id
    far, small, evening, _law = publish(
        stage,
        new_resource(unit, area_code="320585002000", title="义诊：测血压血糖"),
        new_resource(unit, people_max=10, title="小型义诊：测血压血糖"),
        new_resource(unit, hours=("evening",), title="夜间义诊：测血压血糖"),
        new_resource(unit, category="law", title="法律讲座", words="婚姻继承"),
    )
    found = propose(stage)
    ranked = [each.resource.pk for each in found]
    assert ranked[0] == stage.resource.pk
    assert set(ranked) == {stage.resource.pk, far.pk, small.pk}
    assert evening.pk not in ranked
    first, told = found[0], {each.resource.pk: "；".join(each.reasons) for each in found}
    assert first.fit.total > found[1].fit.total
    assert "类别相同：健康义诊与急救培训" in first.reasons
    assert "服务范围覆盖该处：海棠街道" in first.reasons
    assert "都提到“" in told[stage.resource.pk]
    assert "需要跨区域协调" in told[far.pk]
    assert "每次最多 10 人，需求 30 人，可分次安排" in told[small.pk]
    stage.order()
    assert stage.resource.pk not in [each.resource.pk for each in propose(stage)]


def test_weights_are_policy(stage):
    before = propose(stage)[0].fit.total
    weights = {**queries.SETTINGS.values()["weights"], "text": 0}
    actions.change_exchange_setting(actor=MANAGER, key="weights", value=weights, now=NOW)
    assert propose(stage)[0].fit.total == 100 > before
    actions.change_exchange_setting(actor=MANAGER, key="proposals_shown", value=1, now=NOW)
    publish(stage, new_resource(stage.resource.organization_id, title="义诊"))
    assert len(propose(stage)) == 1


@given(st.fixed_dictionaries(dict.fromkeys(("category", "place", "time", "capacity", "text"), PARTS)))
def test_a_fit_is_a_percentage_and_grows_with_each_part(parts):
    weights = queries.SETTINGS.values()["weights"]
    total = weigh(parts, weights)
    assert 0 <= total <= 100
    for key in parts:
        assert weigh({**parts, key: 100}, weights) >= total


def best_by_search(pairs, needs, left):
    """Return the most needs and then the most fit that any plan gives, by trying all."""
    options = [[None, *(r for (n, r) in pairs if n == need)] for need in needs]
    best = (0, 0)
    for chosen in itertools.product(*options):
        taken = [each for each in chosen if each is not None]
        if all(taken.count(each) <= left[each] for each in taken):
            fit = sum(pairs[n, r] for n, r in zip(needs, chosen, strict=True) if r is not None)
            best = max(best, (len(taken), fit))
    return best


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["health", "elderly", "law"]), st.integers(1, 60)), min_size=1, max_size=4),
    st.lists(
        st.tuples(st.sampled_from(["health", "elderly", "law"]), st.integers(1, 2), st.integers(5, 60)),
        min_size=1, max_size=3,
    ),
)  # fmt: skip
def test_the_whole_plan_is_the_best_of_all_plans(django_db_blocker, needs, resources):
    from haitang.matching import Pair, plan

    ids = {each.code: each.id for each in queries.rules().categories}
    rows = [
        Need(pk=at, title=f"需求{at}", category_id=ids[category], people=people, area_ids=[1, 2, 3])
        for at, (category, people) in enumerate(needs, start=1)
    ]
    offered = [
        Resource(pk=at, title=f"资源{at}", category_id=ids[category], capacity=n, people_max=most, area_ids=[1, 2])
        for at, (category, n, most) in enumerate(resources, start=1)
    ]
    found = {pair: fit.total for pair, fit in fits(rows, offered, TODAY).items()}
    left = {each.pk: each.left for each in offered}
    best = plan(
        [Pair(*pair, gain) for pair, gain in found.items()], wanted={row.pk: 1 for row in rows}, capacity=left, met=100
    )
    assert (len(best.matches), best.gain) == best_by_search(found, [row.pk for row in rows], left)


def test_the_whole_plan_meets_more_than_need_after_need(stage):
    """The only resource that a second need can have is the best one for the first."""
    unit = stage.resource.organization_id
    second = need_like(stage, title="量血压", people=50)
    publish(stage, new_resource(unit, title="夜间义诊", hours=("daytime",), people_max=30, area_code=STREET))
    wide = {"viewer": stage.secretary, "wanted": ListFilter(), "today": TODAY}
    plan = queries.plan_matches(**wide)
    assert len(plan.proposals) == 2
    assert plan.unmet == 0
    assert plan.total >= plan.greedy_total
    assert [(p.need.pk, p.resource.pk) for p in plan.proposals] == [
        (p.need.pk, p.resource.pk) for p in queries.plan_matches(**wide).proposals
    ]
    page = queries.plan_matches(**wide, limit=1)
    rest = queries.plan_matches(**wide, limit=1, cursor=page.next)
    assert [p.need.pk for p in (*page.proposals, *rest.proposals)] == [p.need.pk for p in plan.proposals]
    assert (page.matched, page.own, page.previous, rest.next) == (2, 2, "", "")
    assert queries.plan_matches(**wide, limit=1, cursor=rest.previous).proposals[0].need == page.proposals[0].need
    with pytest.raises(Invalid):
        queries.plan_matches(**wide, limit=1, cursor="x")
    orders = [NewOrder(each.resource.pk, each.need.pk) for each in plan.proposals]
    done = actions.order_resources(actor=stage.secretary, orders=orders, now=NOW)
    assert all(isinstance(each, Agreement) for each in done)
    after = queries.plan_matches(**wide)
    assert (after.needs, after.resources) == (0, 0)
    second.refresh_from_db()
    assert second.status == "matched"


def unmet(stage):
    page = queries.list_unmet(viewer=stage.secretary, wanted=ListFilter(), now=NOW + timedelta(days=12))
    return {line.view.row.title: line for line in page.rows}


def test_what_nothing_came_of_and_why(stage):
    need_like(stage, title="借一间会议室", category="venue", words="")
    lines = unmet(stage)
    assert (lines["借一间会议室"].why, lines["借一间会议室"].days) == (Gap.NO_CANDIDATE, 12)
    assert (lines[NEED.title].why, lines[NEED.title].candidates) == (Gap.OPEN, 1)
    row = stage.order()
    assert NEED.title not in unmet(stage)
    need_like(stage, title="再量一次血压")
    assert unmet(stage)["再量一次血压"].why == Gap.CAPACITY
    actions.decline_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", reason="人手不够", now=NOW)
    line = unmet(stage)[NEED.title]
    assert (line.why, line.failed, line.last_reason) == (Gap.DECLINED, 1, "人手不够")
    page = queries.list_unused(viewer=stage.secretary, wanted=ListFilter(), now=NOW)
    assert [each.view.row.pk for each in page.rows] == [stage.resource.pk]
    assert (page.rows[0].why, page.rows[0].last_reason) == (Gap.DECLINED, "人手不够")
    elsewhere = actor_with(Permission.VIEW, area_path="/1/2/3/")  # the resource is on a list; who asked for it is not
    (line,) = queries.list_unused(viewer=elsewhere, wanted=ListFilter(), now=NOW).rows
    assert (line.failed, line.last_reason) == (1, "")


def test_every_number_is_that_of_its_rows(stage):
    row = stage.order()
    actions.confirm_agreement(actor=stage.unit, agreement_id=row.pk, side="unit", now=NOW)
    need_like(stage, title="另一条", area_code=SPRING)
    actions.enter_needs(actor=stage.secretary, news=[NEED], now=NOW)
    tally = queries.tally(viewer=stage.secretary)
    assert (tally.needs, tally.needs_unmet, tally.resources, tally.resources_unused) == (2, 1, 1, 0)
    assert (tally.ordered, tally.agreed, tally.projects, tally.delivered, tally.failed) == (1, 1, 1, 0, 0)
    for status, count in (("listed", 2), ("open", 2), ("draft", 1)):
        assert queries.list_needs(viewer=stage.secretary, wanted=ListFilter(status=status)).total == count
    for stage_name in ("agreed", "projects", "live", "standing"):
        wanted = queries.AgreementFilter(stage=stage_name)
        assert queries.list_agreements(viewer=stage.secretary, wanted=wanted).total == 1
    street = territory().by_code(STREET)
    by_area = {each.area.code: each.tally for each in queries.tally_by_area(viewer=stage.secretary, area=street)}
    assert (by_area[SPRING].needs, by_area[SPRING].projects, by_area[AUTUMN].needs) == (2, 1, 0)


HOURS = ["daytime", "evening", "weekend"]
DAYS = st.none() | st.integers(-20, 20).map(lambda days: TODAY + timedelta(days=days))
CHAIN = st.lists(st.integers(1, 3), min_size=1, max_size=4)
LISTED = {"area_ids": CHAIN, "hours": st.lists(st.sampled_from(HOURS), unique=True), "category": st.integers(0, 7)}


def one_by_one(need, resource, known):
    """What a fit is, asked of one pair alone."""
    mine, theirs = known.category_of(need.category_id), known.category_of(resource.category_id)
    shared = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], zip(need.area_ids, resource.area_ids))))  # noqa: B905 - of unlike length
    depth = len(resource.area_ids)
    last = need.wished_by if need.wished_by and need.wished_by >= TODAY else None
    over = (resource.until_date and resource.until_date < TODAY) or (
        last and resource.from_date and resource.from_date > last
    )
    wanted, offered = set(need.hours or HOURS), set(resource.hours or HOURS)
    return {
        "category": 100 if mine == theirs else 40 * (mine.group == theirs.group),
        "place": 100 if shared in (depth, len(need.area_ids)) else 100 * shared // depth,
        "time": 0 if over else 100 * len(wanted & offered) // len(wanted),
        "capacity": min(100, 100 * resource.people_max // need.people) if resource.people_max else 100,
    }


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.fixed_dictionaries({**LISTED, "people": st.integers(1, 90), "wished_by": DAYS}), max_size=5),
    st.lists(
        st.fixed_dictionaries(
            {**LISTED, "people_max": st.integers(0, 60), "from_date": DAYS, "until_date": DAYS}
        ), max_size=5,
    ),
)  # fmt: skip
def test_many_pairs_at_once_fit_as_each_does_alone(django_db_blocker, needs, resources):
    known = queries.rules()

    def rows(model, given):
        return [
            model(pk=at, title="测血压", category_id=known.categories[each["category"]].id,
                **{key: value for key, value in each.items() if key != "category"})
            for at, each in enumerate(given)
        ]  # fmt: skip

    asked, offered = rows(Need, needs), rows(Resource, resources)
    found = fits(asked, offered, TODAY)
    weights, least = known.setting("weights"), known.setting("proposal_min")
    for need, resource in itertools.product(asked, offered):
        parts, fit = one_by_one(need, resource, known), found.get((need.pk, resource.pk))
        if fit is None:
            assert not parts["time"] or weigh({**parts, "text": 0}, weights) < least
            continue
        assert {key: getattr(fit, key) for key in parts} == parts
        assert fit.total == weigh({**parts, "text": fit.text}, weights) >= least
