"""What the API says of open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from haitang.core.schemas import Schema
from haitang.opendata import queries
from haitang.opendata.values import COLUMNS


class OpenDataFieldOut(Schema):
    """A column of the files."""

    name: str
    description: str


class OpenDataFileOut(Schema):
    """A file: a month in one format. left_out: lines of the month that were too rare to be told of."""

    name: str
    month: str
    format: str
    url: str
    size: int
    rows: int
    left_out: int
    sha256: str
    changed_at: datetime


class OpenDataOut(Schema):
    """What is open."""

    publisher: str
    contact: str
    licence: str
    licence_url: str
    fields: list[OpenDataFieldOut]
    files: list[OpenDataFileOut]


def open_data_out(published: Sequence[Any], address: str) -> dict[str, Any]:
    """Return what is open. address: below which the files are."""
    rules = queries.open_data_rules()
    return {
        "publisher": queries.publisher(), "contact": rules["contact"], "licence": rules["licence"],
        "licence_url": rules["licence_url"],
        "fields": [{"name": name, "description": str(told)} for name, told in COLUMNS.items()],
        "files": [
            {
                "name": queries.named(row), "month": f"{row.month:%Y-%m}", "format": row.form,
                "url": address + queries.named(row), "size": row.size, "rows": row.rows, "left_out": row.left_out,
                "sha256": row.digest, "changed_at": row.changed_at,
            }
            for row in published
        ],
    }  # fmt: skip
