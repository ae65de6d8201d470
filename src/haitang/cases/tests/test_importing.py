"""Another system's cases come in, and go out again."""

import csv
import os
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from haitang.cases import actions, queries
from haitang.cases.actions import loading
from haitang.cases.lifecycle import Status
from haitang.cases.models import Case, ImportRun, PendingWarning, Reporter
from haitang.cases.values import Permission as P  # noqa: N817 - it stands in every line
from haitang.core import crypto
from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.core.tables import load_map, read_table, write_csv, write_xlsx
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import report

ROOT = Path(__file__).parents[4]
BOSTON_MAP = ROOT / "docs/examples/boston311.map.toml"
IMPORTER = actor_with(P.REPORT, account_id=900_002)
EXPORTER = actor_with(P.VIEW, P.EXPORT, account_id=900_003)
HEADER = "外部编号,问题描述,上报时间,状态,结案时间,经度,纬度,区域编码,诉求人,联系电话,承办单位编码"


@pytest.fixture
def boston() -> Path:
    """Return the folder of Boston's files, which are no part of the project."""
    for shared in (os.environ.get("HAITANG_SHARED", ""), ROOT / "../shared"):
        folder = Path(shared) / "data/311"
        if shared and folder.is_dir():
            return folder
    pytest.skip("Boston's 311 files are not on this machine (../shared/data/311, or name its place in HAITANG_SHARED)")


@pytest.fixture
def put(tmp_path: Path):
    """Return a function that writes the lines below the header to a file."""

    def write(*lines: str, header: str = HEADER) -> Path:
        path = tmp_path / "cases.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        return path

    return write


def take_in(path: Path, **changes) -> actions.ImportSummary:
    return actions.import_cases(actor=IMPORTER, path=path, **{"now": NOW, **changes})


def take_boston(path: Path, **changes) -> actions.ImportSummary:
    return take_in(path, table_map=load_map(BOSTON_MAP, queries.case_columns()), **changes)


def reasons(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row["导入结果"] for row in csv.DictReader(file)]


def state() -> tuple:
    """Return everything an import has written, but for random codes and the numbers of its own rows."""
    cases = Case.objects.order_by("external_id").values_list(
        "external_source", "external_id", "status", "reported_at", "closed_at", "area_id", "category_id",
        "routing_reason", "deadlines", "search", "stage", "due_at",
    )  # fmt: skip
    facts = sorted(
        str(sorted((k, v) for k, v in data.items() if k != "case_id"))
        for data in Entry.objects.filter(fact="CaseImported").values_list("data", flat=True)
    )
    return [tuple(map(str, row)) for row in cases], facts, queries.counted()


@pytest.mark.usefixtures("town")
def test_a_hundred_boston_requests_come_in_with_their_times_and_verdicts(boston, tmp_path):
    path, result = boston / "boston311-100.csv", tmp_path / "result.csv"
    summary = take_boston(path, result_path=result)
    assert (summary.rows, summary.loaded, summary.refused) == (100, 100, 0)
    assert reasons(result) == []
    assert queries.counted() == queries.recount()
    with path.open(encoding="utf-8", newline="") as file:
        theirs = {row["case_enquiry_id"]: row for row in csv.DictReader(file)}
    cases = {case.external_id: case for case in Case.objects.all()}
    assert set(cases) == set(theirs)
    verdicts = {key: "ONTIME" if queries.kept_target(case, NOW) else "OVERDUE" for key, case in cases.items()}
    assert verdicts == {key: row["ontime"] for key, row in theirs.items()}
    assert sum(bool(r["target_dt"] and r["closed_dt"]) for r in theirs.values()) == 77
    first = cases["101004113604"] if "101004113604" in cases else next(iter(cases.values()))
    assert first.external_source == "boston311"
    assert {case.area_id for case in cases.values()} == {Case.objects.first().area_ids[0]}  # the root: not located
    assert sum(case.status == Status.CLOSED for case in cases.values()) == 85
    needle = cases["101004130437"]
    assert needle.reported_at == datetime(2022, 1, 19, 16, 18, tzinfo=UTC)
    assert needle.closed_at == datetime(2022, 1, 19, 16, 42, 16, tzinfo=UTC)
    assert needle.number.startswith("20220120-")
    measures = {key[4]: 0 for key in queries.counted()}
    for key, n in queries.counted().items():
        measures[key[4]] += n
    assert (measures["did:close"], measures["in_time:handle"], measures["late:handle"]) == (85, 72, 5)


