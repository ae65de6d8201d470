"""The counters equal a recount: after any sequence of deeds, folded or not, and with several writers at once."""

import contextlib
import threading
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.cases import actions, queries
from haitang.cases.lifecycle import Deed, deeds_from
from haitang.cases.models import Case, Count, CountDelta
from haitang.cases.queries.counting import By
from haitang.cases.values import Permission
from haitang.core.access import EVERYWHERE, Actor, Grant
from haitang.core.errors import Refusal
from haitang.core.models import Entry
from haitang.territory.queries import territory
from haitang.testing import cases as cast
from haitang.testing import people as people_cast
from haitang.testing.actors import NOW
from haitang.testing.cases import report

PLACES = [(121.305, 31.505), (121.315, 31.505), (121.325, 31.505), (121.335, 31.505), (None, None)]
CATEGORIES = ["10101", "20101", "30101", ""]
MASTER = Actor("总值班", id=77, grants=frozenset(Grant(permission, area_path=EVERYWHERE) for permission in Permission))

UNTRUSTED = Actor("值班员", id=78, grants=frozenset({Grant(Permission.VIEW, area_path=EVERYWHERE)}))
"""Sees every case but denunciations."""


def do(case: Case, choice: int, minutes: int) -> None:
    """Do one of the deeds possible now; some are refused, which must leave no trace either."""
    deeds = deeds_from(case.status)
    if not deeds:
        return
    deed = deeds[choice % len(deeds)]
    now = NOW + timedelta(minutes=minutes)
    try:
        if deed is Deed.RATE:
            actions.rate_case_by_code(
                actor=MASTER, number=case.number, query_code=case.query_code, party="t", now=now,
                is_solved=choice % 2 == 0, score=1 + choice % 5,
            )  # fmt: skip
        else:
            more = {"organization_code": "ZJJ"} if deed is Deed.DISPATCH else {}
            if deed is Deed.REGISTER and case.category_id is None:
                more = {"category_code": "10101"}
            getattr(actions, f"{deed.value}_case")(actor=MASTER, case_id=case.pk, opinion="办", now=now, **more)
    except Refusal:
        pass


STEPS = st.lists(
    st.tuples(st.sampled_from(["report", "deed", "correct", "fold"]), st.integers(0, 11), st.integers(0, 60 * 24 * 40)),
    min_size=1,
    max_size=25,
)


@pytest.fixture
def trusted_desk(town):
    people_cast.trust_desk(town)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_counters_equal_a_recount_after_any_sequence_of_deeds(trusted_desk, steps):
    Case.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER core_entry_append_only")
        cursor.execute("DELETE FROM core_entry; DELETE FROM cases_count; DELETE FROM cases_countdelta")
        cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER core_entry_append_only")
    for step, choice, minutes in steps:
        cases = list(Case.objects.order_by("id"))
        if step == "report" or not cases:
            lon, lat = PLACES[choice % len(PLACES)]
            report(
                MASTER, lon=lon, lat=lat, category_code=CATEGORIES[choice % 4], channel="phone",
                kind="denunciation" if choice % 3 == 0 else "help",
                now=NOW - timedelta(minutes=minutes),
            )  # fmt: skip
        elif step == "deed":
            do(cases[choice % len(cases)], choice, minutes)
        elif step == "correct":
            area = ["320585001001001", "320585001002002"][choice % 2]
            with contextlib.suppress(Refusal):
                actions.reclassify_case(
                    actor=MASTER, case_id=cases[choice % len(cases)].pk, opinion="更正", area_code=area,
                    category_code=CATEGORIES[choice % 3], now=NOW,
                )  # fmt: skip
        else:
            actions.fold_counts(actor=MASTER, now=NOW)
        assert queries.counted() == queries.recount()
    check_tables_against_cases()


def check_tables_against_cases() -> None:
    """Every table of counts adds up to the cases that its viewer may see, by each dimension and for every area."""
    span = {"from_date": date(2026, 1, 1), "to_date": date(2027, 1, 1)}
    for area in territory().descendants(None):
        everything = Case.objects.below(area.path).count()
        seen = Case.objects.visible_to(UNTRUSTED).below(area.path).count()
        for by in By:
            for viewer, expected in ((MASTER, everything), (UNTRUSTED, seen)):
                table = queries.count_cases(viewer=viewer, area=area, by=by, **span)
                assert table.total.reported == expected, (area, by)
                assert sum(row.reported for row in table.rows) == expected, (area, by)


@pytest.mark.django_db(transaction=True)
def test_counters_are_exact_with_several_writers_and_a_folder_at_once():
    cast.build_town()
    stop = threading.Event()
    failures: list[BaseException] = []

    def write(seed: int) -> None:
        try:
            for number in range(8):
                lon, lat = PLACES[(seed + number) % len(PLACES)]
                case = report(MASTER, lon=lon, lat=lat, channel="phone", category_code="10101")
                for deed in range((seed + number) % 7):
                    do(Case.objects.get(pk=case.pk), 0, 10 * deed)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    def fold() -> None:
        try:
            while not stop.is_set():
                actions.fold_counts(actor=MASTER, now=NOW)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    folders = [threading.Thread(target=fold) for _ in range(2)]
    for thread in (*writers, *folders):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in folders:
        thread.join()
    assert not failures
    assert queries.counted() == queries.recount()
    while actions.fold_counts(actor=MASTER, now=NOW):
        pass
    assert not CountDelta.objects.exists()
    assert Count.objects.exists()
    assert Entry.objects.filter(fact="CaseReported").count() == Case.objects.count() == 32
    assert queries.counted() == queries.recount()
    check_tables_against_cases()


@pytest.mark.django_db
def test_the_command_finds_a_counter_that_was_tampered_with(town, capsys):
    report(MASTER, channel="phone", category_code="10101")
    call_command("verify_counters")
    assert "一致" in capsys.readouterr().out
    CountDelta.objects.filter(measure="did:report").update(n=2)
    with pytest.raises(CommandError):
        call_command("verify_counters")
    assert "统计为 2，应为 1" in capsys.readouterr().out
