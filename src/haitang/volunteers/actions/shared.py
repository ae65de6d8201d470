"""What registering, changing and importing have in common: the lock that keeps people from standing twice, checks."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.errors import Invalid
from haitang.core.tables import parse_phone
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.volunteers.models import PHONE
from haitang.volunteers.queries import rules
from haitang.volunteers.values import (
    NAME_LENGTH_MAX,
    REACH_MAX_M,
    SLOTS,
    ItemKind,
    VolunteerInvalid,
    VolunteerProfile,
)

_REGISTER, _PHONES, _CONSENT = 7_306_004, 7_306_005, 7_306_006
_KINDS = (("skills", ItemKind.SKILL), ("languages", ItemKind.LANGUAGE), ("forces", ItemKind.FORCE))


def lock_phone(phone: str) -> None:
    """Let nobody else register or take that telephone until the end of the transaction.

    A blind index cannot be unique (core.crypto), so the telephone itself is what is locked; whoever has it looks
    whether somebody stands under it. An import, which locks the register, waits for this and this for it.
    """
    number = int.from_bytes(crypto.blind_index(phone, PHONE), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [_REGISTER])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_PHONES, number])


def lock_register() -> None:
    """Let nobody else register anybody until the end of the transaction: for lists of thousands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_REGISTER])


def lock_consent() -> None:
    """Let nobody else write a text of consent until the end of the transaction: versions are counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [_CONSENT])


def normal_phone(text: str) -> str:
    """Return the telephone as digits, "" where it is none."""
    try:
        return parse_phone(text)
    except Invalid:
        return ""


class Checker:
    """Knows on one day which areas, units and lines of the catalogues there are; made once for a whole list."""

    def __init__(self, today: date) -> None:
        """Take the snapshots. today: the calendar date in Asia/Shanghai."""
        self._today, self._areas, self._units = today, territory(), organizations()
        self._offered = {kind: {item.code for item in rules().of(kind)} for _field, kind in _KINDS}

    def check(self, profile: VolunteerProfile, *, known: Collection[str] = ()) -> VolunteerProfile:
        """Return the profile as it is kept, or raise VolunteerInvalid with a sentence for each field at fault.

        known: codes that the person has already and may keep although they are offered no more.
        """
        wrong: dict[str, str] = {}
        name = " ".join(profile.name.split())
        if not 1 <= len(name) <= NAME_LENGTH_MAX or "\x00" in name:
            wrong["name"] = _("请填写姓名，最多 %(n)d 字") % {"n": NAME_LENGTH_MAX}
        phone = normal_phone(profile.phone)
        if not phone:
            wrong["phone"] = _("请填写电话号码")
        area = self._areas.get(profile.area_id)
        if area is None or not area.open:
            wrong["area"] = _("请选择居住的网格")
        if profile.unit_id is not None:
            unit = self._units.by_id(profile.unit_id)
            if unit is None or not unit.exists(self._today):
                wrong["unit"] = _("没有这个单位")
        codes: dict[str, Any] = {}
        for field, kind in _KINDS:
            codes[field] = tuple(dict.fromkeys(getattr(profile, field)))
            if any(code not in self._offered[kind] and code not in known for code in codes[field]):
                wrong[field] = _("目录中没有所选的项目")
        times = tuple(sorted(set(profile.times)))
        if times and not (times[0] in SLOTS and times[-1] in SLOTS):
            wrong["times"] = _("请选择方便的时间")
        if not 0 < profile.reach_m <= REACH_MAX_M:
            wrong["reach_m"] = _("服务范围应在 1 至 %(n)d 米之间") % {"n": REACH_MAX_M}
        if wrong:
            raise VolunteerInvalid(next(iter(wrong.values())), wrong)
        return replace(profile, name=name, phone=phone, times=times, **codes)


def codes_of(row: Any) -> Iterable[str]:
    """Return every code of a catalogue that a Volunteer has."""
    return (*row.skills, *row.languages, *row.forces)
