"""The list of projects as a workbook."""

from typing import Any

from haitang.core.tables import Column
from haitang.projects.queries import ProjectView

TITLES = (
    "编号", "名称", "来源", "类别", "区域", "牵头单位", "状态", "计划开始", "计划完成", "计划资金（元）", "资金来源",
    "服务对象", "预计服务人数", "节点数", "已完成节点", "逾期节点", "返工次数", "评价数", "平均分",
)  # fmt: skip
COLUMNS = [Column(f"c{number}", title) for number, title in enumerate(TITLES)]


def cells(view: ProjectView) -> list[Any]:
    """Return a project in the order of the columns."""
    row = view.project
    return [
        row.number, row.title, row.get_origin_display(), row.kind, view.area_name, view.organization_name,
        row.get_status_display(), row.from_on, row.until_on,
        view.money, row.money_ref, row.served,
        row.people_expected, view.milestones, view.done, view.late, row.reworks, row.evaluations,
        view.score_text,
    ]  # fmt: skip
