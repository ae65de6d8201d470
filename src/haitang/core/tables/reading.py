"""A table from a file as rows of values, every defect either a row's reason or one sentence about the file.

What the file is, its content says and not its name: an xlsx called .csv is read as the xlsx it is.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from haitang.core.errors import Invalid
from haitang.core.tables import delimited, workbooks
from haitang.core.tables.columns import Column, by_header, header_key, titles
from haitang.core.tables.delimited import Record
from haitang.core.tables.mapping import ANY_OTHER, PLAIN, TableMap
from haitang.core.tables.quoting import NOTE_MARKS, unquote

HEADER_SEARCH_ROWS = 20
"""A title, the unit and the period may stand above the header row."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF 文件"), (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"),
    (b"\x1f\x8b", "压缩文件"), (b"Rar!", "压缩文件"), (b"7z\xbc\xaf", "压缩文件"),
    (b"<!DOCTYPE", "网页"), (b"<!doctype", "网页"), (b"<html", "网页"), (b"<HTML", "网页"), (b"<?xml", "XML 文件"),
    (b"{\\rtf", "Word 文件"), (b"\x7fELF", "程序"), (b"MZ\x90", "程序"), (b"SQLite format 3", "数据库文件"),
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """One row of data.

    line: where it begins in the file, from 1, as an editor or a spreadsheet counts.
    raw: its cells as text, in the file's own order, for the result file.
    cells: the values by column name; a blank cell is None, a column that cannot be read is absent.
    error: why the row cannot be used, one or more finished sentences, "" if it can.
    """

    line: int
    raw: list[str]
    cells: dict[str, Any] = field(default_factory=dict)
    error: str = ""


class Table:
    """An opened table: its header is found and understood; iterating reads the rows, as often as asked.

    header: the headers as they stand in the file. columns: the names of our columns found in it, in its order.
    unknown: headers that are no column of ours and are left unread.
    """

    def __init__(self, source: Callable[[], Iterator[Record]], columns: Sequence[Column], table_map: TableMap) -> None:
        self._source = source
        self._columns = {column.name: column for column in columns}
        self._map = table_map
        self._understand(columns)

    def _understand(self, columns: Sequence[Column]) -> None:
        known = by_header(columns, self._map.columns)
        top = list(islice(self._source(), HEADER_SEARCH_ROWS))
        if not top:
            raise Invalid("文件中没有内容")
        header = max(top, key=lambda record: len(_recognised(record.cells, known)))  # the first of equals
        found = _recognised(header.cells, known)
        self.header = [unquote(cell).strip() for cell in header.cells]
        self.line = header.line
        names = [known.get(header_key(title), "") if title else "" for title in self.header]
        self.columns = [name for name in names if name]
        self.unknown = [title for title, name in zip(self.header, names, strict=True) if title and not name]
        if not found:
            raise Invalid(
                f"没有找到表头：前 {HEADER_SEARCH_ROWS} 行中没有可识别的列名，例如{titles(columns, self._columns)}"
            )
        twice = {name for name in self.columns if self.columns.count(name) > 1}
        if twice:
            raise Invalid(f"表头中{titles(columns, twice)}出现了不止一次，请只保留一列")
        missing = {c.name for c in columns if c.required} - set(self.columns) - set(self._map.constants)
        if missing:
            raise Invalid(f"表头缺少必填的列：{titles(columns, missing)}")
        self._readers = [(i, _CellReader(self._columns[name], self._map)) for i, name in enumerate(names) if name]
        constant = set(self._map.constants) - set(self.columns)
        self._fixed = [_CellReader(column, self._map) for column in columns if column.name in constant]

    def __iter__(self) -> Iterator[Row]:
        """Yield every row below the header; blank ones and a filling note right under it are left out."""
        width = len(self.header)
        body: Iterator[Record] = (record for record in self._source() if record.line > self.line)
        first = next(body, None)
        if first is None:
            return
        if not _is_note(first):
            body = chain([first], body)
        for record in body:
            raw = [unquote(cell) for cell in record.cells]
            if not raw[0].strip() and not any(map(str.strip, raw)):
                continue
            error = record.error or _shape_error(raw, width)
            yield self._row(record.line, raw) if not error else Row(record.line, raw, {}, error)

    def count_rows(self) -> int:
        """Return about how many rows there are, without reading their cells: for showing how far one has come."""
        return sum(record.line > self.line for record in self._source())

    def _row(self, line: int, raw: list[str]) -> Row:
        cells: dict[str, Any] = {}
        errors: list[str] = []
        for index, reader in self._readers:
            text = raw[index]
            try:
                cells[reader.name] = reader.read(text) if text else reader.blank()
            except Invalid as refusal:
                errors.append(f"“{reader.title}”：{refusal.message}")
        for reader in self._fixed:
            cells[reader.name] = reader.blank()
        return Row(line, raw, cells, "；".join(errors))


class _CellReader:
    """Reads the cells of one column: the map's values, then the column's kind, then its bounds."""

    def __init__(self, column: Column, table_map: TableMap) -> None:
        self.name, self.title = column.name, column.title
        self._required, self._length_max = column.required, column.length_max
        self._values = table_map.values.get(column.name)
        self._parse = column.parser(table_map.zone)
        constant = table_map.constants.get(column.name)
        self._blank: Any = None
        if constant is not None:
            try:
                self._blank = self._parse(constant) if self._parse else constant
            except Invalid as refusal:
                raise Invalid(f"对照文件中“{column.name}”的固定值无效：{refusal.message}") from None
        if self._values and "" in self._values:
            self._blank = self._bounded(self._values[""])

    def blank(self) -> Any:
        """Return what stands for a blank cell. Raises Invalid when the column must be filled."""
        if self._blank is None and self._required:
            raise Invalid("不能为空")
        return self._blank

    def read(self, text: str) -> Any:
        """Return the value of a cell that holds something. Raises Invalid with the reason."""
        if "\0" in text:
            raise Invalid("含有无效的空字符")
        if self._values is not None:
            text = self._values.get(text.strip(), self._values.get(ANY_OTHER, text))
        if not text or text.isspace():
            return self.blank()
        return self._bounded(text)

    def _bounded(self, text: str) -> Any:
        if self._length_max is not None and len(text) > self._length_max:
            raise Invalid(f"超过 {self._length_max} 字")
        return self._parse(text) if self._parse else text


def _recognised(cells: Iterable[str], known: dict[str, str]) -> set[str]:
    return {known[key] for cell in cells if cell and (key := header_key(unquote(cell))) in known}


def _is_note(record: Record) -> bool:
    first = next((cell.strip() for cell in record.cells if cell.strip()), "")
    return first.startswith(NOTE_MARKS)


def _shape_error(raw: list[str], width: int) -> str:
    """Return why the row does not fit under the header; surplus cells that are blank do no harm."""
    count = len(raw)
    if count < width:
        return f"本行只有 {count} 列，表头有 {width} 列"
    if count > width and any(map(str.strip, raw[width:])):
        return f"本行有 {count} 列，表头只有 {width} 列"
    return ""


def read_table(path: Path, columns: Sequence[Column], table_map: TableMap = PLAIN) -> Table:
    """Open a csv, tsv or Excel file as a table of these columns.

    Delimited text is read in constant memory, in UTF-8 (with or without a mark), GBK/GB18030 or marked UTF-16,
    and with whatever delimiter makes most of its header known. A workbook is read whole, within limits.

    Raises Invalid with one sentence when the file is empty, is something else than a table, cannot be decoded,
    is too large unpacked, has no header row that we know, or lacks a required column.
    """
    try:
        with path.open("rb") as file:
            head = file.read(2048)
    except OSError:
        raise Invalid(f"文件“{path.name}”不存在或无法读取") from None
    if not head:
        raise Invalid("文件是空的")
    if head.startswith((*_ZIP, _OLE)):
        if head.startswith(_ZIP):
            workbooks.check_archive(path)
        sheet = workbooks.first_sheet(path)
        return Table(lambda: workbooks.records(sheet), columns, table_map)
    foreign = next((what for mark, what in _FOREIGN if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(mark)), None)
    if foreign:
        raise Invalid(f"这是{foreign}，不是表格，请用 Excel 或 WPS 打开后另存为 xlsx 或 csv")
    if head.count(b"\0") > len(head) // 10 and not head.startswith(delimited.UTF16_MARKS):
        raise Invalid("这不是文本表格，请上传 xlsx 或 csv")
    encoding = delimited.detect_encoding(path)
    delimiter = _delimiter(path, encoding, by_header(columns, table_map.columns))
    return Table(lambda: delimited.records(path, encoding, delimiter), columns, table_map)


def read_sheet(path: Path, name: str, columns: Sequence[Column]) -> Table | None:
    """Open one sheet of a workbook as a table of these columns; None where the file has no such sheet.

    Raises Invalid as `read_table` does; a file that is no workbook has no sheets.
    """
    with path.open("rb") as file:
        if not file.read(4).startswith(_ZIP):
            return None
    workbooks.check_archive(path)
    sheet = workbooks.named_sheet(path, name)
    return None if sheet is None else Table(lambda: workbooks.records(sheet), columns, PLAIN)


def _delimiter(path: Path, encoding: str, known: dict[str, str]) -> str:
    """Return the delimiter under which most of our columns are found near the top, the comma among equals."""

    def columns_found(delimiter: str) -> int:
        top = islice(delimited.records(path, encoding, delimiter), HEADER_SEARCH_ROWS)
        return max((len(_recognised(record.cells, known)) for record in top), default=0)

    return max(delimited.DELIMITERS, key=columns_found)
