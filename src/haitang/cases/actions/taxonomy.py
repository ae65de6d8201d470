"""Taking over a city's own table of categories: 类型, 大类代码, 大类名称, 小类代码, 小类名称."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions.asking import publish_forms
from haitang.cases.facts import CategoriesImported
from haitang.cases.models import Category
from haitang.cases.queries.catalog import CATALOG
from haitang.cases.values import Permission, Tree
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.tables import Column, Kind, Row, read_table

COLUMNS = (
    Column("tree", "类型", ("tree",), required=True, choices={str(tree.label): tree.value for tree in Tree}),
    Column("major_code", "大类代码", kind=Kind.CODE, required=True, length_max=2),
    Column("major_name", "大类名称", required=True, length_max=50),
    Column("minor_code", "小类代码", kind=Kind.CODE, required=True, length_max=4),
    Column("minor_name", "小类名称", required=True, length_max=50),
)
_FIRST_DIGIT = {Tree.PART.value: "1", Tree.EVENT.value: "2", Tree.LIFE.value: "3"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: categories made, renamed and left as they were, and rows refused with their reason.

    new: those made, by code and name.
    """

    made: int
    renamed: int
    unchanged: int
    refused: list[tuple[int, str]]
    new: tuple[str, ...] = ()


@transaction.atomic
def import_categories(*, actor: Actor, path: Path, now: datetime, overwrite: bool = False) -> Imported:
    """
    Add the categories of a table (csv or xlsx) to the catalogue; run again, it adds nothing.

    Codes are made of the tree's digit (1 部件, 2 事件, 3 民生), the major and the minor code. overwrite: let the
    table's names take the place of those that are there; else the catalogue's stay.
    Raises NotAllowed, Invalid (a file that is no such table). Rows that cannot be used are returned, not skipped.
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    rows, refused = _usable(read_table(path, COLUMNS))
    held = {category.code: category for category in Category.objects.all()}
    wanted: dict[str, tuple[str, str, str | None]] = {}
    for cells in rows:
        major = _FIRST_DIGIT[cells["tree"]] + cells["major_code"].zfill(2)
        wanted.setdefault(major, (cells["tree"], cells["major_name"], None))
        wanted.setdefault(major + cells["minor_code"].zfill(2), (cells["tree"], cells["minor_name"], major))
    renamed, unchanged = 0, 0
    new: list[str] = []
    for code, (tree, name, parent) in sorted(wanted.items(), key=lambda item: len(item[0])):
        category = held.get(code)
        if category is None:
            source = _("导入的类别表")
            held[code] = Category.objects.create(
                code=code, tree=tree, name=name, parent=held[parent] if parent else None, source=source
            )
            new.append(f"{code} {name}")
        elif overwrite and category.name != name:
            category.name = name
            category.save(update_fields=["name"])
            renamed += 1
        else:
            unchanged += 1
    CATALOG.touch()
    publish_forms(actor, now)
    history.record(actor=actor, fact=CategoriesImported(1, path.name, len(new), renamed, len(refused)), at=now)
    return Imported(len(new), renamed, unchanged, refused, tuple(new))


def _usable(table: Iterable[Row]) -> tuple[list[dict[str, str]], list[tuple[int, str]]]:
    rows, refused = [], []
    for row in table:
        if row.error:
            refused.append((row.line, row.error))
        else:
            rows.append(row.cells)
    return rows, refused
