"""What is published, the rules in force, and the lines of a month, made coarse."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.lifecycle import Status
from haitang.cases.queries import AnonymousCase
from haitang.core import files
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.opendata import policies
from haitang.opendata.models import OpenDataSetting, Publication
from haitang.opendata.values import (
    COLUMNS,
    MEDIA,
    Format,
    Location,
    NothingPublished,
    Result,
    Square,
    State,
    coarsened,
    name_of,
    square_of,
    told_on,
)
from haitang.territory.queries import list_centres, territory
from haitang.territory.values import LEVELS, AreaRef, Kind

SETTINGS = Settings(cache(partial(read_shipped, "opendata", "settings.toml")), OpenDataSetting)
RULES: Policy[Mapping[str, Any]] = Policy("opendata.rules", SETTINGS.values)

Place = tuple[int, int]
"""A category and an area, by their ids."""
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Month:
    """What is published of a month. files: by format, the row of each."""

    month: date
    rows: int
    left_out: int
    changed_at: datetime
    files: Mapping[str, Publication]


def open_data_rules() -> Mapping[str, Any]:
    """Return the rules in force by key."""
    return RULES.get()


def list_open_data_rules(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its source, in the order of the shipped file. Raises NotAllowed."""
    policies.check_can_manage(viewer)
    return SETTINGS.lines()


def is_on() -> bool:
    """Tell whether anything is published."""
    return bool(open_data_rules()["enabled"])


def publisher() -> str:
    """Return who publishes."""
    return str(open_data_rules()["publisher"] or settings.HAITANG_NAME)


def by_month(published: Sequence[Publication]) -> list[Month]:
    """Return what is published, month by month."""
    found: dict[date, dict[str, Publication]] = {}
    for row in published:
        found.setdefault(row.month, {})[row.form] = row
    return [
        Month(month, one.rows, one.left_out, max(row.changed_at for row in kept.values()), kept)
        for month, kept in found.items()
        for one in (next(iter(kept.values())),)
    ]


def get_file(*, month: date, form: str) -> tuple[Publication, Path]:
    """Return a published file and where it is kept. Raises NothingPublished."""
    _require_on()
    row = Publication.objects.filter(month=month, form=form).first()
    if row is None or not (path := files.path_for(row.digest)).is_file():
        raise NothingPublished(_("没有这个数据文件"))
    return row, path


def finished_months(now: datetime) -> list[date]:
    """Return the first days of the months to be published, the newest first: of those that are over."""
    month, found = local_date(now).replace(day=1), []
    for _number in range(open_data_rules()["months"]):
        month = _before(month)
        found.append(month)
    return found


def _before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _after(month: date) -> date:
    return date(month.year + (month.month == 12), month.month % 12 + 1, 1)


