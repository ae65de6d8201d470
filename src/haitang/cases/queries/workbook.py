"""The whole catalogue as a workbook: its sheets, and what stands in them. What is exported can be imported again."""

from functools import lru_cache

from django.utils import translation

from haitang.cases.lifecycle import Deed
from haitang.cases.models import Category, Phrase
from haitang.cases.values import Answer, AskedOf, Moment, Permission, Stage, Tree, form_of_data
from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.tables import Column, Kind, Sheet

CATEGORIES, LIMITS, CONDITIONS, QUESTIONS, PHRASES = "类别", "时限", "条件", "问题", "常用语"
OPENING, CLOSING = "立案条件", "结案条件"
_CODE = Column("code", "类别编码", ("编码",), Kind.CODE, required=True, length_max=20)


@lru_cache(maxsize=1)
def catalog_columns() -> dict[str, tuple[tuple[Column, ...], tuple[str, ...]]]:
    """Return by sheet its columns and their filling notes, in Chinese whatever language is active."""
    with translation.override(None):
        trees = {str(label): value for value, label in Tree.choices}
        stages = {str(label): value for value, label in Stage.choices}
        answers = {str(label): value for value, label in Answer.choices}
        people = {str(label): value for value, label in AskedOf.choices}
        moments = {str(label): value for value, label in Moment.choices}
        deeds = {str(label): value for value, label in Deed.choices}
    return {
        CATEGORIES: (
            (
                _CODE, Column("tree", "类型", choices=trees, required=True),
                Column("parent", "上级编码", kind=Kind.CODE, length_max=20),
                Column("name", "名称", required=True, length_max=50, width=20),
                Column("name_en", "英文名称", length_max=100),
                Column("keywords", "关键词", length_max=500, width=28), Column("is_urgent", "紧急", kind=Kind.BOOLEAN),
                Column("is_active", "启用", kind=Kind.BOOLEAN), Column("source", "依据", length_max=200, width=24),
                Column("basis", "法律依据", length_max=500, width=24),
                Column("collection", "采集要求", length_max=500, width=24),
                Column("responsible", "责任主体", length_max=300, width=20),
                Column("supervising", "监管主体", length_max=300, width=20),
            ),
            (
                "填写说明：字母或数字，不能重复", "从下拉框选", "大类不填", "50 字以内", "可不填", "用顿号分开",
                "是或否", "是或否，不填为是", "", "不填则同上级", "不填则同上级", "用顿号分开", "用顿号分开",
            ),
        ),
        LIMITS: (
            (
                _CODE, Column("stage", "环节", choices=stages, required=True),
                Column("limit", "时限", required=True, length_max=40),
            ),
            ("填写说明：没有列出的环节用上级的时限", "从下拉框选", "如 4工作时、7工作日、紧急4小时、15自然日"),
        ),
        CONDITIONS: (
            (
                _CODE, Column("part", "条件类型", choices={OPENING: "opening", CLOSING: "closing"}, required=True),
                Column("key", "标识", kind=Kind.CODE, length_max=40),
                Column("text", "条件", required=True, length_max=200, width=40),
                Column("step", "处置步骤", length_max=60), Column("limit", "处置时限", length_max=40),
            ),
            (
                "填写说明：没有列出的用上级的条件", "从下拉框选", "新增时留空，由系统编", "一行一条",
                "如 停工、处罚、拆除", "立案条件可填，如 4工作时",
            ),
        ),
        QUESTIONS: (
            (
                _CODE, Column("key", "标识", kind=Kind.CODE, length_max=40),
                Column("label", "问题", required=True, length_max=60, width=28),
                Column("type", "答案", choices=answers, required=True),
                Column("options", "选项", length_max=2000, width=28),
                Column("required", "必填", kind=Kind.BOOLEAN), Column("at", "何时问", choices=moments, required=True),
                Column("of", "问谁", choices=people, required=True), Column("help", "提示", length_max=200, width=28),
            ),
            (
                "填写说明：上级的问题不必重复", "新增时留空，由系统编", "60 字以内", "从下拉框选",
                "单选、多选时填，用竖线 | 分开", "是或否", "从下拉框选", "从下拉框选", "可不填",
            ),
        ),
        PHRASES: (
            (
                Column("deed", "环节", choices=deeds, required=True),
                Column("text", "内容", required=True, length_max=200, width=60),
            ),
            ("填写说明：从下拉框选环节", "已有的不重复添加"),
        ),
    }  # fmt: skip


def catalog_sheets(*, viewer: Actor) -> list[Sheet]:
    """Return the catalogue's own parts as sheets, nothing inherited among them; raise NotAllowed."""
    access.require(viewer, Permission.MANAGE_CATALOG, area_path=EVERYWHERE)
    rows = list(Category.objects.select_related("parent").order_by("code"))
    lines: dict[str, list[tuple]] = {name: [] for name in catalog_columns()}
    for row in rows:
        form = form_of_data(row.form)
        lines[CATEGORIES].append((
            row.code, row.tree, row.parent.code if row.parent else None, row.name, row.name_en, "、".join(row.keywords),
            row.is_urgent, row.is_active, row.source, form.basis, form.collection, "、".join(form.responsible),
            "、".join(form.supervising),
        ))  # fmt: skip
        lines[LIMITS] += [(row.code, stage, row.limits[stage]) for stage in Stage.values if stage in row.limits]
        for part in ("opening", "closing"):
            lines[CONDITIONS] += [(row.code, part, c.key, c.text, c.step, c.limit) for c in getattr(form, part)]
        lines[QUESTIONS] += [
            (row.code, q.key, q.label, q.type, "|".join(q.options), q.required, q.at, q.of, q.help)
            for q in form.questions
        ]
    lines[PHRASES] = list(Phrase.objects.order_by("deed", "position", "id").values_list("deed", "text"))
    return [Sheet(name, columns, lines[name], notes) for name, (columns, notes) in catalog_columns().items()]
