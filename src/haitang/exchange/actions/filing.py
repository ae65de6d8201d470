"""Sheets of needs and resources: looked through first, row by row, then taken in by whoever brought them."""

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import files, history, policy
from haitang.core.access import Actor, require
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.core.scoping import path_of
from haitang.core.tables import Row, read_table
from haitang.exchange import policies, queries
from haitang.exchange.actions.entering import build_need, build_resource, write_rows
from haitang.exchange.facts import ListFileBrought, ListFileTakenIn
from haitang.exchange.models import ListFile, Need, Resource
from haitang.exchange.queries import NEEDS, RESOURCES, hours_of, list_columns, rules
from haitang.exchange.values import (
    FILE_BYTES_MAX,
    PLACE_LENGTH_MAX,
    REASONS_SHOWN,
    ROWS_MAX,
    BadEntry,
    Channel,
    NewNeed,
    NewResource,
    Permission,
    Repeats,
    WrongState,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory


@dataclass(frozen=True, slots=True)
class _Read:
    """What a sheet holds: rows ready to be written, and why others are not. rows: of both together."""

    sound: list[Need | Resource]
    reasons: list[list[Any]]
    rows: int


@transaction.atomic
def bring_list_file(
    *, actor: Actor, kind: str, file_name: str, data: bytes, now: datetime,
    channel: str = Channel.IMPORT.value, round_code: str = "",
) -> ListFile:  # fmt: skip
    """
    Look a sheet of needs ("needs") or resources through and keep it; nothing stands on a list before it is taken in.

    channel: import, or survey for answers that were collected. Each row that cannot be taken in gets its reason.
    Raises NotAllowed (neither ENTER nor OFFER anywhere), BadEntry (too large, no such round), Invalid (no table).
    """
    _check_may_bring(actor)
    if kind not in (NEEDS, RESOURCES) or channel not in (Channel.IMPORT, Channel.SURVEY):
        raise BadEntry(_("请选择清单和来源"))
    if len(data) > FILE_BYTES_MAX:
        sentence = _("文件过大，应小于 %(n)d MB") % {"n": FILE_BYTES_MAX // 1_000_000}
        raise BadEntry(sentence, {"file": sentence})
    round_ = rules().round(round_code)
    read = _read(actor, kind, channel, round_code, data, now)
    row = ListFile.objects.create(
        account_id=actor.id or 0, kind=kind, channel=channel, digest=files.store(data),
        file_name=file_name.replace("\x00", "")[:PLACE_LENGTH_MAX], round_id=round_.id if round_ else None,
        rows=read.rows, sound=len(read.sound), reasons=read.reasons[:REASONS_SHOWN], brought_at=now,
    )  # fmt: skip
    history.record(actor=actor, fact=ListFileBrought(row.pk, read.rows), at=now)
    return row


@transaction.atomic
def take_in_list_file(*, actor: Actor, file_id: int, now: datetime) -> ListFile:
    """
    Write the sound rows of a file that was looked through, as drafts; once.

    The sheet is read again, so that what has changed meanwhile counts. Raises ListFileUnknown, WrongState, NotAllowed.
    """
    row = queries.lock_list_file(viewer=actor, file_id=file_id)
    if row.taken_at is not None:
        raise WrongState(_("这个文件已经导入"))
    _check_may_bring(actor)
    round_ = rules().round_of(row.round_id)
    read = _read(actor, row.kind, row.channel, round_.code if round_ else "", files.read(row.digest), now)
    write_rows(read.sound, actor=actor, now=now)
    row.rows, row.sound, row.reasons, row.taken_at = read.rows, len(read.sound), read.reasons[:REASONS_SHOWN], now
    row.save(update_fields=["rows", "sound", "reasons", "taken_at"])
    history.record(actor=actor, fact=ListFileTakenIn(row.pk, row.sound), at=now)
    return row


def _check_may_bring(actor: Actor) -> None:
    if not actor.holds(Permission.OFFER):
        require(actor, Permission.ENTER)


def _read(actor: Actor, kind: str, channel: str, round_code: str, data: bytes, now: datetime) -> _Read:
    sound: list[Need | Resource] = []
    reasons: list[list[Any]] = []
    with tempfile.TemporaryDirectory(prefix="haitang-list-") as folder, policy.reading():
        path = Path(folder) / "file"
        path.write_bytes(data)
        for number, row in enumerate(read_table(path, list_columns(kind)), start=1):
            if number > ROWS_MAX:
                sentence = _("一次最多导入 %(n)d 条") % {"n": ROWS_MAX}
                raise BadEntry(sentence, {"file": sentence})
            try:
                if row.error:
                    raise BadEntry(row.error)
                sound.append(_build(actor, kind, channel, round_code, row, now))
            except Refusal as refusal:
                reasons.append([row.line, refusal.message])
    return _Read(sound, reasons, len(sound) + len(reasons))


def _build(actor: Actor, kind: str, channel: str, round_code: str, row: Row, now: datetime) -> Need | Resource:
    cells = {name: value for name, value in row.cells.items() if value is not None}
    shared = {
        "title": cells["title"], "category": cells["category"], "area_code": _area_code(cells["area"]),
        "words": cells.get("words", ""), "hours": hours_of(cells.get("hours", "")), "round_code": round_code,
    }  # fmt: skip
    if kind == NEEDS:
        names = ("beneficiaries", "place", "people", "wished_by", "contact_name", "contact_phone")
        given = {name: cells[name] for name in names if name in cells}
        need = build_need(NewNeed(**shared, **given), actor=actor, channel=channel, now=now)
        policies.check_can_enter(actor, path_of(need.area_ids))
        return need
    counts = ("capacity", "people_max", "from_date", "until_date")
    resource = build_resource(
        NewResource(
            **shared, **{name: cells[name] for name in counts if name in cells},
            organization_id=_organization_id(cells["organization"], local_date(now)),
            cost_fen=round(cells.get("cost", 0) * 100),
            repeats=cells.get("repeats", Repeats.ON_CALL.value),
        ),
        actor=actor, channel=channel, now=now,
    )  # fmt: skip
    policies.check_can_offer(actor, resource.organization_id, path_of(resource.area_ids))
    return resource


def _area_code(named: str) -> str:
    """Return the code of an area that a cell names by code or by name; two of one name are told apart by code alone."""
    found = territory().named(named.strip())
    if len(found) != 1:
        raise BadEntry(_("“区域”：%(name)s不存在或不止一个，请填编码") % {"name": named[:30]})
    return found[0].code


def _organization_id(named: str, today: date) -> int:
    found = organizations().named(named.strip(), today)
    if len(found) != 1:
        raise BadEntry(_("“提供单位”：%(name)s不存在或不止一个，请填代码") % {"name": named[:30]})
    return found[0].id
