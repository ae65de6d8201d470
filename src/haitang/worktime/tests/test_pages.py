"""The pages of the calendars: they work by plain forms, and a failed form is 422 with itself."""

import pytest

from haitang.core.access import VISITOR, Actor, Grant
from haitang.core.models import Entry
from haitang.worktime import models, queries, values
from haitang.worktime.forms import CalendarForm, ImportForm

pytestmark = pytest.mark.django_db
ADMIN = Actor("王系统", id=1, grants=frozenset({Grant(values.Permission.MANAGE_CALENDARS, "/")}))
HOME = "/admin/calendars/"
WEEK = ("08:00-12:00, 14:00-18:00",) * 5 + ("", "")
TYPED = CalendarForm.initial_of("服务大厅", WEEK, "office", "rest_day")


@pytest.fixture
def office():
    models.Calendar.objects.all().delete()
    row = models.Calendar.objects.create(
        name="机关工作日历", week=WEEK, day_end="office", roll_rule="holiday", is_default=True
    )
    queries.calendars.touch()
    return row.pk


@pytest.fixture(autouse=True)
def signed_in(monkeypatch):
    """Whoever comes is the administrator: accounts belong to an app above this one."""
    monkeypatch.setattr("haitang.core.access.VISITOR", ADMIN)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("path", ["", "new/", "import/"])
def test_pages_are_closed_to_visitors(client, monkeypatch, path):
    monkeypatch.setattr("haitang.core.access.VISITOR", VISITOR)
    assert client.get(HOME + path).status_code == 302


def test_the_list_shows_hours_and_a_deadline(client, office):
    page = text(client.get(HOME, {"calendar": office, "start": "2026-02-13T17:00", "limit": "2工作时"}))
    assert "星期一至星期五" in page
    assert "2026-02-14 09:00" in page


def test_the_calculator_answers_htmx_with_its_fragment(client, office):
    asked = {"calendar": office, "start": "2026-02-13T17:00", "limit": "马上"}
    response = client.get(HOME, asked, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert "看不懂时限" in text(response)
    assert "<html" not in text(response)


def test_a_start_outside_the_calendar_is_said_at_its_field(client, office):
    response = client.get(HOME, {"calendar": office, "start": "1999-01-01T08:00", "limit": "4工作时"})
    assert (response.status_code, "超出工作日历的范围" in text(response)) == (422, True)


def test_a_calendar_is_created_changed_and_made_the_default(client, office):
    created = client.post(HOME + "new/", TYPED)
    hall = created["Location"]
    assert client.get(hall + "?year=2026").status_code == 200
    assert client.post(hall + "edit/", {**TYPED, "hours_5": "9:00-12:00"}).status_code == 302
    client.post(hall + "default/")
    row = queries.list_calendars()[0]
    assert (row.name, row.week[5], row.is_default) == ("服务大厅", "09:00-12:00", True)


@pytest.mark.parametrize(
    ("one_change", "words"),
    [
        ({"name": "机关工作日历"}, "已有同名"),
        ({"name": "x\0"}, "内容中含有无法显示的字符，请删除后重新填写。"),
        ({"hours_2": "上午"}, "看不懂工作时段"),
        ({f"hours_{number}": "" for number in range(7)}, "至少要有一个工作时段"),
        ({"day_end": "never"}, "never"),
    ],
)
def test_a_failed_form_is_shown_again(client, office, one_change, words):
    response = client.post(HOME + "new/", {**TYPED, **one_change})
    assert response.status_code == 422
    assert words in text(response)
    assert not Entry.objects.exists()


def test_the_year_tells_kinds_of_days_by_words(client, office):
    page = text(client.get(f"{HOME}{office}/?year=2026"))
    assert '<td class="wt-makeup">14<i>班</i></td>' in page
    assert "17<i>假</i>" in page
    assert '<td class="wt-rest">7<i>休</i></td>' in page
    assert client.get(f"{HOME}{office}/?year=1066").status_code == 404
    assert client.get(f"{HOME}{office}/?year=二〇二六").status_code == 200
    assert client.get(f"{HOME}{2**62}/").status_code == 404


def test_a_day_is_set_and_cleared(client, office):
    year = f"{HOME}{office}/"
    day = {"date": "2026-03-04", "is_working": "0", "name": "运动会", "source": "通知", "scope": "all"}
    assert client.post(year, day)["Location"].endswith("?year=2026")
    assert "4<i>假*</i>" in text(client.get(year + "?year=2026"))
    client.post(year + "clear/", {"date": "2026-03-04", "scope": "all"})
    assert "4<i>假*</i>" not in text(client.get(year + "?year=2026"))
    assert client.post(year, {**day, "date": "2126-03-04"}).status_code == 422
    assert client.post(year + "clear/", {"date": "x"}).status_code == 422


def test_a_notice_is_pasted_line_by_line(client, office):
    rows = "2027年2月6日 上班 春节调休\n\n2027-02-08,放假,春节\n2027/2/9\t休"
    assert client.post(HOME + "import/", {"rows": rows, "source": "国办通知"}).status_code == 302
    declared = [(str(row.date), row.is_working, row.name) for row in queries.list_overrides(None, 2027)]
    assert declared == [("2027-02-06", True, "春节调休"), ("2027-02-08", False, "春节"), ("2027-02-09", False, "")]


@pytest.mark.parametrize("line", ["2027-02-30 上班", "2027-02-06", "二月六日 上班", "2027-02-06 上班 " + "长" * 30])
def test_a_line_that_cannot_be_read_is_named(line):
    form = ImportForm({"rows": "2027-02-05 上班\n" + line, "source": "国办通知"})
    assert "第2行看不懂" in str(form.errors["rows"])


def test_the_tag_says_what_is_left():
    from datetime import UTC, datetime, timedelta

    from django.template import Context, Template

    now = datetime(2026, 3, 2, tzinfo=UTC)
    template = Template("{% load worktime %}{{ due|remaining:now }}")
    assert template.render(Context({"due": now + timedelta(hours=5), "now": now})) == "剩余 5小时"
    assert template.render(Context({"due": None, "now": now})) == ""
