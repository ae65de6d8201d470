"""What the writes to the territory have in common."""

from collections.abc import Iterable
from datetime import date, datetime
from posixpath import commonpath

from django.db import connection
from django.utils.translation import gettext as _

from haitang.core import policy
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.history import Audience
from haitang.territory import queries
from haitang.territory.models import Area
from haitang.territory.values import AreaClosed, AreaNotFound, InvalidDate, InvalidPlacement, Kind, Permission

NAME_MAX = 100
SOURCE_MAX = 200


def lock_tree() -> None:
    """Let one writer at a time change the tree: paths, parents and neighbouring boundaries hang together.

    The tree changes some times a week, so writers may well wait for each other. What was read before waiting is
    forgotten, so that the writer sees what the one before it did.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('territory.tree'))")
    policy.forget()


def new_ids(count: int) -> list[int]:
    """Return fresh ids, so that a path can hold its own area's id from the beginning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('territory_area', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def valid_area(area_id: int) -> Area:
    """Return the area to be changed. Raises AreaNotFound, AreaClosed."""
    area = Area.objects.filter(pk=area_id).first()
    if area is None:
        raise AreaNotFound(_("没有找到该区域"))
    if area.valid_to is not None:
        raise AreaClosed(_("“%(name)s”已于 %(day)s 停用，不能再变更") % {"name": area.name, "day": area.valid_to})
    return area


def check_text(value: str, label: str, field: str, max_length: int, *, required: bool = True) -> str:
    """Return the text without blanks around it. Raises Invalid for an empty, over-long or unprintable one."""
    value = value.strip()
    if (required and not value) or len(value) > max_length or not value.isprintable():
        sentence = _("%(label)s应为 1 至 %(max)d 个可见字符") % {"label": label, "max": max_length}
        raise Invalid(sentence, {field: sentence})
    return value


def check_kind(kind: str, parent_kind: str | None) -> Kind:
    """Return the kind. Raises InvalidPlacement for an unknown one, or one that cannot stand under the parent's."""
    if kind not in Kind.values:
        raise InvalidPlacement(_("没有这种区域类型"), {"kind": _("没有这种区域类型")})
    if parent_kind is not None and Kind(kind).level <= Kind(parent_kind).level:
        sentence = _("%(kind)s不能设在%(parent)s之下") % {"kind": Kind(kind).label, "parent": Kind(parent_kind).label}
        raise InvalidPlacement(sentence, {"kind": sentence})
    return Kind(kind)


def check_day(day: date | None, now: datetime, not_before: date | None = None) -> date:
    """Return the day, today if none. Raises InvalidDate for one in the future, or before `not_before`."""
    today = local_date(now)
    day = day or today
    if day > today:
        raise InvalidDate(_("日期不能晚于今天，请在生效当日办理"), {"effective": _("日期不能晚于今天")})
    if not_before is not None and day < not_before:
        raise InvalidDate(
            _("日期不能早于该区域的生效日期 %(day)s") % {"day": not_before}, {"effective": _("日期早于生效日期")}
        )
    return day


def touch(*, boundaries: bool) -> None:
    """Declare that the tree has changed, and the boundaries with it or not."""
    queries.tree_policy.touch()
    if boundaries:
        queries.boundary_policy.touch()


def told(paths: Iterable[str]) -> Audience:
    """Return who hears of a change to these areas: whoever may see the administration of all of them."""
    common = commonpath(list(paths)).rstrip("/")
    return Audience(area_path=f"{common}/", permission=Permission.VIEW)
