"""The columns of the sheets of needs, resources and agreements: what is taken in, and what is given out."""

from collections.abc import Iterable, Iterator
from typing import Any

from haitang.core.money import format_yuan
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.exchange.lifecycle import Stage, Status
from haitang.exchange.queries.agreements import AgreementView
from haitang.exchange.queries.listed import EntryView
from haitang.exchange.queries.rules import rules
from haitang.exchange.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Hours,
    Repeats,
)
from haitang.territory.queries import territory

NEEDS, RESOURCES, ORDERS = "needs", "resources", "orders"
_DELIMITER = "、"


def _choices(named: Iterable[tuple[str, Any]]) -> dict[str, str]:
    return {str(label): code for code, label in named}


def list_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns of a sheet of needs ("needs"), of resources or of orders, as it is filled in."""
    if kind == ORDERS:
        return (
            Column("resource_number", "资源编号", kind=Cell.CODE, required=True),
            Column("need_number", "需求编号", kind=Cell.CODE),
            Column("area", "区域", ("社区", "网格"), length_max=NAME_LENGTH_MAX, width=20),
            Column("on", "约定日期", kind=Cell.DATE), Column("people", "人数", kind=Cell.INTEGER),
            Column("words", "约定", length_max=WORDS_LENGTH_MAX, width=40),
        )  # fmt: skip
    categories = _choices((each.code, each.name) for each in rules().categories if each.is_active)
    names = ("需求名称", "资源名称", "名称")
    title = Column("title", "标题", names, required=True, length_max=TITLE_LENGTH_MAX, width=30)
    category = Column("category", "类别", choices=categories, required=True, width=22)
    words = Column("words", "说明", ("内容", "具体内容"), length_max=WORDS_LENGTH_MAX, width=40)
    hours = Column("hours", "时段", length_max=NAME_LENGTH_MAX, width=20)
    if kind == NEEDS:
        return (
            title, category, Column("area", "区域", ("社区", "网格"), required=True, length_max=NAME_LENGTH_MAX), words,
            Column("beneficiaries", "服务对象", length_max=NAME_LENGTH_MAX),
            Column("place", "地点", length_max=PLACE_LENGTH_MAX, width=20), Column("people", "人数", kind=Cell.INTEGER),
            hours, Column("wished_by", "希望完成日期", kind=Cell.DATE),
            Column("contact_name", "联系人", length_max=NAME_LENGTH_MAX),
            Column("contact_phone", "联系电话", kind=Cell.PHONE),
        )  # fmt: skip
    return (
        title, category, Column("organization", "提供单位", ("单位",), required=True, length_max=100, width=28),
        Column("area", "服务区域", ("区域",), required=True, length_max=NAME_LENGTH_MAX), words,
        Column("capacity", "可提供次数", kind=Cell.INTEGER),
        Column("people_max", "每次人数上限", kind=Cell.INTEGER), hours,
        Column("from_date", "起始日期", kind=Cell.DATE), Column("until_date", "截止日期", kind=Cell.DATE),
        Column("repeats", "频次", choices=_choices(Repeats.choices), width=20),
        Column("cost", "每次费用（元）", kind=Cell.NUMBER),
    )  # fmt: skip


def list_notes(kind: str) -> tuple[str, ...]:
    """Return a filling note for each column of a sheet."""
    if kind == ORDERS:
        return (
            "填写说明：资源清单中的编号，如 ZY2026-00012", "为哪条需求下单，可不填", "没有需求时填，编码或名称",
            "可不填，双方再约", "不填为 1", "可不填",
        )  # fmt: skip
    hours = "用顿号分开：" + _DELIMITER.join(str(label) for _code, label in Hours.choices) + "；不填为不限"
    if kind == NEEDS:
        return (
            "填写说明：60 字以内", "从下拉框选", "区域编码或名称", "可不填", "填人群，不填姓名", "可不填",
            "不填为 1", hours, "可不填", "可不填，加密保存", "可不填，加密保存",
        )  # fmt: skip
    return (
        "填写说明：60 字以内", "从下拉框选", "单位代码或全称", "区域编码或名称", "可不填", "不填为 1",
        "不填为不限", hours, "可不填", "可不填", "从下拉框选，不填为长期", "不填为免费",
    )  # fmt: skip


def export_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns of a sheet as it is given out: those filled in, without contacts, and what became of it."""
    given = tuple(each for each in list_columns(kind) if not each.name.startswith("contact"))
    return (
        Column("number", "编号", kind=Cell.CODE), *given, Column("status", "状态", choices=_choices(Status.choices)),
        Column("round", "征集批次", width=24), Column("entered_at", "登记时间", kind=Cell.INSTANT, width=20),
    )  # fmt: skip


def export_rows(kind: str, views: Iterable[EntryView]) -> Iterator[list[Any]]:
    """Yield needs or resources as rows of `export_columns`."""
    areas, known = territory(), rules()
    for view in views:
        row = view.row
        area, category = areas.area(row.area_id).code, known.category_of(row.category_id).code
        hours = view.hours if row.hours else ""
        if kind == NEEDS:
            cells = [
                row.title, category, area, row.words, row.beneficiaries, row.place, row.people, hours, row.wished_by,
            ]  # fmt: skip
        else:
            cells = [
                row.title, category, view.organization_name, area, row.words, row.capacity, row.people_max, hours,
                row.from_date, row.until_date, row.repeats, row.cost_fen / 100,
            ]  # fmt: skip
        yield [row.number, *cells, row.status, view.round_name, row.entered_at]


def agreement_columns() -> tuple[Column, ...]:
    """Return the columns of the third list as it is given out."""
    return (
        Column("number", "编号", kind=Cell.CODE), Column("need_number", "需求编号", kind=Cell.CODE),
        Column("need", "需求", width=30), Column("resource_number", "资源编号", kind=Cell.CODE),
        Column("resource", "资源", width=30),
        Column("community", "社区", width=20), Column("organization", "单位", width=28),
        Column("area", "区域", width=28), Column("stage", "状态", choices=_choices(Stage.choices)),
        Column("on", "约定日期", kind=Cell.DATE), Column("people", "人数", kind=Cell.INTEGER),
        Column("cost", "每次费用（元）"), Column("round", "征集批次", width=24),
        Column("ordered_at", "下单时间", kind=Cell.INSTANT, width=20), Column("project", "项目编号", kind=Cell.CODE),
        Column("project_status", "项目状态"),
    )  # fmt: skip


def agreement_rows(views: Iterable[AgreementView]) -> Iterator[list[Any]]:
    """Yield agreements as rows of `agreement_columns`."""
    for view in views:
        row = view.row
        yield [
            row.number, row.need.number if row.need else "", view.need, row.resource.number, view.resource,
            view.community_name, view.organization_name, view.area_name,
            row.stage, row.on, row.people, format_yuan(row.resource.cost_fen), view.round_name, row.ordered_at,
            view.project.number if view.project else "", view.project.status.label if view.project else "",
        ]  # fmt: skip


def hours_of(text: str) -> tuple[str, ...]:
    """Return the hours meant by what stands in a cell; a word that is none of them stays as it is, to be refused."""
    known = _choices(Hours.choices)
    parts = [part.strip() for part in text.replace(",", _DELIMITER).replace("，", _DELIMITER).split(_DELIMITER)]
    return tuple(known.get(part, part) for part in parts if part)
