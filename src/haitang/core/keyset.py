"""Pages of a queryset ordered by an instant and the id: each page is one index scan, at any depth."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from haitang.core.errors import Invalid
from haitang.core.paging import Page, decode, encode

_AFTER, _BEFORE = "a", "b"


def cursor_after(instant: datetime, row_id: int) -> str:
    """Return the cursor of the page that begins behind the row with that instant and id, in a list without ranks."""
    return encode(_AFTER, instant.isoformat(), row_id)


def page_by_instant(
    rows: QuerySet[Any],
    *,
    instant: str,
    cursor: str,
    limit: int,
    total_max: int | None = None,
    newest_first: bool = True,
    rank: str = "",
) -> Page[Any]:
    """Return one page of the rows ordered by (instant, id), and the cursors of its neighbours.

    instant: the name of a datetime column that is never null in these rows. limit: rows a page.
    rank: the name of a column of whole numbers that orders before the instant, the highest first; newest first only.
    total_max: tell how many rows there are, counted up to so many; None counts nothing.
    Raises Invalid for a cursor that no page of such a list can have given out.
    """
    table = rows.model._meta.db_table
    column = rows.model._meta.get_field(instant).column
    ranked = [rows.model._meta.get_field(rank).column] if rank else []
    direction, backwards, beyond = _AFTER, False, rows
    if cursor:
        direction, *ranks, text, row_id = decode(cursor, str, *(int for _column in ranked), str, int)
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid("翻页参数无效，请从第一页重新查看") from error
        if at.tzinfo is None or direction not in (_AFTER, _BEFORE):
            raise Invalid("翻页参数无效，请从第一页重新查看")
        backwards = direction == _BEFORE
        sign = "<" if newest_first != backwards else ">"
        columns = ", ".join(f'"{table}"."{name}"' for name in (*ranked, column, "id"))
        condition = f"({columns}) {sign} ({', '.join('%s' for _value in (*ranks, at, row_id))})"
        beyond = rows.extra(where=[condition], params=[*ranks, at, row_id])  # noqa: S610 - names of our own columns
    keys = [F(name) for name in filter(None, (rank, instant, "id"))]
    if newest_first != backwards:
        beyond = beyond.order_by(*(key.desc() for key in keys))
    else:
        beyond = beyond.order_by(*(key.asc() for key in keys))
    # First which rows, by an index that may hold all that is asked, then the rows: only those shown are read whole.
    # On the first page the same look tells how many there are.
    wanted = limit if cursor or total_max is None else max(limit, total_max)
    ids = list(beyond.values_list("pk", flat=True)[: wanted + 1])
    total = len(ids)
    if cursor and total_max is not None:
        total = rows.order_by()[: total_max + 1].count()
    found = list(beyond.filter(pk__in=ids[:limit]))
    more = len(ids) > limit
    if backwards:
        found.reverse()

    def mark(direction: str, row: Any) -> str:
        ranks = [getattr(row, rank)] if rank else []
        return encode(direction, *ranks, getattr(row, instant).isoformat(), row.pk)

    has_previous = more if backwards else bool(cursor)
    has_next = True if backwards else more
    return Page(
        rows=found,
        total=None if total_max is None else min(total, total_max),
        total_is_more=total_max is not None and total > total_max,
        previous=mark(_BEFORE, found[0]) if found and has_previous else "",
        next=mark(_AFTER, found[-1]) if found and has_next else "",
    )
