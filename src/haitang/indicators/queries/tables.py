"""Indicators of an area and of those directly below it over a period, from the counters, and how each came about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from haitang.cases.queries.counting import By, count_cases
from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.indicators.models import Given
from haitang.indicators.queries.sets import quantities, version_on
from haitang.indicators.values import Definition, Formulas, Period, Permission, Quantity, compute, printed
from haitang.indicators.values.formulas import Value
from haitang.territory.queries import territory
from haitang.territory.values import AreaNotFound, AreaRef, Kind

EXCLUDED = "excluded"
_BY_DEADLINE = "due"
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One area's indicators, in the order of the set: exact values and as printed. area: None for what lies in none.

    quantities: what the formulas were given, exclusions subtracted.
    """

    area: AreaRef | None
    name: str
    quantities: Mapping[str, Value]
    values: Mapping[str, Value]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The indicators of an area over a period. rows: the areas directly below in the order of codes; total: the area.

    until: the last day that is counted; what is counted by its deadline only to the day before it, if it is today.
    """

    area: AreaRef
    formulas: Formulas
    valid_from: date | None
    period: Period
    until: date
    rows: list[Row]
    total: Row


@dataclass(frozen=True, slots=True)
class Part:
    """A quantity in the explanation of a figure. counters: (measure, sign, counted, of these left out)."""

    quantity: Quantity
    value: Value
    counters: tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """How one figure came about: its formula in words and with the numbers put in, and what these are made of.

    others: indicators of the same set that the formula names, with their values as printed.
    """

    area: AreaRef | None
    formulas: Formulas
    period: Period
    until: date
    indicator: Definition
    value: Value
    text: str
    numerator: str
    denominator: str
    numerator_filled: str
    denominator_filled: str
    top: Value
    below: Value
    parts: list[Part]
    others: list[tuple[Definition, str]]


def list_home_areas(viewer: Actor) -> list[AreaRef]:
    """Return the widest areas whose indicators the viewer may see, by width and code."""
    tree, paths = territory(), viewer.areas(Permission.VIEW)
    if EVERYWHERE in paths:
        return list(tree.children(None))
    widest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    found = [tree.get(int(path.strip("/").rpartition("/")[2])) for path in widest]
    return sorted((area for area in found if area is not None), key=lambda area: (area.depth, area.code))


def pick_area(viewer: Actor, code: str) -> AreaRef | None:
    """Return the area of that code, or with "" the first of the viewer's own; None for those who have none.

    Raises AreaNotFound, NotAllowed.
    """
    if not code:
        return next(iter(list_home_areas(viewer)), None)
    area = territory().by_code(code)
    if area is None:
        raise AreaNotFound(_("没有编码为“%(code)s”的区域") % {"code": code[:40]})
    access.require(viewer, Permission.VIEW, area_path=area.path)
    return area


def get_table(*, viewer: Actor, area: AreaRef, set_code: str, period: Period, now: datetime) -> Table:
    """Return the indicators of the area and of those directly below it, by the formulas in force when it began.

    Denunciations are counted for those who may know of them. Raises SetNotFound, NotAllowed (no VIEW of indicators and
    of cases over the area), Invalid (a period of over five years).
    """
    version = version_on(set_code, period.first)
    return _table(viewer, area, version.formulas, version.valid_from, period, now)


def try_formulas(*, viewer: Actor, area: AreaRef, formulas: Formulas, period: Period, now: datetime) -> Table:
    """Return what a table would be by these formulas; nothing is kept. Asks MANAGE; raises as `get_table` does."""
    access.require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    return _table(viewer, area, formulas, None, period, now)


def explain(
    *, viewer: Actor, area: AreaRef, set_code: str, indicator: str, period: Period, now: datetime
) -> Explained | None:
    """Return how one figure of an area came about; None for an indicator that the set does not have then.

    Raises as `get_table` does.
    """
    formulas = version_on(set_code, period.first).formulas
    chosen = formulas.by_code.get(indicator)
    if chosen is None:
        return None
    counts = _counts(viewer, area, formulas, period, now)[0]
    return explained(area, formulas, chosen, counts, _given([area], formulas), period, now)


def explained(
    area: AreaRef | None, formulas: Formulas, chosen: Definition, counts: Counts,
    given: Mapping[tuple[int, str], Fraction], period: Period, now: datetime,
) -> Explained:  # fmt: skip
    """Return how a figure comes about from these counters. given: what the office has entered, by area and code."""
    known = figures_of(area, formulas, counts, given)
    values = compute(formulas.indicators, known)
    names = formulas.names(quantities())

    def filled(name: str) -> str:
        if name in values:
            return formulas.by_code[name].text(values[name])
        return _plain(known.get(name))

    both = {**known, **values}
    denominator, value = chosen.denominator, values[chosen.code]
    return Explained(
        area, formulas, period, last_counted(period, now), chosen, value, chosen.text(value),
        chosen.numerator.shown(names.__getitem__), denominator.shown(names.__getitem__) if denominator else "",
        chosen.numerator.shown(filled), denominator.shown(filled) if denominator else "",
        chosen.numerator.compute(both), denominator.compute(both) if denominator else None,
        [
            Part(quantity, known[name], tuple(
                (measure, sign, counts.get(measure, 0), counts.get(left_out(formulas, measure), 0))
                for measure, sign in quantity.counters
            ))
            for name, quantity in formulas.quantities(quantities()).items()
            if name in chosen.names
        ],
        [(each, each.text(values[each.code])) for each in formulas.indicators if each.code in chosen.names],
    )  # fmt: skip


def list_given(*, viewer: Actor, area: AreaRef) -> list[tuple[AreaRef, Quantity, Decimal | None, str]]:
    """Return what the office has entered for the area and those directly below: area, quantity, number, source."""
    access.require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    areas = [area, *_divisions(area)]
    held = {(row.area_id, row.code): row for row in Given.objects.filter(area_id__in=[each.id for each in areas])}
    asked = [quantity for quantity in quantities().values() if quantity.given]
    return [
        (each, quantity, row.value if (row := held.get((each.id, quantity.code))) else None, row.source if row else "")
        for each in areas
        for quantity in asked
    ]


def _divisions(area: AreaRef) -> list[AreaRef]:
    return [child for child in territory().children(area.id) if child.kind != Kind.BUILDING]


def last_counted(period: Period, now: datetime) -> date:
    """Return the last day of a period that is counted by now."""
    return min(period.last, local_date(now))


def left_out(formulas: Formulas, measure: str) -> str:
    """Return under which measure that is counted which the set leaves out."""
    return f"{EXCLUDED}:{formulas.code}:{measure}"


def counted_before(measure: str, period: Period, now: datetime) -> date:
    """Return the day before which a measure is read: what is counted by its deadline, for days that are over only.

    Today's deadlines can still be kept.
    """
    return min(period.end, local_date(now)) if measure.startswith(_BY_DEADLINE) else period.end


def spans_of(formulas: Formulas, period: Period, now: datetime) -> Iterator[tuple[list[str], date]]:
    """Yield the measures that a set needs, with the day before which to read them, as far as any day is over."""
    wanted = {
        measure for quantity in formulas.quantities(quantities()).values() for measure, _sign in quantity.counters
    }
    by_end: dict[date, list[str]] = {}
    for measure in wanted:
        by_end.setdefault(counted_before(measure, period, now), []).append(measure)
    for end, measures in by_end.items():
        if end > period.first:
            yield [*measures, *(left_out(formulas, measure) for measure in measures)], end


def _counts(
    viewer: Actor, area: AreaRef, formulas: Formulas, period: Period, now: datetime
) -> tuple[Counts, dict[str, Counts]]:
    """Return the counters of the area and, by code, of those below."""
    access.require(viewer, Permission.VIEW, area_path=area.path)
    total: Counts = {}
    below: dict[str, Counts] = {}
    for only, end in spans_of(formulas, period, now):
        counted = count_cases(viewer=viewer, area=area, by=By.AREA, from_date=period.first, to_date=end, only=only)
        total |= counted.total.measures
        for row in counted.rows:
            below.setdefault(row.key, {}).update(row.measures)
    return total, below


def _table(
    viewer: Actor, area: AreaRef, formulas: Formulas, valid_from: date | None, period: Period, now: datetime
) -> Table:
    total, below = _counts(viewer, area, formulas, period, now)
    rest = below.pop(area.code, {})
    given = _given([area, *_divisions(area)], formulas)
    rows = [_row(child, child.name, formulas, below.get(child.code, {}), given) for child in _divisions(area)]
    if any(rest.values()) and rows:
        rows.append(_row(None, _("未细分区域"), formulas, rest, given))
    return Table(
        area, formulas, valid_from, period, last_counted(period, now), rows,
        _row(area, area.name, formulas, total, given),
    )  # fmt: skip


def _row(
    area: AreaRef | None, name: str, formulas: Formulas, counts: Counts, given: Mapping[tuple[int, str], Fraction]
) -> Row:
    known = figures_of(area, formulas, counts, given)
    values = compute(formulas.indicators, known)
    return Row(area, name, known, values, {each.code: each.text(values[each.code]) for each in formulas.indicators})


def figures_of(
    area: AreaRef | None, formulas: Formulas, counts: Counts, given: Mapping[tuple[int, str], Fraction]
) -> dict[str, Value]:
    """Return the quantities that a set needs from these counters, what is left out taken away."""
    found: dict[str, Value] = {}
    kept = {
        measure: n - counts.get(left_out(formulas, measure), 0)
        for measure, n in counts.items()
        if not measure.startswith(f"{EXCLUDED}:")
    }
    for name, quantity in formulas.quantities(quantities()).items():
        if quantity.given:
            found[name] = given.get((area.id, name)) if area is not None else None
        else:
            found[name] = quantity.value(kept)
    return found


def _given(areas: Iterable[AreaRef], formulas: Formulas) -> dict[tuple[int, str], Fraction]:
    asked = [name for name, quantity in formulas.quantities(quantities()).items() if quantity.given]
    if not asked:
        return {}
    rows = Given.objects.filter(area_id__in=[area.id for area in areas], code__in=asked)
    return {(row.area_id, row.code): Fraction(row.value) for row in rows}


def _plain(value: Value) -> str:
    """Return a quantity for reading: whole numbers as they are, others with what digits they have."""
    if value is None or value.denominator == 1:
        return printed(value, 0)
    return printed(value, 6).rstrip("0")
