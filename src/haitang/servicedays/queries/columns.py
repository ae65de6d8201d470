"""The columns of the sheets of service days: one row a shift, what is filled in and what is given out."""

import re
from collections.abc import Iterable, Iterator
from datetime import time
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.clock import LOCAL
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.servicedays.queries.days import DayView, ShiftPage, SignUpLine
from haitang.servicedays.values import (
    PLACE_LENGTH_MAX,
    TASK_LENGTH_MAX,
    THEME_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    DayInvalid,
    State,
    hours_in_words,
    read_hours,
)
from haitang.territory.queries import territory
from haitang.volunteers.queries import rules as register
from haitang.volunteers.values import ItemKind

_BETWEEN = re.compile(r"[、,，\s]+")


def day_columns() -> tuple[Column, ...]:
    """Return the columns of a sheet of service days as it is filled in."""
    return (
        Column("on", "日期", kind=Cell.DATE, required=True),
        Column("theme", "主题", required=True, length_max=THEME_LENGTH_MAX, width=24),
        Column("area", "区域", ("社区", "街道"), required=True, length_max=60, width=20),
        Column("hours", "时间", required=True, length_max=30),
        Column("task", "任务", required=True, length_max=TASK_LENGTH_MAX, width=24),
        Column("place", "地点", required=True, length_max=PLACE_LENGTH_MAX, width=24),
        Column("places", "名额", kind=Cell.INTEGER, required=True),
        Column("skills", "需要的技能", ("技能",), length_max=200, width=20),
        Column("words", "说明", length_max=WORDS_LENGTH_MAX, width=30),
    )


def day_notes() -> tuple[str, ...]:
    """Return a filling note for each column of the sheet that is filled in."""
    return (
        "填写说明：每行一个班次；同一天、同一主题、同一区域的各行是一个服务日", "如 党员周六志愿服务日", "编码或名称",
        "如 09:00-11:00", "", "", "整数", "可不填；多项用顿号隔开，名称见志愿登记的技能目录", "可不填",
    )  # fmt: skip


def cell_hours(text: str) -> tuple[time, time]:
    """Return begin and end of a cell. Raises DayInvalid."""
    try:
        return read_hours(text)
    except ValueError as error:
        raise DayInvalid(_("“时间”请写成 09:00-11:00：%(text)s") % {"text": text[:30]}) from error


def cell_skills(text: str | None) -> tuple[str, ...]:
    """Return the codes of the skills that a cell names. Raises DayInvalid."""
    known = {item.name: item.code for item in register().of(ItemKind.SKILL)}
    named = [each for each in _BETWEEN.split(text or "") if each]
    unknown = [each for each in named if each not in known]
    if unknown:
        raise DayInvalid(_("技能目录中没有：%(names)s") % {"names": "、".join(unknown)[:60]})
    return tuple(known[each] for each in named)


def day_export_columns() -> tuple[Column, ...]:
    """Return the columns of the list as it is given out: those filled in, and what has come of each shift."""
    return (
        *day_columns(), Column("organization", "组织单位", width=24), Column("taken", "已报名", kind=Cell.INTEGER),
        Column("waiting", "候补", kind=Cell.INTEGER), Column("here", "到场", kind=Cell.INTEGER),
        Column("status", "状态"),
    )  # fmt: skip


def day_export_rows(views: Iterable[DayView]) -> Iterator[list[Any]]:
    """Yield the shifts of service days as rows of `day_export_columns`; nobody is named in it."""
    tree = territory()
    for view in views:
        day = view.day
        for each in view.shifts:
            shift = each.shift
            hours = hours_in_words(shift.begins_at.astimezone(LOCAL).time(), shift.ends_at.astimezone(LOCAL).time())
            state = _("已取消") if day.cancelled_at else _("已结束") if shift.closed_at else _("报名中")
            yield [
                day.on, day.theme, tree.area(day.area_id).code, hours, shift.task, shift.place, shift.places,
                "、".join(each.skills), day.words, view.organization_name, shift.taken, each.waiting, each.here, state,
            ]  # fmt: skip


def roster_columns() -> tuple[Column, ...]:
    """Return the columns of the names of a shift, to be taken along on the day."""
    return (
        Column("name", "姓名"), Column("area", "居住网格", width=30), Column("state", "状态"),
        Column("signed_at", "报名时间", kind=Cell.INSTANT, width=20),
        Column("here_at", "报到时间", kind=Cell.INSTANT, width=20),
    )  # fmt: skip


def roster_rows(page: ShiftPage) -> Iterator[list[Any]]:
    """Yield who has signed up as rows of `roster_columns`."""
    for line in page.lines:
        row = line.signup
        yield [line.name, line.area_name, _state(line), row.signed_at, row.here_at]


def _state(line: SignUpLine) -> str:
    row = line.signup
    return _("候补") if row.turn is not None else str(State(row.state).label)
