"""Excel workbooks (xlsx, xls) as records of text. What a file claims about its size is not believed.

An xlsx is a zip archive. Before it is opened, every part is inflated once and thrown away, counting: a zip
bomb is refused however its directory lies, and so is a sheet whose two far corners alone would make a table
of gigabytes.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import python_calamine

from haitang.core.errors import Invalid
from haitang.core.tables.delimited import Record

UNPACKED_MAX_BYTES = 600_000_000
PARTS_MAX = 2_000
GRID_MAX_CELLS = 60_000_000
"""Rows times columns of one sheet, empty cells included: they all take memory."""

_INTEGER_EXACT_MAX = 10**15
_PIECE_BYTES = 1_048_576
_LOCAL_HEADER_BYTES = 30
# A reference to a cell beyond column Z or beyond row 99,999: only these can make the grid large.
_FAR = re.compile(rb"""\br\s*=\s*["'](?:([A-Za-z]{2,})|[A-Za-z]?)([0-9]+)["']""")
_FAR_HINT = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2,}[0-9]|[A-Za-z]?[0-9]{6,})""")
_OVERLAP_BYTES = 64

TOO_LARGE = "工作簿解压后过大，请拆分成几个文件，或改用 csv"
BROKEN = "工作簿已损坏或不是 Excel 文件，请用 Excel 或 WPS 打开后另存为 xlsx"


def check_archive(path: Path) -> None:
    """Raise Invalid unless the archive is an xlsx whose parts, really inflated, stay within the limits."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, OSError, ValueError, struct.error):
        raise Invalid(BROKEN) from None
    if "xl/workbook.xml" not in names and "xl/workbook.bin" not in names:
        raise Invalid("这是压缩包或其他办公文件，不是 Excel 表格，请上传 xlsx 或 csv")
    if len(parts) > PARTS_MAX:
        raise Invalid(TOO_LARGE)
    left_bytes = UNPACKED_MAX_BYTES
    for part in parts:
        grid = _Grid()
        for piece in _inflate(path, part):
            left_bytes -= len(piece)
            if left_bytes < 0:
                raise Invalid(TOO_LARGE)
            if part.filename.startswith("xl/worksheets/"):
                grid.see(piece)


class _Grid:
    """How far the cells of one sheet reach, from the references in its pieces."""

    def __init__(self) -> None:
        self._tail = b""
        self._rows, self._columns = 99_999, 26

    def see(self, piece: bytes) -> None:
        text = self._tail + piece
        self._tail = text[-_OVERLAP_BYTES:]
        if not _FAR_HINT.search(text):
            return
        for letters, digits in set(_FAR.findall(text)):
            if letters:
                self._columns = max(self._columns, _column_number(letters))
            self._rows = max(self._rows, int(digits[:9]))
        if self._rows * self._columns > GRID_MAX_CELLS:
            raise Invalid("工作表的单元格散布得过远，请删除数据以外的空行空列后重新保存")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4].upper():
        number = number * 26 + letter - 64
    return number


def _inflate(path: Path, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what the part really holds, in pieces, whatever size the directory claims for it."""
    with path.open("rb") as file:
        file.seek(part.header_offset)
        header = file.read(_LOCAL_HEADER_BYTES)
        if len(header) < _LOCAL_HEADER_BYTES or not header.startswith(b"PK\x03\x04"):
            raise Invalid(BROKEN)
        name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
        file.seek(name_bytes + extra_bytes, 1)
        left_bytes = part.compress_size
        if part.compress_type == zipfile.ZIP_STORED:
            while left_bytes > 0 and (piece := file.read(min(_PIECE_BYTES, left_bytes))):
                left_bytes -= len(piece)
                yield piece
            return
        if part.compress_type != zipfile.ZIP_DEFLATED:
            raise Invalid(BROKEN)
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            while not inflater.eof:
                packed = inflater.unconsumed_tail
                if not packed:
                    packed = file.read(min(_PIECE_BYTES, max(left_bytes, 0)))
                    left_bytes -= len(packed)
                    if not packed:
                        return
                yield inflater.decompress(packed, _PIECE_BYTES)
        except zlib.error:
            raise Invalid(BROKEN) from None


def first_sheet(path: Path) -> python_calamine.CalamineSheet | None:
    """Return the first visible sheet that holds any cell; None for an empty workbook."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        for known in workbook.sheets_metadata:
            shown = known.visible is python_calamine.SheetVisibleEnum.Visible
            if shown and known.typ is python_calamine.SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(known.name)
                if sheet.height:
                    return sheet
    except python_calamine.PasswordError:
        raise Invalid("工作簿设有密码，请取消密码后重新上传") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Invalid(BROKEN) from None
    return None


def named_sheet(path: Path, name: str) -> python_calamine.CalamineSheet | None:
    """Return the sheet of that name; None where there is none or it is empty."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        if name not in workbook.sheet_names:
            return None
        sheet = workbook.get_sheet_by_name(name)
    except python_calamine.PasswordError:
        raise Invalid("工作簿设有密码，请取消密码后重新上传") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise Invalid(BROKEN) from None
    return sheet if sheet.height else None


def records(sheet: python_calamine.CalamineSheet | None) -> Iterator[Record]:
    """Yield the rows of a sheet as text, blank ones left out.

    Whole numbers come without ".0", dates as 2026-01-05, instants as 2026-01-05 14:05:09, yes and no as 是/否.
    A number past 15 digits, whose last digits Excel has already lost, comes in scientific notation, which
    `parse_code` refuses.
    """
    for line, row in enumerate(sheet.iter_rows() if sheet else (), 1):
        cells = [value if type(value) is str else _as_text(value) for value in row]
        if any(cells):
            yield Record(line, cells)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        return str(int(value)) if abs(value) < _INTEGER_EXACT_MAX else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if value is None else str(value)
