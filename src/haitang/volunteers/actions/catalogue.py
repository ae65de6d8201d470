"""Catalogues and settings: shipped by a release, changed in the office."""

import json
import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.volunteers import queries
from haitang.volunteers.actions.shared import lock_consent
from haitang.volunteers.facts import CatalogueItemChanged, ConsentChanged, VolunteerSettingChanged
from haitang.volunteers.models import CatalogueItem, ConsentText
from haitang.volunteers.queries import RULES, SETTINGS
from haitang.volunteers.values import (
    CONSENT_LENGTH_MAX,
    NAME_LENGTH_MAX,
    REACH_MAX_M,
    Consent,
    ConsentInvalid,
    ItemInvalid,
    ItemKind,
    Management,
    Permission,
    shipped_catalogue,
)

_CODE = re.compile(r"[a-z0-9_]{1,40}")
_SOURCE_LENGTH_MAX = 200


@transaction.atomic
def ship_volunteer_catalogue() -> list[str]:
    """Bring the shipped catalogues to what this release's data file says, and return the codes of what changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. What was changed in this
    installation is left alone, and so is a name that the office has given to something of its own.
    """
    rows = {(row.kind, row.code): row for row in CatalogueItem.objects.select_for_update(no_key=True)}
    names = {(row.kind, row.name) for row in rows.values()}
    changed = []
    for each in shipped_catalogue():
        row = rows.get((each.kind, each.code))
        told = each.name, each.group, each.source
        if row is None and (each.kind, each.name) not in names:
            CatalogueItem.objects.create(
                kind=each.kind, code=each.code, name=each.name, group=each.group, source=each.source, is_shipped=True
            )
        elif row is not None and row.is_shipped and (row.name, row.group, row.source) != told:
            row.name, row.group, row.source = told
            row.save(update_fields=["name", "group", "source"])
        else:
            continue
        changed.append(each.code)
    if changed:
        RULES.touch()
    return changed


@transaction.atomic
def change_catalogue_item(
    *,
    actor: Actor,
    kind: str,
    code: str,
    name: str,
    now: datetime,
    group: str = "",
    source: str = "",
    is_active: bool = True,
) -> CatalogueItem:
    """
    Enter a skill, language or other force, or say otherwise what one is called; who has it keeps it.

    code: small letters, digits and _; one that is there is changed. is_active: whether it is offered.
    Raises NotAllowed, ItemInvalid (fields).
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    told = {"name": name.strip(), "group": group.strip(), "source": source.strip(), "is_active": is_active}
    if kind not in ItemKind.values or not _CODE.fullmatch(code):
        raise ItemInvalid(_("代码用小写字母、数字和下划线"), {"code": _("代码用小写字母、数字和下划线")})
    if not 1 <= len(str(told["name"])) <= NAME_LENGTH_MAX or re.search(r"[、,，;；/\s]", str(told["name"])):
        text = _("请填写名称，最多 %(n)d 字，不含空格和标点") % {"n": NAME_LENGTH_MAX}
        raise ItemInvalid(text, {"name": text})
    if len(str(told["group"])) > NAME_LENGTH_MAX or len(str(told["source"])) > _SOURCE_LENGTH_MAX:
        raise ItemInvalid(_("分组或依据太长"), {"source": _("分组或依据太长")})
    rows = CatalogueItem.objects.select_for_update(no_key=True).filter(kind=kind)
    if rows.filter(name=told["name"]).exclude(code=code).exists():
        raise ItemInvalid(_("目录中已有这个名称"), {"name": _("目录中已有这个名称")})
    row = rows.filter(code=code).first()
    if row is not None and all(getattr(row, field) == value for field, value in told.items()):
        return row
    row = row or CatalogueItem(kind=kind, code=code)
    for field, value in told.items():
        setattr(row, field, value)
    row.is_shipped = False
    row.save()
    RULES.touch()
    fact = CatalogueItemChanged(row.pk, row.kind, row.code, row.name, row.is_active)
    history.record(actor=actor, fact=fact, at=now)
    return row


@transaction.atomic
def change_consent(*, actor: Actor, purpose: str, kept: str, rights: str, source: str, now: datetime) -> Consent:
    """
    Have whoever registers from now on agree to this text; who has agreed to an earlier one keeps having agreed to that.

    The version is counted up within the year ("2026-02"). The text as it stands already is no new one.
    Raises NotAllowed, ConsentInvalid (fields).
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    told = {"purpose": purpose.strip(), "kept": kept.strip(), "rights": rights.strip(), "source": source.strip()}
    wrong = {
        name: _("请填写，最多 %(n)d 字") % {"n": CONSENT_LENGTH_MAX}
        for name, text in told.items()
        if not 1 <= len(text) <= CONSENT_LENGTH_MAX or "\x00" in text
    }
    if wrong:
        raise ConsentInvalid(next(iter(wrong.values())), wrong)
    lock_consent()
    standing = queries.consent()
    if all(getattr(standing, name) == text for name, text in told.items()):
        return standing
    year, number = f"{local_date(now):%Y}", 1
    if standing.version.startswith(f"{year}-"):
        number = int(standing.version.partition("-")[2]) + 1
    row = ConsentText.objects.create(version=f"{year}-{number:02d}", made_at=now, made_by_id=actor.id, **told)
    RULES.touch()
    history.record(actor=actor, fact=ConsentChanged(row.pk, row.version), at=now)
    return Consent(row.version, **told)


@transaction.atomic
def change_volunteer_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """Set a rule for the register. value: of the shape of the shipped one. Raises NotAllowed, NotFound, Invalid."""
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if change := SETTINGS.change(key, value, _fits):
        RULES.touch()
        told = json.dumps(value, ensure_ascii=False)
        history.record(actor=actor, fact=VolunteerSettingChanged(change.row.pk, key, told), at=now)


def _fits(value: Any, like: Any) -> bool:
    if isinstance(like, dict):
        return value.keys() == like.keys() and set(value.values()) <= set(Management.values)
    return 0 < value <= REACH_MAX_M
