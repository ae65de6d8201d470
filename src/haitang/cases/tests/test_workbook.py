"""The whole catalogue as a workbook: out, in again without change, and in with mistakes."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haitang.cases import actions, queries
from haitang.cases.models import Category, FormVersion
from haitang.cases.queries.workbook import CATEGORIES, CONDITIONS, LIMITS, QUESTIONS, catalog_columns
from haitang.cases.tests.test_asking import FORM, ILLEGAL_BUILDING, ask
from haitang.core import access, clock
from haitang.core.tables import Sheet, read_sheet, write_sheets
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[4]
SAMPLE = Path(os.environ.get("HAITANG_SHARED", ROOT.parent / "shared")) / "data" / "cityclass_beijing_style.csv"
ROOF = ("29901", "event", "201", "楼顶堆物", "", "楼顶、堆物", False, True, "", "", "", "", "")


def export(path: Path) -> Path:
    write_sheets(queries.catalog_sheets(viewer=FOUNDER), path)
    return path


def write(path: Path, **rows) -> Path:
    names = {"categories": CATEGORIES, "limits": LIMITS, "conditions": CONDITIONS, "questions": QUESTIONS}
    sheets = [Sheet(names[key], *reversed_(names[key], lines)) for key, lines in rows.items()]
    write_sheets(sheets, path)
    return path


def reversed_(name, lines):
    columns, notes = catalog_columns()[name]
    return columns, lines, notes


def take(path: Path, **more):
    return actions.import_any_catalog(actor=FOUNDER, path=path, now=NOW, **more)


def test_what_is_exported_comes_in_again_without_change(town, tmp_path):
    ask()
    versions = FormVersion.objects.count()
    done = take(export(tmp_path / "c.xlsx"))
    assert (done.made, done.changed, done.phrases, done.refused, done.versions) == ([], [], 0, [], 0)
    assert done.unchanged == Category.objects.count()
    assert FormVersion.objects.count() == versions
    assert queries.catalog().by_code[ILLEGAL_BUILDING].current.form.closing == FORM.closing


def test_a_category_comes_in_with_limits_conditions_and_questions(town, tmp_path):
    path = write(
        tmp_path / "c.xlsx",
        categories=[ROOF],
        limits=[("29901", "handle", "紧急4小时"), ("29901", "check", "7工作日")],
        conditions=[
            ("29901", "opening", "", "堵住疏散通道", "清理", "4工作时"),
            ("29901", "closing", "", "已清空", "", ""),
        ],
        questions=[("29901", "", "堆了什么", "many", "家具|纸箱|电动车", True, "report", "both", "可多选")],
    )
    checked = take(path, check_only=True)
    assert (checked.made, Category.objects.filter(code="29901").exists()) == (["29901 楼顶堆物"], False)
    assert "29901" not in queries.catalog().by_code
    take(path)
    roof = queries.catalog().by_code["29901"]
    assert str(roof.limits["handle"]) == "4 紧急工作时"
    assert roof.current.form.question("q29901_1").options == ("家具", "纸箱", "电动车")
    assert roof.current.form.opening[0].limit == "4工作时"


def test_one_bad_row_keeps_all_of_it_out_and_says_where(town, tmp_path):
    path = write(
        tmp_path / "c.xlsx",
        categories=[ROOF, ("29902", "event", "999", "没有上级", "", "", False, True, "", "", "", "", "")],
        limits=[("29901", "handle", "很快")],
        questions=[
            ("29901", "", "您的宗教信仰", "line", "", False, "report", "resident", ""),
            ("77777", "", "几层", "number", "", False, "report", "both", ""),
        ],
    )
    done = take(path)
    assert {(sheet, line) for sheet, line, _reason in done.refused} == {
        (CATEGORIES, 4), (LIMITS, 3), (QUESTIONS, 3), (QUESTIONS, 4),
    }  # fmt: skip
    assert any("不能问“宗教”" in reason for _sheet, _line, reason in done.refused)
    assert not Category.objects.filter(code="29901").exists()


def test_the_sheets_offer_choices_and_keep_codes_as_text(town, tmp_path):
    path = export(tmp_path / "c.xlsx")
    table = read_sheet(path, CATEGORIES, catalog_columns()[CATEGORIES][0])
    assert next(iter(table)).cells["code"] == "101"
    import zipfile

    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "dataValidation" in sheet


def test_the_sample_of_a_city_comes_in_whole(town):
    if not SAMPLE.exists():
        pytest.skip("the sample of 130 classes is not here")
    done = take(SAMPLE)
    assert not done.refused
    codes = set(queries.catalog().by_code)
    lines = SAMPLE.read_text("utf-8-sig").splitlines()[1:]
    digits = {"部件": "1", "事件": "2"}
    wanted = {digits.get(line.split(",")[0], "3") + line.split(",")[5] for line in lines}
    assert len(lines) == 130
    assert wanted <= codes


def test_the_page_checks_first_and_takes_in_what_is_confirmed(town, client, monkeypatch, tmp_path, settings):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(access, "VISITOR", FOUNDER)
    settings.FILES_ROOT = tmp_path / "files"
    url = reverse("cases:catalog_import")
    data = write(tmp_path / "c.xlsx", categories=[ROOF]).read_bytes()
    page = client.post(url, {"file": SimpleUploadedFile("目录.xlsx", data)})
    assert (page.status_code, "29901 楼顶堆物" in page.content.decode()) == (200, True)
    assert not Category.objects.filter(code="29901").exists()
    assert client.post(url, {"digest": page.context["digest"], "confirm": "1"}).status_code == 302
    assert Category.objects.get(code="29901").name == "楼顶堆物"
    assert client.post(url, {"file": SimpleUploadedFile("x.xlsx", b"%PDF-1.4")}).status_code == 422
    out = client.get(reverse("cases:catalog_export"))
    assert BytesIO(b"".join(out.streaming_content)).read(2) == b"PK"
