"""Sheets of links and agreements: looked through first, row by row, then taken in by whoever brought them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

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
    TIMES_MAX,
    BadWords,
    NewAgreement,
    NewDuty,
    Permission,
    Side,
)
from haitang.core import files, history
from haitang.core.access import Actor, require
from haitang.core.brought import Sifted, lock_to_take_in, new_file, sift
from haitang.core.clock import local_date
from haitang.core.tables import Row
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


@transaction.atomic
def bring_link_file(*, actor: Actor, year: int, file_name: str, data: bytes, now: datetime) -> LinkFile:
    """
    Look a sheet of links and their agreements for a year through and keep it; nothing is entered before it is taken in.

    Each row that cannot be taken in gets its reason.
    Raises NotAllowed (KEEP nowhere), BadWords (another year), Invalid (too large, no table).
    """
    require(actor, Permission.KEEP)
    today = local_date(now)
    number_of(year, "year", today.year - 1, today.year + 1)
    read = _read(actor, year, data, today)
    row = new_file(LinkFile, read, actor=actor, file_name=file_name, data=data, now=now, year=year)
    row.save()
    history.record(actor=actor, fact=LinkFileBrought(row.pk, read.rows), at=now)
    return row


@transaction.atomic
def take_in_link_file(*, actor: Actor, file_id: int, now: datetime) -> LinkFile:
    """
    Enter the sound rows of a file that was looked through, once: new links, and agreements that wait for the units.

    The sheet is read again, so that what has changed meanwhile counts. Raises FileUnknown, FileTaken, NotAllowed.
    """
    row = lock_to_take_in(LinkFile.objects.all(), actor, file_id)
    require(actor, Permission.KEEP)
    today = local_date(now)
    read = _read(actor, row.year, files.read(row.digest), today)
    there = queries.links_between(((line.unit_id, line.community_id) for line in read.found), today)
    news = []
    for line in read.found:
        link = there.get((line.unit_id, line.community_id)) or link_unit(
            actor=actor, unit_id=line.unit_id, community_id=line.community_id, from_date=line.from_date, now=now
        )
        if line.duties:
            news.append(NewAgreement(link.pk, row.year, line.duties, line.words))
    if news:
        propose_agreements(actor=actor, news=news, side=Side.COMMUNITY.value, now=now)
    row.hold(read, taken_at=now)
    row.save()
    history.record(actor=actor, fact=LinkFileTakenIn(row.pk, row.sound), at=now)
    return row


def _read(actor: Actor, year: int, data: bytes, today: date) -> Sifted[_Line]:
    """Return what a sheet holds, without what stands in it twice and agreements that cannot be drawn up any more."""
    hosts = queries.areas_of_hosts(today)
    read = sift(data, queries.link_columns(), partial(_line, actor, hosts, today))
    there = queries.links_between(((line.unit_id, line.community_id) for line in read.found), today)
    agreements = queries.find_agreements((link.pk, year) for link in there.values())
    sound: list[tuple[int, _Line]] = []
    seen: set[tuple[int, int]] = set()
    for number, line in read.sound:
        pair = line.unit_id, line.community_id
        link = there.get(pair)
        agreement = agreements.get((link.pk, year)) if link else None
        if pair in seen:
            read.reasons.append([number, _("与前面的行重复")])
        elif line.duties and agreement is not None and agreement.stage == Stage.AGREED:
            read.reasons.append([number, _("这一年的协议双方已经签订，不能再改")])
        elif not line.duties and link is not None:
            read.reasons.append([number, _("已经结对，也没有约定责任，没有可导入的内容")])
        elif link is None and line.from_date > today:
            read.reasons.append([number, _("结对日期不能晚于今天")])
        else:
            seen.add(pair)
            sound.append((number, line))
    read.sound = sound
    return read


def _line(actor: Actor, hosts: dict[int, int], today: date, row: Row) -> _Line:
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
