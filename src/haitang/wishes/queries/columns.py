"""The columns of the sheets of wishes: what is taken in, and what is given out."""

from collections.abc import Iterable, Iterator
from typing import Any

from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.territory.queries import territory
from haitang.wishes.lifecycle import Status
from haitang.wishes.queries.rules import cost_bands, rules
from haitang.wishes.queries.wishes import WishView
from haitang.wishes.values import (
    ADDRESS_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Channel,
    Contact,
)


def _choices(named: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {str(label): code for code, label in named}


def wish_columns() -> tuple[Column, ...]:
    """Return the columns of a sheet of wishes as it is filled in."""
    return (
        Column("title", "心愿", ("微心愿", "标题"), required=True, length_max=TITLE_LENGTH_MAX, width=30),
        Column("kind", "类别", choices=_choices((each, each) for each in rules()["kinds"]), required=True),
        Column("words", "具体内容", ("内容", "说明"), length_max=WORDS_LENGTH_MAX, width=40),
        Column("cost", "估价", choices=_choices(cost_bands().items()), required=True),
        Column("area", "社区或网格", ("区域", "社区", "网格"), required=True, length_max=NAME_LENGTH_MAX, width=20),
        Column("name", "家庭联系人", ("姓名", "联系人"), required=True, length_max=NAME_LENGTH_MAX),
        Column("phone", "家庭电话", ("电话", "联系电话"), kind=Cell.PHONE),
        Column("address", "家庭住址", ("住址", "地址"), length_max=ADDRESS_LENGTH_MAX, width=26),
        Column("story", "家庭情况", length_max=WORDS_LENGTH_MAX, width=40),
        Column("contact", "联系方式", choices=_choices(Contact.choices), width=30),
        Column("between_name", "转交联系人", length_max=NAME_LENGTH_MAX),
        Column("between_phone", "转交联系人电话", kind=Cell.PHONE),
        Column("consented", "家庭同意公开", ("同意",), kind=Cell.BOOLEAN, required=True),
    )


def wish_notes() -> tuple[str, ...]:
    """Return a filling note for each column of the sheet that is filled in."""
    return (
        "填写说明：公开，不写姓名住址", "从下拉框选，公开", "公开，不写姓名住址学校", "从下拉框选，公开",
        "编码或名称，只公开到街道", "加密保存", "加密保存", "加密保存", "加密保存，只给审核人看",
        "从下拉框选，不填为由联系人转交", "由联系人转交时必填", "加密保存", "是",
    )  # fmt: skip


def wish_export_columns() -> tuple[Column, ...]:
    """Return the columns of the list as it is given out: nothing in it says whose wish it is."""
    return (
        Column("number", "编号", kind=Cell.CODE), Column("title", "心愿", width=30), Column("kind", "类别"),
        Column("words", "具体内容", width=40), Column("cost", "估价"), Column("street", "街道（镇）"),
        Column("community", "社区或网格", width=26), Column("status", "状态", choices=_choices(Status.choices)),
        Column("channel", "来源", choices=_choices(Channel.choices)),
        Column("entered_at", "登记时间", kind=Cell.INSTANT, width=20),
        Column("published_at", "发布时间", kind=Cell.INSTANT, width=20),
        Column("claimed_at", "认领时间", kind=Cell.INSTANT, width=20), Column("unit", "认领单位", width=28),
        Column("ended_at", "结束时间", kind=Cell.INSTANT, width=20),
    )  # fmt: skip


def wish_export_rows(views: Iterable[WishView]) -> Iterator[list[Any]]:
    """Yield wishes as rows of `wish_export_columns`; a person who claims is not named."""
    tree = territory()
    for view in views:
        row, claim = view.wish, view.claim
        yield [
            row.number, row.title, row.kind, row.words, view.cost, view.street, tree.area(row.area_id).name,
            row.status, row.channel, row.entered_at, row.published_at, claim.claimed_at if claim else None,
            view.claimant if claim and claim.organization_id else ("个人" if claim else ""), row.ended_at,
        ]  # fmt: skip
