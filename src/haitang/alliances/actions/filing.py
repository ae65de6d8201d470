"""Sheets of links and agreements: looked through first, row by row, then taken in by whoever brought them."""

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances import policies, queries
from haitang.alliances.actions.agreeing import propose_agreements
from haitang.alliances.actions.linking import link_unit
from haitang.alliances.actions.shared import number_of
from haitang.alliances.facts import LinkFileBrought, LinkFileTakenIn
from haitang.alliances.lifecycle import Stage
from haitang.alliances.models import LinkFile
from haitang.alliances.values import (
    FILE_BYTES_MAX,
    LINE_LENGTH_MAX,
    REASONS_SHOWN,
    ROWS_MAX,
    TIMES_MAX,
    BadWords,
    FileTaken,
    NewAgreement,
    NewDuty,
    Permission,
    Side,
)
from haitang.core import files, history
from haitang.core.access import Actor, require
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.core.tables import Row, read_table
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory


@dataclass(frozen=True, slots=True)
class _Line:
    """A sound row of a sheet. duties: () where it says nothing of an agreement."""

    unit_id: int
    community_id: int
    from_date: date
    duties: tuple[NewDuty, ...]
    words: str


@dataclass(frozen=True, slots=True)
class _Read:
    """What a sheet holds: sound rows, and why others are not. rows: of both together."""

    sound: list[_Line]
    reasons: list[list[Any]]
    rows: int


