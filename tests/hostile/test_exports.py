"""What is taken away: no cell that a spreadsheet runs, no name that a browser takes for a header."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from django.utils.http import content_disposition_header

from haitang.core.tables import Column, file_name, read_table, write_csv, write_xlsx
from haitang.councils.values.drawing import Candidate, listed, read_list
from tests.architecture.building import ROOT, SRC

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://x")',
    "'=1",
]
OWN_WRITERS = {
    "core/tables/writing.py": "where quoting is done",
    "councils/values/drawing.py": "numbers and strata, which it quotes itself",
    "tallying/pabulib.py": "an interchange format that no spreadsheet opens by itself; its texts are those of the vote",
    "demo/volunteering.py": "a file that the demo brings in",
    "demo/owning.py": "a file that the demo brings in",
    "bench/importing.py": "a file that is measured",
}
WRITERS = {"csv.writer", "csv.DictWriter", "xlsxwriter.Workbook"}
COLUMNS = [Column("words", "描述")]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula(tmp_path, text):
    data = b"".join(write_csv([[text]], COLUMNS)).decode("utf-8-sig")
    cell = data.split("\n", 1)[1].lstrip('"')
    assert cell.startswith("'"), cell
    path = tmp_path / "a.xlsx"
    write_xlsx([[text]], COLUMNS, path)
    (row,) = read_table(path, COLUMNS)
    assert row.raw == [text], "and comes back as it was"


def test_a_title_above_a_table_is_text(tmp_path):
    import zipfile

    path = tmp_path / "a.xlsx"
    write_xlsx([["x"]], [Column("a", "=1+1"), Column("b", "甲")], path, title="=1+1", subtitle="@x")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


def test_every_export_goes_through_the_writers_that_quote():
    """Whoever writes csv or xlsx with a writer of their own stands here with the reason."""
    found = set()
    for path in SRC.rglob("*.py"):
        if {"tests", "migrations"} & set(path.relative_to(SRC).parts):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in WRITERS:
                found.add(str(path.relative_to(SRC)))
    assert found == set(OWN_WRITERS)


def test_a_published_list_of_a_draw_runs_nothing_and_is_read_again():
    people = [Candidate(1, "=1+1"), Candidate(2, "春风社区"), Candidate(3, "-1")]
    text = listed(people)
    assert not re.search(r"(?:^|,)\"?[=+\-@]", text, re.MULTILINE)
    assert read_list(text) == people


@pytest.mark.parametrize(
    "title",
    ['a"; filename="x.exe', "a\r\nSet-Cookie: x=1", "../../x", "a\x00b", "简报；x", "\u202egpj.exe", "a\nb", "%0d%0a"],
)
def test_the_name_of_a_download_is_one_header_and_no_path(title):
    name = file_name(title, "某/街道", date(2026, 1, 31), "xlsx")
    assert not set(name) & set('\\/:*?"<>|\r\n\x00')
    header = content_disposition_header(True, name)
    assert header.startswith("attachment; filename")
    assert not set(header) & {"\r", "\n", "\x00"}
    header.encode("ascii")


def test_every_download_escapes_its_name():
    """By Django's header, by percent signs, or with nothing in it but a number."""
    wrong = []
    for path in SRC.rglob("views/*.py"):
        for line in path.read_text("utf-8").splitlines():
            if '["Content-Disposition"]' not in line or '"inline"' in line:
                continue
            escaped = "content_disposition_header(" in line or "filename*=UTF-8''{" in line
            if not escaped and re.search(r"\{(?!\w+(_id|\.pk)\})", line):
                wrong.append(f"{path.relative_to(SRC)}: {line.strip()}")
    assert not wrong


def test_all_that_is_named_here_is_there():
    assert all((SRC / path).exists() for path in OWN_WRITERS)
    assert Path(ROOT / "src").is_dir()