@pytest.mark.usefixtures("town")
def test_the_broken_row_is_refused_with_its_line_and_the_others_come_in(boston, tmp_path):
    result = tmp_path / "result.csv"
    summary = take_boston(boston / "boston311-100-bad.tsv", result_path=result)
    assert (summary.loaded, summary.refused) == (99, 1)
    assert reasons(result) == ["第 41 行：本行有 30 列，表头只有 29 列"]


@pytest.mark.usefixtures("town")
def test_repeated_rows_come_in_once(boston, tmp_path):
    result = tmp_path / "result.csv"
    summary = take_boston(boston / "boston311-100-20dupes-random.csv", result_path=result, batch_rows=7)
    assert (summary.loaded, summary.repeated, Case.objects.count()) == (80, 20, 80)
    assert all("此前已导入" in reason for reason in reasons(result))
    again = take_boston(boston / "boston311-100.csv")
    assert (again.loaded, again.repeated) == (20, 80)
    assert queries.counted() == queries.recount()


@pytest.mark.usefixtures("town")
def test_personal_numbers_in_their_texts_do_not_get_into_our_history(boston):
    summary = take_boston(boston / "boston311-100-with-fake-pii.csv")
    assert summary.loaded == 100
    assert summary.masked == 6  # five put in for the trial, and one that Boston published
    kept = " ".join(str(data) for data in Entry.objects.values_list("data", flat=True))
    for number in ("212-555-1234", "987-65-4320", "378734493671000", "joeblows", "212-123-5432", "781-853-9016"):
        assert number not in kept


class Killed(BaseException):
    """Stands for a power failure."""


@pytest.mark.usefixtures("town")
def test_interrupted_anywhere_and_run_again_equals_one_run(boston, tmp_path, monkeypatch):
    path, whole, parts = boston / "boston311-100-20dupes-random.csv", tmp_path / "whole.csv", tmp_path / "parts.csv"
    with transaction.atomic():
        take_boston(path, result_path=whole, batch_rows=9)
        expected = state()
        transaction.set_rollback(True)
    chance, attempts = random.Random(311), 0
    write = loading._write

    def fragile(*args, **kwargs):
        if chance.random() < 0.3:
            raise Killed
        write(*args, **kwargs)
        if chance.random() < 0.3:
            raise Killed  # the rows are written, the batch is not committed

    def impatient(summary):
        if summary.done and chance.random() < 0.2:
            raise Killed

    monkeypatch.setattr(loading, "_write", fragile)
    while True:
        attempts += 1
        try:
            summary = take_boston(path, result_path=parts, batch_rows=9, progress=impatient)
        except Killed:
            continue
        break
    assert attempts > 3
    assert summary.resumed
    assert (summary.loaded, summary.refused, summary.repeated) == (80, 20, 20)
    assert state() == expected
    assert parts.read_bytes() == whole.read_bytes()
    assert ImportRun.objects.filter(finished_at=None).count() == 0


