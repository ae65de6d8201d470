"""Writes to the rules of oversight."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.values import Level
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.shipped import read_shipped
from haitang.oversight.facts import OversightRuleChanged, RungChanged
from haitang.oversight.models import Rung
from haitang.oversight.queries.rules import RULES, SETTINGS
from haitang.oversight.values import Permission, RuleInvalid, RungNotFound
from haitang.people.values import permission_names
from haitang.worktime.values import Limit

HOURS_MAX = 24 * 366


def ship_oversight_rules() -> None:
    """Load the shipped ladder where there is none at all."""
    if not Rung.objects.exists():
        Rung.objects.bulk_create(
            Rung(step=step, **rung) for step, rung in enumerate(read_shipped("oversight", "ladder.toml")["rungs"], 1)
        )
    RULES.touch()


@transaction.atomic
def change_oversight_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Change one rule; its value keeps the type of the one it replaces, a limit can be read, a number is not negative.

    Raises NotAllowed, NotFound, Invalid, LimitUnreadable.
    """
    access.require(actor, Permission.MANAGE_RULES, area_path=EVERYWHERE)
    if isinstance(value, str):
        value = str(Limit.parse(value))
    if SETTINGS.change(key, value, lambda value, _like: isinstance(value, str) or value >= 0):
        RULES.touch()
        history.record(actor=actor, fact=OversightRuleChanged(0, key, str(value)), at=now)


@transaction.atomic
def set_rung(
    *, actor: Actor, step: int, after_hours: int, level: str, now: datetime, area_id: int | None = None,
    permission: str = "", serving: str = "", post_kind: str = "", supervises: bool = False,
) -> Rung:  # fmt: skip
    """
    Put a rung into the ladder of an area (None: of everywhere) at that step, in place of the one that stands there.

    after_hours: how long overdue, whole hours counted day and night. See models.Rung for the rest.
    Raises NotAllowed (MANAGE_RULES over the area), RuleInvalid.
    """
    from haitang.territory.queries import territory

    path = territory().area(area_id).path if area_id is not None else EVERYWHERE
    access.require(actor, Permission.MANAGE_RULES, area_path=path)
    if not 1 <= step <= 20 or not 0 <= after_hours <= HOURS_MAX or level not in Level.values:
        raise RuleInvalid(_("级次应为 1 至 20，超期小时应为 0 至 8784，并选择层级"), {"after_hours": _("请核对")})
    if bool(permission) == bool(serving and post_kind) or bool(serving) != bool(post_kind):
        text = _("请选择一项权限，或同时选择属地单位类型和岗位")
        raise RuleInvalid(text, {"permission": text})
    if permission and permission not in permission_names():
        raise RuleInvalid(_("没有这项权限"), {"permission": _("没有这项权限")})
    fields = {
        "after_hours": after_hours, "level": level, "permission": permission, "serving": serving,
        "post_kind": post_kind, "supervises": supervises,
    }  # fmt: skip
    ladder: Any = {"area_id": area_id}  # null for everywhere, which the checker does not take
    for other in Rung.objects.select_for_update().filter(**ladder):
        if (other.step < step and other.after_hours >= after_hours) or (
            other.step > step and other.after_hours <= after_hours
        ):
            text = _("级次越高，超期小时应越多")
            raise RuleInvalid(text, {"after_hours": text})
    rung, _made = Rung.objects.update_or_create(step=step, defaults=fields, **ladder)
    RULES.touch()
    changes = {"area_id": str(area_id or ""), "step": str(step), **{name: str(value) for name, value in fields.items()}}
    history.record(actor=actor, fact=RungChanged(rung.pk, changes), at=now)
    return rung


@transaction.atomic
def remove_rung(*, actor: Actor, rung_id: int, now: datetime) -> None:
    """
    Take the uppermost rung from its ladder.

    Raises NotAllowed, RungNotFound, RuleInvalid (there is one above it).
    """
    from haitang.territory.queries import territory

    rung = Rung.objects.select_for_update().filter(pk=rung_id).first()
    if rung is None:
        raise RungNotFound(_("没有这条升级规则"))
    path = territory().area(rung.area_id).path if rung.area_id is not None else EVERYWHERE
    access.require(actor, Permission.MANAGE_RULES, area_path=path)
    ladder: Any = {"area_id": rung.area_id}  # as above
    if Rung.objects.filter(step__gt=rung.step, **ladder).exists():
        raise RuleInvalid(_("请先删除更高的级次"))
    changes = {"area_id": str(rung.area_id or ""), "step": str(rung.step)}
    history.record(actor=actor, fact=RungChanged(rung.pk, changes, removed=True), at=now)
    rung.delete()
    RULES.touch()
