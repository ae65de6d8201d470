"""Cases count by their deadlines: on the day of the present one, done in time, late, or not yet; equal to a recount."""

import importlib
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from haitang.cases import actions, queries
from haitang.cases.models import Case, CountDelta
from haitang.core.clock import local_date
from haitang.core.models import Entry
from haitang.testing.actors import NOW
from haitang.testing.cases import report

pytestmark = pytest.mark.django_db


def kept() -> dict[tuple, int]:
    """Return the counters by deadlines, by day and measure; all counters equal a recount."""
    counted = queries.counted()
    assert counted == queries.recount()
    return {(key[0], key[-1]): n for key, n in counted.items() if key[-1].startswith("due")}


def measures() -> dict[str, int]:
    """Return what is counted by measure, over all days."""
    found: Counter[str] = Counter()
    for key, n in queries.counted().items():
        found[key[-1]] += n
    return found


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


@pytest.mark.parametrize("deed", [actions.verify_case, actions.accept_case, actions.refuse_case])
@pytest.mark.parametrize(("later", "how"), [(0, "in_time"), (2, "late")])
def test_a_public_report_is_to_be_verified_by_its_own_deadline(town, deed, later, how):
    case = report(town.resident)
    due = day_of(case, "verify")
    assert kept() == {(due, "due:verify"): 1}
    actor = town.grid if deed is actions.verify_case else town.dispatcher
    deed(actor=actor, case_id=case.pk, opinion="看过了", now=NOW + timedelta(days=later))
    assert kept() == {(due, "due:verify"): 1, (due, f"due_{how}:verify"): 1}
    assert measures()[f"{how}:verify"] == 1
    assert not any(measure.endswith(":accept") and "time" in measure for measure in measures())
    case.refresh_from_db()
    if deed is not actions.refuse_case:
        assert (case.stage, case.stage_started_at) == ("accept", NOW + timedelta(days=later))
        actions.void_case(actor=town.dispatcher, case_id=case.pk, opinion="误报", now=NOW + timedelta(days=later))
        assert kept() == {}


@pytest.mark.parametrize(("later", "expected"), [(0, 1), (9, 0)])
def test_a_case_put_on_file_within_the_limit_of_acceptance_was_registered_in_time(town, later, expected):
    case = report(town.dispatcher, channel="phone")
    actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    actions.register_case(actor=town.dispatcher, case_id=case.pk, opinion="立案", now=NOW + timedelta(days=later))
    assert measures().get("registered_in_time", 0) == expected


def test_the_migration_counts_verification_as_the_code_does(town):
    """Deeds of a time in which to be verified was part of acceptance: refusal had counted for that."""
    for deed, actor in (
        (actions.verify_case, town.grid), (actions.accept_case, town.dispatcher),
        (actions.refuse_case, town.dispatcher), (actions.void_case, town.dispatcher),
    ):  # fmt: skip
        case = report(town.resident)
        deed(actor=actor, case_id=case.pk, opinion="看过了", now=NOW + timedelta(days=case.pk % 2 * 2))
        if deed is actions.accept_case:
            actions.register_case(actor=town.dispatcher, case_id=case.pk, opinion="立案", now=NOW)
    Case.objects.update(deadlines={})  # such cases have no deadline of verification
    CountDelta.objects.filter(measure__startswith="due").delete()
    expected = queries.counted()
    CountDelta.objects.filter(measure="registered_in_time").delete()
    CountDelta.objects.filter(measure="in_time:verify").update(measure="in_time:accept")
    CountDelta.objects.filter(measure="late:verify").update(measure="late:accept")
    # Of the three that left verification only the refused one had left acceptance, too.
    refused = Entry.objects.get(fact="CaseRefused")
    for entry in Entry.objects.filter(fact__in=["CaseVerified", "CaseAccepted"]):
        measure = f"{'in_time' if entry.data['in_time'] else 'late'}:accept"
        row = CountDelta.objects.filter(measure=measure, day=local_date(entry.at)).first()
        assert row is not None
        row.delete()
    assert refused.data["from_status"] == "verifying"
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("haitang.cases.migrations.0022_verification_counted").COUNT)
    assert queries.counted() == expected


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
