"""Calendars and declared days: the happy row is the baseline; each refusal differs from it in one thing."""

from datetime import UTC, date, datetime

import pytest

from haitang.core.access import Actor, Grant
from haitang.core.clock import LOCAL
from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.worktime import actions, models, queries, values
from haitang.worktime.actions import CalendarSpec, DaySpec

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, tzinfo=UTC)
ADMIN = Actor("王系统", id=1, grants=frozenset({Grant(values.Permission.MANAGE_CALENDARS, "/")}))
ELSEWHERE = Actor("李街道", id=2, grants=frozenset({Grant(values.Permission.MANAGE_CALENDARS, "/1/2/")}))
WEEK = ["9:00-17:00"] * 5 + ["", ""]
HALL = CalendarSpec("政务大厅", WEEK)


def create(*, actor=ADMIN, name="政务大厅", week=WEEK):
    return actions.create_calendar(actor=actor, calendar=CalendarSpec(name, week), now=NOW)


def due(calendar_id, start="2026-09-18 16:00", limit="2工作时"):
    begin = datetime.fromisoformat(start).replace(tzinfo=LOCAL)
    end = values.deadline(begin, values.Limit.parse(limit), queries.get_calendar(calendar_id))
    return f"{end.astimezone(LOCAL):%m-%d %H:%M}"


def test_a_calendar_is_created_and_counts():
    calendar_id = create()
    assert due(calendar_id) == "09-20 10:00"  # Sunday the 20th is a make-up day
    entry = Entry.objects.get()
    assert (entry.fact, entry.subject_id, entry.data["name"]) == ("CalendarCreated", calendar_id, "政务大厅")
    assert queries.list_calendars()[-1].week == ("09:00-17:00",) * 5 + ("", "")


@pytest.mark.parametrize(
    ("one_change", "refusal"),
    [
        ({"actor": ELSEWHERE}, NotAllowed),
        ({"week": ["9:00-17:00"] * 4 + ["", ""]}, values.HoursUnusable),
        ({"week": [""] * 7}, values.HoursUnusable),
        ({"week": ["22:00-06:00"] * 7}, values.HoursUnusable),
        ({"week": ["9:00-12:00, 11:00-17:00"] * 7}, values.HoursUnusable),
        ({"week": ["9点"] * 7}, values.HoursUnusable),
        ({"name": "机关工作日历"}, values.CalendarNameTaken),
    ],
)
def test_creating_is_refused(one_change, refusal):
    models.Calendar.objects.get_or_create(
        name="机关工作日历", defaults={"week": WEEK, "day_end": "office", "roll_rule": "holiday"}
    )
    before = models.Calendar.objects.count()
    with pytest.raises(refusal):
        create(**one_change)
    assert models.Calendar.objects.count() == before
    assert not Entry.objects.exists()


def test_changed_hours_count_at_once_and_the_change_is_recorded():
    calendar_id = create()
    assert due(calendar_id, "2026-09-01 16:00", "1工作日") == "09-02 17:00"
    spec = CalendarSpec("政务大厅", ["9:00-18:00"] * 5 + ["", ""], values.DayEnd.MIDNIGHT)
    actions.change_calendar(actor=ADMIN, calendar_id=calendar_id, calendar=spec, now=NOW)
    assert due(calendar_id, "2026-09-01 16:00", "2工作时") == "09-01 18:00"
    assert due(calendar_id, "2026-09-01 16:00", "1工作日") == "09-03 00:00"
    entry = Entry.objects.get(fact="CalendarChanged")
    assert "09:00-17:00" in entry.data["before"]
    assert "09:00-18:00" in entry.data["after"]


def test_changing_nothing_records_nothing():
    calendar_id = create()
    actions.change_calendar(actor=ADMIN, calendar_id=calendar_id, calendar=HALL, now=NOW)
    assert Entry.objects.count() == 1


def test_there_is_one_default_and_it_serves_whoever_has_none():
    calendar_id = create()
    actions.choose_default_calendar(actor=ADMIN, calendar_id=calendar_id, now=NOW)
    assert [row.id for row in queries.list_calendars() if row.is_default] == [calendar_id]
    assert queries.get_calendar(None) is queries.get_calendar(calendar_id)
    assert queries.get_calendar(2**40) is queries.get_calendar(calendar_id)


def test_without_any_calendar_the_shipped_one_counts():
    models.Calendar.objects.all().delete()
    queries.calendars.touch()
    assert due(None, "2026-09-01 11:00", "2工作时") == "09-01 15:00"


def test_a_day_is_declared_for_all_and_otherwise_for_one():
    hall, other = create(), create(name="另一日历")
    days = [DaySpec(date(2026, 9, 2), False, "运动会")]
    actions.set_days(actor=ADMIN, calendar_id=None, days=days, source="区政府通知", now=NOW)
    assert due(hall, "2026-09-01 16:00") == due(other, "2026-09-01 16:00") == "09-03 10:00"
    actions.set_days(actor=ADMIN, calendar_id=hall, days=[DaySpec(date(2026, 9, 2), True)], now=NOW)
    assert (due(hall, "2026-09-01 16:00"), due(other, "2026-09-01 16:00")) == ("09-02 10:00", "09-03 10:00")
    assert Entry.objects.filter(fact="DaysSet").first().data == {
        "calendar_id": 0, "days": ["2026-09-02 放假 运动会"], "source": "区政府通知",
    }  # fmt: skip


def test_a_day_declared_again_is_replaced_and_can_be_cleared():
    hall = create()
    for is_working in (False, True):
        actions.set_days(actor=ADMIN, calendar_id=None, days=[DaySpec(date(2026, 9, 5), is_working)], now=NOW)
    assert due(hall, "2026-09-04 16:00") == "09-05 10:00"  # Saturday, declared worked
    for _time in range(2):
        actions.clear_day(actor=ADMIN, calendar_id=None, day=date(2026, 9, 5), now=NOW)
    assert due(hall, "2026-09-04 16:00") == "09-07 10:00"
    assert Entry.objects.filter(fact="DayCleared").count() == 1


@pytest.mark.parametrize(
    ("one_change", "refusal"),
    [
        ({"actor": ELSEWHERE}, NotAllowed),
        ({"calendar_id": 2**40}, values.NoSuchCalendar),
        ({"days": [DaySpec(date(2126, 9, 2), False)]}, values.DayUnusable),
        ({"days": [DaySpec(date(2026, 9, 2), False)] * 2}, values.DayUnusable),
    ],
)
def test_declaring_days_is_refused(one_change, refusal):
    call = {"actor": ADMIN, "calendar_id": None, "days": [DaySpec(date(2026, 9, 2), False)], "now": NOW}
    with pytest.raises(refusal):
        actions.set_days(**{**call, **one_change})
    assert not models.DayOverride.objects.exists()
    assert not Entry.objects.exists()


def test_a_year_without_make_up_days_is_warned_of_until_they_are_declared():
    def years(month):
        return [warning.year for warning in queries.list_calendar_warnings(datetime(2049, month, 20, tzinfo=UTC))]

    assert (years(9), years(11)) == ([2049], [2049, 2050])
    days = [DaySpec(date(2049, 2, 6), True), DaySpec(date(2050, 2, 5), True)]
    actions.set_days(actor=ADMIN, calendar_id=None, days=days, source="国务院办公厅通知", now=NOW)
    assert years(11) == []


def test_counting_reads_only_the_versions(django_assert_num_queries):
    queries.get_calendar(None)
    with django_assert_num_queries(1):
        queries.get_calendar(None)
