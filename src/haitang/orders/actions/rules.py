"""Types of service, services and settings: shipped by a release, changed in the office."""

import json
import re
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.orders import policies, queries
from haitang.orders.actions.places import promote
from haitang.orders.facts import OrderSettingChanged, ServiceChanged, ServiceOpened, ServiceTypeChanged
from haitang.orders.models import OrderSetting, Quota, Service, ServiceType, Slot
from haitang.orders.queries import RULES, order_rules
from haitang.orders.values import (
    CAPACITY_MAX,
    MINUTES_MAX,
    MINUTES_MIN,
    NAME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Acceptor,
    BadService,
    Dispatcher,
    Orderer,
    Permission,
    ServiceChange,
    TypeChange,
    shipped_settings,
    shipped_types,
    variants,
)
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

NUMBER_MAX = 3660
HOURS_MAX = 40
_CODE = re.compile(r"[a-z0-9_]{1,40}")


@transaction.atomic
def ship_service_types() -> list[str]:
    """Bring the shipped types to what this release's data file says, and return the codes of those changed.

    Runs after every migration, by nobody, and records nothing: the release is the record. A type that was changed in
    this installation is left alone.
    """
    there = {row.code: row for row in ServiceType.objects.select_for_update(no_key=True)}
    changed = []
    for code, each in shipped_types().items():
        row = there.get(code)
        values = _stored(each)
        if row is not None and (not row.is_shipped or all(getattr(row, key) == values[key] for key in values)):
            continue
        ServiceType.objects.update_or_create(code=code, defaults={**values, "is_shipped": True})
        changed.append(code)
    if changed:
        RULES.touch()
    return changed


def _stored(change: TypeChange) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(change).items()}


