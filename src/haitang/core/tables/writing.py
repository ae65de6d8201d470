"""Tables to files, from an iterator, in constant memory: csv in bytes, xlsx to a path. What we write, `reading` reads.

Every row is a sequence of values in the order of the columns. Aware instants are written as local time in
Asia/Shanghai, None as a blank cell, yes and no as 是/否, dictionary values as they are shown.
"""

import codecs
import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import xlsxwriter

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.tables.columns import Column, Kind
from haitang.core.tables.quoting import quote

UTF8 = "utf-8-sig"
GBK = "gb18030"
"""GBK's superset: whatever is GBK is written as such, and the rest is not lost."""

RESULT_TITLE = "导入结果"
CELL_MAX_CHARACTERS = 32_767
SHEET_MAX_ROWS = 1_048_576
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_CHUNK_CHARACTERS = 65_536
_DATE_FORMAT, _INSTANT_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_NOT_IN_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_LIST_MAX_CHARACTERS = 255
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def as_text(value: Any) -> str:
    """Return a value as it stands in a csv cell, quoted where a spreadsheet would run it."""
    if isinstance(value, str):
        return quote(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(LOCAL)).replace(tzinfo=None).isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _shown(columns: Sequence[Column]) -> list[dict[str, str]]:
    return [{stored: shown for shown, stored in reversed(list(column.choices.items()))} for column in columns]


def write_csv(rows: Iterable[Sequence[Any]], columns: Sequence[Column], *, encoding: str = UTF8) -> Iterator[bytes]:
    """Yield the table as csv, about 64 KB at a time: a header row of titles, then the rows.

    encoding: UTF8 (with the mark by which Excel and WPS know it) or GBK.
    """
    shown = _shown(columns)
    dictionary = [index for index, choices in enumerate(shown) if choices]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.title for column in columns])
    encoder = codecs.getincrementalencoder(encoding)()  # writes the mark once, at the beginning
    for row in rows:
        cells = list(row)
        for index in dictionary:
            cells[index] = shown[index].get(cells[index], cells[index])
        writer.writerow([as_text(value) for value in cells])
        if buffer.tell() >= _CHUNK_CHARACTERS:
            yield encoder.encode(buffer.getvalue())
            buffer.seek(0)
            buffer.truncate()
    yield encoder.encode(buffer.getvalue(), final=True)


def write_xlsx(
    rows: Iterable[Sequence[Any]],
    columns: Sequence[Column],
    path: Path,
    *,
    title: str = "",
    subtitle: str = "",
    notes: Sequence[str] = (),
) -> int:
    """Write the table as a workbook and return the number of rows. The file appears only when it is complete.

    title, subtitle: merged rows above the header (单位, 统计时段, 制表日期).
    notes: one filling note per column under the header, the first beginning with 填写说明, for a template.
    Dictionary columns offer their choices, codes and telephones are text. What a workbook cannot hold is lost, here
    as in Excel: digits of a number past the 16th, fractions of a millisecond, and the code points U+FFFE and U+FFFF.

    Raises Invalid when a text or the number of rows is more than a sheet can hold.
    """
    partial = path.with_name(path.name + ".part")
    try:
        with xlsxwriter.Workbook(str(partial), dict(_OPTIONS)) as workbook:
            count = _Sheet(workbook, columns).write(rows, title, subtitle, notes)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return count


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its name, its columns, its rows, and a filling note for each column or none."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    notes: Sequence[str] = ()


def write_sheets(sheets: Iterable[Sheet], path: Path) -> None:
    """Write several tables as sheets of one workbook; each as `write_xlsx` writes its one."""
    partial = path.with_name(path.name + ".part")
    try:
        with xlsxwriter.Workbook(str(partial), dict(_OPTIONS)) as workbook:
            for sheet in sheets:
                _Sheet(workbook, sheet.columns, sheet.name).write(sheet.rows, "", "", sheet.notes)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


