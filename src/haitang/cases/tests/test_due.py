"""Cases count by their deadlines: on the day of the present one, done in time, late, or not yet; equal to a recount."""

import importlib
from datetime import datetime, timedelta

import pytest
from django.db import connection

from haitang.cases import actions, queries
from haitang.cases.models import Case, CountDelta
from haitang.core.clock import local_date
from haitang.testing.actors import NOW
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db


def kept() -> dict[tuple, int]:
    """Return the counters by deadlines, by day and measure; all counters equal a recount."""
    counted = queries.counted()
    assert counted == queries.recount()
    return {(key[0], key[-1]): n for key, n in counted.items() if key[-1].startswith("due")}


def day_of(case: Case, stage: str):
    """Return the day of the case's present deadline for the stage."""
    case.refresh_from_db(fields=["deadlines"])
    return local_date(datetime.fromisoformat(case.deadlines[stage]["due_at"]))


def dispatched(town) -> Case:
    """Return a case that lies on a desk."""
    case = report(town.dispatcher, channel="phone", category_code="10101")
    for deed in (actions.accept_case, actions.register_case, actions.dispatch_case):
        more = {"organization_code": "ZJJ"} if deed is actions.dispatch_case else {}
        deed(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW, **more)
    return case


def test_a_report_is_not_yet_due_and_a_case_on_a_desk_is(town):
    case = report(town.dispatcher, channel="phone", category_code="10101")
    assert kept() == {}
    actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="重复", now=NOW)
    case = dispatched(town)
    assert kept() == {
        (day_of(case, "dispatch"), "due:dispatch"): 1, (day_of(case, "dispatch"), "due_in_time:dispatch"): 1,
        (day_of(case, "handle"), "due:handle"): 1, (day_of(case, "check"), "due:close"): 1,
    }  # fmt: skip
    actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="重复", now=NOW)
    assert kept() == {}


@pytest.mark.parametrize(("later", "measure"), [(0, "due_in_time:handle"), (90, "due_late:handle")])
def test_what_was_handled_counts_on_the_day_on_which_it_was_due(town, later, measure):
    case = dispatched(town)
    actions.sign_case(actor=town.handler, case_id=case.pk, opinion="收到", now=NOW)
    due = day_of(case, "handle")
    now = NOW + timedelta(days=later)
    actions.handle_case(actor=town.handler, case_id=case.pk, opinion="修好", now=now)
    actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="修好", now=now)
    found = kept()
    assert found[(due, "due:handle")] == found[(due, measure)] == 1
    assert sum(n for (_day, each), n in found.items() if each.endswith(":handle")) == 2


def test_a_case_that_was_returned_is_due_to_nobody_and_one_paused_is_due_later(town):
    case = dispatched(town)
    actions.sign_case(actor=town.handler, case_id=case.pk, opinion="收到", now=NOW)
    before = day_of(case, "handle")
    actions.pause_clock(actor=town.dispatcher, case_id=case.pk, until=NOW + timedelta(days=30), now=NOW)
    found = kept()
    assert (before, "due:handle") not in found
    assert found[(day_of(case, "handle"), "due:handle")] == 1
    actions.resume_clock(actor=town.dispatcher, case_id=case.pk, now=NOW)
    actions.return_case(actor=town.handler, case_id=case.pk, opinion="不是本单位职责", now=NOW)
    assert not [measure for _day, measure in kept() if measure.endswith(":handle")]


def test_the_migration_counts_what_the_code_counts(town):
    dispatched(town)
    case = dispatched(town)
    actions.sign_case(actor=town.handler, case_id=case.pk, opinion="收到", now=NOW)
    actions.handle_case(actor=town.handler, case_id=case.pk, opinion="修好", now=NOW + timedelta(days=60))
    actions.feedback_case(actor=town.handler, case_id=case.pk, opinion="修好", now=NOW + timedelta(days=60))
    report(town.dispatcher, channel="phone")
    expected = queries.counted()
    CountDelta.objects.filter(measure__startswith="due").delete()
    assert queries.counted() != expected
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("haitang.cases.migrations.0007_due_counters").COUNT)
    assert queries.counted() == expected
