"""Who looked at what is masked: for those who watch over it, and for the person whose data it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.facts import Fact, fact_named, known_facts, label_of
from haitang.core.history import Entry
from haitang.core.keyset import page_by_instant
from haitang.core.looks import ENDINGS, LOOKS, SAYING
from haitang.core.paging import Page
from haitang.core.tables import Column
from haitang.privacy.values import Item, Permission
from haitang.territory.queries import territory
from haitang.territory.values import Territory

ROWS = 50
SHEET_ROWS_MAX = 20_000
"""What one sheet takes; of more, a shorter time is to be chosen."""


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which looks; empty fields narrow nothing. who: the name as it stands in the history. fact: what was looked at.

    area_path: in that area and all below. from_at: from that instant on; to_at: before that one.
    """

    who: str = ""
    fact: str = ""
    area_path: str = ""
    from_at: datetime | None = None
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, of which office, at what, whose, where, why, when. Texts are in the reader's language.

    whose: what it belongs to, by its number. area_name: "" where it belongs to no area. rows: of a table taken away,
    None where the history does not say how many. reason: "" where none is asked: of whom a task was given.
    """

    id: int
    at: datetime
    who: str
    organization_name: str
    fact: str
    what: str
    whose: str
    subject_type: str
    subject_id: int
    area_name: str
    reason: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """How often something of a person was shown in full, to which office, and last when."""

    organization_name: str
    times: int
    last_at: datetime


def list_looks(*, viewer: Actor, wanted: LookFilter, cursor: str = "") -> Page[Look]:
    """Return a page of the looks, the latest first. Raises NotAllowed, Invalid for a cursor that is none."""
    page = page_by_instant(_narrowed(viewer, wanted), instant="at", cursor=cursor, limit=ROWS)
    return Page(_looks(page.rows), page.total, page.total_is_more, page.previous, page.next)


def look_rows(*, viewer: Actor, wanted: LookFilter) -> list[Look]:
    """Return the looks for a sheet, the latest first; at most SHEET_ROWS_MAX and one more. Raises NotAllowed."""
    return _looks(_narrowed(viewer, wanted).order_by("-at", "-id")[: SHEET_ROWS_MAX + 1])


def look_columns() -> list[Column]:
    """Return the columns of that sheet."""
    return [
        Column("at", _("时间"), width=18), Column("who", _("查看人"), width=14), Column("unit", _("单位"), width=24),
        Column("what", _("查看内容"), width=22), Column("whose", _("对象"), width=20),
        Column("area", _("区域"), width=24), Column("rows", _("行数"), width=8), Column("reason", _("理由"), width=48),
    ]  # fmt: skip


def look_facts() -> list[tuple[str, str]]:
    """Return everything that can be looked at: the name of the fact and what it is called."""
    return [(fact.__name__, label_of(fact.__name__)) for fact in known_facts() if tells_of_looks(fact)]


def tells_of_looks(fact: type[Fact]) -> bool:
    """Tell whether facts of that kind can tell of a look."""
    return fact.__name__.endswith(ENDINGS) or any(each.name in SAYING for each in fields(fact))


def shown_of(items: Sequence[Item]) -> list[Sequence[Shown]]:
    """Return, for each of these items, to which offices what is masked of it was shown, most often first.

    For the person whose items they are: offices, and no names of staff. What was taken away as a table of many is not
    in it: the history does not say whose rows those were.
    """
    plain: dict[str, set[int]] = {}
    for item in items:
        if item.subject is not None and item.whose is None:
            plain.setdefault(item.subject[0], set()).add(item.subject[1])
    about = Q(pk__in=[])
    for kind, ids in plain.items():
        about |= Q(subject_type=kind, subject_id__in=ids)
    found: dict[tuple[str, int], list[Shown]] = {}
    for subject, shown in _counted(about) if plain else ():
        found.setdefault(subject, []).append(shown)
    return [
        () if item.subject is None else found.get(item.subject, ()) if item.whose is None else _shown_of_one(item)
        for item in items
    ]


def _shown_of_one(item: Item) -> Sequence[Shown]:
    kind, subject_id = item.subject or ("", 0)
    key, value = item.whose or ("", 0)
    about = Q(subject_type=kind, subject_id=subject_id, data__contains={key: value})
    return [shown for _subject, shown in _counted(about)]


def _counted(about: Q) -> Iterable[tuple[tuple[str, int], Shown]]:
    told = (
        Entry.objects.filter(about, LOOKS)
        .values_list("subject_type", "subject_id", "organization_name")
        .annotate(times=Count("id"), last_at=Max("at"))
        .order_by("-times", "organization_name")
    )
    return [((kind, subject_id), Shown(unit, times, last_at)) for kind, subject_id, unit, times, last_at in told]


def shown_words(shown: Sequence[Shown]) -> str:
    """Return that in a sentence; "" for what was never shown."""
    return "、".join(
        _("%(unit)s %(n)d 次") % {"unit": each.organization_name or _("接单、认领的服务者"), "n": each.times}
        for each in shown
    )


def _narrowed(viewer: Actor, wanted: LookFilter) -> QuerySet[Any]:
    require(viewer, Permission.LOOKS, area_path=EVERYWHERE)
    rows = Entry.objects.filter(LOOKS)
    if wanted.who:
        rows = rows.filter(actor_name=wanted.who)
    if wanted.fact:
        rows = rows.filter(fact=wanted.fact)
    if wanted.area_path:
        rows = rows.filter(area_path__startswith=wanted.area_path)
    if wanted.from_at is not None:
        rows = rows.filter(at__gte=wanted.from_at)
    if wanted.to_at is not None:
        rows = rows.filter(at__lt=wanted.to_at)
    return rows


def _looks(entries: Iterable[Entry]) -> list[Look]:
    tree = territory()
    return [_look(entry, tree) for entry in entries]


def _look(entry: Entry, tree: Territory) -> Look:
    fact = fact_named(entry.fact)
    subject = next((each.name for each in fields(fact)), "")
    label = str(fact.field_labels.get(subject, entry.subject_type))
    last = entry.area_path.rstrip("/").rpartition("/")[2]
    area = tree.get(int(last)) if last else None
    rows = entry.data.get("rows")
    return Look(
        entry.pk, entry.at, entry.actor_name, entry.organization_name, entry.fact, label_of(entry.fact),
        f"{label} {entry.subject_id}" if entry.subject_id else label, entry.subject_type, entry.subject_id,
        area.name if area else "", str(entry.data.get("reason") or ""), rows if isinstance(rows, int) else None,
    )  # fmt: skip
