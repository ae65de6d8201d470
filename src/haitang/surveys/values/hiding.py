"""Small cells of a table hidden, and so many others that none can be got by subtraction: pure, exact.

A table has a row for each area and a column for each option; it is published with the totals of rows and of columns.
A hidden cell is safe where another table of whole numbers has the same shown cells and totals, and another number in
it.
Source: Cox 1995, see "Statistics of surveys" in docs/sources.md.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

Cell = tuple[int, int]
Band = tuple[int, int]
Table = Sequence[Sequence[int]]


def hide(table: Table, minimum: int) -> frozenset[Cell]:
    """Return the cells to hide of a table; row len(table) is that of the column totals, which are hidden, too.

    Cells of 1 to minimum - 1 are hidden, zeros are not for themselves. In every row the hidden ones make up the
    minimum together where the row has as many. Every cell returned is safe, but where a whole table has fewer
    answers than the minimum: such a table is not to be shown at all, nor is one of a single column.
    """
    full = with_totals(table)
    hidden = {(r, c) for r, row in enumerate(full) for c, n in enumerate(row) if 0 < n < minimum}
    waiting = sorted(hidden, reverse=True)
    while waiting:  # a cell once safe stays so: more hidden cells only leave more possible
        cell = waiting[-1]
        more = _next_to_hide(full, hidden, cell, minimum)
        if more is None:
            waiting.pop()
        else:
            hidden.add(more)
            waiting.insert(0, more)
    return frozenset(hidden)


def with_totals(table: Table) -> list[list[int]]:
    """Return the table with the row of its column totals at the end."""
    return [*[list(row) for row in table], [sum(column) for column in zip(*table, strict=True)]]


def _next_to_hide(full: Table, hidden: set[Cell], cell: Cell, minimum: int) -> Cell | None:
    """Return what else is to be hidden for the cell's sake; None where it is safe, or nothing is left to hide.

    Taken are the smallest that hold something, and first those that help a row and a column with one hidden cell.
    """
    row, columns = cell[0], range(len(full[0]))
    shown = [(r, c) for r in range(len(full)) for c in columns if (r, c) not in hidden]
    if sum(full[r][c] for r, c in hidden if r == row) < min(minimum, sum(full[row])):
        fitting = [each for each in shown if each[0] == row]
        return min(fitting, key=lambda each: (not full[each[0]][each[1]], full[each[0]][each[1]], each))
    if is_safe(full, hidden, cell):
        return None
    in_row, in_column = Counter(r for r, _c in hidden), Counter(c for _r, c in hidden)

    def helps(each: Cell) -> int:
        return (in_row[each[0]] == 1) + (in_column[each[1]] == 1)

    fitting = (
        [each for each in shown if helps(each)]
        or [each for each in shown if each[0] == row or each[1] == cell[1]]
        or shown
    )
    if not fitting:
        return None
    return min(fitting, key=lambda each: (not full[each[0]][each[1]], -helps(each), full[each[0]][each[1]], each))


def is_safe(full: Table, hidden: Collection[Cell], cell: Cell) -> bool:
    """Tell whether the cell could hold one more or one less, all that is shown being equal, and nothing below 0.

    full: with the row of totals. Such tables are flows: where a cell can change at all, it can change by one.
    """
    return any(_changed(full, hidden, cell, step) for step in (1, -1))


def _changed(full: Table, hidden: Collection[Cell], cell: Cell, step: int) -> dict[Cell, int]:
    """Return another table in which the cell differs, as what changes by how much; empty where there is none.

    Walk from the cell's column back to its row through hidden cells, each moved against the one before. Cells of
    the row of totals stand for their columns with the opposite sign: where one grows, its column shrinks.
    """
    last = len(full) - 1

    def movable(at: Cell, by: int) -> bool:
        """Whether the entry, as it counts in its lines, can change by that much."""
        real = -by if at[0] == last else by
        return at in hidden and (real > 0 or full[at[0]][at[1]] > 0)

    if not movable(cell, step):
        return {}
    columns, came = [cell[1]], {cell[1]: (-1, -1)}
    while columns:
        column = columns.pop(0)
        for row in range(len(full)):
            if (row, column) == cell or not movable((row, column), -step):
                continue
            if row == cell[0]:
                moved = {cell: step, (row, column): -step}
                while column != cell[1]:
                    row, before = came[column]
                    moved |= {(row, column): step, (row, before): -step}
                    column = before
                return {at: -by if at[0] == last else by for at, by in moved.items()}
            for other in range(len(full[0])):
                if other not in came and movable((row, other), step):
                    came[other] = row, column
                    columns.append(other)
    return {}


def merge_small(counts: Sequence[int], minimum: int) -> list[list[int]]:
    """Return which rows are shown together: alone where they hold the minimum, the small ones merged at the end.

    counts: answers by row. Where the small ones together do not hold it, the smallest of the others joins them.
    """
    alone = [[n] for n, count in enumerate(counts) if count >= minimum]
    small = [n for n, count in enumerate(counts) if 0 < count < minimum]
    if small and sum(counts[n] for n in small) < minimum and alone:
        smallest = min(alone, key=lambda each: (counts[each[0]], each[0]))
        alone.remove(smallest)
        small = sorted([*small, *smallest])
    return [*alone, small] if small else alone


BAND_PCT = 5


def band_of(row: Sequence[int], weights: Mapping[int, float], minimum: int) -> Band | None:
    """Return between which whole per cent the score of a row lies; None with few answers.

    weights: 0 to 1, by column; the others do not count. Within a band so many answers may move between hidden cells
    as the minimum says: moving one moves a score of n answers by 1/n at most.
    """
    n = sum(row[c] for c in weights)
    if n * BAND_PCT < 100 * minimum:
        return None
    score = sum(weight * row[c] for c, weight in weights.items()) / n
    bottom = min(int(score * 100 + 1e-9) // BAND_PCT * BAND_PCT, 100 - BAND_PCT)
    return bottom, bottom + BAND_PCT


def bands(full: Table, hidden: Collection[Cell], weights: Mapping[int, float], minimum: int) -> list[Band | None]:
    """Return for every row in which counted cells are hidden between what its score lies, where that may be told.

    A band says something about hidden cells. It is told only where for every one of them another table has the same
    bands, too, besides the same shown cells and totals; otherwise those that stand in the way are left out.
    """
    told = [
        band_of(row, weights, minimum) if any((r, c) in hidden for c in weights) else None
        for r, row in enumerate(full)
    ]  # fmt: skip
    waiting = sorted(hidden)
    while waiting:
        broken = _bands_broken(full, hidden, waiting[-1], told, weights, minimum)
        if not broken:  # stays so: fewer bands only leave more possible
            waiting.pop()
        for r in broken:
            told[r] = None
    return told


def _bands_broken(
    full: Table,
    hidden: Collection[Cell],
    cell: Cell,
    told: Sequence[Band | None],
    weights: Mapping[int, float],
    minimum: int,
) -> set[int]:
    """Return the rows whose bands tell the cell: none where some other table with another number has them all."""
    ways = []
    for step in (1, -1):
        if moved := _changed(full, hidden, cell, step):
            rows = {r for r, _c in moved}
            other = {r: [n + moved.get((r, c), 0) for c, n in enumerate(full[r])] for r in rows}
            ways.append({r for r in rows if told[r] and band_of(other[r], weights, minimum) != told[r]})
    return min(ways, key=lambda way: (len(way), sorted(way)), default=set())
