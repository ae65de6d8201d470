"""The shapes in which indicators enter and leave the API."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema as Out

from haitang.core.paging import Page
from haitang.core.schemas import Schema, text
from haitang.indicators.queries import DeskCase, DeskRow, DeskTable, Row, Table
from haitang.indicators.values import EVIDENCE_LENGTH_MAX, Formulas
from haitang.indicators.values.formulas import Value

CODE = Annotated[str, text(40)]


class IndicatorOut(Out):
    """An indicator of a set. Formulas name quantities and the indicators before it, by their codes."""

    code: str
    name: str
    numerator: str
    denominator: str
    unit: str
    decimals: int
    source: str


class SetOut(Out):
    """A set of indicators as its latest version has it."""

    code: str
    name: str
    month_start_day: int
    source: str
    indicators: list[IndicatorOut]


class FigureOut(Out):
    """A figure as printed ("93.72 %", "—" for none), and to twelve digits for further use (null for none)."""

    indicator: str
    text: str
    value: str | None


class IndicatorRowOut(Out):
    """An area's indicators; area: its code, "" for what lies in none of those below."""

    area: str
    name: str
    figures: list[FigureOut]
    quantities: dict[str, str | None]


class IndicatorTableOut(Out):
    """The indicators of an area and of those directly below it. to: the last day of the period, until: that counted."""

    set: str
    area: str
    first: date
    last: date
    until: date
    formulas_from: date | None
    rows: list[IndicatorRowOut]
    total: IndicatorRowOut


class DeskRowOut(Out):
    """An organization's indicators; organization: its code."""

    organization: str
    name: str
    figures: list[FigureOut]
    quantities: dict[str, str | None]


class DeskTableOut(Out):
    """The indicators of organizations over a period, by their codes. area: "" for the caller's own organizations.

    counted_at: up to when all deeds are counted, null before anything is; first, last, until as of areas.
    """

    set: str
    area: str
    first: date
    last: date
    until: date
    formulas_from: date | None
    counted_at: datetime | None
    rows: list[DeskRowOut]


class DeskCaseOut(Out):
    """A case behind a counter of an organization. times: how often it is counted; left_out: the set does not."""

    id: int
    number: str
    status: str
    times: int
    left_out: bool


class DeskCasesOut(Out):
    """A page of the cases behind a counter that the caller may see, latest first."""

    items: list[DeskCaseOut]
    total: int
    next_cursor: str | None


class ExclusionIn(Schema):
    """A request to leave a case out of sets of indicators."""

    sets: list[CODE]
    reason: CODE
    evidence: Annotated[str, text(EVIDENCE_LENGTH_MAX)]


class ReviewIn(Schema):
    """A decision on a request."""

    approved: bool
    opinion: Annotated[str, text(EVIDENCE_LENGTH_MAX)]


class UndoIn(Schema):
    """Why a case is put back."""

    opinion: Annotated[str, text(EVIDENCE_LENGTH_MAX)]


class ExclusionOut(Out):
    """A request as it stands."""

    id: int
    case_id: int
    sets: list[str]
    reason: str
    evidence: str
    state: str
    opinion: str


def set_out(formulas: Formulas) -> dict[str, Any]:
    """Return a set as the API prints it."""
    return formulas.as_data()


def table_out(found: Table) -> dict[str, Any]:
    """Return a table as the API prints it."""
    return {
        "set": found.formulas.code, "area": found.area.code, "first": found.period.first, "last": found.period.last,
        "until": found.until, "formulas_from": found.valid_from, "rows": [_row(row, found) for row in found.rows],
        "total": _row(found.total, found),
    }  # fmt: skip


def desk_table_out(found: DeskTable) -> dict[str, Any]:
    """Return the table of organizations as the API prints it."""
    return {
        "set": found.formulas.code, "area": found.area.code if found.area else "", "first": found.period.first,
        "last": found.period.last, "until": found.until, "formulas_from": found.valid_from,
        "counted_at": found.counted_at,
        "rows": [
            {"organization": row.organization.code, "name": row.organization.name, **_figures(row, found)}
            for row in found.rows
        ],
    }  # fmt: skip


def desk_cases_out(page: Page[DeskCase]) -> dict[str, Any]:
    """Return a page of cases as the API prints it."""
    return {
        "items": [
            {"id": each.view.case.pk, "number": each.view.case.number, "status": each.view.case.status,
             "times": each.n, "left_out": each.left_out}
            for each in page.rows
        ],
        "total": page.total, "next_cursor": page.next or None,
    }  # fmt: skip


def exclusion_out(row: Any) -> dict[str, Any]:
    """Return a request as the API prints it."""
    return {
        "id": row.pk, "case_id": row.case_id, "sets": row.sets, "reason": row.reason, "evidence": row.evidence,
        "state": row.state, "opinion": row.opinion,
    }  # fmt: skip


def _row(row: Row, found: Table) -> dict[str, Any]:
    return {"area": row.area.code if row.area else "", "name": row.name, **_figures(row, found)}


def _figures(row: Row | DeskRow, found: Table | DeskTable) -> dict[str, Any]:
    return {
        "figures": [
            {"indicator": each.code, "text": row.texts[each.code], "value": _exact(row.values[each.code])}
            for each in found.formulas.indicators
        ],
        "quantities": {name: _exact(value) for name, value in row.quantities.items()},
    }  # fmt: skip


def _exact(value: Value) -> str | None:
    return None if value is None else f"{float(value):.12g}"
