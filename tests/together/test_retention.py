"""What was kept for its months is erased by night, in batches, and the report says so; what was not, stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from haitang.cases.models import Case, Reporter
from haitang.core import access
from haitang.core.access import system
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.merging.actions import say_me_too
from haitang.merging.models import Voice
from haitang.orders.models import Order
from haitang.orders.tests.cast import elder, open_service, order
from haitang.people.actions import send_notices
from haitang.people.models import Notice
from haitang.privacy import actions, queries
from haitang.privacy.actions import retention
from haitang.privacy.models import Request, RetentionRun
from haitang.privacy.values import CLEANERS, Permission
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import report

CLOCK, SECURITY = system("时钟"), actor_with(Permission.REPORT)
OFFICER = actor_with(Permission.SETTINGS)
MONTH = timedelta(days=31)


def night(after: timedelta) -> int:
    return actions.carry_out_retention(actor=CLOCK, now=NOW + after)


def closed(town, n: int = 1) -> list[int]:
    """Report so many cases with a telephone, closed now."""
    made = [report(town.resident, reporter_name="王小明", reporter_phone="15400001234").pk for _ in range(n)]
    Case.objects.filter(pk__in=made).update(status="closed", stage=None, due_at=None, closed_at=NOW)
    return made


def test_a_reporter_goes_after_the_months_and_not_before(town):
    (done,), still = closed(town), report(town.resident, reporter_phone="15400001235").pk
    assert night(35 * MONTH) == 0
    assert Reporter.objects.exclude(phone_sealed=None).count() == 2
    assert night(37 * MONTH) == 1
    assert [row.pk for row in Reporter.objects.exclude(phone_sealed=None)] == [still]
    assert Case.objects.get(pk=done).description
    assert night(38 * MONTH) == 0
    run = RetentionRun.objects.get(erased=1)
    assert (run.rule, run.months, run.is_done) == ("reporters", 36, True)
    assert Entry.objects.get(fact="RetentionCarriedOut").data["erased"] == 1


def test_a_night_takes_so_many_batches_and_the_next_goes_on(town, monkeypatch):
    closed(town, 5)
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "BATCHES_MAX", 2)
    assert night(40 * MONTH) == 4
    assert not RetentionRun.objects.get(rule="reporters").is_done
    assert night(40 * MONTH + timedelta(days=1)) == 1


def test_a_batch_that_is_cut_off_leaves_what_was_done_and_goes_on(town, monkeypatch):
    closed(town, 4)
    monkeypatch.setattr(retention, "BATCH", 2)
    cleaner = next(each for each in CLEANERS if each.code == "reporters")
    calls = []

    def cut_off(**given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return cleaner.clean(**given)

    monkeypatch.setattr(retention, "CLEANERS", [type(cleaner)("reporters", cleaner.due, cut_off)])
    with pytest.raises(KeyboardInterrupt):
        night(40 * MONTH)
    assert Reporter.objects.exclude(phone_sealed=None).count() == 2
    monkeypatch.undo()
    assert night(40 * MONTH) == 2


def test_what_other_apps_keep_goes_too(town):
    (case,) = closed(town)
    lamp = report(town.grid)
    say_me_too(actor=town.resident, case_id=lamp.pk, phone="15400001236", party="1", now=NOW)
    Case.objects.filter(pk=lamp.pk).update(status="closed", stage=None, due_at=None, closed_at=NOW)
    orderer = elder()
    placed = order(orderer, open_service())
    Order.objects.filter(pk=placed.pk).update(status="cancelled")
    send_notices(actor=CLOCK, account_ids=[orderer.id], key="k", text="好", parts={}, url="", now=NOW)
    Request.objects.create(
        account_id=orderer.id, kind="erase", parts=[], state="done", answer="已办", asked_at=NOW, due_on=NOW.date(),
        ended_at=NOW,
    )  # fmt: skip
    assert night(7 * MONTH) == 1
    assert Voice.objects.get().phone_sealed is None
    assert night(25 * MONTH) == 2
    assert (Order.objects.get().name, Notice.objects.count()) == ("", 0)
    assert night(37 * MONTH) == 2
    assert Request.objects.get().answer == ""
    assert not Reporter.objects.filter(pk=case).exclude(phone_sealed=None).exists()


def test_an_office_sets_the_months_but_no_fewer_than_the_law(town):
    closed(town)
    with pytest.raises(NotAllowed):
        actions.change_retention_months(actor=SECURITY, key="reporters", value=6, now=NOW)
    with pytest.raises(Invalid):
        actions.change_retention_months(actor=OFFICER, key="requests", value=35, now=NOW)
    for value in (0, -1, 1201):
        with pytest.raises(Invalid):
            actions.change_retention_months(actor=OFFICER, key="reporters", value=value, now=NOW)
    actions.change_retention_months(actor=OFFICER, key="reporters", value=6, now=NOW)
    assert night(7 * MONTH) == 1


def test_months_are_those_of_the_calendar():
    day = datetime(2026, 3, 31, 4, tzinfo=UTC)
    assert queries.before(1, day).strftime("%Y-%m-%d") == "2026-02-28"
    assert queries.before(25, day).strftime("%Y-%m-%d") == "2024-02-29"
    assert queries.before(3, day).strftime("%Y-%m-%d") == "2025-12-31"


def test_the_report_says_what_is_due_and_what_was_erased(town, client, monkeypatch):
    closed(town, 2)
    due = {line.rule.code: line.due for line in queries.retention_report(viewer=SECURITY, now=NOW + 40 * MONTH)}
    assert (due["reporters"], due["voices"], due["cases"]) == (2, 0, None)
    night(40 * MONTH)
    monkeypatch.setattr(access, "VISITOR", SECURITY)
    page = client.get(reverse("privacy:retention")).content.decode()
    assert "案件诉求人的姓名、电话" in page
    assert [run.erased for run, _name in queries.list_runs(viewer=SECURITY)] == [2]
    monkeypatch.setattr(access, "VISITOR", town.leader)
    assert client.get(reverse("privacy:retention")).status_code == 403
