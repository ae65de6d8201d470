"""Duties, criteria and settings: shipped by a release, changed in the office."""

import json
import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.alliances.actions.shared import number_of, text_of
from haitang.alliances.facts import AllianceSettingChanged, JointLineChanged
from haitang.alliances.models import CatalogueLine
from haitang.alliances.queries import RULES, SETTINGS
from haitang.alliances.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    POINTS_MAX,
    TIMES_MAX,
    BadWords,
    Kind,
    Owed,
    Permission,
    ShippedItem,
    setting_fits,
    shipped_items,
)
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor

_CODE = re.compile(r"[a-z0-9_]{1,40}")
_FIELDS = ("kind", "name", "group", "owed", "times", "points", "words", "source")


@transaction.atomic
def ship_joint_lines() -> list[str]:
    """Bring the shipped duties and criteria to what this release's data say, and return the codes of those changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. A line that was changed in
    this installation is left alone.
    """
    known = {row.code: row for row in CatalogueLine.objects.select_for_update(no_key=True)}
    changed = []
    for order, each in enumerate(shipped_items()):
        values = {**{name: getattr(each, name) for name in _FIELDS}, "order": order}
        row = known.get(each.code)
        if row is None:
            CatalogueLine.objects.create(code=each.code, is_shipped=True, **values)
        elif row.is_shipped and any(getattr(row, name) != value for name, value in values.items()):
            CatalogueLine.objects.filter(pk=row.pk).update(**values)
        else:
            continue
        changed.append(each.code)
    if changed:
        RULES.touch()
    return changed


@transaction.atomic
def change_joint_line(*, actor: Actor, line: ShippedItem, now: datetime, is_active: bool = True) -> CatalogueLine:
    """
    Enter a duty or a criterion, or change the one of that code; agreements and evaluations keep what they took over.

    Raises NotAllowed, BadWords.
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    values = _checked(line)
    row, made = CatalogueLine.objects.select_for_update().get_or_create(
        code=line.code, defaults={**values, "order": CatalogueLine.objects.count(), "is_active": is_active}
    )
    if not made:
        if row.kind != line.kind:
            raise BadWords(_("这个编码已用于另一类"), {"code": _("这个编码已用于另一类")})
        values |= {"is_active": is_active}
        if all(getattr(row, name) == value for name, value in values.items()):
            return row
        for name, value in values.items():
            setattr(row, name, value)
        row.is_shipped = False
        row.save(update_fields=[*values, "is_shipped"])
    RULES.touch()
    history.record(actor=actor, fact=JointLineChanged(row.pk, row.kind, row.code, row.name), at=now)
    return row


def _checked(line: ShippedItem) -> dict[str, Any]:
    if not _CODE.fullmatch(line.code):
        raise BadWords(_("编码用小写字母、数字和下划线"), {"code": _("编码用小写字母、数字和下划线")})
    if line.kind not in Kind.values:
        raise BadWords(_("请选择类型"), {"kind": _("请选择类型")})
    is_duty = line.kind == Kind.DUTY
    if is_duty and line.owed not in Owed.values:
        raise BadWords(_("请选择责任方"), {"owed": _("请选择责任方")})
    return {
        "kind": line.kind, "name": text_of(line.name, "name", NAME_LENGTH_MAX, missing=_("请填写名称")),
        "group": text_of(line.group, "group", NAME_LENGTH_MAX, missing=_("请填写属于哪一方面") if is_duty else ""),
        "owed": line.owed if is_duty else "", "times": number_of(line.times, "times", 0, TIMES_MAX) if is_duty else 0,
        "points": 0 if is_duty else number_of(line.points, "points", 1, POINTS_MAX),
        "words": text_of(line.words, "words", LINE_LENGTH_MAX),
        "source": text_of(line.source, "source", LINE_LENGTH_MAX),
    }  # fmt: skip


@transaction.atomic
def change_alliance_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule of joint work; see `values.setting_fits` for what each may be.

    Raises NotAllowed, NotFound (no such setting), Invalid (another shape).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    change = SETTINGS.change(key, value, setting_fits)
    if change is None:
        return
    RULES.touch()
    said = json.dumps(value, ensure_ascii=False)
    history.record(actor=actor, fact=AllianceSettingChanged(change.row.pk, key, said), at=now)
