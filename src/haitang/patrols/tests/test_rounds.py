"""Checklists of a month: generated once, filled in item by item, by two people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, connections

from haitang.core import policy
from haitang.core.access import EVERYWHERE, Grant, system
from haitang.core.models import Entry
from haitang.patrols import actions, jobs, queries
from haitang.patrols.models import Checklist, Hazard, ItemResult, Round
from haitang.patrols.values import (
    BadChecklist,
    HazardStands,
    Item,
    ItemTaken,
    Level,
    MonthOver,
    NewHazard,
    Permission,
    RoundNotFound,
    is_due,
    shipped_checklists,
)
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.people import refused

CLOCK = system("巡查", Grant(Permission.MANAGE, area_path=EVERYWHERE))
MANAGER = actor_with(Permission.MANAGE)
BLOCKED = NewHazard("消防通道被私家车堵住", Level.MAJOR, "3幢南侧", "物业公司")


def generate(month: date = TODAY, now=NOW) -> int:
    return actions.generate_rounds(actor=CLOCK, month=month, now=now)


@pytest.fixture
def month(town):
    generate()
    return town


def round_of(town, code: str = "residential", grid: str = "grid") -> Round:
    return Round.objects.get(code=code, area_id=town.areas[grid])


def fill(actor, round_: Round, key: str, result: str = "in_order", **more):
    return actions.check_item(actor=actor, round_id=round_.pk, key=key, result=result, now=NOW, **more)


def test_a_month_is_generated_once(town):
    monthly = sum(is_due(each.every_months, TODAY) for each in shipped_checklists())
    assert generate() == 4 * monthly
    assert generate(TODAY.replace(day=1)) == 0
    assert Entry.objects.filter(fact="RoundsGenerated").count() == 1


def test_the_job_run_twice_generates_once(town):
    jobs.generate_rounds(timestamp=0)
    made = Round.objects.count()
    jobs.generate_rounds(timestamp=0)
    assert Round.objects.count() == made > 0


def test_a_quarterly_checklist_stands_in_four_months(town):
    due = [m for m in range(1, 13) if is_due(3, date(2026, m, 1))]
    assert due == [1, 4, 7, 10]


def test_a_round_keeps_the_version_it_was_made_of(month):
    before = queries.rules().checklist("residential")
    actions.change_checklist(
        actor=MANAGER, code="residential", name="小区巡查", place_kind="residential", every_months=1,
        items=[Item("only", "只查一项", "general")], now=NOW,
    )  # fmt: skip
    page = queries.get_round_page(viewer=month.grid, round_id=round_of(month).pk)
    assert [line.item.key for line in page.lines] == [item.key for item in before.items]
    generate(date(2026, 6, 1))
    later = Round.objects.get(code="residential", area_id=month.areas["grid"], month=date(2026, 6, 1))
    assert later.items_total == 1
    assert queries.rules().checklist("residential").version == before.version + 1


def test_a_release_follows_up_what_the_office_left_alone(town):
    assert actions.ship_checklists() == []
    row = Checklist.objects.get(code="shops")
    row.name, row.version = "旧名", 7
    row.pk = None
    row.save()
    assert actions.ship_checklists() == ["shops"]
    assert Checklist.objects.filter(code="shops").order_by("-version").first().version == 8


def test_a_checklist_says_what_is_wrong_with_it(town):
    twice = [Item("a", "甲", "general"), Item("a", "乙", "general")]
    for items in ([], twice, [Item("a", "甲", "grave")]):
        refused(
            BadChecklist, actions.change_checklist, actor=MANAGER, code="x", name="新", place_kind="other",
            every_months=1, items=items, now=NOW,
        )  # fmt: skip


def test_a_round_is_finished_when_every_item_is_looked_at(month):
    round_ = round_of(month)
    keys = [item.key for item in queries.rules().checklist("residential").items]
    for key in keys[:-1]:
        fill(month.grid, round_, key)
    assert not Entry.objects.filter(fact="RoundFinished").exists()
    fill(month.grid, round_, keys[-1], "not_applicable")
    round_.refresh_from_db()
    assert (round_.items_done, round_.finished_on) == (len(keys), TODAY)
    assert Entry.objects.get(fact="RoundFinished").subject_id == round_.pk


def test_nothing_tells_who_looked_when(month):
    before = Entry.objects.count()
    fill(month.grid, round_of(month), "lamps")
    assert Entry.objects.count() == before
    assert {field.name for field in ItemResult._meta.concrete_fields} == {
        "id", "round", "key", "result", "words", "hazard",
    }  # fmt: skip


def test_a_hazard_found_is_taken_down_once(month):
    round_ = round_of(month)
    row = fill(month.grid, round_, "fire_lane", "hazard", hazard=BLOCKED)
    again = fill(month.grid, round_, "fire_lane", "hazard", hazard=BLOCKED)
    assert row.hazard_id == again.hazard_id
    hazard = Hazard.objects.get()
    assert hazard.until_on == TODAY + timedelta(days=1)
    refused(
        HazardStands, actions.check_item, actor=month.grid, round_id=round_.pk, key="fire_lane", result="in_order",
        seen="hazard", now=NOW,
    )  # fmt: skip


def test_what_another_filled_in_is_not_overwritten_unseen(month):
    round_ = round_of(month)
    fill(month.grid, round_, "lamps")
    same = {"actor": month.secretary, "round_id": round_.pk, "key": "lamps", "result": "not_applicable", "now": NOW}
    refused(ItemTaken, actions.check_item, **same)
    assert actions.check_item(**same, seen="in_order").result == "not_applicable"
    round_.refresh_from_db()
    assert round_.items_done == 1


def test_a_month_that_is_over_is_closed(month):
    late = NOW + timedelta(days=40)
    refused(
        MonthOver, actions.check_item, actor=month.grid, round_id=round_of(month).pk, key="lamps", result="in_order",
        now=late,
    )  # fmt: skip


def test_another_grid_is_not_there(month):
    foreign = round_of(month, grid="third_grid")
    with pytest.raises(RoundNotFound):
        queries.get_round_page(viewer=month.grid, round_id=foreign.pk)
    refused(
        RoundNotFound, actions.check_item, actor=month.grid, round_id=foreign.pk, key="lamps", result="in_order",
        now=NOW,
    )  # fmt: skip
    assert {view.round.area_id for view in queries.list_rounds(viewer=month.grid, month=TODAY.replace(day=1))} == {
        month.areas["grid"]
    }


def test_progress_counts_tasks_by_area(month):
    fill(month.grid, round_of(month), "lamps")
    street = month.area("320585001000")
    spring, autumn = queries.progress_of(viewer=month.leader, month=TODAY.replace(day=1), area=street)
    assert (spring.items_done, autumn.items_done) == (1, 0)
    assert spring.percent == 100 // spring.items
    grid = queries.progress_of(viewer=month.grid, month=TODAY.replace(day=1), area=month.area("320585001001001"))
    assert [(line.area.name, line.items_done) for line in grid] == [("第一网格", 1)]


def test_a_list_costs_the_same_at_any_length(month, django_assert_num_queries):
    queries.list_rounds(viewer=month.leader, month=TODAY.replace(day=1))
    with policy.reading(), django_assert_num_queries(2):  # the policies' versions, the rounds
        queries.list_rounds(viewer=month.leader, month=TODAY.replace(day=1))


@pytest.mark.django_db(transaction=True)
def test_two_people_go_through_one_checklist_at_once():
    from haitang.testing.cases import build_town

    town = build_town()
    generate()
    round_ = round_of(town)
    keys = [item.key for item in queries.rules().checklist("residential").items]

    def walk(actor):
        try:
            for key in keys:
                found = {"hazard": BLOCKED} if key == "fire_lane" else {}
                fill(actor, round_, key, "hazard" if found else "in_order", **found)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(walk, actor) for actor in (town.grid, town.secretary)]:
            done.result()
    round_.refresh_from_db()
    assert (round_.items_done, round_.hazards) == (len(keys), 1)
    assert Hazard.objects.count() == 1
    assert Entry.objects.filter(fact="RoundFinished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_month_generated_by_two_at_once_is_one_month():
    from haitang.testing.cases import build_town

    build_town()
    connection.close()

    def run():
        try:
            return generate()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = sorted(job.result() for job in [pool.submit(run) for _each in range(2)])
    assert made[0] == 0
    assert made[1] == Round.objects.count()
