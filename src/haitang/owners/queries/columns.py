"""The columns of the sheets: the register as it is taken in, codes to be posted, ballots as they are given out."""

from collections.abc import Iterable, Iterator
from typing import Any

from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.owners.models import Ballot, Decision, RollEntry
from haitang.owners.values import (
    LINE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    Basis,
    Channel,
    Choice,
    UnitKind,
    UnitState,
    spell_code,
    spell_size,
)


def _choices(named: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {str(label): code for code, label in named}


def unit_columns() -> tuple[Column, ...]:
    """Return the columns of an estate's register; a unit with several owners has a row for each of them."""
    return (
        Column("building", "楼栋", ("幢", "栋", "楼号"), required=True, length_max=NAME_LENGTH_MAX),
        Column("number", "房号", ("室号", "房屋"), required=True, length_max=NAME_LENGTH_MAX),
        Column("kind", "用途", choices=_choices(UnitKind.choices)),
        Column("state", "交付情况", choices=_choices(UnitState.choices)),
        Column("size", "专有部分面积", ("面积", "建筑面积"), required=True, length_max=20),
        Column("basis", "面积依据", choices=_choices(Basis.choices), width=20),
        Column("owner", "业主", ("姓名", "业主姓名"), length_max=NAME_LENGTH_MAX),
        Column("identity", "证件号码", ("身份证号",), kind=Cell.CODE, length_max=40, width=24),
        Column("phone", "电话", ("联系电话",), kind=Cell.PHONE),
        Column("share", "份额", ("产权份额",), length_max=20),
    )


def unit_notes() -> tuple[str, ...]:
    """Return a filling note for each column of the register."""
    return (
        "填写说明：如 3幢", "如 1单元201；共有的每位业主一行", "不填为住宅", "不填为已交付", "平方米，最多两位小数",
        "不填为不动产登记簿", "未出售的不填", "加密保存；同一业主多处房屋凭它合并",
        "加密保存", "如 1/2，不填为全部或均分",
    )  # fmt: skip


def code_columns() -> tuple[Column, ...]:
    """Return the columns of the list of codes, to be posted or handed out; it is given once."""
    return (
        Column("number", "名册序号", kind=Cell.INTEGER), Column("label", "房屋", width=30),
        Column("names", "业主", width=20), Column("size", "面积（平方米）"), Column("code", "表决码", width=20),
    )  # fmt: skip


def code_rows(pairs: Iterable[tuple[RollEntry, str]]) -> Iterator[list[Any]]:
    """Yield entries with their codes as rows of `code_columns`."""
    for entry, code in pairs:
        yield [entry.number, entry.label[:LINE_LENGTH_MAX], entry.names, spell_size(entry.size), spell_code(code)]


def ballot_columns() -> tuple[Column, ...]:
    """Return the columns of the list of ballots, by which anybody with the roll can count again."""
    return (
        Column("number", "名册序号", kind=Cell.INTEGER), Column("label", "房屋", width=30),
        Column("size", "面积（平方米）"), Column("question", "表决事项序号", kind=Cell.INTEGER),
        Column("channel", "方式", choices=_choices(Channel.choices)),
        Column("choice", "意见", choices=_choices(Choice.choices)), Column("counts", "计入", kind=Cell.BOOLEAN),
        Column("given_at", "投票时间", kind=Cell.INSTANT, width=20),
    )  # fmt: skip


def ballot_rows(decision: Decision) -> Iterator[list[Any]]:
    """Yield the ballots of a decision as rows of `ballot_columns`. For an action that records it."""
    rows = Ballot.objects.filter(question__decision=decision).select_related("entry", "question")
    for row in rows.order_by("entry__number", "question__number", "given_at", "id"):
        yield [
            row.entry.number, row.entry.label, spell_size(row.entry.size), row.question.number, row.channel,
            row.choice, row.counts, row.given_at,
        ]  # fmt: skip
