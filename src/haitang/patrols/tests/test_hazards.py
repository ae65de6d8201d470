"""A hazard from the finding to the closing, or to a case."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from haitang.cases.models import Case
from haitang.core.errors import Conflict, Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.patrols import actions, jobs, queries
from haitang.patrols.models import Hazard, HazardPhoto
from haitang.patrols.queries import HazardFilter
from haitang.patrols.values import AlreadyCase, HazardNotFound, NewHazard, WrongHazardState
from haitang.people.models import Notice
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
GRID = "320585001001001"


def find(town, **more) -> Hazard:
    new = NewHazard(**{"words": "楼道堆放纸箱", "level": "general", **more})
    return actions.report_hazard(actor=town.grid, area_code=GRID, new=new, now=NOW)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "green").save(out, "JPEG")
    return out.getvalue()


def test_found_put_right_looked_at_again_and_closed(town):
    hazard = find(town)
    assert (hazard.status, hazard.until_on) == ("open", TODAY + timedelta(days=7))
    actions.rectify_hazard(actor=town.grid, hazard_id=hazard.pk, words="已清走", now=NOW)
    actions.recheck_hazard(actor=town.secretary, hazard_id=hazard.pk, passed=False, words="还剩两箱", now=NOW)
    hazard.refresh_from_db()
    assert (hazard.status, hazard.failures) == ("open", 1)
    actions.rectify_hazard(actor=town.grid, hazard_id=hazard.pk, words="全部清走", now=NOW)
    actions.recheck_hazard(actor=town.secretary, hazard_id=hazard.pk, passed=True, words="到位", now=NOW)
    actions.close_hazard(actor=town.secretary, hazard_id=hazard.pk, now=NOW)
    hazard.refresh_from_db()
    assert (hazard.status, hazard.closed_on) == ("closed", TODAY)
    page = queries.get_hazard_page(viewer=town.grid, hazard_id=hazard.pk)
    assert page.deed is None
    assert [entry.fact for entry in page.entries] == [
        "HazardFound", "HazardRectified", "HazardRechecked", "HazardRectified", "HazardRechecked", "HazardClosed",
    ]  # fmt: skip


def test_states_cannot_be_jumped(town):
    hazard = find(town)
    refused(WrongHazardState, actions.close_hazard, actor=town.secretary, hazard_id=hazard.pk, now=NOW)
    refused(
        WrongHazardState, actions.recheck_hazard, actor=town.secretary, hazard_id=hazard.pk, passed=True, words="好",
        now=NOW,
    )  # fmt: skip


def test_nobody_looks_again_at_what_they_put_right(town):
    hazard = find(town)
    actions.rectify_hazard(actor=town.secretary, hazard_id=hazard.pk, words="已清走", now=NOW)
    same = {"hazard_id": hazard.pk, "passed": True, "words": "到位", "now": NOW}
    refused(NotAllowed, actions.recheck_hazard, actor=town.secretary, **same)
    refused(NotAllowed, actions.recheck_hazard, actor=town.grid, **same)
    assert actions.recheck_hazard(actor=town.checker, **same).status == "rechecked"


def test_what_cannot_be_is_refused(town):
    for wrong in ({"words": " "}, {"level": "terrible"}, {"until_on": TODAY - timedelta(days=1)}, {"place": "x" * 201}):
        new = NewHazard(**{"words": "楼道堆物", **wrong})
        refused(Invalid, actions.report_hazard, actor=town.grid, area_code=GRID, new=new, now=NOW)
    other = {"area_code": "320585001002001", "new": NewHazard("楼道堆物"), "now": NOW}
    refused(NotAllowed, actions.report_hazard, actor=town.grid, **other)


def test_an_office_sees_what_it_sees_to(town):
    hazard = find(town)
    with pytest.raises(HazardNotFound):
        queries.get_hazard(viewer=town.handler, hazard_id=hazard.pk)
    actions.assign_hazard(
        actor=town.secretary, hazard_id=hazard.pk, responsible="物业公司", until_on=TODAY + timedelta(days=3),
        organization_id=town.desks["ZJJ"], now=NOW,
    )  # fmt: skip
    assert queries.get_hazard_page(viewer=town.handler, hazard_id=hazard.pk).deed == "rectify"
    seen = queries.list_hazards(viewer=town.handler, wanted=HazardFilter(), today=TODAY)
    assert [row.pk for row in seen.rows] == [hazard.pk]
    with pytest.raises(HazardNotFound):
        queries.get_hazard(viewer=town.rival, hazard_id=hazard.pk)


def test_one_press_makes_it_a_case_and_both_stay_linked(town):
    hazard = find(town, words="消防栓没有水，需要水务部门处理", place="3幢")
    case_id = actions.make_hazard_case(actor=town.grid, hazard_id=hazard.pk, now=NOW)
    case = Case.objects.get(pk=case_id)
    assert (case.channel, case.description, case.area_id) == ("patrol", hazard.words, town.areas["grid"])
    refused(AlreadyCase, actions.make_hazard_case, actor=town.grid, hazard_id=hazard.pk, now=NOW)
    assert queries.get_hazard_page(viewer=town.grid, hazard_id=hazard.pk).view.case_number == case.number
    assert queries.find_hazard_of_case(viewer=town.grid, case_id=case_id).hazard == hazard
    for _twice in range(2):
        jobs.rectify_hazard_of_case(case_id=case_id, entry_id=1)
    hazard.refresh_from_db()
    assert hazard.status == "rectified"
    assert Entry.objects.filter(fact="HazardRectified").count() == 1


def test_overdue_is_told_once(town):
    account = town.account("secretary")
    hazard = find(town, until_on=TODAY)
    assert actions.tell_overdue_hazards(actor=jobs.CLOCK, now=NOW) == 0
    late = NOW + timedelta(days=1)
    assert actions.tell_overdue_hazards(actor=jobs.CLOCK, now=late) == 1
    assert actions.tell_overdue_hazards(actor=jobs.CLOCK, now=late) == 0
    entry = Entry.objects.get(fact="HazardOverdue")
    for _twice in range(2):
        jobs.tell_overdue(hazard_id=hazard.pk, entry_id=entry.pk)
    assert Notice.objects.filter(account=account, text__startswith="隐患整改超期").count() == 1
    overdue = queries.list_hazards(viewer=town.grid, wanted=HazardFilter(overdue=True), today=TODAY + timedelta(days=1))
    assert [row.pk for row in overdue.rows] == [hazard.pk]


def test_photos_are_wanted_by_nobody_and_kept_once(town):
    hazard = find(town)
    for _twice in range(2):
        actions.add_hazard_photo(actor=town.grid, hazard_id=hazard.pk, data=photo(), now=NOW)
    assert HazardPhoto.objects.count() == 1
    for n in range(8):
        HazardPhoto.objects.create(hazard=hazard, purpose="found", digest=f"{n}" * 64, size=1)
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    refused(Conflict, actions.add_hazard_photo, actor=town.grid, hazard_id=hazard.pk, data=out.getvalue(), now=NOW)
