import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.tables import (
    GBK,
    UTF8,
    Column,
    Kind,
    ResultFile,
    file_name,
    load_map,
    quote,
    read_map,
    read_table,
    unquote,
    workbooks,
    write_csv,
    write_xlsx,
)

COLUMNS = (
    Column("code", "编号", ("单号",), Kind.CODE, required=True),
    Column("text", "问题描述", ("描述",), length_max=5000),
    Column("at", "上报时间", kind=Kind.INSTANT),
    Column("day", "日期", kind=Kind.DATE),
    Column("phone", "联系电话", kind=Kind.PHONE),
    Column("amount", "数量", kind=Kind.NUMBER),
    Column("urgent", "紧急", kind=Kind.BOOLEAN),
    Column("channel", "渠道", choices={"微信": "wechat", "电话": "phone"}),
)
HEADER = "编号,问题描述,上报时间,日期,联系电话,数量,紧急,渠道"
AT = datetime(2026, 1, 5, 14, 5, 9, tzinfo=LOCAL)
VALUES = ["A1", "路灯不亮", AT, date(2026, 1, 5), "13812345678", 1.5, True, "wechat"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "表.csv"


def put(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def refusal_of(path: Path) -> str:
    with pytest.raises(Invalid) as refusal:
        list(read_table(path, COLUMNS))
    assert refusal.value.message
    return refusal.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(path, encoding, delimiter, end):
    text = end.join(
        [delimiter.join(["编号", "描述", "上报时间"]), delimiter.join(["A1", "路灯不亮", "2026年1月5日 下午2:05"]), ""]
    )
    (row,) = read_table(put(path, text, encoding), COLUMNS)
    assert (row.line, row.error) == (2, "")
    assert row.cells == {"code": "A1", "text": "路灯不亮", "at": AT.replace(second=0)}


def test_titles_above_the_header_a_note_below_it_and_blank_lines_are_passed_over(path):
    text = f"某街道台账,,,,,,,\n\n{HEADER}\n填写说明：必填,,,,,,,\n,,,,,,,\nA1,,,,,,,\n  ,, ,,,,,\n\nA2,,,,,,,\n"
    table = read_table(put(path, text), COLUMNS)
    assert [(row.line, row.cells["code"]) for row in table] == [(6, "A1"), (9, "A2")]
    assert [row.cells["code"] for row in table] == ["A1", "A2"]  # a second reading gives the same


def test_defects_of_a_row_are_named_at_their_line_and_the_others_are_read(path):
    lines = [
        "编号,描述,上报时间", 'A1,"两\n行",2026-01-05', "A2,少一列", "A3,多一列,2026-01-05,x", "A4,多空列,2026-01-05,,",
        'A5,"引号"后有字,2026-01-05', "A6,坏\0字符,2026-01-05", "A7,坏时间,2026-13-05", ",没有编号,2026-01-05",
        'A8,"没有闭合,2026-01-05', "A9,好的,2026-01-05",
    ]  # fmt: skip
    rows = {row.line: row for row in read_table(put(path, "\n".join(lines)), COLUMNS)}
    assert [row.cells["code"] for row in rows.values() if not row.error] == ["A1", "A4", "A9"]
    assert rows[2].cells["text"] == "两\n行"
    reasons = {line: row.error for line, row in rows.items() if row.error}
    assert "2 列" in reasons[4]
    assert "4 列" in reasons[5]
    assert "引号" in reasons[7]
    assert "空字符" in reasons[8]
    assert "“上报时间”" in reasons[9]
    assert "“编号”：不能为空" in reasons[10]
    assert "引号" in reasons[11]
    assert list(rows)[-1] == 12


def test_a_quotation_mark_never_closed_spoils_one_line_of_many(path):
    lines = ["编号,描述", 'A0,"开了没关', *[f"A{i},x" for i in range(1, 2000)]]
    rows = list(read_table(put(path, "\n".join(lines)), COLUMNS))
    assert [row.line for row in rows if row.error] == [2]
    assert len(rows) == 2000


def test_files_that_are_no_table_are_refused_in_one_sentence(path):
    assert "空" in refusal_of(put(path, ""))
    assert "没有内容" in refusal_of(put(path, "\n\n"))
    assert "没有找到表头" in refusal_of(put(path, "a,b\n1,2\n"))
    assert "缺少必填的列：“编号”" in refusal_of(put(path, "描述\nx\n"))
    assert "不止一次" in refusal_of(put(path, "编号,单号\n1,2\n"))
    assert "1 MB" in refusal_of(put(path, "编号,描述\n" + "x" * 3_000_000))
    for content in (
        b"%PDF-1.7\n...",
        b"\x89PNG\r\n\x1a\n",
        b"<html><table>",
        b"PK\x03\x04junk",
        b"\0" * 500,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    ):
        path.write_bytes(content)
        refusal_of(path)
    path.write_bytes("编号,描述\nA1,好\nA2,".encode() + b"\xff\xff\n")
    assert "第 3 行" in refusal_of(path)
    assert "不存在" in refusal_of(path.with_name("没有.csv"))


def test_a_workbook_under_a_wrong_name_is_read_as_what_it_is(path):
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("空表")
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, ["某街道"])
        sheet.write_row(2, 1, ["单号", "上报时间", "联系电话", "数量", "紧急"])
        sheet.write_row(3, 1, [320585.0])
        sheet.write_datetime(3, 2, AT.replace(tzinfo=None), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_row(3, 3, [13812345678, 2, True])
        sheet.write_row(4, 1, [320585001001001001, "2026-1-5", "13812345678", "２", "否"])
    good, lossy = read_table(path, COLUMNS)
    assert good.line == 4
    assert good.cells == {"code": "320585", "at": AT, "phone": "13812345678", "amount": 2, "urgent": True}
    assert "科学计数法" in lossy.error


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in parts.items():
            zipped.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused_even_when_it_lies_about_its_size(path, monkeypatch):
    monkeypatch.setattr(workbooks, "UNPACKED_MAX_BYTES", 5_000_000)
    archive(path, {"xl/worksheets/sheet1.xml": b" " * 20_000_000})
    assert refusal_of(path) == workbooks.TOO_LARGE
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<L", 20_000_000), struct.pack("<L", 20)))
    assert zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").file_size == 20
    assert refusal_of(path) == workbooks.TOO_LARGE


@pytest.mark.parametrize("far", [b"XFD1048576", b"A9999999999", b"ABCDE7"])
def test_a_sheet_with_far_corners_is_refused_before_it_takes_memory(path, far):
    sheet = b'<sheetData><row r="1"><c r="A1"/></row><row><c r="' + far + b'"/></row></sheetData>'
    archive(path, {"xl/worksheets/sheet1.xml": sheet})
    assert "散布" in refusal_of(path)


def test_a_document_that_is_no_workbook_is_refused(path):
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr("word/document.xml", "<w/>")
    assert "不是 Excel" in refusal_of(path)


def test_a_map_renames_translates_fills_in_and_sets_the_zone(tmp_path, path):
    map_path = tmp_path / "map.toml"
    map_path.write_text(
        '[columns]\ncase_id = "code"\nopen_dt = "at"\nsource = "channel"\n'
        '[values.channel]\n"Citizens Connect App" = "wechat"\n"*" = "phone"\n'
        '[constants]\ntext = "补录"\n[dates]\nzone = "America/New_York"\n[settings]\nany = 1\n',
        encoding="utf-8",
    )
    put(path, "case_id,open_dt,source,other\n1,2022-01-01 00:00:00,Citizens Connect App,x\n2,,City Worker,x\n")
    table = read_table(path, COLUMNS, load_map(map_path, COLUMNS))
    first, second = table
    assert first.cells["at"] == datetime(2022, 1, 1, 13, tzinfo=LOCAL)
    assert (first.cells["channel"], second.cells["channel"]) == ("wechat", "phone")
    assert first.cells["text"] == "补录"
    assert table.unknown == ["other"]


@pytest.mark.parametrize(
    "content",
    [{"columns": {"a": "nowhere"}}, {"columns": {"a": "code", "b": "code"}}, {"values": {"channel": {"a": 1}}},
     {"dates": {"zone": "Mars/Base"}}, {"dates": {"zone": "../../etc/passwd"}}, {"other": {}}, {"columns": "x"}],
)  # fmt: skip
def test_a_map_that_makes_no_sense_is_refused(content):
    with pytest.raises(Invalid):
        read_map(content, COLUMNS)


any_text = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=60)
risky = st.text(st.sampled_from("'=+-@\t\r\n\"＝填写说明,;a1"), max_size=8)


@given(any_text | risky)
@example("'=1+1")
@example("填写说明：x")
def test_quoting_is_undone_exactly(text):
    assert unquote(quote(text)) == text
    assert quote(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"} or not text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(any_text | risky, min_size=1, max_size=5), encoding=st.sampled_from([UTF8, GBK]))
def test_what_is_written_as_csv_is_read_back_equal(path, texts, encoding):
    rows = [[f"A{i}", text, *VALUES[2:]] for i, text in enumerate(texts)]
    path.write_bytes(b"".join(write_csv(rows, COLUMNS, encoding=encoding)))
    read = list(read_table(path, COLUMNS))
    assert [row.error for row in read] == [""] * len(rows)
    assert [list(row.cells.values()) for row in read] == [[r[0], r[1] if r[1].strip() else None, *r[2:]] for r in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(texts=st.lists(any_text | risky, min_size=1, max_size=5), title=st.sampled_from(["", "台账"]))
def test_what_is_written_as_xlsx_is_read_back_equal(path, texts, title):
    assume(not any(character in text for text in texts for character in "\ufffe\uffff"))
    rows = [[f"A{i}", text, *VALUES[2:]] for i, text in enumerate(texts)]
    notes = ["填写说明：编号必填", *[""] * 7]
    assert write_xlsx(rows, COLUMNS, path, title=title, subtitle=title, notes=notes) == len(rows)
    read = list(read_table(path, COLUMNS))
    assert [row.error for row in read] == [""] * len(rows)
    assert [list(row.cells.values()) for row in read] == [[r[0], r[1] if r[1].strip() else None, *r[2:]] for r in rows]


def test_numbers_keep_their_sign_and_texts_lose_their_teeth():
    (content,) = write_csv([["A1", "=cmd|' /C calc'!A0", None, None, "+86", -1.5, False, "phone"]], COLUMNS)
    assert content.decode("utf-8-sig").splitlines()[1] == "A1,'=cmd|' /C calc'!A0,,,'+86,-1.5,否,电话"


def test_a_workbook_appears_only_when_it_is_complete(path):
    def rows():
        yield VALUES
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_xlsx(rows(), COLUMNS, path)
    assert list(path.parent.iterdir()) == []
    with pytest.raises(Invalid):
        write_xlsx([["A1", "x" * 40_000, *VALUES[2:]]], COLUMNS, path)


def test_writing_takes_rows_as_they_come():
    taken = 0

    def rows():
        nonlocal taken
        while True:
            taken += 1
            yield VALUES

    chunks = write_csv(rows(), COLUMNS)
    for _ in range(3):
        assert len(next(chunks)) < 200_000
    assert taken < 10_000


def test_the_result_file_can_be_corrected_and_read_again(tmp_path):
    source, result = tmp_path / "in.csv", tmp_path / "out.csv"
    put(source, 'code,描述,日期\nA1,=1,坏\nA2,x,2026-01-05,多\nA3,"x"y,2026-01-05\n')
    table = read_table(source, COLUMNS)
    with ResultFile(result, table.header) as first:
        rows = list(table)
        first.add(rows[0].line, rows[0].error, rows[0].raw)
        first.flush()
    with ResultFile(result, table.header, append=True) as second:
        for row in rows[1:]:
            second.add(row.line, row.error, row.raw)
    lines = result.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "导入结果,code,描述,日期"
    assert lines[1].startswith("第 2 行：“日期”")
    assert len(lines) == 4
    put(result, "\n".join(lines[:2]).replace("坏", "2026-1-5"))
    (row,) = read_table(result, COLUMNS)
    assert row.cells == {"code": "A1", "text": "=1", "day": date(2026, 1, 5)}


def test_file_names():
    assert (
        file_name("案件台账", "城厢镇/综治中心", date(2026, 1, 31), "xlsx") == "案件台账_城厢镇-综治中心_20260131.xlsx"
    )