class _Sheet:
    """One sheet being written from top to bottom."""

    def __init__(self, workbook: xlsxwriter.Workbook, columns: Sequence[Column], name: str = "数据") -> None:
        self._columns = columns
        self._sheet = workbook.add_worksheet(name)
        self._title = workbook.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self._subtitle = workbook.add_format({"align": "center", "font_color": "#666666"})
        self._header = workbook.add_format({"bold": True, "bg_color": "#EAF0F8", "border": 1, "num_format": "@"})
        self._note = workbook.add_format({"italic": True, "font_color": "#808080", "text_wrap": True})
        self._text = workbook.add_format({"num_format": "@"})
        self._date = workbook.add_format({"num_format": _DATE_FORMAT})
        self._instant = workbook.add_format({"num_format": _INSTANT_FORMAT})
        self._line = 0
        self._shown = _shown(columns)

    def write(self, rows: Iterable[Sequence[Any]], title: str, subtitle: str, notes: Sequence[str]) -> int:
        for index, column in enumerate(self._columns):
            is_text = column.kind in (Kind.CODE, Kind.PHONE, Kind.TEXT)
            self._sheet.set_column(index, index, column.width, self._text if is_text else None)
        for text, look in ((title, self._title), (subtitle, self._subtitle)):
            if text:
                self._banner(text, look)
        for index, column in enumerate(self._columns):
            self._string(index, column.title, self._header)
        header_line = self._line
        self._line += 1
        self._sheet.freeze_panes(self._line, 0)
        if notes:
            for index, note in enumerate(notes):
                self._sheet.write_string(self._line, index, note, self._note)
            self._line += 1
        first_line = self._line
        for row in rows:
            self._row(row)
        last = len(self._columns) - 1
        self._sheet.autofilter(header_line, 0, max(self._line - 1, header_line), last)
        self._offer_choices(first_line)
        return self._line - first_line

    def _banner(self, text: str, look: Any) -> None:
        last = len(self._columns) - 1
        if last:
            self._sheet.merge_range(self._line, 0, self._line, last, "", look)
        self._string(0, text, look)
        self._line += 1

    def _row(self, row: Sequence[Any]) -> None:
        if self._line >= SHEET_MAX_ROWS:
            raise Invalid(f"超过工作表的 {SHEET_MAX_ROWS:,} 行上限，请缩小范围或改用 csv")
        for index, value in enumerate(row):
            self._cell(index, self._shown[index].get(value, value) if self._shown[index] else value)
        self._line += 1

    def _cell(self, index: int, value: Any) -> None:
        if isinstance(value, datetime):
            local = value if value.tzinfo is None else value.astimezone(LOCAL).replace(tzinfo=None)
            self._sheet.write_datetime(self._line, index, local, self._instant)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._line, index, value, self._date)
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**15:
            self._sheet.write_number(self._line, index, value)
        elif value is not None and value != "":
            self._string(index, as_text(value), self._text)

    def _string(self, index: int, text: str, look: Any) -> None:
        if len(text) > CELL_MAX_CHARACTERS:
            title = self._columns[index].title
            raise Invalid(f"“{title}”中有超过 {CELL_MAX_CHARACTERS} 字的内容，工作表放不下，请改用 csv")
        self._sheet.write_string(self._line, index, _NOT_IN_XML.sub("\ufffd", text), look)

    def _offer_choices(self, first_line: int) -> None:
        for index, column in enumerate(self._columns):
            offered = list(column.choices)
            if offered and len(",".join(offered)) <= _LIST_MAX_CHARACTERS:
                last_line = max(self._line, first_line + 1_000)
                self._sheet.data_validation(first_line, index, min(last_line, SHEET_MAX_ROWS - 1), index,
                                            {"validate": "list", "source": offered})  # fmt: skip


class ResultFile:
    """The refused rows of an import, each with its reason first and its own cells after, as csv.

    The reason stands in the first column, so that a row with too many or too few cells cannot displace it; the
    file can be corrected and imported as it is. Use as a context manager.

    append: go on with a file begun by an interrupted run.
    """

    def __init__(self, path: Path, header: Sequence[str], *, append: bool = False) -> None:
        going_on = append and path.exists() and path.stat().st_size > 0
        self.count = 0
        self._file = path.open("a" if going_on else "w", encoding="utf-8" if going_on else UTF8, newline="")
        self._writer = csv.writer(self._file)
        if not going_on:
            self._writer.writerow([RESULT_TITLE, *(as_text(title) for title in header)])

    def add(self, line: int, reason: str, raw: Sequence[str]) -> None:
        """Add one row: its line in the file that was read, why it was refused, and its cells as they were."""
        self.count += 1
        self._writer.writerow([as_text(f"第 {line} 行：{reason}"), *(quote(cell) for cell in raw)])

    def flush(self) -> None:
        """Bring what was added to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> "ResultFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def file_name(title: str, organization: str, day: date, extension: str) -> str:
    """Return the name under which a file is offered: 标题_单位_20260131.xlsx, safe on every system."""
    parts = (_NOT_IN_FILE_NAMES.sub("-", part).strip(" .") for part in (title, organization))
    stem = "_".join(part[:60] for part in parts if part)
    return f"{stem}_{day:%Y%m%d}.{extension.lstrip('.')}"
