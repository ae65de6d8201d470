"""Taking over a whole catalogue from a workbook: all of it or nothing, tried out before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions.asking import publish_forms
from haitang.cases.actions.catalog import check_limits
from haitang.cases.actions.taxonomy import import_categories
from haitang.cases.facts import CategoriesImported
from haitang.cases.models import Category, Phrase
from haitang.cases.queries.asking import checked_form
from haitang.cases.queries.catalog import CATALOG
from haitang.cases.queries.workbook import (
    CATEGORIES,
    CONDITIONS,
    LIMITS,
    PHRASES,
    QUESTIONS,
    catalog_columns,
)
from haitang.cases.values import CaseForm, Condition, Permission, Question, form_of_data
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid, Refusal
from haitang.core.tables import Row, read_sheet

_SEPARATORS = re.compile(r"[、,，;；]+")
_OPTIONS = re.compile(r"[|｜\n]+")


@dataclass
class CatalogImported:
    """What came of a workbook, or would: by code and name what is new and what is changed; rows with their reason.

    refused: (sheet, line, reason). With any of them nothing is taken over.
    """

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    phrases: int = 0
    versions: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)


def import_catalog(*, actor: Actor, path: Path, now: datetime, check_only: bool = False) -> CatalogImported:
    """
    Take over categories with their limits, conditions and questions, and phrases: all of the file or nothing.

    path: a workbook as `queries.catalog_sheets` writes it. Sheets may be missing: their part stays. Categories that
        the file does not name stay as they are.
    check_only: do all of it and undo it, to tell what would come of it.
    Raises NotAllowed, Invalid (a file that is no such table).
    """
    access.require(actor, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    with transaction.atomic():
        CATALOG.touch()
        done = _Import(path).run()
        if not done.refused:
            done.versions = publish_forms(actor, now)
            if done.made or done.changed or done.phrases:
                fact = CategoriesImported(1, path.name, len(done.made), len(done.changed), 0)
                history.record(actor=actor, fact=fact, at=now)
        if check_only or done.refused:
            transaction.set_rollback(True)
    if check_only or done.refused:
        CATALOG.touch()  # what this process has loaded meanwhile is gone
    return done


def import_any_catalog(*, actor: Actor, path: Path, now: datetime, check_only: bool = False) -> CatalogImported:
    """
    Take over a workbook of the catalogue or a plain table of classes, whichever the file is; see `import_catalog`.

    Raises NotAllowed, Invalid.
    """
    columns = catalog_columns()
    if any(read_sheet(path, name, columns[name][0]) is not None for name in (CATEGORIES, QUESTIONS, CONDITIONS)):
        return import_catalog(actor=actor, path=path, now=now, check_only=check_only)
    with transaction.atomic():
        table = import_categories(actor=actor, path=path, now=now)
        refused = [(_("表"), line, reason) for line, reason in table.refused]
        if check_only or refused:
            transaction.set_rollback(True)
    if check_only or refused:
        CATALOG.touch()
    return CatalogImported(made=list(table.new), unchanged=table.unchanged, refused=refused)


class _Import:
    """One workbook on its way in. A row that cannot be used is noted, and the rest is read all the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done = CatalogImported()
        self._held = {row.code: row for row in Category.objects.all()}
        self._before = {code: _state(row) for code, row in self._held.items()}
        self._lines: dict[str, tuple[str, int]] = {}

    def run(self) -> CatalogImported:
        """Read every sheet that is there, write what has changed, and return what came of it."""
        for row in self._rows(CATEGORIES):
            self._noting(CATEGORIES, row, self._category)
        self._of_categories(LIMITS, self._limits)
        self._of_categories(CONDITIONS, self._conditions)
        self._of_categories(QUESTIONS, self._questions)
        for code, category in self._held.items():
            if _state(category) == self._before.get(code):
                self._done.unchanged += code in self._lines
                continue
            (self._done.changed if code in self._before else self._done.made).append(f"{code} {category.name}")
            sheet, line = self._lines.get(code, (CATEGORIES, 0))
            try:
                check_limits(category.limits)
                category.form = checked_form(category, form_of_data(category.form)).as_data()
                category.save()
            except Refusal as refusal:
                if not any(reason == refusal.message for _sheet, _line, reason in self._done.refused):
                    self._done.refused.append((sheet, line, refusal.message))
        for row in self._rows(PHRASES):
            self._noting(PHRASES, row, self._phrase)
        return self._done

    def _rows(self, sheet: str) -> Iterator[Row]:
        table = read_sheet(self._path, sheet, catalog_columns()[sheet][0])
        for row in table or ():
            if row.error:
                self._done.refused.append((sheet, row.line, row.error))
            else:
                yield row

    def _noting(self, sheet: str, row: Row, take: Any) -> None:
        try:
            take(row.cells, row.line)
        except Refusal as refusal:
            self._done.refused.append((sheet, row.line, refusal.message))

    def _category(self, cells: dict[str, Any], line: int) -> None:
        get, code = cells.get, cells["code"]
        if not (code.isascii() and code.isalnum()):
            raise Invalid(_("编码应为 1 至 20 位字母或数字"))
        if self._lines.get(code, ("", 0))[0] == CATEGORIES:
            raise Invalid(_("编码 %(code)s 在表中出现了不止一次") % {"code": code})
        parent = self._held.get(get("parent") or "")
        if get("parent") and parent is None:
            raise Invalid(_("没有上级 %(code)s，请把上级写在前面") % {"code": get("parent")})
        row = self._held.get(code)
        if row is None:
            row = Category(code=code, tree=cells["tree"], parent=parent, name=cells["name"])
            row.save()
            self._held[code] = row
        elif (row.tree, row.parent_id) != (cells["tree"], parent.pk if parent else None):
            raise Invalid(_("类别 %(code)s 的类型和上级建立后不能改") % {"code": code})
        self._lines[code] = CATEGORIES, line
        row.name, row.name_en, row.source = cells["name"], get("name_en") or "", get("source") or ""
        row.keywords = _words(get("keywords"))
        row.is_urgent, row.is_active = bool(get("is_urgent")), get("is_active") is not False
        parts = {
            "basis": get("basis") or "", "collection": get("collection") or "",
            "responsible": _words(get("responsible")), "supervising": _words(get("supervising")),
        }  # fmt: skip
        kept = {name: value for name, value in row.form.items() if name not in parts}
        row.form = {**kept, **{name: value for name, value in parts.items() if value}}

    def _of_categories(self, sheet: str, take: Any) -> None:
        """Give each category of the file its rows of a sheet that is there; one without rows is left with none."""
        if read_sheet(self._path, sheet, catalog_columns()[sheet][0]) is None:
            return
        found: dict[str, list[Row]] = {code: [] for code in self._lines}
        for row in self._rows(sheet):
            if row.cells["code"] not in self._held:
                reason = _("没有编码为“%(code)s”的类别") % {"code": row.cells["code"]}
                self._done.refused.append((sheet, row.line, reason))
                continue
            self._lines.setdefault(row.cells["code"], (sheet, row.line))
            found.setdefault(row.cells["code"], []).append(row)
        for code, rows in found.items():
            take(sheet, self._held[code], rows)

    def _limits(self, sheet: str, category: Category, rows: list[Row]) -> None:
        limits: dict[str, str] = {}
        for row in rows:
            self._noting(sheet, row, lambda cells, line: check_limits({cells["stage"]: cells["limit"]}))
            limits[row.cells["stage"]] = row.cells["limit"]
        category.limits = limits

    def _conditions(self, sheet: str, category: Category, rows: list[Row]) -> None:
        parts: dict[str, list[Condition]] = {"opening": [], "closing": []}
        for row in rows:
            get = row.cells.get
            one = Condition(get("key") or "", row.cells["text"], get("step") or "", get("limit") or "")
            alone = CaseForm(opening=(one,)) if row.cells["part"] == "opening" else CaseForm(closing=(one,))
            self._alone(sheet, row, category, alone)
            parts[row.cells["part"]].append(one)
        self._put(category, CaseForm(opening=tuple(parts["opening"]), closing=tuple(parts["closing"])), parts)

    def _questions(self, sheet: str, category: Category, rows: list[Row]) -> None:
        questions = []
        for row in rows:
            get = row.cells.get
            options = tuple(filter(None, map(str.strip, _OPTIONS.split(get("options") or ""))))
            one = Question(
                get("key") or "", row.cells["label"], row.cells["type"], options, bool(get("required")),
                get("help") or "", row.cells["of"], row.cells["at"],
            )  # fmt: skip
            self._alone(sheet, row, category, CaseForm(questions=(one,)))
            questions.append(one)
        self._put(category, CaseForm(questions=tuple(questions)), ("questions",))

    def _alone(self, sheet: str, row: Row, category: Category, form: CaseForm) -> None:
        """Check one row by itself, so that its reason stands at its line."""
        self._noting(sheet, row, lambda cells, line: checked_form(category, form))

    def _put(self, category: Category, form: CaseForm, parts: Any) -> None:
        data = form.as_data()
        kept = {name: value for name, value in category.form.items() if name not in parts}
        category.form = {**kept, **{name: data[name] for name in parts if data.get(name)}}

    def _phrase(self, cells: dict[str, Any], line: int) -> None:
        rows = Phrase.objects.filter(deed=cells["deed"])
        if not rows.filter(text=cells["text"]).exists():
            Phrase.objects.create(deed=cells["deed"], text=cells["text"], position=rows.count())
            self._done.phrases += 1


def _words(text: str | None) -> list[str]:
    return [word.strip() for word in _SEPARATORS.split(text or "") if word.strip()]


def _state(row: Category) -> tuple[Any, ...]:
    names = ("name", "name_en", "keywords", "limits", "is_urgent", "is_active", "source")
    return (*(getattr(row, name) for name in names), form_of_data(row.form))
