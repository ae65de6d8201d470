"""A table to be taken away as a workbook."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from haitang.core import clock
from haitang.core.tables import Column, file_name, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    notes: Sequence[str] = (),
    scope: str = "",
    subtitle: str = "",
) -> HttpResponse:
    """Return a table as a workbook to be kept, called by its title, of whom it is (scope) and the day.

    subtitle: stands with the title above the table; without it neither does.
    """
    with tempfile.TemporaryDirectory(prefix="haitang-sheet-") as folder:
        path = Path(folder) / "sheet.xlsx"
        write_xlsx(rows, columns, path, title=title if subtitle else "", subtitle=subtitle, notes=notes)
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    name = file_name(title, scope, clock.local_date(clock.now()), "xlsx")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
