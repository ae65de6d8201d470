"""Sheets of needs, resources and orders: looked through first, row by row, then taken in by whoever brought them."""

import re
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import files, history
from haitang.core.access import Actor, require
from haitang.core.brought import Sifted, lock_to_take_in, new_file, sift, why
from haitang.core.clock import local_date
from haitang.core.errors import Refusal
from haitang.core.scoping import path_of
from haitang.core.tables import Row
from haitang.exchange import policies
from haitang.exchange.actions.entering import build_need, build_resource, write_rows
from haitang.exchange.actions.ordering import look_at_orders, order_resources
from haitang.exchange.facts import ListFileBrought, ListFileTakenIn
from haitang.exchange.models import ListFile, Need, Resource
from haitang.exchange.queries import NEEDS, ORDERS, RESOURCES, hours_of, list_columns, rules
from haitang.exchange.values import (
    ROWS_MAX,
    BadEntry,
    Channel,
    NewNeed,
    NewOrder,
    NewResource,
    Permission,
    Repeats,
    Side,
    Terms,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory


@transaction.atomic
def bring_list_file(
    *, actor: Actor, kind: str, file_name: str, data: bytes, now: datetime,
    channel: str = Channel.IMPORT.value, round_code: str = "",
) -> ListFile:  # fmt: skip
    """
    Look a sheet of needs ("needs"), resources or orders through and keep it; nothing stands on a list, and nothing is
    ordered, before it is taken in.

    channel: import, or survey for answers that were collected. Each row that cannot be taken in gets its reason.
    Raises NotAllowed (neither ENTER nor OFFER anywhere; for orders, no ORDER), BadEntry (no such round), Invalid (too
    large, no table).
    """
    _check_may_bring(actor, kind)
    if kind not in (NEEDS, RESOURCES, ORDERS) or channel not in (Channel.IMPORT, Channel.SURVEY):
        raise BadEntry(_("请选择清单和来源"))
    round_ = rules().round(round_code)
    read = _read(actor, kind, channel, round_code, data, now)
    row = new_file(
        ListFile, read, actor=actor, file_name=file_name, data=data, now=now, kind=kind, channel=channel,
        round_id=round_.id if round_ else None,
    )  # fmt: skip
    row.save()
    history.record(actor=actor, fact=ListFileBrought(row.pk, read.rows), at=now)
    return row


@transaction.atomic
def take_in_list_file(*, actor: Actor, file_id: int, now: datetime) -> ListFile:
    """
    Write the sound rows of a file that was looked through, as drafts, or order what it says; once.

    The sheet is read again, so that what has changed meanwhile counts. Raises FileUnknown, FileTaken, NotAllowed.
    """
    row = lock_to_take_in(ListFile.objects.all(), actor, file_id)
    _check_may_bring(actor, row.kind)
    round_ = rules().round_of(row.round_id)
    read = _read(actor, row.kind, row.channel, round_.code if round_ else "", files.read(row.digest), now)
    if row.kind == ORDERS:
        order_resources(actor=actor, orders=read.found, now=now)
    else:
        write_rows(read.found, actor=actor, now=now)
    row.hold(read, taken_at=now)
    row.save()
    history.record(actor=actor, fact=ListFileTakenIn(row.pk, row.sound), at=now)
    return row


def _check_may_bring(actor: Actor, kind: str) -> None:
    if kind == ORDERS:
        require(actor, Permission.ORDER)
    elif not actor.holds(Permission.OFFER):
        require(actor, Permission.ENTER)


def _read(actor: Actor, kind: str, channel: str, round_code: str, data: bytes, now: datetime) -> Sifted[Any]:
    if kind == ORDERS:
        return _read_orders(actor, data, now)
    return sift(data, list_columns(kind), partial(_build, actor, kind, channel, round_code, now))


def _read_orders(actor: Actor, data: bytes, now: datetime) -> Sifted[NewOrder]:
    """Return the orders of a sheet that can be placed, one after the other as they stand in it."""
    read = sift(data, list_columns(ORDERS), _order, rows_max=ROWS_MAX)
    looked, sound = look_at_orders(actor, Side.COMMUNITY.value, read.found, now), []
    for (line, order), made in zip(read.sound, looked, strict=True):
        if isinstance(made, Refusal):
            read.reasons.append([line, why(made)])
        else:
            sound.append((line, order))
    read.sound = sound
    return read


def _order(row: Row) -> NewOrder:
    cells = {name: value for name, value in row.cells.items() if value is not None}
    need = cells.get("need_number", "")
    terms = Terms(cells.get("on"), cells.get("people", 1), cells.get("words", ""))
    area = _area_code(cells["area"]) if not need and "area" in cells else ""
    if not need and not area:
        raise BadEntry(_("没有需求编号的，请填写区域"))
    need_id = _id_of(need, "XQ", _("没有这条需求")) if need else None
    return NewOrder(_id_of(cells["resource_number"], "ZY", _("没有这条资源")), need_id, area, terms)


def _id_of(number: str, sort: str, missing: str) -> int:
    """Return the id that stands in a number as `Need.number` and `Resource.number` write it; BadEntry for no such."""
    found = re.fullmatch(sort + r"\d{4}-(\d{5,18})", number.strip().upper())
    if found is None:
        raise BadEntry(missing)
    return int(found[1])


def _build(actor: Actor, kind: str, channel: str, round_code: str, now: datetime, row: Row) -> Need | Resource:
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
