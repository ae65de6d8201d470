"""Making the files of each month, and putting in their place what has changed."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from haitang.core import files, history
from haitang.core.access import Actor
from haitang.core.tables import Column, write_csv
from haitang.opendata import policies, queries
from haitang.opendata.facts import MonthPublished, OpenDataWithdrawn, OpenDataWritten
from haitang.opendata.models import Publication
from haitang.opendata.queries import Line, MonthReader
from haitang.opendata.values import COLUMNS, Format, name_of

_COLUMNS = [Column(name, name) for name in COLUMNS]
"""Programs read these files: the names of the columns are those of JSON; what they mean stands in the catalogue."""


def publish_open_data(*, actor: Actor, now: datetime) -> int:
    """
    Make the files of every month anew and publish those that say something else; return how many months changed.

    What no longer belongs among them is withdrawn; all of it while open data are off. A file whose content stays the
    same keeps its date. Run again, or cut off anywhere, it does what is left. Raises NotAllowed.
    """
    policies.check_can_manage(actor)
    months = queries.finished_months(now) if queries.is_on() else []
    changed = 0
    for month in months:
        with queries.read_month(month) as reader:
            changed += _publish(actor, reader, now)
    _withdraw(actor, Publication.objects.exclude(month__in=months).values_list("pk", flat=True), now)
    return changed


def write_open_data(*, actor: Actor, folder: Path, now: datetime) -> int:
    """
    Write the files of every month, as they are or would be published, with their catalogue; return how many months.

    Whether open data are on does not matter: so they can be looked at before they are. Raises NotAllowed, OSError.
    """
    policies.check_can_manage(actor)
    written: list[Publication] = []
    for month in queries.finished_months(now):
        with queries.read_month(month) as reader:
            written += [_write(folder, reader, form, now) for form in Format.values if reader.rows]
    told = json.dumps(queries.catalogue("", written), ensure_ascii=False, indent=1)
    (folder / "data.json").write_text(told, encoding="utf-8")
    count = len(queries.by_month(written))
    history.record(actor=actor, fact=OpenDataWritten(0, count), at=now)
    return count


def _write(folder: Path, reader: MonthReader, form: str, now: datetime) -> Publication:
    path, digest = folder / name_of(reader.month, form), hashlib.sha256()
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        for chunk in _content(form, reader.lines()):
            digest.update(chunk)
            file.write(chunk)
        size = file.tell()
    partial.replace(path)
    return Publication(
        month=reader.month, form=form, digest=digest.hexdigest(), size=size, rows=reader.rows,
        left_out=reader.left_out, changed_at=now,
    )  # fmt: skip


def _publish(actor: Actor, reader: MonthReader, now: datetime) -> bool:
    """Publish a month; tell whether anything of it has become another."""
    there = {row.form: row for row in Publication.objects.filter(month=reader.month)}
    if not reader.rows:
        _withdraw(actor, [row.pk for row in there.values()], now)
        return False
    made = {form: _store(_content(form, reader.lines())) for form in Format.values}
    if all(form in there and there[form].digest == digest for form, (digest, _size) in made.items()):
        return False
    with transaction.atomic():
        for form, (digest, size) in made.items():
            row, _is_new = Publication.objects.update_or_create(
                month=reader.month, form=form,
                defaults={
                    "digest": digest, "size": size, "rows": reader.rows, "left_out": reader.left_out, "changed_at": now,
                },
            )  # fmt: skip
        fact = MonthPublished(row.pk, f"{reader.month:%Y-%m}", reader.rows, reader.left_out)
        history.record(actor=actor, fact=fact, at=now)
        _forget_files({row.digest for row in there.values()})
    return True


def _withdraw(actor: Actor, ids: Iterable[int], now: datetime) -> None:
    with transaction.atomic():
        rows = Publication.objects.select_for_update().filter(pk__in=list(ids))
        digests = set(rows.values_list("digest", flat=True))
        count, _by_model = rows.delete()
        if count:
            history.record(actor=actor, fact=OpenDataWithdrawn(0, count), at=now)
            _forget_files(digests)


def _forget_files(digests: set[str]) -> None:
    """Remove, once this is committed, the files that nothing refers to any more."""

    def forget() -> None:
        for digest in digests.difference(Publication.objects.values_list("digest", flat=True)):
            files.discard(digest)

    transaction.on_commit(forget)


def _store(chunks: Iterable[bytes]) -> tuple[str, int]:
    path = files.begin_file()
    try:
        with path.open("wb") as file:
            file.writelines(chunks)
            size = file.tell()
        return files.store_file(path), size
    finally:
        path.unlink(missing_ok=True)


def _content(form: str, lines: Iterable[Line]) -> Iterator[bytes]:
    if form == Format.CSV:
        return write_csv((_cells(line) for line in lines), _COLUMNS)
    return _json(lines) if form == Format.JSON else _geojson(lines)


def _cells(line: Line) -> list[object]:
    """Return the cells of a line for programs: true and false as everywhere else in these files."""
    return [str(value).lower() if isinstance(value, bool) else value for value in line.values()]


def _json(lines: Iterable[Line]) -> Iterator[bytes]:
    yield from _array("[", lines, "]")


def _geojson(lines: Iterable[Line]) -> Iterator[bytes]:
    yield from _array('{"type": "FeatureCollection", "features": [', map(_feature, lines), "]}")


def _feature(line: Line) -> Line:
    point = {"type": "Point", "coordinates": [line["lon"], line["lat"]]} if line["lon"] is not None else None
    told = {name: value for name, value in line.items() if name not in ("lon", "lat")}
    return {"type": "Feature", "geometry": point, "properties": told}


def _array(begin: str, items: Iterable[Line], end: str) -> Iterator[bytes]:
    """Yield an array, an item a line."""
    yield begin.encode()
    comma = "\n"
    for item in items:
        yield (comma + json.dumps(item, ensure_ascii=False)).encode()
        comma = ",\n"
    yield f"\n{end}\n".encode()