class MonthReader:
    """The lines of one month: read from the cases once, kept in a file that has no name, told as often as is asked.

    Memory holds one count for each class, area and square of the month, whatever the number of cases.
    """

    def __init__(self, month: date, spool: IO[str]) -> None:
        self.month, self.left_out, self.rows = month, 0, 0
        self._spool, self._rules = spool, open_data_rules()
        self._categories, self._areas = cases.catalog().by_id, territory()
        self._centres: dict[int, tuple[float, float]] = {}
        self._gather()

    def _gather(self) -> None:
        places: Counter[Place] = Counter()
        squares: Counter[tuple[Place, int, int]] = Counter()
        metres = self._rules["rounding_m"]
        start, end = (datetime.combine(day, time.min, LOCAL) for day in (self.month, _after(self.month)))
        for case in cases.iter_anonymous(from_at=start, to_at=end, hidden_ids=_hidden_ids(self._rules["unpublished"])):
            place = (case.category_id, self._told_area(case.area_id))
            places[place] += 1
            at: list[int] = []
            if metres and case.lon is not None and case.lat is not None:
                square = square_of(case.lon, case.lat, metres)
                at = [square.row, square.column]
                squares[place, square.row, square.column] += 1
            json.dump([*place, at, *self._told(case)], self._spool)
            self._spool.write("\n")
        least = self._rules["cell_min"]
        self._at = coarsened(places, least, self._wider, self._depth)
        held: Counter[tuple[Place, int, int]] = Counter()
        for (place, row, column), count in squares.items():
            if (told := self._at[place]) is not None:
                held[told, row, column] += count
        self._squares = {key for key, count in held.items() if count >= least}
        self.left_out = sum(count for place, count in places.items() if self._at[place] is None)
        self.rows = places.total() - self.left_out
        self._centres = list_centres({told[1] for told in self._at.values() if told})

    def lines(self) -> Iterator[Line]:
        """Yield the lines, those of one day together, with the columns of values.COLUMNS."""
        self._spool.seek(0)
        for kept in self._spool:
            category_id, area_id, at, *told = json.loads(kept)
            place = self._at[category_id, area_id]
            if place is None:
                continue
            category, area = self._categories[place[0]], self._areas.area(place[1])
            point, location = self._point(place, at)
            values = (
                f"{self.month:%Y-%m}", category.code, category.name, area.code, self._areas.full_name(area.id), *told,
                *point, location,
            )  # fmt: skip
            yield dict(zip(COLUMNS, values, strict=True))

    def _told(self, case: AnonymousCase) -> tuple[str, str, str, str, bool | None, str]:
        dates = self._rules["dates"]
        closed_on = told_on(local_date(case.closed_at), dates).isoformat() if case.closed_at else ""
        result = Result.REFUSED if case.status == Status.REFUSED else Result.DONE
        return (
            told_on(local_date(case.reported_at), dates).isoformat(),
            (State.OPEN if case.is_open else State.CLOSED).value,
            "" if case.is_open else result.value, "" if case.is_open else closed_on, case.in_time, case.level,
        )  # fmt: skip

    def _told_area(self, area_id: int) -> int:
        """Return the area itself or the one above, no narrower than the rules say."""
        finest = LEVELS[Kind(self._rules["area_kind"])]
        chain = self._areas.chain(area_id)
        return next((area for area in reversed(chain) if area.level <= finest), chain[0]).id

    def _wider(self, place: Place) -> Place | None:
        category_id, area_id = place
        above = self._areas.area(area_id).parent_id
        if above is not None:
            return category_id, above
        wider = self._categories[category_id].parent_id
        return None if wider is None else (wider, area_id)

    def _depth(self, place: Place) -> tuple[int, int]:
        return self._area(place).depth, len(self._categories[place[0]].ids)

    def _area(self, place: Place) -> AreaRef:
        return self._areas.area(place[1])

    def _point(self, place: Place, at: list[int]) -> tuple[tuple[float | None, float | None], str]:
        if at and (place, *at) in self._squares:
            return Square(at[0], at[1], self._rules["rounding_m"]).middle, Location.SQUARE.value
        middle = self._centres.get(place[1]) if self._rules["rounding_m"] else None
        return ((round(middle[0], 4), round(middle[1], 4)), Location.AREA.value) if middle else ((None, None), "")


@contextmanager
def read_month(month: date) -> Iterator[MonthReader]:
    """Read a month; what was read is gone with the block. For actions."""
    with TemporaryFile("w+", encoding="utf-8") as spool:
        yield MonthReader(month, spool)


def list_files() -> list[Publication]:
    """Return what is published, the newest month first. Raises NothingPublished where open data are off."""
    _require_on()
    return list(Publication.objects.order_by("-month", "form"))


def catalogue(address: str, published: Sequence[Publication]) -> dict[str, Any]:
    """Return the catalogue for programs, by the words of DCAT 3 as JSON.

    address: below which the files are, with its slash; "" for beside the catalogue.
    """
    rules = open_data_rules()
    updated = max((row.changed_at for row in published), default=None)
    return {
        "@context": "https://www.w3.org/ns/dcat.jsonld",
        "@type": "dcat:Dataset",
        "title": _("社区治理案件"),
        "description": _("每月上报的案件：类别、区域、日期、状态和结果；不含任何个人信息"),
        "publisher": {"@type": "foaf:Agent", "name": publisher()},
        "contactPoint": rules["contact"] or None,
        "license": rules["licence_url"] or rules["licence"],
        "rights": rules["licence"],
        "accrualPeriodicity": "R/P1D",
        "modified": updated.isoformat() if updated else None,
        "landingPage": address or None,
        "fields": [{"name": name, "description": str(told)} for name, told in COLUMNS.items()],
        "distribution": [distribution(row, address) for row in published],
    }


def named(row: Publication) -> str:
    """Return the name of a published file."""
    return name_of(row.month, row.form)


def distribution(row: Publication, address: str) -> dict[str, Any]:
    """Return one file as the catalogue tells it."""
    return {
        "@type": "dcat:Distribution",
        "title": named(row),
        "temporal": f"{row.month:%Y-%m}",
        "mediaType": MEDIA[Format(row.form)].partition(";")[0],
        "downloadURL": address + named(row),
        "byteSize": row.size,
        "rows": row.rows,
        "checksum": {"algorithm": "sha256", "checksumValue": row.digest},
        "modified": row.changed_at.isoformat(),
    }


def _hidden_ids(codes: list[str]) -> tuple[int, ...]:
    known = cases.catalog()
    tops = {known.by_code[code].id for code in codes if code in known.by_code}
    return tuple(category.id for category in known.categories if not tops.isdisjoint(category.ids))


def _require_on() -> None:
    if not is_on():
        raise NothingPublished(_("本平台没有开放数据"))
