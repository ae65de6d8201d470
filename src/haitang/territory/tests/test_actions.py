"""The tree: each refusal differs from a happy deed in one thing."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from haitang.core.access import VISITOR, Actor, Grant
from haitang.core.errors import Invalid, NotAllowed, NotSignedIn, Refusal
from haitang.core.models import Entry
from haitang.territory import actions, models, queries
from haitang.territory.values import (
    AreaClosed,
    AreaHasChildren,
    AreaNotFound,
    CodeTaken,
    InvalidCode,
    InvalidDate,
    InvalidPlacement,
    Permission,
)
from haitang.testing.actors import NOBODY, NOW, START, TODAY
from haitang.testing.land import AREAS, FOUNDER, ref, row, strip

pytestmark = pytest.mark.django_db
GRID = "320585001001001"


def create(**change):
    given = {"actor": FOUNDER, "code": "320585001001003", "name": "第五网格", "kind": "grid", "now": NOW} | change
    if "parent_id" not in given:
        given["parent_id"] = ref("320585001001").id
    return actions.create_area(**given)


def test_an_area_stands_under_its_parent_and_is_recorded(areas):
    area = create()
    parent = ref("320585001001")
    assert (area.path, area.depth, area.valid_to) == (f"{parent.path}{area.pk}/", 4, None)
    entry = Entry.objects.order_by("-id").first()
    assert (entry.fact, entry.subject_id, entry.data["code"]) == ("AreaCreated", area.pk, "320585001001003")
    assert entry.area_path == area.path
    assert queries.territory().full_name(area.pk) == "海棠街道 / 春和社区 / 第五网格"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"actor": NOBODY}, NotAllowed),
        ({"actor": VISITOR}, NotSignedIn),
        ({"parent_id": 0}, AreaNotFound),
        ({"kind": "street"}, InvalidPlacement),
        ({"kind": "galaxy"}, InvalidPlacement),
        ({"code": GRID}, CodeTaken),
        ({"code": "3205 85"}, InvalidCode),
        ({"code": ""}, InvalidCode),
        ({"name": " "}, Invalid),
        ({"name": "网\x00格"}, Invalid),
        ({"name": "长" * 101}, Invalid),
        ({"valid_from": TODAY + timedelta(days=1)}, InvalidDate),
    ],
)
def test_creating_is_refused(areas, change, refusal):
    entries = Entry.objects.count()
    with pytest.raises(refusal):
        create(**change)
    assert Entry.objects.count() == entries
    assert models.Area.objects.count() == len(AREAS)


def test_a_grant_over_one_community_does_not_reach_the_next(areas):
    secretary = Actor("王书记", id=3, grants=frozenset({Grant(Permission.MANAGE, ref("320585001001").path)}))
    assert create(actor=secretary).pk
    with pytest.raises(NotAllowed):
        create(actor=secretary, code="x", parent_id=ref("320585001002").id)


def test_many_areas_are_created_in_a_handful_of_statements(areas, django_assert_max_num_queries):
    grid = row("320585001001009", "第九网格", "grid", "320585001001")
    rows = [grid, *(row(f"320585001001009-{n}", f"{n} 幢", "building", grid["code"]) for n in range(1500))]
    with django_assert_max_num_queries(16):
        areas = actions.create_areas(actor=FOUNDER, rows=rows, now=NOW)
    assert [area.code for area in areas] == [each["code"] for each in rows]
    assert len(queries.territory().children(areas[0].pk)) == 1500


def test_many_areas_are_created_all_or_none(areas):
    with pytest.raises(CodeTaken):
        actions.create_areas(
            actor=FOUNDER, now=NOW,
            rows=[row("a1", "甲", "grid", "320585001001"), row("a1", "乙", "grid", "320585001001")],
        )  # fmt: skip
    assert not models.Area.objects.filter(code="a1").exists()


def test_unusual_codes_pass_with_a_warning(areas):
    parent = ref("320585001001").id
    assert queries.code_warnings(kind="grid", code="320585001001003", parent_id=parent) == []
    form, prefix = queries.code_warnings(kind="grid", code="99", parent_id=parent)
    assert "15 位网格编码" in form
    assert "前 12 位" in prefix
    assert create(code="99").code == "99"


def test_a_strict_rule_of_the_tenant_refuses(areas):
    actions.set_code_rule(actor=FOUNDER, kind="grid", pattern=r"^WG\d{4}$", label="WG＋4 位", strict=True, now=NOW)
    with pytest.raises(InvalidCode, match="WG＋4 位"):
        create()
    assert create(code="WG0001").code == "WG0001"
    with pytest.raises(Invalid, match="正则"):
        actions.set_code_rule(actor=FOUNDER, kind="grid", pattern="(", label="坏", now=NOW)
    with pytest.raises(NotAllowed):
        actions.set_code_rule(actor=NOBODY, kind="grid", pattern="x", label="x", now=NOW)


def test_a_name_is_corrected_in_place(areas):
    area = actions.change_area(actor=FOUNDER, area_id=areas["grid"], name="东风网格", kind="special_grid", now=NOW)
    assert (area.pk, ref(GRID).name, ref(GRID).kind) == (areas["grid"], "东风网格", "special_grid")
    assert Entry.objects.get(fact="AreaChanged").data["previous_name"] == "第一网格"
    actions.change_area(actor=FOUNDER, area_id=areas["grid"], name="东风网格", now=NOW)
    assert Entry.objects.filter(fact="AreaChanged").count() == 1
    with pytest.raises(InvalidPlacement):
        actions.change_area(actor=FOUNDER, area_id=areas["grid"], kind="community", now=NOW)
    with pytest.raises(NotAllowed):
        actions.change_area(actor=NOBODY, area_id=areas["grid"], name="西风网格", now=NOW)


def test_replacing_opens_new_versions_of_everything_below(areas):
    actions.add_population(
        actor=FOUNDER, area_id=areas["grid"], kind="resident", number=812, date=START, source="七普", now=NOW
    )
    old = ref("320585001001")
    new = actions.replace_area(
        actor=FOUNDER, area_id=old.id, code="320585001009", name="春和园社区", effective=date(2026, 4, 1), now=NOW
    )
    grid = ref(GRID)
    assert ref("320585001001") is None
    assert (ref("320585001009").id, new.replaced_by_id) == (new.pk, None)
    assert grid.id != areas["grid"]
    assert grid.path.startswith(new.path)
    assert queries.territory().get(areas["grid"]).open is False
    closed = models.Area.objects.get(pk=areas["grid"])
    assert (closed.valid_to, closed.replaced_by_id, closed.path) == (
        date(2026, 4, 1),
        grid.id,
        f"{old.path}{closed.pk}/",
    )
    assert queries.get_area(grid.id).boundary == closed.boundary
    assert queries.locate(121.305, 31.505) == grid
    assert [f.number for f in queries.list_populations(grid.id)] == [812]
    assert [area.pk for area in queries.list_versions(grid.id)] == [areas["grid"]]
    assert queries.valid_on(GRID, date(2026, 3, 31)).pk == areas["grid"]
    assert queries.valid_on(GRID, date(2026, 4, 1)).pk == grid.id
    pairs = {e.subject_id: e.data["new_area_id"] for e in Entry.objects.filter(fact="AreaReplaced")}
    assert pairs[areas["grid"]] == grid.id
    assert len(pairs) == 3


def test_replacing_is_refused(areas):
    street, community = ref("320585001000").id, ref("320585001001").id
    for change, refusal in [
        ({"actor": NOBODY}, NotAllowed),
        ({"area_id": 0}, AreaNotFound),
        ({"code": "320585001002"}, CodeTaken),
        ({"kind": "building"}, InvalidPlacement),
        ({"area_id": street, "parent_id": community}, InvalidPlacement),
        ({"effective": NOW.date() + timedelta(days=2)}, InvalidDate),
        ({"effective": START - timedelta(days=1)}, InvalidDate),
    ]:
        with pytest.raises(refusal):
            actions.replace_area(**({"actor": FOUNDER, "area_id": community, "now": NOW} | change))
    assert models.Area.objects.filter(valid_to=None).count() == len(AREAS)


def test_a_merger_moves_what_is_below_then_closes_then_redraws(areas):
    spring, autumn = ref("320585001001").id, ref("320585001002").id
    with pytest.raises(AreaHasChildren):
        actions.close_area(actor=FOUNDER, area_id=spring, replaced_by_id=autumn, now=NOW)
    for grid in queries.territory().children(spring):
        actions.replace_area(actor=FOUNDER, area_id=grid.id, parent_id=autumn, now=NOW)
    closed = actions.close_area(actor=FOUNDER, area_id=spring, replaced_by_id=autumn, now=NOW)
    assert (closed.replaced_by_id, ref("320585001001")) == (autumn, None)
    assert [f.what for f in queries.boundary_report(autumn)] == ["outside", "outside"]
    actions.set_boundary(actor=FOUNDER, area_id=autumn, boundary=strip(0, 4), source="测试", now=NOW)
    assert queries.boundary_report(autumn) == []
    assert queries.locate(121.305, 31.505) == ref(GRID)
    assert ref(GRID).parent_id == autumn
    with pytest.raises(AreaClosed):
        actions.change_area(actor=FOUNDER, area_id=spring, name="旧", now=NOW)
    with pytest.raises(AreaClosed):
        create(parent_id=spring)


def test_the_database_keeps_paths_and_closed_areas(areas):
    actions.close_area(actor=FOUNDER, area_id=areas["grid"], now=NOW)
    for change in ({"path": "/9/"}, {"code": "z"}, {"parent_id": None}, {"valid_to": None}, {"name": "改"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            models.Area.objects.filter(pk=areas["grid"]).update(**change)


def test_population_figures_are_added_not_overwritten(areas):
    given = {
        "actor": FOUNDER,
        "area_id": areas["grid"],
        "kind": "resident",
        "number": 812,
        "date": START,
        "source": "七普",
    }
    actions.add_population(now=NOW, **given)
    actions.add_population(now=NOW, **(given | {"date": date(2025, 12, 31), "number": 790}))
    assert queries.latest_populations([areas["grid"]])[areas["grid"]]["resident"].number == 790
    for change in ({}, {"number": -1}, {"kind": "cats"}, {"source": ""}, {"actor": NOBODY}, {"date": date(2027, 1, 1)}):
        with pytest.raises(Refusal):
            actions.add_population(now=NOW, **(given | change))
    assert len(queries.list_populations(areas["grid"])) == 2
