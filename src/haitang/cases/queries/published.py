"""What anybody may know of cases through an open interface: which matter, about where, how it stands.

In whose words, by whom and where exactly is for the account that reported it alone (`is_own`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Func, Q, TextField
from django.db.models.functions import Cast, TruncDate
from django.utils.translation import gettext as _

from haitang.cases.facts import noted_facts
from haitang.cases.lifecycle import STAGE_OF, Status
from haitang.cases.models import Attachment, Case
from haitang.cases.models.case import CaseQuerySet
from haitang.cases.queries.catalog import CategoryRef, catalog
from haitang.cases.queries.telling import ANSWERS, PASSED_OVER, RESULT
from haitang.cases.values import Stage
from haitang.core.access import Actor
from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.keyset import cursor_after, page_by_instant
from haitang.core.paging import Page, decode, encode
from haitang.territory.queries import territory
from haitang.territory.values import LEVELS, AreaRef
from haitang.territory.values import Kind as AreaKind


@dataclass(frozen=True, slots=True)
class PublishedFilter:
    """What a list of published cases is narrowed by; empty fields narrow nothing.

    from_at, to_at: reported within, both included; aware instants. changed_after: something was done to it since, what
    came after its end left out. category_ids: of these; hidden_ids: of none of these. is_open: waits for a deed.
    areas: lies in one of these very areas, not below. area_path: lies in this one or below.
    """

    from_at: datetime
    to_at: datetime
    changed_after: datetime | None = None
    category_ids: tuple[int, ...] | None = None
    hidden_ids: tuple[int, ...] = ()
    is_open: bool | None = None
    areas: tuple[AreaRef, ...] | None = None
    area_path: str = ""


def list_published(*, wanted: PublishedFilter, limit: int, cursor: str = "", skipped: int = 0) -> Page[Case]:
    """Return a page of the cases that anybody may know of, newest report first: no denunciation, none without class.

    cursor: from an earlier page, "" for the first; skipped: so many rows are passed over instead, which costs the more
    the more they are. Raises Invalid for a cursor that is none.
    """
    rows = _narrowed(wanted).defer("search", "query_code")
    if skipped:
        last = rows.order_by("-reported_at", "-id").values_list("reported_at", "pk")[skipped - 1 : skipped].first()
        if last is None:
            return Page([])
        cursor = cursor_after(*last)
    return page_by_instant(rows, instant="reported_at", cursor=cursor, limit=limit)


def find_published(*, viewer: Actor, numbers: Sequence[str], hidden_ids: Sequence[int] = ()) -> list[Case]:
    """Return the cases with these numbers that anybody may know of, or that the viewer's account reported, as asked."""
    rows = Case.objects.filter(number__in=numbers, category_id__isnull=False).defer("search", "query_code")
    found = {
        case.number: case
        for case in rows
        if is_own(viewer, case) or not (case.is_confidential or case.category_id in hidden_ids)
    }
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


@dataclass(frozen=True, slots=True)
class Outline:
    """What may be said of a case without a word about a person. category: None where none is known yet.

    area: no building, but the grid around it. is_open: waits for a deed.
    """

    number: str
    category: CategoryRef | None
    area: AreaRef
    status: str
    is_open: bool
    is_confidential: bool


def list_outlines(case_ids: Iterable[int]) -> dict[int, Outline]:
    """Return what may be said of these cases, denunciations among them: whoever asks leaves those out. For jobs."""
    known = catalog().by_id
    rows = Case.objects.filter(pk__in=set(case_ids)).values_list(
        "pk", "number", "category_id", "area_id", "status", "stage", "is_confidential"
    )
    return {
        pk: Outline(number, known.get(category_id), told_area(area_id), status, stage is not None, is_confidential)
        for pk, number, category_id, area_id, status, stage, is_confidential in rows
    }


