"""Sheets of service days: planned as a whole or not at all, never twice; what is given out can be taken in again."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.core.tables import read_table
from haitang.servicedays import actions, queries
from haitang.servicedays.models import ServiceDay, Shift
from haitang.servicedays.tests.cast import COMMUNITY, SATURDAY, person, plan, shift_of, sign_up
from haitang.servicedays.values import DayNotFound, Permission
from haitang.testing.actors import NOW, actor_with
from haitang.testing.crowds import at_once
from haitang.testing.people import build_town, refused

HEADER = "日期,主题,区域,时间,任务,地点,名额,需要的技能,说明\n"
FIRST = f"2026-05-09,周六志愿日,{COMMUNITY},09:00-11:00,楼道清洁,3号楼前,8,,请自带手套\n"
SECOND = f"2026-05-09,周六志愿日,{COMMUNITY},9：00至11：30,义诊,广场,2,医疗护理,\n"
NEXT = f"2026-05-16,周六志愿日,{COMMUNITY},09:00-11:00,楼道清洁,3号楼前,8,,\n"


def sheet(*rows: str) -> bytes:
    return ("\ufeff" + HEADER + "".join(rows)).encode()


@pytest.mark.django_db
def test_rows_of_one_day_become_one_service_day_and_the_same_sheet_makes_nothing_twice(town):
    read = actions.bring_days(actor=town.secretary, data=sheet(FIRST, NEXT, SECOND), now=NOW)
    assert ([day.on for day in read.days], read.there, read.reasons) == ([date(2026, 5, 9), date(2026, 5, 16)], 0, [])
    day = ServiceDay.objects.get(on=SATURDAY)
    assert (day.theme, day.words) == ("周六志愿日", "请自带手套")
    assert list(day.shifts.order_by("id").values_list("task", "places")) == [("楼道清洁", 8), ("义诊", 2)]
    assert len(Shift.objects.get(task="义诊").skills) == 1
    again = actions.bring_days(actor=town.secretary, data=sheet(FIRST, SECOND, NEXT), now=NOW)
    assert (again.days, again.there) == ([], 2)
    assert Entry.objects.filter(fact="ServiceDayPlanned").count() == 2


@pytest.mark.django_db
def test_one_wrong_row_keeps_the_whole_sheet_from_being_planned_and_each_says_why(town):
    wrong = (
        FIRST.replace("09:00-11:00", "上午"), FIRST.replace(COMMUNITY, "无此社区"), SECOND.replace("医疗护理", "魔法"),
        NEXT.replace("2026-05-16", "2020-05-16"), NEXT.replace(",8,", ",很多,"),
        NEXT.replace("09:00-11:00", "9:00-25:00"),
        FIRST.replace(COMMUNITY, "320585001002"),
    )  # fmt: skip
    read = actions.bring_days(actor=town.secretary, data=sheet(FIRST, *wrong), now=NOW)
    assert (read.days, [line for line, _reason in read.reasons]) == ([], [3, 4, 5, 6, 7, 8, 9])
    reasons = "".join(reason for _line, reason in read.reasons)
    for part in ("上午", "无此社区", "魔法", "今天以后", "很多", "25:00"):
        assert part in reasons, part
    assert not ServiceDay.objects.exists()
    refused(Invalid, actions.bring_days, actor=town.secretary, data=b"\x00\x01", now=NOW)
    refused(NotAllowed, actions.bring_days, actor=town.resident, data=sheet(FIRST), now=NOW)


@pytest.mark.django_db
def test_what_is_given_out_can_be_taken_in_again_and_names_nobody(town, as_, tmp_path):
    wu = person(town)
    sign_up(wu, shift_of(plan(town)))
    client = as_(town.secretary)
    path = tmp_path / "days.xlsx"
    path.write_bytes(client.get("/days/export/").content)
    (row,) = read_table(path, queries.day_export_columns())
    assert (row.cells["on"], row.cells["area"], row.cells["hours"]) == (SATURDAY, COMMUNITY, "09:00-11:00")
    assert (row.cells["taken"], row.cells["places"]) == (1, 2)
    assert "吴师傅" not in str(row.cells)
    read = actions.bring_days(actor=town.secretary, data=path.read_bytes(), now=NOW)
    assert (read.days, read.there, read.reasons) == ([], 1, [])
    assert not list(read_table(_of(client.get("/days/export/?past=1"), path), queries.day_export_columns()))


def _of(response, path):
    path.write_bytes(response.content)
    return path


@pytest.mark.django_db
def test_the_names_of_a_shift_are_for_who_leads_it_and_taking_them_is_recorded(town, as_, tmp_path):
    shift = shift_of(plan(town))
    sign_up(person(town), shift)
    path = _of(as_(town.secretary).get(f"/days/shifts/{shift.pk}/roster/"), tmp_path / "names.xlsx")
    (row,) = read_table(path, queries.roster_columns())
    assert (row.cells["name"], row.cells["state"]) == ("吴师傅", "已报名")
    assert Entry.objects.get(fact="RosterTaken").data["signed"] == 1
    refused(DayNotFound, actions.take_roster, actor=town.outsider, shift_id=shift.pk, now=NOW)
    seeing = actor_with(Permission.VIEW)
    refused(NotAllowed, actions.take_roster, actor=seeing, shift_id=shift.pk, now=NOW)
    assert Entry.objects.filter(fact="RosterTaken").count() == 1


@pytest.mark.django_db
def test_the_page_says_what_became_of_the_sheet(town, as_, tmp_path):
    client = as_(town.secretary)
    assert not list(read_table(_of(client.get("/days/template/"), tmp_path / "t.xlsx"), queries.day_columns()))
    bad = SimpleUploadedFile("d.csv", sheet(FIRST, FIRST.replace("09:00-11:00", "上午")))
    answered = client.post("/days/bring/", {"file": bad})
    assert answered.status_code == 422
    assert "1 行不对" in answered.content.decode()
    good = SimpleUploadedFile("d.csv", sheet(FIRST, SECOND))
    assert client.post("/days/bring/", {"file": good})["Location"] == "/days/"
    assert "已安排 1 个服务日" in client.get("/days/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_brought_twice_at_once_is_planned_once():
    town = build_town()
    data = sheet(FIRST, SECOND, NEXT)
    at_once(*[lambda: actions.bring_days(actor=town.secretary, data=data, now=NOW)] * 6)
    assert ServiceDay.objects.count() == 2
