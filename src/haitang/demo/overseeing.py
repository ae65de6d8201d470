"""Oversight in the demo city: pauses, extensions, urging, supervision and a split case among what is being handled."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from haitang.cases.lifecycle import Status
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.cases import filter_cases
from haitang.cases.values import Permission as CasePermission
from haitang.core.access import Actor
from haitang.demo.playing import Cast, Open, installer
from haitang.oversight import actions
from haitang.oversight.actions import NewPart
from haitang.oversight.queries import list_supervised
from haitang.oversight.values import Wish
from haitang.territory.queries import territory

SUPERVISOR = "supervisor"
OF_EACH = 3
"""Of each sort so many cases, as far as there are."""
_PAUSE = "需等待管线权属单位批复后才能开挖，申请缓办。"
_EXTENSION = "配件需从外地调运，预计再用两天完成，申请延期。"
_DEMAND = "群众多次反映，请说明原因、采取的措施和预计办结时间。"
_ANSWER = "已约施工单位进场，本周内完成修复，每日与反映人联系。"
_PARTS = ("清理现场堆放的杂物", "修复破损的路面")


def is_done() -> bool:
    """Tell whether anything is under supervision."""
    return bool(list_supervised(viewer=installer(CasePermission.VIEW), limit=1).rows)


def oversee(cast: Cast, *, now: datetime) -> None:
    """Let desks ask for time, and others press them. now: the present of the plan; all lies before it."""
    at = now - timedelta(hours=3)
    wanted = CaseFilter(statuses=(Status.HANDLING,))
    rows = filter_cases(viewer=installer(CasePermission.VIEW), wanted=wanted, now=at)
    cases = rows.filter(is_confidential=False, changed_at__lt=at, paused_until=None).defer("search")
    in_time = iter(cases.filter(due_at__gt=now + timedelta(hours=1)).order_by("id"))
    late = iter(cases.filter(due_at__lt=at).order_by("id"))
    for case in islice(in_time, OF_EACH):
        _ask(cast, case, at, approved=True, wish=Wish.PAUSE, reason=_PAUSE, until=now + timedelta(days=5))
    for case in islice(in_time, OF_EACH):
        _ask(cast, case, at, approved=True, wish=Wish.EXTENSION, reason=_EXTENSION, more="2工作日")
    for case in islice(in_time, OF_EACH):
        _ask(cast, case, at, approved=None, wish=Wish.PAUSE, reason=_PAUSE, until=now + timedelta(days=4))
    for case in islice(in_time, 1):
        parts = [NewPart(words) for words in _PARTS]
        actions.split_case(actor=_dispatcher(cast, case), case_id=case.pk, parts=parts, now=at)
    for case in islice(late, OF_EACH):
        actions.urge_case(actor=_dispatcher(cast, case), case_id=case.pk, text="请抓紧办理并反馈进展。", now=at)
    for number, case in enumerate(islice(late, OF_EACH)):
        demanded = actions.supervise_case(actor=cast.actor(SUPERVISOR), case_id=case.pk, demand=_DEMAND, now=at)
        if number == 0:
            later = at + timedelta(hours=1)
            actions.answer_supervision(actor=_desk(cast, case), supervision_id=demanded.pk, answer=_ANSWER, now=later)


def _ask(cast: Cast, case: Any, at: datetime, *, approved: bool | None, **asked: Any) -> None:
    request = actions.ask_for(actor=_desk(cast, case), case_id=case.pk, now=at, **asked)
    if approved is not None:
        later = at + timedelta(minutes=40)
        actions.decide_request(
            actor=cast.director(_street(case)), request_id=request.pk, approved=approved, opinion="情况属实，同意。",
            now=later,
        )  # fmt: skip


def _street(case: Any) -> str:
    return territory().area(case.area_ids[1]).code


def _dispatcher(cast: Cast, case: Any) -> Actor:
    return cast.dispatcher(_street(case))


def _desk(cast: Cast, case: Any) -> Actor:
    return cast.doer("handle", Open.of(case))
