"""Sheets of wishes: taken in row by row as drafts, and the list given out without whose they are."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor, require
from haitang.core.brought import sift
from haitang.core.tables import Row
from haitang.territory.queries import territory
from haitang.wishes import policies, queries
from haitang.wishes.actions.entering import build_wish, check_not_twice, write_wishes
from haitang.wishes.facts import WishesExported, WishesImported
from haitang.wishes.models import Wish
from haitang.wishes.values import ROWS_MAX, BadWish, Channel, NewWish, Permission, WishTwice

EXPORT_MAX = 20_000


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What became of a sheet: the drafts that were written, and line and reason of every row that was not."""

    drafts: list[Wish]
    reasons: list[tuple[int, str]]


@transaction.atomic
def import_wishes(*, actor: Actor, data: bytes, now: datetime) -> SheetRead:
    """
    Take a sheet of wishes in: each sound row becomes a draft, which nobody sees before the community has checked it.

    A row that cannot be taken in gets its reason and stops no other. The same sheet brought again brings nothing
    twice. The file itself is not kept. Raises NotAllowed (no ENTER anywhere), Invalid (too large, no table).
    """
    require(actor, Permission.ENTER)
    seen: set[tuple[str, str]] = set()

    def draft_of(row: Row) -> Wish:
        wish = _built(actor, row, now)
        check_not_twice([wish])
        if (key := (wish.phone, wish.title)) in seen and wish.phone_index:
            raise WishTwice(_("表格中有同样的一行：%(title)s") % {"title": wish.title})
        seen.add(key)
        return wish

    read = sift(data, queries.wish_columns(), draft_of, rows_max=ROWS_MAX)
    drafts = read.found
    if drafts:
        write_wishes(drafts, actor=actor, now=now)
        history.record(actor=actor, fact=WishesImported(actor.id or 0, len(drafts)), at=now)
    return SheetRead(drafts, [(line, reason) for line, reason in read.reasons])


def _built(actor: Actor, row: Row, now: datetime) -> Wish:
    cells = {name: value for name, value in row.cells.items() if value is not None}
    named = cells.pop("area")
    new = NewWish(area_code=_area_code(named), **cells)
    wish = build_wish(new, actor=actor, channel=Channel.IMPORT, now=now)
    policies.check_can_enter(actor, wish.area_path)
    return wish


def _area_code(named: str) -> str:
    """Return the code of an area that a cell names by code or by name; two of one name are told apart by code alone."""
    named = named.strip()
    found = territory().named(named)
    if len(found) != 1:
        raise BadWish(_("“社区或网格”：%(name)s不存在或不止一个，请填编码") % {"name": named[:30]})
    return found[0].code


@transaction.atomic
def export_wishes(*, actor: Actor, wanted: queries.WishFilter, now: datetime) -> list[queries.WishView]:
    """
    Return the wishes of a list for a file, in which nothing says whose they are; that it was taken is recorded.

    Raises NotAllowed, BadWish (more than EXPORT_MAX).
    """
    require(actor, Permission.VIEW)
    rows = list(queries.filter_wishes(viewer=actor, wanted=wanted).order_by("pk")[: EXPORT_MAX + 1])
    if len(rows) > EXPORT_MAX:
        raise BadWish(_("超过 %(n)d 行，请先筛选") % {"n": EXPORT_MAX})
    history.record(actor=actor, fact=WishesExported(actor.id or 0, len(rows)), at=now)
    return queries.describe_wishes(rows)
