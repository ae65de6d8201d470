"""How the files of hotlines are read: the shipped layout and the office's own, and what one would make of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.columns import ANSWER
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.shipped import read_shipped
from haitang.core.tables import TableMap, read_table
from haitang.core.tables.mapping import ANY_OTHER, read_map
from haitang.office.models import HotlineLayout
from haitang.office.values import HotlineFormat, NotKept, Permission
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

TRIED_ROWS = 10
_SHIPPED_NAME = "12345 热线（随系统提供）"


@dataclass(frozen=True, slots=True)
class Trial:
    """What a layout makes of the first rows of a file.

    used: (the file's header, the title of our column). unused: headers that go nowhere, and are not kept either.
    header: the file's, in its order. columns: the titles of what was read, in that order.
    rows: (line, values as texts, why it cannot be used).
    """

    used: list[tuple[str, str]]
    unused: list[str]
    header: list[str]
    columns: list[str]
    rows: list[tuple[int, list[str], str]]


@cache
def shipped_format() -> HotlineFormat:
    """Return the layout that the release ships."""
    content = read_shipped("office", "hotline.map.toml")
    kinds = dict(content["values"]["kind"])
    other = kinds.pop(ANY_OTHER)
    settings = content["settings"]
    return HotlineFormat(
        _SHIPPED_NAME, settings["source"], content["columns"], kinds, other, content["constants"]["channel"],
        tuple(settings["kept"]), tuple((header, word) for header, word in settings["feedback"]),
    )  # fmt: skip


def format_map(layout: HotlineFormat) -> TableMap:
    """Return how a file is read by it; a hotline names areas, desks and classes by their names, or by our codes.

    Columns for questions that no category asks any more are left out. Raises Invalid for one that there never was.
    """
    columns = case_queries.import_columns()
    known = {column.name for column in columns}
    read = read_map(
        {
            "columns": {
                header: name for header, name in layout.columns.items()
                if name in known or not name.startswith(ANSWER)
            },
            "values": {"kind": {**layout.kinds, ANY_OTHER: layout.other_kind}},
            "constants": {"channel": layout.channel},
            "settings": {"source": layout.source, "kept": list(layout.kept)},
        },
        columns,
    )  # fmt: skip
    areas = {area.name: area.code for area in territory().descendants(None)}
    areas |= {area.code: area.code for area in territory().descendants(None)}
    desks = {name: each.code for each in organizations() for name in (each.code, each.name, each.label)}
    classes = {category.name: category.name for category in catalog().leaves}
    live = {"area_code": areas, "organization_code": desks, "category": classes}
    values = {**read.values, **{column: {**named, ANY_OTHER: ""} for column, named in live.items()}}
    return TableMap(read.columns, values, read.constants, read.settings, read.zone)


def list_layouts(*, active_only: bool = True) -> list[HotlineLayout]:
    """Return the office's own layouts as they hold now, by name; names and headers are nobody's secret."""
    latest = HotlineLayout.objects.order_by("code", "-version").distinct("code")
    return sorted((row for row in latest if row.is_active or not active_only), key=lambda row: (row.name, row.code))


def get_layout(code: str) -> HotlineLayout:
    """Return one of the office's own layouts as it holds now; raise NotKept."""
    found = HotlineLayout.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise NotKept(_("没有这种热线格式"))
    return found


def list_layout_versions(*, viewer: Actor, code: str) -> Sequence[HotlineLayout]:
    """Return every version of a layout, the latest first; raise NotAllowed without LAYOUT over everything."""
    require(viewer, Permission.LAYOUT, area_path=EVERYWHERE)
    return list(HotlineLayout.objects.filter(code=code).order_by("-version"))


def chosen_layout(code: str) -> HotlineFormat:
    """Return the layout of that code as it holds now, the shipped one for ""; raise NotKept."""
    return get_layout(code).format if code else shipped_format()


def try_format(*, viewer: Actor, layout: HotlineFormat, path: Path) -> Trial:
    """Return what a layout would make of a file; nothing is kept. Raises NotAllowed, Invalid (no such table)."""
    require(viewer, Permission.LAYOUT, area_path=EVERYWHERE)
    table_map, columns = format_map(layout), case_queries.import_columns()
    titles = {column.name: column.title for column in columns}
    table = read_table(path, columns, table_map)
    unused = set(table.unknown)
    headers = [header for header in table.header if header and header not in unused]
    return Trial(
        list(zip(headers, [titles[name] for name in table.columns], strict=True)),
        [header for header in table.unknown if header not in layout.kept],
        [header.strip() for header in table.header if header.strip()],
        [titles[name] for name in table.columns],
        [
            (row.line, [_shown(row.cells.get(name)) for name in table.columns], row.error)
            for row in islice(table, TRIED_ROWS)
        ],
    )


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