@dataclass(frozen=True, slots=True)
class PublishedStep:
    """Something that has happened to a case that anybody may know of. entry_id: of the history.

    is_open: whether a deed was waited for afterwards; None where the state stayed what it was. told: what an app above
    has said of it, "" for the steps of cases themselves. text: the office's answer, to whoever reported the case.
    """

    entry_id: int
    number: str
    fact: str
    at: datetime
    is_open: bool | None
    told: str
    text: str


_STEPS = """
SELECT e.id, c.number, e.fact, e.at, e.data ->> 'to_status', e.data ->> 'opinion', e.data ->> 'words', c.reported_by_id
FROM core_entry e JOIN cases_case c ON c.id = e.subject_id
WHERE e.subject_type = 'case' AND e.at >= %(from)s AND e.at <= %(to)s AND (e.at, e.id) > (%(after)s, %(after_id)s)
    AND e.fact <> ALL(%(untold)s) AND NOT c.is_confidential AND c.category_id IS NOT NULL
    AND c.category_id <> ALL(%(hidden)s::bigint[]) AND (%(numbers)s::text[] IS NULL OR c.number = ANY(%(numbers)s))
    AND (%(area)s::bigint IS NULL OR c.area_ids @> ARRAY[%(area)s::bigint])
ORDER BY e.at, e.id LIMIT %(limit)s
"""


def list_published_steps(
    *, viewer: Actor, from_at: datetime, to_at: datetime, limit: int, hidden_ids: Sequence[int] = (),
    numbers: Sequence[str] | None = None, area_id: int | None = None, cursor: str = "",
) -> Page[PublishedStep]:  # fmt: skip
    """Return a page of what has happened to cases that anybody may know of, the oldest first.

    from_at, to_at: both included. numbers: of these cases alone. area_id: in this area or below. cursor: from an
    earlier page. Raises Invalid for a cursor that is none.
    """
    after, after_id = from_at, -1
    if cursor:
        text, after_id = decode(cursor, str, int)
        try:
            after = datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid(_("翻页参数无效，请从第一页重新查看")) from error
        if after.tzinfo is None:
            raise Invalid(_("翻页参数无效，请从第一页重新查看"))
    untold = [*PASSED_OVER, *(name for name, fact in noted_facts().items() if not fact.told)]
    given: dict[str, Any] = {
        "from": from_at, "to": to_at, "after": after, "after_id": after_id, "untold": untold,
        "hidden": list(hidden_ids), "numbers": None if numbers is None else list(numbers), "area": area_id,
        "limit": limit + 1,
    }  # fmt: skip
    with connection.cursor() as cursor_:
        cursor_.execute(_STEPS, given)
        found = cursor_.fetchall()
    steps = [_step(viewer, *row) for row in found[:limit]]
    more = encode(steps[-1].at.isoformat(), steps[-1].entry_id) if len(found) > limit else ""
    return Page(steps, next=more)


def _step(
    viewer: Actor, entry_id: int, number: str, fact: str, at: datetime, to_status: str | None, opinion: str | None,
    words: str | None, reported_by_id: int | None,
) -> PublishedStep:  # fmt: skip
    own = viewer.id is not None and reported_by_id == viewer.id
    noted = noted_facts().get(fact)
    is_open = Status(to_status) in STAGE_OF if to_status in Status.values else None
    text = (opinion or words or "") if own and fact in ANSWERS else ""
    return PublishedStep(entry_id, number, fact, at, is_open, str(noted.told) if noted else "", text)


def told_area(area_id: int) -> AreaRef:
    """Return the area in which a case is told to lie: no building, but the grid around it."""
    chain = territory().chain(area_id)
    return next((area for area in reversed(chain) if area.level <= LEVELS[AreaKind.GRID]), chain[0])


def is_own(viewer: Actor, case: Case) -> bool:
    """Tell whether the viewer's account reported the case, and therefore reads its words."""
    return viewer.id is not None and case.reported_by_id == viewer.id