@transaction.atomic
def bring_link_file(*, actor: Actor, year: int, file_name: str, data: bytes, now: datetime) -> LinkFile:
    """
    Look a sheet of links and their agreements for a year through and keep it; nothing is entered before it is taken in.

    Each row that cannot be taken in gets its reason.
    Raises NotAllowed (KEEP nowhere), BadWords (too large, another year), Invalid (no table).
    """
    require(actor, Permission.KEEP)
    if len(data) > FILE_BYTES_MAX:
        sentence = _("文件过大，应小于 %(n)d MB") % {"n": FILE_BYTES_MAX // 1_000_000}
        raise BadWords(sentence, {"file": sentence})
    today = local_date(now)
    number_of(year, "year", today.year - 1, today.year + 1)
    read = _read(actor, year, data, today)
    row = LinkFile.objects.create(
        account_id=actor.id or 0, year=year, digest=files.store(data),
        file_name=file_name.replace("\x00", "")[:LINE_LENGTH_MAX], rows=read.rows, sound=len(read.sound),
        reasons=read.reasons[:REASONS_SHOWN], brought_at=now,
    )  # fmt: skip
    history.record(actor=actor, fact=LinkFileBrought(row.pk, read.rows), at=now)
    return row


@transaction.atomic
def take_in_link_file(*, actor: Actor, file_id: int, now: datetime) -> LinkFile:
    """
    Enter the sound rows of a file that was looked through, once: new links, and agreements that wait for the units.

    The sheet is read again, so that what has changed meanwhile counts. Raises LinkFileNotFound, FileTaken, NotAllowed.
    """
    row = queries.lock_link_file(viewer=actor, file_id=file_id)
    if row.taken_at is not None:
        raise FileTaken(_("这个文件已经导入"))
    require(actor, Permission.KEEP)
    today = local_date(now)
    read = _read(actor, row.year, files.read(row.digest), today)
    there = queries.links_between(((line.unit_id, line.community_id) for line in read.sound), today)
    news = []
    for line in read.sound:
        link = there.get((line.unit_id, line.community_id)) or link_unit(
            actor=actor, unit_id=line.unit_id, community_id=line.community_id, from_date=line.from_date, now=now
        )
        if line.duties:
            news.append(NewAgreement(link.pk, row.year, line.duties, line.words))
    if news:
        propose_agreements(actor=actor, news=news, side=Side.COMMUNITY.value, now=now)
    row.rows, row.sound, row.reasons, row.taken_at = read.rows, len(read.sound), read.reasons[:REASONS_SHOWN], now
    row.save(update_fields=["rows", "sound", "reasons", "taken_at"])
    history.record(actor=actor, fact=LinkFileTakenIn(row.pk, row.sound), at=now)
    return row


def _read(actor: Actor, year: int, data: bytes, today: date) -> _Read:
    lines: list[tuple[int, _Line]] = []
    reasons: list[list[Any]] = []
    hosts = queries.areas_of_hosts(today)
    with tempfile.TemporaryDirectory(prefix="haitang-links-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        for number, row in enumerate(read_table(path, queries.link_columns()), start=1):
            if number > ROWS_MAX:
                sentence = _("一次最多导入 %(n)d 条") % {"n": ROWS_MAX}
                raise BadWords(sentence, {"file": sentence})
            try:
                if row.error:
                    raise BadWords(row.error)
                lines.append((row.line, _line(actor, row, hosts, today)))
            except Refusal as refusal:
                reasons.append([row.line, refusal.message])
    return _look_up(lines, reasons, year, today)


def _look_up(lines: list[tuple[int, _Line]], reasons: list[list[Any]], year: int, today: date) -> _Read:
    """Sort out what stands twice in the sheet, and agreements that cannot be drawn up any more."""
    there = queries.links_between(((line.unit_id, line.community_id) for _number, line in lines), today)
    agreements = queries.find_agreements((link.pk, year) for link in there.values())
    sound: list[_Line] = []
    seen: set[tuple[int, int]] = set()
    for number, line in lines:
        pair = line.unit_id, line.community_id
        link = there.get(pair)
        agreement = agreements.get((link.pk, year)) if link else None
        if pair in seen:
            reasons.append([number, _("与前面的行重复")])
        elif line.duties and agreement is not None and agreement.stage == Stage.AGREED:
            reasons.append([number, _("这一年的协议双方已经签订，不能再改")])
        elif not line.duties and link is not None:
            reasons.append([number, _("已经结对，也没有约定责任，没有可导入的内容")])
        elif link is None and line.from_date > today:
            reasons.append([number, _("结对日期不能晚于今天")])
        else:
            seen.add(pair)
            sound.append(line)
    return _Read(sound, sorted(reasons), len(lines) + sum(1 for each in reasons if each[0] not in dict(lines)))


def _line(actor: Actor, row: Row, hosts: dict[int, int], today: date) -> _Line:
    cells = {name: value for name, value in row.cells.items() if value is not None}
    unit, community = _office(cells["unit"], "单位", today), _office(cells["community"], "社区", today, hosts)
    if community.id not in hosts or unit.id in hosts:
        raise BadWords(_("应由一个单位与一个社区（街道）结对"))
    policies.check_can_keep(actor, territory().area(hosts[community.id]).path)
    duties = tuple(
        NewDuty(name.removeprefix(queries.DUTY), number_of(times, name, 0, TIMES_MAX))
        for name, times in cells.items() if name.startswith(queries.DUTY)
    )  # fmt: skip
    return _Line(unit.id, community.id, cells.get("from_date", today), duties, cells.get("words", ""))


def _office(named: str, title: str, today: date, hosts: dict[int, int] | None = None) -> OrganizationRef:
    registry, named = organizations(), named.strip()
    found = registry.by_code(named)
    if found is None:
        wanted = [
            each for each in registry
            if named in (each.name, each.short_name) and each.exists(today) and (hosts is None or each.id in hosts)
        ]  # fmt: skip
        if hosts is None:
            wanted = [each for each in wanted if each.kind != OfficeKind.COMMUNITY] or wanted
        found = wanted[0] if len(wanted) == 1 else None
    if found is None or not found.exists(today):
        raise BadWords(_("“%(title)s”：%(name)s不存在或不止一个，请填代码") % {"title": title, "name": named[:30]})
    return found
