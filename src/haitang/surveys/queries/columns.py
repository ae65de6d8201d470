"""The columns of the workbooks that surveys give out: codes once, figures with small cells hidden."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.surveys.models import Survey
from haitang.surveys.queries.results import Line, Result, Table
from haitang.surveys.values import frame_of

HIDDEN = "*"
"""Stands for a number that is not told."""


def code_columns(survey: Survey) -> tuple[Column, ...]:
    """Return the columns of a list of codes: households by their number in the community's own list, or the frame's."""
    frame = frame_of(survey.frame)
    number = Column("number", "住户序号（按社区地址清单）", kind=Cell.INTEGER, width=26)
    return (
        Column("area", "社区", width=24), Column("number", frame.unit, kind=Cell.CODE, width=26) if frame else number,
        Column("code", "问卷码", kind=Cell.CODE, width=18), Column("address", "网址", width=40),
    )  # fmt: skip


def code_rows(codes: Iterable[tuple[str, int | str, str]], address: str) -> Iterator[list[Any]]:
    """Yield codes (area, number, code) as rows of `code_columns`. address: of the page that takes them."""
    for area, number, code in codes:
        yield [area, number, f"{code[:5]}-{code[5:]}", address]


def result_columns() -> tuple[Column, ...]:
    """Return the columns of the figures: a row for each question, area and option."""
    return (
        Column("question", "题目", width=44), Column("area", "区域", width=24), Column("option", "选项", width=20),
        Column("n", "人数", width=10), Column("share", "占比（%）", width=12), Column("low", "区间下限（%）", width=14),
        Column("high", "区间上限（%）", width=14),
    )  # fmt: skip


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.1f}"


def result_rows(result: Result) -> Iterator[list[Any]]:
    """Yield the figures as rows of `result_columns`; what is hidden is a star."""
    for table in result.tables:
        if table.total is None:
            yield [table.label, _("全部"), "", HIDDEN, "", "", ""]
            continue
        for option, cell, share in zip(table.question.options, table.total.cells, table.shares, strict=True):
            between = share.interval if share else None
            yield [
                table.label, _("全部"), option, HIDDEN if cell is None else str(cell),
                _percent(share.value) if share else HIDDEN, _percent(between.low) if between else "",
                _percent(between.high) if between else "",
            ]  # fmt: skip
        yield from _scores(table, _("全部"), table.total)
        for line in table.lines:
            for option, cell in zip(table.question.options, line.cells, strict=True):
                shown = HIDDEN if cell is None else str(cell)
                share_of_line = HIDDEN if cell is None else _percent(cell / line.n)
                yield [table.label, line.name, option, shown, share_of_line, "", ""]
            yield from _scores(table, line.name, line)


def _scores(table: Table, name: str, line: Line) -> Iterator[list[Any]]:
    if line.figure is not None:
        between = line.figure.interval
        yield [
            table.label, name, _("满意度"), str(line.figure.n), _percent(line.figure.value),
            _percent(between.low) if between else "", _percent(between.high) if between else "",
        ]  # fmt: skip
    elif line.band is not None:
        yield [table.label, name, _("满意度"), str(line.n), f"{line.band[0]}—{line.band[1]}", "", ""]
