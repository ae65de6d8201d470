"""Categories, rounds and settings: shipped by a release, changed in the office."""

import json
import re
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.exchange.facts import ExchangeSettingChanged, ListCategoryChanged, RoundOpened
from haitang.exchange.models import ListCategory, Round
from haitang.exchange.queries import RULES, SETTINGS
from haitang.exchange.values import (
    NAME_LENGTH_MAX,
    BadRule,
    Permission,
    read_steps,
    shipped_categories,
)
from haitang.territory.queries import territory

_CODE = re.compile(r"[a-z0-9_]{1,40}")
_VALUE_MAX = 3660


@transaction.atomic
def ship_list_categories() -> list[str]:
    """Bring the shipped categories to what this release's data file says, and return the codes of those changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. A category that was changed
    in this installation is left alone.
    """
    known = {row.code: row for row in ListCategory.objects.select_for_update(no_key=True)}
    changed = []
    for order, each in enumerate(shipped_categories()):
        row = known.get(each.code)
        if row is None:
            ListCategory.objects.create(code=each.code, name=each.name, group=each.group, order=order, is_shipped=True)
        elif row.is_shipped and (row.name, row.group, row.order) != (each.name, each.group, order):
            row.name, row.group, row.order = each.name, each.group, order
            row.save(update_fields=["name", "group", "order"])
        else:
            continue
        changed.append(each.code)
    if changed:
        RULES.touch()
    return changed


def _named(given: str, name: str) -> str:
    given = given.strip()
    if not 1 <= len(given) <= NAME_LENGTH_MAX:
        raise BadRule(_("名称应为 1 至 50 字"), {name: _("名称应为 1 至 50 字")})
    return given


def _coded(given: str) -> str:
    if not _CODE.fullmatch(given):
        raise BadRule(_("编码用小写字母、数字和下划线"), {"code": _("编码用小写字母、数字和下划线")})
    return given


@transaction.atomic
def change_list_category(
    *, actor: Actor, code: str, name: str, group: str, now: datetime, is_active: bool = True
) -> ListCategory:
    """Enter a category, or change the one of that code. Raises NotAllowed, BadRule."""
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    values: dict[str, Any] = {"name": _named(name, "name"), "group": _named(group, "group"), "is_active": is_active}
    row, made = ListCategory.objects.select_for_update().get_or_create(
        code=_coded(code), defaults={**values, "order": ListCategory.objects.count()}
    )
    if not made:
        if all(getattr(row, key) == value for key, value in values.items()):
            return row
        for key, value in values.items():
            setattr(row, key, value)
        row.is_shipped = False
        row.save(update_fields=[*values, "is_shipped"])
    RULES.touch()
    history.record(actor=actor, fact=ListCategoryChanged(row.pk, row.code, row.name), at=now)
    return row


@transaction.atomic
def change_round(
    *, actor: Actor, code: str, name: str, area_code: str, from_date: date, now: datetime,
    until_date: date | None = None, makes_projects: bool = True,
) -> Round:  # fmt: skip
    """Enter a round of collecting, or change the one of that code. Raises NotAllowed, BadRule."""
    access.require(actor, Permission.MANAGE)
    area = territory().by_code(area_code)
    if area is None:
        raise BadRule(_("没有这个区域"), {"area": _("没有这个区域")})
    access.require(actor, Permission.MANAGE, area_path=area.path)
    if until_date is not None and until_date < from_date:
        raise BadRule(_("截止日期早于开始日期"), {"until_date": _("截止日期早于开始日期")})
    values: dict[str, Any] = {
        "name": _named(name, "name"), "area_id": area.id, "from_date": from_date, "until_date": until_date,
        "makes_projects": makes_projects,
    }  # fmt: skip
    row, made = Round.objects.select_for_update().get_or_create(code=_coded(code), defaults=values)
    if not made:
        access.require(actor, Permission.MANAGE, area_path=territory().area(row.area_id).path)
        for key, value in values.items():
            setattr(row, key, value)
        row.save(update_fields=list(values))
    RULES.touch()
    history.record(actor=actor, fact=RoundOpened(row.pk, row.code, row.name), at=now)
    return row


@transaction.atomic
def change_exchange_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule of the lists.

    value: a whole number from 1 to 3660, or of the shape of the shipped one (numbers from 0 by name, not all 0; steps).
    Raises NotAllowed, NotFound (no such setting), Invalid (another shape).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    change = SETTINGS.change(key, value, _has_shape)
    if change:
        RULES.touch()
        said = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=ExchangeSettingChanged(change.row.pk, key, said), at=now)


def _has_shape(value: Any, like: Any) -> bool:
    if isinstance(like, list):
        return all(isinstance(each, str) for each in value) and len(read_steps(value)) == len(value)
    if isinstance(like, dict):
        return (
            isinstance(value, dict)
            and value.keys() == like.keys()
            and all(_is_number(each, 0) for each in value.values())
            and any(value.values())
        )
    return _is_number(value, 1)


def _is_number(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _VALUE_MAX
