"""The columns of a table of cases, the same for import and export, so that an export can be imported again."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils import translation

from haitang.cases.lifecycle import Status
from haitang.cases.queries.catalog import Catalog, catalog
from haitang.cases.values import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    OPINION_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    Answer,
    Channel,
    Kind,
)
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell

EXTERNAL_ID_LENGTH_MAX = 100
ANSWER = "answer:"
"""How the name of a column begins that holds answers; the question's label follows."""


@lru_cache(maxsize=1)
def case_columns() -> tuple[Column, ...]:
    """Return the columns. Headers and choices are Chinese whatever language is active: files travel between offices."""
    with translation.override(None):
        channels = {str(label): value for value, label in Channel.choices}
        kinds = {str(label): value for value, label in Kind.choices}
        statuses = {str(label): value for value, label in Status.choices}
    return (
        Column("number", "案件编号", kind=Cell.CODE, length_max=EXTERNAL_ID_LENGTH_MAX, width=20),
        Column("source", "来源系统", ("数据来源",), length_max=EXTERNAL_ID_LENGTH_MAX),
        Column(
            "external_id", "外部编号", ("工单编号", "工单号", "原编号", "编号"), Cell.CODE,
            length_max=EXTERNAL_ID_LENGTH_MAX, width=20,
        ),
        Column("kind", "诉求类型", ("类型",), choices=kinds),
        Column("channel", "来源", ("渠道", "来源渠道", "诉求来源"), choices=channels),
        Column("category_code", "类别编码", kind=Cell.CODE, length_max=20),
        Column("category", "类别", ("类别名称", "问题类别"), length_max=100),
        Column(
            "description", "问题描述", ("描述", "诉求内容", "内容", "问题"), required=True,
            length_max=DESCRIPTION_LENGTH_MAX, width=48,
        ),
        Column("place", "地点", ("地址", "发生地点", "详细地址", "address"), length_max=PLACE_LENGTH_MAX, width=28),
        Column("lon", "经度", ("lng", "longitude"), Cell.NUMBER),
        Column("lat", "纬度", ("latitude",), Cell.NUMBER),
        Column("area_code", "区域编码", ("网格编码", "所属网格编码"), Cell.CODE, length_max=40, width=18),
        Column("area", "区域", ("所属区域", "所属网格"), width=28),
        Column("status", "状态", ("案件状态",), choices=statuses),
        Column("organization_code", "承办单位编码", kind=Cell.CODE, length_max=40),
        Column("organization", "承办单位", width=24),
        Column("reporter_name", "诉求人", ("姓名", "联系人", "上报人"), length_max=NAME_LENGTH_MAX),
        Column("reporter_phone", "联系电话", ("电话", "手机", "手机号码", "phone"), Cell.PHONE),
        Column("occurred_at", "发生时间", kind=Cell.INSTANT, width=20),
        Column("reported_at", "上报时间", ("登记时间", "来电时间", "受理时间"), Cell.INSTANT, required=True, width=20),
        Column("target_at", "办结时限", ("办理时限", "截止时间"), Cell.INSTANT, width=20),
        Column("closed_at", "结案时间", ("办结时间", "关闭时间"), Cell.INSTANT, width=20),
        Column("solved", "是否解决", kind=Cell.BOOLEAN),
        Column("score", "评分", ("满意度评分",), Cell.INTEGER),
        Column("opinion", "办理结果", ("处理结果", "办理情况"), length_max=OPINION_LENGTH_MAX, width=40),
    )  # fmt: skip


def answer_columns(labels: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of answers to questions with these labels, whichever categories ask them."""
    return tuple(Column(f"{ANSWER}{label}", f"补充：{label}", ("补充信息：" + label,), width=20) for label in labels)


def asked_labels(known: Catalog) -> list[str]:
    """Return the labels of all that categories ask today and that a cell can answer, in the catalogue's order."""
    return list(
        dict.fromkeys(
            question.label
            for category in known.categories
            for question in category.current.form.questions
            if question.type != Answer.PHOTO
        )
    )


def import_columns() -> tuple[Column, ...]:
    """Return the columns that an import reads: `case_columns` and one for every question of today's catalogue."""
    return *case_columns(), *answer_columns(asked_labels(catalog()))
