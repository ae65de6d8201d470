"""Whoever looks at what is masked stands in one list with the reason, and is told to the person, by office."""

import inspect
import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from haitang.cases import actions as cases
from haitang.cases.queries import CaseFilter
from haitang.cases.values import Permission as CasePermission
from haitang.core import access, clock, history
from haitang.core.errors import NotAllowed
from haitang.core.facts import known_facts
from haitang.core.looks import LOOKS, is_look
from haitang.core.models import Entry
from haitang.core.tables import read_table
from haitang.orders import actions as ordering
from haitang.orders.tests.cast import open_service, order
from haitang.orders.values import Permission as OrderPermission
from haitang.people import actions as people
from haitang.people.queries import get_own_account
from haitang.people.values import Permission as PeoplePermission
from haitang.privacy import queries
from haitang.privacy.queries import LookFilter
from haitang.privacy.values import Permission
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import report
from haitang.testing.people import FOUNDER, build_account

WATCHER = actor_with(Permission.LOOKS, name="审计员", account_id=41)
CLERK = actor_with(
    CasePermission.VIEW, CasePermission.UNMASK, CasePermission.EXPORT, OrderPermission.VIEW, OrderPermission.UNMASK,
    PeoplePermission.PERSON_UNMASK, name="周敏", account_id=42, organization_name="春风街道办",
)  # fmt: skip
WHY = "回电核实"
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def ouyang(town):
    """A resident who has reported, ordered and left a telephone."""
    person = people.create_person(actor=FOUNDER, name="欧阳小雨", phone="15400001234", now=NOW)
    return access.Actor("欧阳小雨", id=build_account("欧阳小雨", person).pk)


@pytest.fixture
def seen(town, ouyang):
    """Three looks of one clerk, and a table taken away in full: the case's id, the order's, the person's."""
    case = report(ouyang, reporter_name="欧阳小雨", reporter_phone="15400001234")
    placed = order(ouyang, open_service(), name="欧阳小雨", phone="15400001234")
    person = get_own_account(ouyang.id, clock.local_date(NOW)).account.person
    cases.unmask_reporter(actor=CLERK, case_id=case.pk, reason=WHY, now=NOW)
    cases.unmask_reporter(actor=CLERK, case_id=case.pk, reason=WHY, now=LATER)
    ordering.unmask_orderer(actor=CLERK, order_id=placed.pk, reason="送餐地址不清", now=LATER)
    people.unmask_person(actor=CLERK, person_id=person.pk, field="phone", reason="核对登记", now=LATER)
    cases.export_cases(actor=CLERK, now=LATER, wanted=CaseFilter(), unmask_reason="信访复核")
    return case, placed, person


def looks(**wanted):
    return queries.list_looks(viewer=WATCHER, wanted=LookFilter(**wanted)).rows


def test_every_look_stands_in_the_list_with_who_what_whose_where_and_why(town, seen):
    case, placed, person = seen
    found = [(look.fact, look.subject_id, look.who, look.organization_name, look.reason) for look in looks()]
    assert found == [
        (fact, subject_id, "周敏", "春风街道办", reason)
        for fact, subject_id, reason in (
            ("CasesExported", 0, "信访复核"), ("PersonUnmasked", person.pk, "核对登记"),
            ("OrdererContactSeen", placed.pk, "送餐地址不清"), ("ReporterUnmasked", case.pk, WHY),
            ("ReporterUnmasked", case.pk, WHY),
        )
    ]  # fmt: skip
    assert looks()[-1].area_name == "第一网格"


def test_the_list_is_narrowed_by_who_what_where_and_when(town, seen):
    case, _placed, _person = seen
    assert looks(who="别人") == []
    assert len(looks(who="周敏")) == 5
    assert [look.fact for look in looks(fact="OrdererContactSeen")] == ["OrdererContactSeen"]
    assert {look.subject_id for look in looks(area_path=case.area_path)} >= {case.pk}
    assert looks(area_path="/999999/") == []
    assert [look.at for look in looks(to_at=LATER)] == [NOW]
    assert len(looks(from_at=LATER)) == 4


def test_masked_tables_and_other_deeds_are_no_looks(town):
    cases.export_cases(actor=CLERK, now=NOW, wanted=CaseFilter())
    report(town.resident)
    assert looks() == []


@pytest.mark.parametrize("permission", [Permission.REPORT, Permission.DECIDE, PeoplePermission.GRANT_MANAGE])
def test_nobody_else_reads_it(town, permission):
    with pytest.raises(NotAllowed):
        queries.list_looks(viewer=actor_with(permission), wanted=LookFilter())