@transaction.atomic
def change_service_type(*, actor: Actor, code: str, change: TypeChange, now: datetime) -> ServiceType:
    """
    Change a type of service, or make one under a new code; orders that are under way follow the new rules.

    code: letters, digits and _. Raises NotAllowed, BadService.
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    if not _CODE.fullmatch(code):
        raise BadService(_("编码用小写字母、数字和下划线"), {"code": _("编码用小写字母、数字和下划线")})
    _check_type(change)
    row, made = ServiceType.objects.select_for_update().get_or_create(code=code, defaults=_stored(change))
    if not made:
        values = _stored(change)
        if all(getattr(row, key) == value for key, value in values.items()):
            return row
        for key, value in values.items():
            setattr(row, key, value)
        row.is_shipped = False
        row.save()
    RULES.touch()
    history.record(actor=actor, fact=ServiceTypeChanged(row.pk, code), at=now)
    return row


def _check_type(change: TypeChange) -> None:
    _check_texts(change.name, change.words)
    if change.variant not in variants() or change.dispatcher not in Dispatcher.values:
        raise BadService(_("请选择流程和派单方式"), {"variant": _("请选择流程和派单方式")})
    if not change.orderers or not set(change.orderers) <= set(Orderer.values):
        raise BadService(_("请选择谁可以点单"), {"orderers": _("请选择谁可以点单")})
    if not change.acceptors or not set(change.acceptors) <= set(Acceptor.values):
        raise BadService(_("请选择谁可以接单"), {"acceptors": _("请选择谁可以接单")})
    if not MINUTES_MIN <= change.minutes <= MINUTES_MAX:
        wrong = _("时长应为 %(least)d 至 %(most)d 分钟") % {"least": MINUTES_MIN, "most": MINUTES_MAX}
        raise BadService(wrong, {"minutes": wrong})


def _check_texts(name: str, words: str) -> None:
    if not 1 <= len(name.strip()) <= NAME_LENGTH_MAX:
        raise BadService(_("名称应为 1 至 50 字"), {"name": _("名称应为 1 至 50 字")})
    if len(words) > WORDS_LENGTH_MAX:
        raise BadService(_("说明太长"), {"words": _("说明太长")})


def _service_values(actor: Actor, change: ServiceChange, now: datetime) -> dict[str, Any]:
    area = territory().by_code(change.area_code)
    if area is None:
        raise BadService(_("请选择服务区域"), {"area": _("请选择服务区域")})
    policies.check_can_manage(actor, area.path)
    kind = order_rules().type_of(change.type_code)
    _check_texts(change.name, change.words)
    if not 1 <= len(change.hours) <= HOURS_MAX or any(
        not 0 <= each.weekday <= 6 or each.start >= each.end for each in change.hours
    ):
        raise BadService(_("请填写服务时间，开始早于结束"), {"hours": _("请填写服务时间，开始早于结束")})
    if not (1 <= change.capacity_slot <= CAPACITY_MAX and 1 <= change.capacity_day <= CAPACITY_MAX):
        wrong = _("可约数应为 1 至 %(n)d") % {"n": CAPACITY_MAX}
        raise BadService(wrong, {"capacity_slot": wrong})
    if change.organization_id is not None:
        office = organizations().by_id(change.organization_id)
        if office is None or not office.exists(local_date(now)):
            raise BadService(_("没有这个单位"), {"organization": _("没有这个单位")})
    return {
        "type_id": kind.id, "name": change.name.strip(), "area_id": area.id, "area_ids": list(area.ids),
        "words": change.words.strip(), "hours": [each.stored() for each in change.hours],
        "capacity_slot": change.capacity_slot, "capacity_day": change.capacity_day,
        "organization_id": change.organization_id, "closed_on": sorted(set(change.closed_on)),
        "is_active": change.is_active,
    }  # fmt: skip


@transaction.atomic
def open_service(*, actor: Actor, change: ServiceChange, now: datetime) -> Service:
    """Put a service into the catalogue of an area. Raises NotAllowed, ServiceNotFound (no such type), BadService."""
    row = Service.objects.create(**_service_values(actor, change, now))
    history.record(actor=actor, fact=ServiceOpened(row.pk, row.name), at=now)
    return row


@transaction.atomic
def change_service(*, actor: Actor, service_id: int, change: ServiceChange, now: datetime) -> Service:
    """
    Change a service: its hours, capacity, words, or whether it is to be had.

    More capacity goes to the wait lists of the days to come at once; less never takes a place from who has it.
    Raises ServiceNotFound, NotAllowed, BadService.
    """
    queries.get_kept_service(viewer=actor, service_id=service_id)
    values = _service_values(actor, change, now)
    days = list(
        Quota.objects.select_for_update(no_key=True)
        .filter(service_id=service_id, on__gte=local_date(now)).order_by("id")
    )  # fmt: skip
    row = Service.objects.select_for_update().get(pk=service_id)
    for key, value in values.items():
        setattr(row, key, value)
    row.save()
    ids = [day.pk for day in days]
    Quota.objects.filter(pk__in=ids).update(capacity=Greatest(F("taken"), row.capacity_day))
    Slot.objects.filter(quota__in=ids).update(capacity=Greatest(F("taken"), row.capacity_slot))
    for day in days:
        promote(actor, queries.lock_quota(day.pk), now)
    history.record(actor=actor, fact=ServiceChanged(row.pk, row.name), at=now)
    return row


@transaction.atomic
def change_order_setting(*, actor: Actor, key: str, value: Any, now: datetime) -> None:
    """
    Set a rule for orders; the same value as shipped is kept as the office's own all the same.

    value: a whole number from 0 to 3660, or a list of these, as shipped. Raises NotAllowed, Invalid.
    """
    access.require(actor, Permission.SETTINGS, area_path=EVERYWHERE)
    shipped = shipped_settings().get(key)
    if shipped is None:
        raise Invalid(_("没有这项设置"))
    if not _has_shape(value, shipped["value"]):
        raise Invalid(_("这项设置的值不正确"), {key: _("这项设置的值不正确")})
    row, made = OrderSetting.objects.select_for_update().get_or_create(key=key, defaults={"value": value})
    if not made:
        if row.value == value:
            return
        row.value = value
        row.save(update_fields=["value"])
    RULES.touch()
    fact = OrderSettingChanged(row.pk, key, json.dumps(value))
    history.record(actor=actor, fact=fact, at=now)


def _has_shape(value: Any, like: Any) -> bool:
    if isinstance(like, list):
        return isinstance(value, list) and len(value) <= 10 and all(_has_shape(each, 0) for each in value)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= NUMBER_MAX
