"""What stands on the sheets of a case: for the file, and for whoever is to be reminded of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.facts import CaseFedBack, CaseImported
from haitang.cases.values import Permission, Stage
from haitang.core import clock
from haitang.core.access import Actor, require
from haitang.core.documents import Sheet
from haitang.core.facts import label_of
from haitang.whistles.queries import get_whistle_page
from haitang.worktime.values import remaining_text

CASE, SUPERVISION = "case", "supervision"
_BLANK_LINES = "\n\n\n"
"""Room to write by hand."""


def get_sheet(*, viewer: Actor, kind: str, case_id: int, now: datetime) -> Sheet:
    """Return a sheet of the case: `case` (办理单) or `supervision` (督办单); people's names are masked as on its page.

    Raises CaseNotFound; NotAllowed for a supervision sheet without DISPATCH over the case.
    """
    page = case_queries.get_case_page(viewer=viewer, case_id=case_id, now=now)
    case = page.view.case
    if kind == SUPERVISION:
        require(viewer, Permission.DISPATCH, area_path=case.area_path, organization_id=case.organization_id)
        return _supervision(page, viewer, now)
    return _case(page, viewer, now)


def _case(page: Any, viewer: Actor, now: datetime) -> Sheet:
    return Sheet(
        title=_("案件办理单"),
        number=_number(page),
        rows=[*_facts(page), (_("办理结果"), _result(page) or "—")],
        log_title=_("流转记录"),
        log_head=(_("时间"), _("环节"), _("经办单位、人员"), _("意见")),
        log=_log(page.entries, _year(page.view.case.reported_at)),
        unit=viewer.organization_name,
        day=day_text(now),
    )  # fmt: skip


def _log(entries: Iterable[Any], year: int) -> list[tuple[str, ...]]:
    """Return the history as lines, oldest first; what happened in a row without a word said stands in one.

    year: of the report, which stands above; it is not said again.
    """
    lines: list[tuple[str, ...]] = []
    times = 1
    for entry in entries:
        who = " ".join(filter(None, (entry.organization_name, entry.actor_name)))
        what, said = label_of(entry.fact), str(entry.data.get("opinion", ""))
        if entry.fact == CaseImported.__name__:
            lines += _before(entry.data, year)
            said = ""
        if lines and not said and lines[-1][2:] == (who, "") and lines[-1][1].split("×")[0].strip() == what:
            times += 1
            lines[-1] = (lines[-1][0], f"{what} ×{times}", who, "")
            continue
        times = 1
        lines.append((_minute(entry.at, year), what, who, said))
    return lines


def _before(data: Mapping[str, Any], year: int) -> list[tuple[str, ...]]:
    """Return what the system that an imported case comes from has said of it: when it was reported there, and ended."""
    source = " ".join(filter(None, (data.get("source", ""), data.get("external_id", ""))))
    reported, closed = (data.get(name, "") for name in ("reported_at", "closed_at"))
    lines: list[tuple[str, ...]] = []
    if reported:
        lines.append((_minute(datetime.fromisoformat(reported), year), _("来源系统登记"), source, ""))
    if closed:
        opinion = str(data.get("opinion", ""))
        lines.append((_minute(datetime.fromisoformat(closed), year), _("来源系统办结"), source, opinion))
    return lines


def _supervision(page: Any, viewer: Actor, now: datetime) -> Sheet:
    case, desk = page.view.case, page.view.organization
    due = case.due_at
    if due is not None and due < now:
        why = _("下列案件“%(stage)s”环节已超过规定时限（%(due)s，%(late)s），现予督办。")
    else:
        why = _("下列案件现予督办，“%(stage)s”环节规定时限为%(due)s。") if due else _("下列案件现予督办。")
    said = {
        "stage": Stage(case.stage).label if case.stage else "", "due": _minute(due) if due else "",
        "late": remaining_text(due, now) if due else "",
    }  # fmt: skip
    return Sheet(
        title=_("督办单"),
        number=_number(page),
        addressee=desk.name if desk else "",
        opening=why % said,
        rows=[
            *_facts(page),
            (_("督办要求"), _("请指定专人负责，抓紧办结并反馈办理结果；确需延期的，应在时限届满前申请。")),
            (_("办理情况"), _result(page) or _("（由承办单位填写）") + _BLANK_LINES),
        ],
        signatures=(_("签收人"), _("签收时间"), _("办理负责人")),
        unit=viewer.organization_name,
        day=day_text(now),
    )  # fmt: skip


def _number(page: Any) -> str:
    return _("编号：%(number)s") % {"number": page.view.case.number}


def _facts(page: Any) -> list[tuple[str, str]]:
    view, case = page.view, page.view.case
    who = " ".join(filter(None, (view.reporter_name, view.reporter_phone)))
    return [
        (_("来源"), f"{case.get_channel_display()}　{case.get_kind_display()}"),
        (_("上报时间"), _minute(case.reported_at)),
        (_("类别"), view.category.name if view.category else _("尚未分类")),
        (_("诉求人"), who or _("未留联系方式")),
        (_("所属区域"), view.area_name),
        (_("地点"), case.place or "—"),
        (_("问题描述"), case.description),
        (_("承办单位"), view.organization.name if view.organization and case.organization_id else _("尚未派遣")),
        (_("当前状态"), str(case.get_status_display())),
    ]


def _result(page: Any) -> str:
    answers = (CaseFedBack.__name__, CaseImported.__name__)
    told = [entry.data["opinion"] for entry in page.entries if entry.fact in answers and entry.data.get("opinion")]
    return str(told[-1]) if told else ""


def _minute(at: datetime, year: int | None = None) -> str:
    """Return an instant for reading, without its year if that is the one named."""
    local = at.astimezone(clock.LOCAL)
    return f"{f'{local.year}年' if local.year != year else ''}{local.month}月{local.day}日 {local:%H:%M}"


def _year(at: datetime) -> int:
    return at.astimezone(clock.LOCAL).year


def day_text(now: datetime) -> str:
    """Return the day as official documents write it: Arabic figures, no zeros before them."""
    local = now.astimezone(clock.LOCAL)
    return f"{local.year}年{local.month}月{local.day}日"


def get_whistle_sheet(*, viewer: Actor, whistle_id: int, now: datetime) -> Sheet:
    """Return the sheet of a whistle (吹哨单): what is asked of whom, and how far each has come.

    Raises WhistleNotFound.
    """
    view = get_whistle_page(viewer=viewer, whistle_id=whistle_id).view
    whistle = view.whistle
    return Sheet(
        title=_("吹哨单"),
        number=_("编号：%(number)s") % {"number": whistle.number},
        addressee="、".join(each.organization.name for each in view.calls if each.organization),
        opening=_("下列事项需各单位到场协同处置，请按时限签收、联系、报到。"),
        rows=[
            (_("哨类"), str(view.kind.name)),
            (_("案件编号"), whistle.case.number),
            (_("发起单位"), view.organization.name if view.organization else "—"),
            (_("所属区域"), view.area_name),
            (_("事由"), whistle.reason),
            (_("要求"), whistle.demand or "—"),
            (_("审批"), " ".join(filter(None, (whistle.decided_by_name, whistle.decision))) or "—"),
        ],
        log_title=_("召集单位"),
        log_head=(_("角色"), _("状态"), _("单位"), _("任务与结果")),
        log=[
            (
                str(each.call.get_role_display()), str(each.call.get_status_display()),
                each.organization.name if each.organization else "",
                "\n".join(filter(None, (each.call.task, each.call.result))),
            )
            for each in view.calls
        ],
        signatures=(_("签收人"), _("报到时间")),
        unit=view.organization.name if view.organization else viewer.organization_name,
        day=day_text(whistle.decided_at or whistle.drafted_at),
    )  # fmt: skip
