"""Kinds of councils and settings: shipped by a release, changed in the office."""

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.councils.actions.shared import text_of
from haitang.councils.facts import CouncilKindChanged, CouncilSettingChanged
from haitang.councils.models import CouncilKind
from haitang.councils.queries import RULES, SETTINGS
from haitang.councils.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    BadEntry,
    NewKind,
    Permission,
    setting_fits,
    share_of,
    shipped_kinds,
)

_CODE = re.compile(r"[a-z0-9_]{1,40}")


@transaction.atomic
def ship_council_kinds() -> list[str]:
    """Bring the shipped kinds to what this release's data say, and return the codes of those changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. A kind that was changed in
    this installation is left alone.
    """
    known = {row.code: row for row in CouncilKind.objects.select_for_update(no_key=True)}
    changed = []
    for order, each in enumerate(shipped_kinds()):
        values = {**asdict(each), "order": order}
        row = known.get(each.code)
        if row is None:
            CouncilKind.objects.create(is_shipped=True, **values)
        elif row.is_shipped and any(getattr(row, name) != value for name, value in values.items()):
            CouncilKind.objects.filter(pk=row.pk).update(**values)
        else:
            continue
        changed.append(each.code)
    if changed:
        RULES.touch()
    return changed


@transaction.atomic
def change_council_kind(*, actor: Actor, kind: NewKind, now: datetime) -> CouncilKind:
    """
    Enter a kind of council, or change the one of that code; meetings that were held keep their quorum.

    Raises NotAllowed, BadEntry.
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    values = _checked(kind)
    row, made = CouncilKind.objects.select_for_update().get_or_create(
        code=kind.code, defaults={**values, "order": CouncilKind.objects.count()}
    )
    if not made:
        if all(getattr(row, name) == value for name, value in values.items()):
            return row
        for name, value in values.items():
            setattr(row, name, value)
        row.is_shipped = False
        row.save(update_fields=[*values, "is_shipped"])
    RULES.touch()
    history.record(actor=actor, fact=CouncilKindChanged(row.pk, row.code, row.name), at=now)
    return row


def _checked(kind: NewKind) -> dict[str, Any]:
    if not _CODE.fullmatch(kind.code):
        raise BadEntry(_("编码用小写字母、数字和下划线"), {"code": _("编码用小写字母、数字和下划线")})
    for name in ("quorum", "passes"):
        try:
            share_of(getattr(kind, name))
        except (ValueError, ZeroDivisionError) as error:
            wrong = _("应写作 2/3 这样，不要求的留空")
            raise BadEntry(wrong, {name: wrong}) from error
    return {
        "name": text_of(kind.name, "name", NAME_LENGTH_MAX, missing=_("请填写名称")),
        "words": text_of(kind.words, "words", LINE_LENGTH_MAX), "habit": text_of(kind.habit, "habit", NAME_LENGTH_MAX),
        "quorum": kind.quorum, "passes": kind.passes, "is_active": kind.is_active,
        "source": text_of(kind.source, "source", LINE_LENGTH_MAX),
    }  # fmt: skip


@transaction.atomic
def change_council_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule of deliberation; see `values.setting_fits` for what each may be.

    Raises NotAllowed, NotFound (no such setting), Invalid (another shape).
    """
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, setting_fits):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=CouncilSettingChanged(change.row.pk, key, told), at=now)
