"""What each of the cast sees, at what price; lists and boxes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from haitang.cases import actions, queries
from haitang.cases.models import Case
from haitang.cases.queries import CaseFilter
from haitang.cases.values import CaseNotFound, Permission, id_in_number, number_of_case
from haitang.core import policy
from haitang.core.access import VISITOR
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.cases import report


@pytest.fixture
def cases(town):
    """One case in each grid; the first is on the desk of the housing department."""
    made = [report(town.resident, lon=121.305 + 0.01 * number, channel="web") for number in range(4)]
    for deed in ("accept", "register", "dispatch"):
        more = {"organization_code": "ZJJ"} if deed == "dispatch" else {}
        getattr(actions, f"{deed}_case")(actor=town.dispatcher, case_id=made[0].pk, opinion="办", now=NOW, **more)
    return made


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("resident", [0, 1, 2, 3]), ("grid", [0]), ("secretary", [0, 1]), ("dispatcher", [0, 1, 2, 3]),
        ("handler", [0]),
        ("rival", []), ("leader", [0, 1, 2, 3]), ("outsider", [2, 3]),
    ],
)  # fmt: skip
def test_each_sees_what_lies_in_their_area_on_their_desk_or_came_from_them(town, cases, who, sees):
    viewer = getattr(town, who)
    page = queries.list_cases(viewer=viewer, wanted=CaseFilter(), now=NOW)
    assert sorted(case.pk for case in page.rows) == [cases[number].pk for number in sees]
    for number, case in enumerate(cases):
        if number in sees:
            assert queries.get_case(viewer=viewer, case_id=case.pk).pk == case.pk
        else:
            with pytest.raises(CaseNotFound):
                queries.get_case(viewer=viewer, case_id=case.pk)


def test_a_visitor_sees_nothing(cases):
    assert not queries.list_cases(viewer=VISITOR, wanted=CaseFilter(), now=NOW).rows


def test_a_list_costs_the_same_at_one_row_and_at_twenty(town):
    def cost() -> int:
        with policy.reading(), CaptureQueriesContext(connection) as spent:
            page = queries.list_cases(viewer=town.dispatcher, wanted=CaseFilter(), now=NOW)
            queries.describe(list(page.rows), with_reporter=True)
        return len(spent)

    report(town.resident)
    queries.list_cases(viewer=town.dispatcher, wanted=CaseFilter(), now=NOW)
    at_one = cost()
    for _ in range(19):
        report(town.resident)
    assert cost() == at_one <= 4


def test_reporting_costs_two_statements_and_a_deed_four(town):
    report(town.dispatcher, channel="phone")
    with policy.reading(), CaptureQueriesContext(connection) as spent:
        case = report(town.dispatcher, channel="phone")
    statements = [query["sql"] for query in spent if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == 3, statements
    with policy.reading(), CaptureQueriesContext(connection) as spent:
        actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW)
    statements = [query["sql"] for query in spent if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == 5, statements


def test_boxes_hold_what_waits_for_me_what_i_did_and_what_i_started(town, cases):
    def todo(viewer) -> list[int]:
        return sorted(case.pk for case in queries.list_todo(viewer=viewer).rows)

    assert todo(town.grid) == []
    assert todo(town.secretary) == [cases[1].pk]
    assert todo(town.handler) == [cases[0].pk]
    assert queries.count_todo(viewer=town.handler) == 1
    accepting = actor_with(Permission.VIEW, Permission.ACCEPT)
    assert todo(accepting) == []
    actions.verify_case(actor=town.secretary, case_id=cases[1].pk, opinion="属实", now=NOW)
    assert todo(accepting) == [cases[1].pk]
    assert [case.pk for _entry, case in queries.list_done(viewer=town.secretary).rows] == [cases[1].pk]
    assert sorted(case.pk for case in queries.list_mine(viewer=town.resident).rows) == [case.pk for case in cases]


def test_similar_cases_are_those_within_the_set_distance_and_time(town):
    near = report(town.resident, lon=121.305, lat=31.505)
    report(town.resident, lon=121.305 + 0.001, lat=31.505)
    old = report(town.resident, lon=121.305, lat=31.505, now=NOW - timedelta(hours=25))
    found = queries.list_similar(viewer=town.dispatcher, lon=121.3051, lat=31.5051, now=NOW + timedelta(minutes=1))
    assert [(each.case.pk, each.metres, each.minutes, each.percent) for each in found] == [(near.pk, 15, 1, None)]
    assert old.pk not in {each.case.pk for each in found}


def test_overdue_and_warnings_are_recorded_once_each(town):
    case = report(town.dispatcher, channel="phone")
    whole = case.due_at - NOW
    told = [
        actions.tell_missed_deadlines(actor=town.leader, now=NOW + whole * part)
        for part in (0, 0.5, 0.6, 0.8, 0.8, 1, 1.1, 2)
    ]
    assert told == [0, 1, 0, 1, 0, 0, 1, 0]
    entries = queries.list_timeline(viewer=town.leader, case_id=case.pk)[1:]
    assert [(entry.fact, entry.data.get("percent")) for entry in entries] == [
        ("DeadlineNear", 50), ("DeadlineNear", 80), ("DeadlineMissed", None),
    ]  # fmt: skip
    late = case.due_at + timedelta(minutes=1)
    wanted = CaseFilter(overdue=True)
    assert [row.pk for row in queries.list_cases(viewer=town.leader, wanted=wanted, now=late).rows] == [case.pk]
    assert not queries.list_cases(viewer=town.leader, wanted=wanted, now=NOW).rows


def test_the_reporter_is_sealed_in_the_database_and_shown_in_full_only_on_the_record(town):
    case = report(town.resident, reporter_name="王小明", reporter_phone="13900000001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_sealed, phone_sealed, phone_index FROM cases_reporter")
        raw = b"".join(bytes(part) for part in cursor.fetchone())
    assert "王小明".encode() not in raw
    assert b"13900000001" not in raw
    seen = actions.unmask_reporter(actor=town.dispatcher, case_id=case.pk, reason="回访", now=NOW)
    assert (seen.name, seen.phone) == ("王小明", "13900000001")
    assert queries.list_timeline(viewer=town.dispatcher, case_id=case.pk)[-1].fact == "ReporterUnmasked"
    assert Case.objects.count() == 1


def test_whoever_only_reported_a_case_reads_the_answers_and_not_the_inside(town):
    case = report(town.resident)
    actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="来电人多次投诉，先受理", now=NOW)
    actions.refuse_case(actor=town.dispatcher, case_id=case.pk, opinion="不属于本级职责，请向物业反映", now=NOW)
    own = queries.list_timeline(viewer=town.resident, case_id=case.pk)
    assert [(entry.actor_name, entry.data.get("opinion", "")) for entry in own] == [
        ("林阿姨", ""), ("", ""), ("", "不属于本级职责，请向物业反映"),
    ]  # fmt: skip
    page = queries.get_case_page(viewer=town.resident, case_id=case.pk, now=NOW)
    assert "先受理" not in str([entry.data for entry in page.entries])
    inside = queries.list_timeline(viewer=town.secretary, case_id=case.pk)
    assert [entry.actor_name for entry in inside] == ["林**", "周敏", "周敏"]
    assert inside[1].data["opinion"] == "来电人多次投诉，先受理"


@pytest.mark.parametrize(
    "number",
    ["", "7", "20260507-", "20260507-x", "20260507-\uff17", "-7", "20260507-0-7", "a\0-7", "20260507-" + "9" * 19],
)
def test_what_is_no_number_bears_no_id_and_finds_nothing(town, number):
    assert id_in_number(number) is None
    with pytest.raises(CaseNotFound):
        queries.find_case(viewer=town.leader, number=number)
    assert queries.get_case_by_number(number=number, query_code="ABCDEF") is None


def test_a_case_is_found_by_the_whole_of_its_number(town):
    case = report(town.resident)
    assert case.number == number_of_case(TODAY, case.pk)
    assert id_in_number(number_of_case(TODAY, 12_345_678)) == 12_345_678
    assert queries.find_case(viewer=town.leader, number=f" {case.number} ").pk == case.pk
    assert queries.list_cases(viewer=town.leader, wanted=CaseFilter(q=case.number), now=NOW).total == 1
    another_day = f"20200101-{case.pk:07d}"
    with pytest.raises(CaseNotFound):
        queries.find_case(viewer=town.leader, number=another_day)
    assert queries.list_cases(viewer=town.leader, wanted=CaseFilter(q=another_day), now=NOW).total == 0
    with pytest.raises(IntegrityError, match="cases_case_number_bears_id"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(number=number_of_case(TODAY, case.pk + 1))