def first_photos(*, viewer: Actor, cases: Iterable[Case]) -> dict[int, int]:
    """Return the first photo's id by case, of those of the viewer's own cases that a reporter is shown."""
    own = [case.pk for case in cases if is_own(viewer, case)]
    if not own:
        return {}
    seen = Attachment.objects.filter(Q(purpose=RESULT) | Q(added_by_id=viewer.id), case_id__in=own)
    return dict(seen.order_by("case_id", "id").distinct("case_id").values_list("case_id", "pk"))


def _narrowed(wanted: PublishedFilter) -> CaseQuerySet:
    rows = Case.objects.filter(
        is_confidential=False, category_id__isnull=False, reported_at__gte=wanted.from_at, reported_at__lte=wanted.to_at
    )
    if wanted.is_open is not None:
        rows = rows.filter(stage__isnull=not wanted.is_open)
    if wanted.category_ids is not None:
        rows = rows.filter(category_id__in=set(wanted.category_ids).difference(wanted.hidden_ids))
    elif wanted.hidden_ids:
        rows = rows.exclude(category_id__in=wanted.hidden_ids)
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.areas is not None:
        rows = rows.filter(_in_areas(wanted.areas))
    if wanted.changed_after is not None:
        rows = rows.filter(
            Q(closed_at__isnull=True) | Q(closed_at__gt=wanted.changed_after), changed_at__gt=wanted.changed_after
        )
    return rows


def _in_areas(areas: Iterable[AreaRef]) -> Q:
    """Return the condition of lying in one of the areas, by the index of each of their depths."""
    by_depth: dict[int, list[int]] = {}
    for area in areas:
        by_depth.setdefault(area.depth, []).append(area.id)
    inside = Q(pk__in=[])
    for depth, ids in by_depth.items():
        inside |= Q(**{f"area_ids__{depth - 1}__in": ids}, area_id__in=ids)
    return inside


@dataclass(frozen=True, slots=True)
class AnonymousCase:
    """What is left of a case for figures that leave the house: no number, no word, nobody. lon, lat: still exact.

    in_time: whether the work was done by its deadline; None where there was none, or it is not done. closed_at: when it
        ended, by a refusal, too; None while it waits for a deed.
    """

    category_id: int
    area_id: int
    status: str
    is_open: bool
    level: str
    reported_at: datetime
    closed_at: datetime | None
    in_time: bool | None
    lon: float | None
    lat: float | None


def iter_anonymous(
    *, from_at: datetime, to_at: datetime, hidden_ids: Sequence[int], chunk_rows: int = 2_000
) -> Iterator[AnonymousCase]:
    """Yield the cases that anybody may know of, reported from the one instant until before the other, in constant
    memory: no denunciation, none voided, none without class, none of the categories hidden. For jobs.

    Those of a day come in an order that says nothing about them. Holds a transaction open for as long as it is read.
    """
    day = TruncDate("reported_at", tzinfo=LOCAL)
    shuffled = Func(Cast("id", TextField()), function="md5")
    rows = (
        Case.objects.filter(
            is_confidential=False, category_id__isnull=False, reported_at__gte=from_at, reported_at__lt=to_at
        )
        .exclude(status=Status.VOIDED)
        .exclude(category_id__in=hidden_ids)
        .order_by(day, shuffled)
        .values_list(
            "category_id", "area_id", "status", "stage", "level", "reported_at", "changed_at", "closed_at", "deadlines",
            "lon", "lat",
        )
    )  # fmt: skip
    with transaction.atomic():  # outside of one, the cursor would copy the whole result first
        for (
            category_id, area_id, status, stage, level, reported_at, changed_at, closed_at, deadlines, lon, lat,
        ) in rows.iterator(chunk_size=chunk_rows):  # fmt: skip
            told = deadlines.get(Stage.HANDLE.value, {})
            known = "due_at" in told and "done_at" in told
            done_at, due_at = (datetime.fromisoformat(told[key]) if known else None for key in ("done_at", "due_at"))
            yield AnonymousCase(
                category_id, area_id, status, stage is not None, level, reported_at,
                closed_at or (changed_at if stage is None else None),
                done_at <= due_at if done_at and due_at else None, lon, lat,
            )  # fmt: skip
