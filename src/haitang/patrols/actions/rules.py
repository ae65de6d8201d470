"""Checklists and settings: shipped by a release, changed in the office, every change a new version."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.patrols.facts import ChecklistChanged, PatrolSettingChanged
from haitang.patrols.models import Checklist
from haitang.patrols.queries import RULES, SETTINGS
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    TURNS,
    BadChecklist,
    Item,
    Level,
    Permission,
    PlaceKind,
    shipped_checklists,
)

ITEMS_MAX = 60
_CODE = re.compile(r"[a-z0-9_]{1,40}")


@transaction.atomic
def ship_checklists() -> list[str]:
    """Bring the shipped checklists to what this release's data file says, and return the codes of those changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. A checklist that was
    changed in this installation is left alone; one that follows the release gets a new version.
    """
    newest = {row.code: row for row in Checklist.objects.select_for_update(no_key=True).order_by("version")}
    changed = []
    for each in shipped_checklists():
        row = newest.get(each.code)
        items = [asdict(item) for item in each.items]
        same = row is not None and (row.name, row.place_kind, row.every_months, row.items, row.source) == (
            each.name, each.place_kind, each.every_months, items, each.source,
        )  # fmt: skip
        if same or (row is not None and not row.is_shipped):
            continue
        Checklist.objects.create(
            code=each.code, version=row.version + 1 if row else 1, name=each.name, place_kind=each.place_kind,
            every_months=each.every_months, items=items, source=each.source, is_shipped=True,
            is_active=row.is_active if row else True,
        )  # fmt: skip
        changed.append(each.code)
    if changed:
        RULES.touch()
    return changed


@transaction.atomic
def change_checklist(
    *,
    actor: Actor,
    code: str,
    name: str,
    place_kind: str,
    every_months: int,
    items: Sequence[Item],
    now: datetime,
    source: str = "",
    is_active: bool = True,
) -> Checklist:
    """
    Give a checklist its next version, or make a new one; months already generated keep the version they have.

    code: letters, digits and _; that of an existing checklist gives it a new version. every_months: see TURNS.
    items: 1 to 60, each key once. Raises NotAllowed, BadChecklist. Nothing changed makes no version.
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    name, source, items = name.strip(), source.strip(), list(items)
    _check(code, name, place_kind, every_months, items, source)
    before = Checklist.objects.select_for_update(no_key=True).filter(code=code).order_by("-version").first()
    values: dict[str, Any] = {
        "name": name, "place_kind": place_kind, "every_months": every_months, "source": source,
        "items": [asdict(item) for item in items], "is_active": is_active,
    }  # fmt: skip
    if before is not None and all(getattr(before, field) == value for field, value in values.items()):
        return before
    row = Checklist.objects.create(code=code, version=before.version + 1 if before else 1, **values)
    RULES.touch()
    history.record(actor=actor, fact=ChecklistChanged(row.pk, code, row.version), at=now)
    return row


def _check(code: str, name: str, place_kind: str, every_months: int, items: list[Item], source: str) -> None:
    if not _CODE.fullmatch(code):
        raise BadChecklist(_("编码用小写字母、数字和下划线"), {"code": _("编码用小写字母、数字和下划线")})
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        raise BadChecklist(_("名称应为 1 至 50 字"), {"name": _("名称应为 1 至 50 字")})
    if len(source) > PLACE_LENGTH_MAX:
        raise BadChecklist(_("依据太长"), {"source": _("依据太长")})
    if place_kind not in PlaceKind.values or every_months not in TURNS:
        raise BadChecklist(_("请选择场所类型和周期"))
    keys = [item.key for item in items]
    if not 1 <= len(items) <= ITEMS_MAX or len(set(keys)) != len(keys):
        raise BadChecklist(
            _("清单应有 1 至 60 个项目，编码不重复"), {"items": _("清单应有 1 至 60 个项目，编码不重复")}
        )
    for item in items:
        if not _CODE.fullmatch(item.key) or not item.text.strip() or item.level not in Level.values:
            raise BadChecklist(_("每个项目应有编码、内容和等级"), {"items": _("每个项目应有编码、内容和等级")})
        if len(item.text) > PLACE_LENGTH_MAX or len(item.source) > PLACE_LENGTH_MAX:
            raise BadChecklist(_("项目内容太长"), {"items": _("项目内容太长")})


@transaction.atomic
def change_patrol_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule for patrols and visits.

    value: of the shape of the shipped one, numbers from 0 to 3660. Raises NotAllowed, NotFound, Invalid.
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, _has_shape):
        RULES.touch()
        fact = PatrolSettingChanged(change.row.pk, key, json.dumps(value, ensure_ascii=False))
        history.record(actor=actor, fact=fact, at=now)


def _has_shape(value: Any, like: Any) -> bool:
    if isinstance(like, dict):
        return (
            isinstance(value, dict)
            and value.keys() == like.keys()
            and all(_has_shape(value[key], like[key]) for key in like)
        )
    if isinstance(like, list):
        return isinstance(value, list) and 0 < len(value) <= 20 and all(_has_shape(each, like[0]) for each in value)
    if isinstance(like, int):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 3660
    return isinstance(value, str) and 0 < len(value) <= NAME_LENGTH_MAX
