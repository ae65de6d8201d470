"""Selections: projects marked by reviewers, the result exact, ties shared, own units recused."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haitang.core.errors import NotAllowed
from haitang.people.queries import get_actor
from haitang.projects import actions, queries
from haitang.projects.tests.cast import start
from haitang.projects.tests.test_life import accepted
from haitang.projects.values import (
    AlreadyNominated,
    Criterion,
    Permission,
    PlanInvalid,
    Result,
    SelectionNotFound,
    TooFewScores,
    WrongProjectState,
    WrongStage,
    rank,
    read_criteria,
    weigh,
)
from haitang.testing import people
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import refused

MANAGER = actor_with(Permission.VIEW, Permission.SELECT)
CRITERIA = ["need | 需求 | 60 |", "effect | 成效 | 40"]


def opened(town, **changes):
    return actions.open_selection(**{
        "actor": MANAGER, "title": "百佳示范项目", "area_id": town.areas["city"], "places": 1,
        "until_on": TODAY + timedelta(days=30), "criteria": CRITERIA, "now": NOW, **changes,
    })  # fmt: skip


def nominate(town, selection, project, **changes):
    return actions.nominate_project(**{
        "actor": town.secretary, "selection_id": selection.pk, "project_id": project.pk, "words": "居民评价高",
        "now": NOW, **changes,
    })  # fmt: skip


def reviewers(town, count=3):
    accounts = [people.build_account(f"评委{n}") for n in range(count)]
    for account in accounts:
        people.give(account, "leader", area_id=town.areas["city"])
    return accounts


@pytest.mark.django_db
def test_a_selection_goes_its_way_and_shows_its_arithmetic(town):
    selection = opened(town)
    first = nominate(town, selection, accepted(town))
    second = nominate(town, selection, accepted(town, origin_id="form-2", title="楼道亮化"))
    refused(AlreadyNominated, nominate, town=town, selection=selection, project=first.project)
    named = reviewers(town)
    ids = [account.pk for account in named]
    begin = {"actor": MANAGER, "selection_id": selection.pk, "now": NOW}
    refused(PlanInvalid, actions.begin_scoring, **begin, account_ids=ids[:2])
    refused(PlanInvalid, actions.begin_scoring, **begin, account_ids=[*ids[:2], people.build_account("路人").pk])
    actions.begin_scoring(**begin, account_ids=ids)
    refused(WrongStage, nominate, town=town, selection=selection, project=first.project)
    marks = [({"need": 90, "effect": 80}, {"need": 80, "effect": 91})] * 2 + [
        ({"need": 91, "effect": 80}, {"need": 80, "effect": 90})
    ]
    for number, (account, pair) in enumerate(zip(named, marks, strict=True)):
        actor = get_actor(account.pk, now=NOW)
        for nomination, given_marks in zip((first, second), pair, strict=True):
            what = {"actor": actor, "selection_id": selection.pk, "nomination_id": nomination.pk, "now": NOW}
            refused(PlanInvalid, actions.score_project, **what, marks={"need": 101, "effect": 1})
            refused(PlanInvalid, actions.score_project, **what, marks={"need": 1})
            if number < 2:
                actions.score_project(**what, marks={"need": 0, "effect": 0})
            actions.score_project(**what, marks=given_marks)
        if number < 2:
            refused(TooFewScores, actions.publish_selection, **begin)
    actions.publish_selection(**begin)
    page = queries.get_public_selection(selection_id=selection.pk)
    assert [(row.project.title, row.nomination.place, row.nomination.is_selected) for row in page.rows] == [
        ("健康驿站改造", 1, True), ("楼道亮化", 2, False),
    ]  # fmt: skip
    # (90+90+91)/3 × 60 % + 80 × 40 % = 54.2 + 32
    assert page.rows[0].total == Fraction(862, 10)
    assert page.rows[0].nomination.total == 86_200
    assert [(part[1], part[2]) for part in page.rows[0].parts] == [(271, Fraction(542, 10)), (240, Fraction(32))]
    chosen = queries.get_project_page(viewer=MANAGER, project_id=first.project_id, today=TODAY)
    assert chosen.view.project.pk == first.project_id
    refused(WrongStage, actions.publish_selection, **begin)


@pytest.mark.django_db
def test_who_may_do_what_in_a_selection(town):
    refused(NotAllowed, opened, town=town, actor=town.secretary)
    refused(PlanInvalid, opened, town=town, criteria=["need | 需求 | 60"])
    refused(PlanInvalid, opened, town=town, places=0)
    selection = opened(town, area_id=town.areas["other_street"])
    project = accepted(town)
    refused(PlanInvalid, nominate, town=town, selection=selection, project=project)
    selection = opened(town, criteria=None)
    assert [each["weight"] for each in selection.criteria] == [30, 30, 20, 20]
    refused(WrongProjectState, nominate, town=town, selection=selection, project=start(town, origin_id="x"))
    refused(NotAllowed, nominate, town=town, selection=selection, project=project, actor=town.handler)
    late = NOW + timedelta(days=31)
    refused(PlanInvalid, nominate, town=town, selection=selection, project=project, now=late)
    refused(SelectionNotFound, nominate, town=town, selection=selection, project=project, actor=town.resident)
    nomination = nominate(town, selection, project)
    named = reviewers(town)
    actions.begin_scoring(
        actor=MANAGER, selection_id=selection.pk, account_ids=[account.pk for account in named], now=NOW
    )
    marks = {"need": 1, "effect": 1, "joint": 1, "lasting": 1}
    what = {"selection_id": selection.pk, "nomination_id": nomination.pk, "marks": marks, "now": NOW}
    refused(NotAllowed, actions.score_project, actor=town.leader, **what)
    own = actor_with(Permission.VIEW, account_id=named[0].pk, organization_id=town.desks["ZJJ"])
    assert "回避" in refused(NotAllowed, actions.score_project, actor=own, **what).message


@pytest.mark.parametrize("lines", [[], ["a | 甲 | 100", "a | 乙 | 0"], ["a | 甲 | 十"], ["甲"], ["a | 甲 | 99"]])
def test_criteria_that_cannot_stand_are_refused(lines):
    with pytest.raises(PlanInvalid):
        read_criteria(lines)


MARKS = st.lists(st.fixed_dictionaries({"a": st.integers(0, 100), "b": st.integers(0, 100)}), min_size=1, max_size=5)


@given(st.lists(MARKS, min_size=1, max_size=12), st.integers(1, 12))
def test_places_follow_the_exact_totals_and_only_ties_exceed_the_places(given_marks, places):
    criteria = [Criterion("a", "甲", 70), Criterion("b", "乙", 30)]
    ranked = rank([weigh(marks, criteria) for marks in given_marks], places)
    for marks, result in zip(given_marks, ranked, strict=True):
        exact = sum(Fraction(70 * each["a"] + 30 * each["b"], 100) for each in marks) / len(marks)
        assert result.total == exact
        assert result.place == 1 + sum((o.total, *o.means) > (result.total, *result.means) for o in ranked)
    chosen = sorted(each.place for each in ranked if each.is_selected)
    assert len(chosen) >= min(places, len(ranked))
    assert len([place for place in chosen if place < chosen[-1]]) < places


def test_equal_totals_are_told_apart_by_the_first_criterion():
    results = [Result((Fraction(80), Fraction(90)), Fraction(85)), Result((Fraction(90), Fraction(80)), Fraction(85))]
    assert [each.place for each in rank(results, 1)] == [2, 1]