def test_rows_find_their_grid_desk_deadline_and_seal(town, put):
    path = put(
        "A1,路灯不亮,2026-04-30 10:00,,,121.305,31.505,,林阿姨,138 1234 5678,",
        "A2,路灯不亮,2026年4月30日 上午10:00,处置中,,,,320585001002001,,,ZJJ",
        "A3,路灯不亮,2026-04-30 10:00,已结案,2026-05-01 10:00,1.0,1.0,,,,",
    )
    assert take_in(path, source="热线").loaded == 3
    first, second, third = Case.objects.order_by("external_id")
    assert (first.status, first.stage) == (Status.REPORTED, "accept")
    assert first.area_ids == list(town.area("320585001001001").ids)
    assert first.category_id is not None
    assert first.routed_to_id is not None
    assert first.due_at > first.reported_at == datetime(2026, 4, 30, 10, tzinfo=LOCAL)
    assert not PendingWarning.objects.filter(case=first).exists()  # long past: the backlog alarms nobody
    reporter = Reporter.objects.get(case=first)
    assert crypto.open_(reporter.phone_sealed, "reporter.phone") == "13812345678"
    assert b"138" not in bytes(reporter.phone_sealed)
    assert (second.stage, second.organization_id) == ("handle", town.desks["ZJJ"])
    assert second.area_ids == list(town.area("320585001002001").ids)
    assert (third.stage, third.due_at, third.area_ids) == (None, None, list(town.area("320585").ids))
    (entry,) = Entry.objects.filter(subject_type="case", subject_id=first.pk)
    assert (entry.fact, entry.area_path) == ("CaseImported", town.area("320585001001001").path)
    assert queries.counted() == queries.recount()
    assert [case.pk for case in queries.list_cases(
        viewer=EXPORTER, wanted=queries.CaseFilter(q="路灯"), now=NOW, limit=10).rows]  # fmt: skip


def test_an_imported_case_goes_on_like_any_other(town, put):
    take_in(put("A1,路灯不亮,2026-05-06 09:00,,,121.305,31.505,,,,"))
    case = Case.objects.get()
    actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="属实，受理", now=NOW)
    assert queries.counted() == queries.recount()


@pytest.mark.usefixtures("town")
def test_rows_that_contradict_themselves_are_refused_with_a_reason(put, tmp_path):
    lines = {
        "A1,x,2099-01-01,,,,,,,,": "上报时间晚于现在",
        "A2,x,2026-05-01,已结案,,,,,,,": "须有结案时间",
        "A3,x,2026-05-01,已结案,2026-04-01,,,,,,": "早于上报时间",
        "A4,x,2026-05-01,待受理,2026-05-02,,,,,,": "不应有结案时间",
        "A5,x,2026-05-01,,,121.3,,,,,": "应同时填写",
        "A6,x,2026-05-01,,,500,31,,,,": "超出了范围",
        "A7,x,2026-05-01,,,,,999999,,,": "没有编码为",
        "A8,x,2026-05-01,,,,,,,5352123,": "",
        "A9,x,2026-05-01,处置中,,,,,,,无此单位": "没有编码为",
        "A10,x,,,,,,,,,": "“上报时间”：不能为空",
        "A11,,2026-05-01,,,,,,,,": "“问题描述”：不能为空",
        "A12,x,2026-05-01,不明,,,,,,,": "不在可选范围",
        "A13,x,2026-05-01,,,,,,,abc,": "不是有效的号码",
    }
    result = tmp_path / "r.csv"
    summary = take_in(put(*lines), result_path=result)
    found = reasons(result)
    expected = [text for text in lines.values() if text]
    assert len(found) == summary.refused == len(expected)
    for reason, text in zip(found, expected, strict=True):
        assert text in reason
    assert Case.objects.get().external_id == "A8"


@pytest.mark.usefixtures("town")
def test_rows_without_a_number_are_known_by_their_content(put):
    header = "问题描述,上报时间"
    assert take_in(put("灯不亮,2026-05-01", "灯不亮,2026-05-01", "水管漏,2026-05-01", header=header)).repeated == 1
    again = take_in(put("灯不亮,2026-05-01", "水管漏,2026-05-01", "新的,2026-05-01", header=header))
    assert (again.loaded, again.repeated) == (1, 2)


@pytest.mark.usefixtures("town")
def test_a_check_loads_nothing(put):
    assert take_in(put("A1,x,2026-05-01,,,,,,,,"), check_only=True).loaded == 1
    assert Case.objects.count() == ImportRun.objects.count() == 0


