"""Files of links on their way in, and the columns of the sheets."""

from collections.abc import Iterable, Iterator
from typing import Any

from haitang.alliances.lifecycle import Stage
from haitang.alliances.models import AgreedDuty, LinkFile
from haitang.alliances.queries.links import LinkView
from haitang.alliances.queries.rules import rules
from haitang.alliances.values import LINE_LENGTH_MAX, NAME_LENGTH_MAX, WORDS_LENGTH_MAX, Kind
from haitang.core.access import Actor
from haitang.core.brought import get_file, list_files
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell

DUTY = "duty_"
"""Before the code of a duty: the name of its column."""


def list_link_files(*, viewer: Actor) -> list[LinkFile]:
    """Return the viewer's files of late, the latest first."""
    return list_files(LinkFile.objects.all(), viewer)


def get_link_file(*, viewer: Actor, file_id: int) -> LinkFile:
    """Return one of the viewer's files. Raises FileUnknown."""
    return get_file(LinkFile.objects.all(), viewer, file_id)


def link_columns() -> tuple[Column, ...]:
    """Return the columns of a sheet of links as it is filled in: a column of times for each duty in use."""
    return (
        Column("unit", "单位", ("共建单位", "结对单位"), required=True, length_max=100, width=28),
        Column("community", "社区", ("街道", "结对社区"), required=True, length_max=NAME_LENGTH_MAX, width=20),
        Column("from_date", "结对日期", ("起始日期",), kind=Cell.DATE),
        *(
            Column(f"{DUTY}{line.code}", line.name, kind=Cell.INTEGER, length_max=LINE_LENGTH_MAX, width=14)
            for line in rules().of(Kind.DUTY)
        ),
        Column("words", "其他约定", length_max=WORDS_LENGTH_MAX, width=30),
    )  # fmt: skip


def link_notes() -> tuple[str, ...]:
    """Return a filling note for each column of a sheet of links."""
    duties = tuple("每年次数，不填为不约定" for _line in rules().of(Kind.DUTY))
    return ("填写说明：单位代码或全称", "社区代码或名称", "可不填，不填为今天", *duties, "可不填")


def link_export_columns() -> tuple[Column, ...]:
    """Return the columns of a sheet of links as it is given out: those filled in, and how the year stands."""
    stages = {str(label): code for code, label in Stage.choices}
    return (
        Column("number", "编号", kind=Cell.CODE), *link_columns(), Column("year", "年度", kind=Cell.INTEGER),
        Column("stage", "协议", choices=stages), Column("contacts", "联系次数", kind=Cell.INTEGER),
        Column("last", "最近联系", kind=Cell.DATE),
        Column("of_unit", "社区评单位（%）", kind=Cell.INTEGER),
        Column("of_community", "单位评社区（%）", kind=Cell.INTEGER),
        Column("to_date", "解除日期", kind=Cell.DATE),
    )  # fmt: skip


def link_rows(views: Iterable[LinkView], year: int) -> Iterator[list[Any]]:
    """Yield links as rows of `link_export_columns`; two statements for all of them."""
    shown = list(views)
    codes = [line.code for line in rules().of(Kind.DUTY)]
    times = _times_of([view.agreement.pk for view in shown if view.agreement])
    for view in shown:
        own = times.get(view.agreement.pk, {}) if view.agreement else {}
        yield [
            view.row.number, view.unit_name, view.community_name, view.row.link.from_date,
            *(own.get(code) for code in codes), view.agreement.words if view.agreement else "", year,
            view.agreement.stage if view.agreement else "", view.contacts, view.last, view.percent.get("community"),
            view.percent.get("unit"), view.row.link.to_date,
        ]  # fmt: skip


def _times_of(agreement_ids: list[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = AgreedDuty.objects.filter(agreement__in=agreement_ids).values_list("agreement_id", "code", "times")
    for agreement_id, code, times in rows:
        found.setdefault(agreement_id, {})[code] = times
    return found