def test_a_page_costs_the_same_at_any_size_and_is_read_from_its_own_index(town, ouyang):
    case = report(ouyang, reporter_name="欧阳小雨", reporter_phone="15400001234")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            looks()
        return len(asked)

    cases.unmask_reporter(actor=CLERK, case_id=case.pk, reason=WHY, now=NOW)
    looks()
    before = cost()
    for _again in range(60):
        cases.unmask_reporter(actor=CLERK, case_id=case.pk, reason=WHY, now=NOW)
    assert cost() == before
    first = queries.list_looks(viewer=WATCHER, wanted=LookFilter())
    rest = queries.list_looks(viewer=WATCHER, wanted=LookFilter(), cursor=first.next)
    assert (len(first.rows), len(rest.rows)) == (50, 11)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of a town's few rows: what a city's many would be read by
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = Entry.objects.filter(LOOKS).order_by("-at", "-id").values_list("pk", flat=True)[:51].explain()
    assert "core_entry_looks" in plan
    assert "Sort" not in plan


def test_the_person_reads_which_office_saw_it_how_often_and_no_name_of_staff(town, ouyang, seen, client, monkeypatch):
    monkeypatch.setattr(access, "VISITOR", ouyang)
    page = client.get(reverse("privacy:mine")).content.decode()
    assert "春风街道办 2 次" in page
    assert "春风街道办 1 次" in page
    assert CLERK.name not in page
    assert WHY not in page
    told = json.loads(client.get(reverse("privacy:mine_json")).content)
    shown = {item["title"]: item["shown_to"] for part in told["parts"] for item in part["items"]}
    assert shown[seen[0].number] == "春风街道办 2 次"
    monkeypatch.setattr(access, "VISITOR", town.resident)
    assert "春风街道办" not in client.get(reverse("privacy:mine")).content.decode()


def test_who_watches_has_a_page_a_sheet_and_an_operation(town, seen, client, monkeypatch, tmp_path):
    monkeypatch.setattr(access, "VISITOR", WATCHER)
    monkeypatch.setattr("haitang.config.api.authenticate_token", lambda *_given, **_more: WATCHER)
    page = client.get(reverse("privacy:looks"), {"who": "周敏", "fact": "ReporterUnmasked"}).content.decode()
    assert page.count(WHY) == 2
    assert "信访复核" not in page
    sheet = client.post(reverse("privacy:looks_export") + "?fact=ReporterUnmasked")
    (tmp_path / "looks.xlsx").write_bytes(sheet.content)
    rows = list(read_table(tmp_path / "looks.xlsx", queries.look_columns()))
    assert [(row.cells["who"], row.cells["reason"]) for row in rows] == [("周敏", WHY)] * 2
    assert Entry.objects.get(fact="LooksExported").data["count"] == 2
    assert client.post(reverse("privacy:looks_export") + "?from_date=soon").status_code == 422
    auth = {"headers": {"Authorization": "Bearer x"}}
    body = client.get("/api/v1/privacy/looks", {"from_at": LATER.isoformat()}, **auth).json()
    assert [row["fact"] for row in body["rows"]][-1] == "ReporterUnmasked"
    assert len(body["rows"]) == 4
    assert client.get("/api/v1/privacy/looks", {"area": "nowhere"}, **auth).status_code == 404


def revealing() -> list:
    """Return every action whose name says that it shows what is masked."""
    found = {}
    for app in apps.get_app_configs():
        if not app.name.startswith("haitang."):
            continue
        try:
            package = import_module(f"{app.name}.actions")
        except ModuleNotFoundError:
            continue
        for name in getattr(package, "__all__", ()):
            if name.startswith(("unmask_", "see_")):
                found[f"{app.label}.{name}"] = getattr(package, name)
    return sorted(found.items())


def test_every_action_that_shows_what_is_masked_leaves_a_fact_that_the_list_knows():
    looks_at = {fact.__name__ for fact in known_facts() if queries.tells_of_looks(fact)}
    known = (*looks_at, "return unmask_")
    silent = [name for name, action in revealing() if not any(word in inspect.getsource(action) for word in known)]
    assert silent == []
    assert len(revealing()) >= 10


def test_what_the_code_calls_a_look_the_database_does_too(town):
    for fact in known_facts():
        if queries.tells_of_looks(fact):
            values = [True if name in ("unmasked", "in_full") else 1 for name in inspect.signature(fact).parameters]
            entry_id = history.record(actor=CLERK, fact=fact(*values), at=NOW)
            entry = Entry.objects.get(pk=entry_id)
            assert is_look(entry.fact, entry.data), fact
            assert Entry.objects.filter(LOOKS, pk=entry_id).exists(), fact