@pytest.mark.usefixtures("town")
def test_only_who_may_report_everywhere_imports(put):
    with pytest.raises(NotAllowed):
        actions.import_cases(actor=EXPORTER, now=NOW, path=put("A1,x,2026-05-01,,,,,,,,"))
    with pytest.raises(Invalid):
        take_in(put("x", header="别的"))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_comes_in_again_as_it_was(town, tmp_path, kind):
    report(
        town.resident, lon=121.305, description="=1+1 路灯不亮", reporter_name="林阿姨", reporter_phone="13812345678"
    )
    done = report(town.grid, channel="patrol", lon=121.305, description="井盖缺失\n有危险")
    actions.accept_case(actor=town.dispatcher, case_id=done.pk, opinion="受理", now=NOW)
    path = tmp_path / f"out.{kind}"
    rows = list(actions.export_cases(actor=EXPORTER, now=NOW, wanted=queries.CaseFilter())[1])
    if kind == "csv":
        path.write_bytes(b"".join(write_csv(rows, queries.case_columns())))
        assert "'=1+1" in path.read_text(encoding="utf-8-sig")
    else:
        assert write_xlsx(rows, queries.case_columns(), path, title="案件") == 2
    summary = take_in(path)
    assert (summary.loaded, summary.repeated) == (0, 2)  # they are here already
    read = [list(row.cells.values()) for row in read_table(path, queries.case_columns())]
    shown = [[None if value == "" else value for value in row] for row in rows]
    phone = [column.name for column in queries.case_columns()].index("reporter_phone")
    assert shown[0][phone] == "138****5678"
    shown[0][phone] = ""  # a masked number reads as none
    assert [row[:-6] for row in read] == [row[:-6] for row in shown]


def test_exports_mask_hide_and_are_recorded(town):
    report(town.resident, reporter_name="林阿姨", reporter_phone="13812345678")
    report(town.resident, kind="denunciation", description="举报违建")
    masked = list(actions.export_cases(actor=EXPORTER, now=NOW, wanted=queries.CaseFilter())[1])
    assert len(masked) == 1
    assert "13812345678" not in masked[0]
    with pytest.raises(NotAllowed):
        actions.export_cases(actor=EXPORTER, now=NOW, wanted=queries.CaseFilter(), unmask_reason="核对")
    with pytest.raises(NotAllowed):
        actions.export_cases(actor=town.grid, now=NOW, wanted=queries.CaseFilter())
    trusted = actor_with(P.VIEW, P.EXPORT, P.UNMASK, P.VIEW_CONFIDENTIAL)
    with pytest.raises(Invalid):
        actions.export_cases(actor=trusted, now=NOW, wanted=queries.CaseFilter(), unmask_reason=" ")
    full = list(actions.export_cases(actor=trusted, now=NOW, wanted=queries.CaseFilter(), unmask_reason="回访")[1])
    assert len(full) == 2
    assert any("13812345678" in row for row in full)
    entry = Entry.objects.filter(fact="CasesExported").latest("id")
    assert (entry.data["unmasked"], entry.data["reason"]) == (True, "回访")


def test_the_commands(town, put, tmp_path, capsys):
    report(town.resident)
    path = put("A1,路灯不亮,2026-04-30 10:00,,,121.305,31.505,,,,", "A2,x,bad,,,,,,,,")
    call_command("import_cases", str(path), "--result", str(tmp_path / "r.csv"))
    assert "已导入 1 件，未导入 1 行" in capsys.readouterr().out
    call_command("export_cases", str(tmp_path / "o.xlsx"), "--area", "320585001001001", "--from", "2026-01-01")
    assert len(list(read_table(tmp_path / "o.xlsx", queries.case_columns()))) == 2
    call_command("export_cases", str(tmp_path / "o.csv"), "--status", "closed", "--gbk")
    assert list(read_table(tmp_path / "o.csv", queries.case_columns())) == []
    with pytest.raises(CommandError):
        call_command("import_cases", str(tmp_path / "none.csv"))


@pytest.mark.usefixtures("town")
def test_odd_but_readable_rows_come_in_or_are_refused(put):
    path = put(
        'A1,"反斜杠\\N \\t 与\u2028 😀 ""引号""",0001-01-01,,,,,,,,',
        "A2,x,1900-01-01,,,,,,,,",
        "A3,x,1900-01-01 00:00:00+14:00,已结案,2000-01-01,0,0,,,,",
        "\\N,\\.,2026-05-01,,,,,,\\,,",
    )
    summary = take_in(path)
    assert (summary.loaded, summary.refused) == (3, 1)
    assert Case.objects.get(external_id="\\N").description == "\\."
    assert queries.counted() == queries.recount()
