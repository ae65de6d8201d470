"""Several writers at once, and one who writes a whole city."""

import threading
import time

import pytest
from django.db import connection

from haitang.core import policy
from haitang.core.errors import Refusal
from haitang.territory import actions, models, queries
from haitang.territory.values import CodeTaken
from haitang.testing.actors import NOW, START
from haitang.testing.land import FOUNDER, box, build_land, ref, row


def at_once(*deeds):
    """Run each deed in its own thread, as a request of its own; return what they were refused with, or None."""
    refused = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(number, deed):
        try:
            with policy.reading():
                queries.territory()
                gate.wait(10)
                deed()
        except Refusal as refusal:
            refused[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return refused


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_code_at_once_one_is_told():
    build_land()
    parent = ref("320585001001").id

    def take():
        actions.create_area(actor=FOUNDER, code="g9", name="第九网格", kind="grid", parent_id=parent, now=NOW)

    refused = at_once(take, take, take)
    assert [type(each) for each in refused if each is not None] == [CodeTaken, CodeTaken]
    assert models.Area.objects.filter(code="g9").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_under_an_area_closed_or_replaced_at_the_same_time():
    build_land()
    for attempt in range(3):
        parent = ref("320585001001")
        refused = at_once(
            lambda parent=parent: actions.replace_area(actor=FOUNDER, area_id=parent.id, now=NOW),
            lambda parent=parent, attempt=attempt: actions.create_area(
                actor=FOUNDER, code=f"g{attempt}", name="新网格", kind="grid", parent_id=parent.id, now=NOW
            ),
        )
        assert refused[0] is None
        valid = {area.pk: area for area in models.Area.objects.filter(valid_to=None)}
        assert all(area.parent_id in valid for area in valid.values() if area.parent_id)
        assert all(area.path == f"{valid[area.parent_id].path}{area.pk}/" for area in valid.values() if area.parent_id)


@pytest.mark.django_db
def test_a_city_of_504_grids_and_5000_buildings_is_there_within_seconds():
    rows = [row("c", "海棠市", "city")]
    for number in range(63):
        x = 121 + number * 0.01
        rows.append(row(f"c{number}", f"社区{number}", "community", "c", box(x, 31, x + 0.01, 31.08)))
        rows += [
            row(f"c{number}-{n}", f"网格{n}", "grid", f"c{number}", box(x, 31 + n * 0.01, x + 0.01, 31.01 + n * 0.01))
            for n in range(8)
        ]
    rows += [row(f"b{n}", f"{n} 幢", "building", f"c{n % 63}-{n % 8}") for n in range(5000)]
    started = time.perf_counter()
    areas = actions.create_areas(actor=FOUNDER, rows=rows, now=NOW)
    assert time.perf_counter() - started < 30
    assert len(areas) == 1 + 63 + 504 + 5000
    assert queries.locate(121.005, 31.015).code == "c0-1"
    assert areas[0].valid_from == START
