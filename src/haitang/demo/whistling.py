"""Whistles of the demo city: some of the open cases of each street, brought to every state that a whistle can be in."""

from datetime import datetime, timedelta
from typing import Any

from haitang.cases.lifecycle import Status
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.cases import filter_cases
from haitang.cases.values import Permission as CasePermission
from haitang.demo.playing import Cast, installer
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.whistles import actions
from haitang.whistles.queries import get_whistle_for_job, list_whistles
from haitang.whistles.values import NewCall, NewTask, Permission

PER_STREET = 2
_TO_ARRIVED = (actions.sign_call, actions.contact_street, actions.report_arrival)
_TO_SIGNED_OFF = (*_TO_ARRIVED, actions.handle_call, actions.sign_off_call)
_WORDS = {
    actions.sign_call: "已签收，安排人员对接。", actions.contact_street: "已与街道联系，约定到场时间。",
    actions.report_arrival: "已到场报到。", actions.handle_call: "本单位事项已处置，现场已恢复。",
    actions.sign_off_call: "本单位事项已办结，申请销哨。",
}  # fmt: skip
_PLOTS: tuple[dict[str, Any], ...] = (
    {"kind": "progress", "desks": ("CGJ", "ZJJ"), "days": 2, "done": (_TO_ARRIVED, _TO_ARRIVED[:1])},
    {
        "kind": "hard", "desks": ("ZJJ", "CGJ", "SCJ"), "days": 6, "done": (_TO_SIGNED_OFF, (), _TO_ARRIVED),
        "meeting": 1,
    },
    {"kind": "progress", "desks": ("SWJ", "CGJ"), "days": 8, "done": (_TO_SIGNED_OFF, _TO_SIGNED_OFF), "judged": 1},
    {"kind": "progress", "desks": ("JTJ", "GAJ"), "days": 1, "done": None},
    {"kind": "hard", "desks": ("STJ", "SCJ"), "days": 3, "done": (_TO_ARRIVED[:2], ("refuse",))},
)  # fmt: skip
"""What each whistle is like. done: what each department has done by now; None waits for approval."""
_REASON = "涉及多个部门职责，社区多次协调未能解决，需有关部门到场共同处置。"


def is_done() -> bool:
    """Tell whether the streets have blown their whistles."""
    return bool(list_whistles(viewer=installer(Permission.VIEW), limit=1).rows)


def blow_whistles(cast: Cast, *, now: datetime) -> None:
    """Blow whistles on open cases, a few in each street. now: aware instant of the build; all lies before it."""
    viewer = installer(CasePermission.VIEW)
    rows = filter_cases(viewer=viewer, wanted=CaseFilter(statuses=(Status.HANDLING,)), now=now)
    taken: dict[str, int] = {}
    for number, case in enumerate(rows.defer("search").order_by("id")):
        plot = _PLOTS[number % len(_PLOTS)]
        at = now - timedelta(days=plot["days"], hours=1)
        street = territory().area(case.area_ids[1]).code
        if case.is_confidential or case.reported_at > at or taken.get(street, 0) >= PER_STREET:
            continue
        taken[street] = taken.get(street, 0) + 1
        _blow(cast, street, case.pk, plot, at, now)


def _blow(cast: Cast, street: str, case_id: int, plot: dict[str, Any], at: datetime, now: datetime) -> None:
    lead, *others = plot["desks"]
    whistle = actions.draft_whistle(
        actor=cast.dispatcher(street), now=at, case_id=case_id, kind=plot["kind"], reason=_REASON,
        demand="请按职责分工，到场后与街道、社区共同处置。", calls=[NewCall(lead, "lead"), *map(NewCall, others)],
    )  # fmt: skip
    if plot["done"] is None:
        return
    director = cast.director(street)
    said: dict[str, Any] = {"whistle_id": whistle.pk}
    actions.approve_whistle(actor=director, now=at + timedelta(minutes=20), opinion="情况属实，同意吹哨。", **said)
    blown = get_whistle_for_job(whistle.pk)
    assert blown is not None
    calls = {call.organization_id: call for call in blown.calls.all()}
    for place, (desk, deeds) in enumerate(zip(plot["desks"], plot["done"], strict=True)):
        handler = cast.handler(desk)
        call = calls[_desk_id(desk)]
        for step, deed in enumerate(deeds):
            when = at + timedelta(minutes=40 + 7 * place + 95 * step)
            _answer(handler, deed, call, when)
            if deed is actions.sign_off_call and plot.get("judged"):
                actions.evaluate_call(
                    actor=director, now=when + timedelta(hours=2), call_id=call.pk, opinion="到场及时，处置到位。",
                    rating=("satisfied", "basic")[place % 2], **said,
                )  # fmt: skip
    if plot.get("meeting"):
        due = (now + timedelta(days=3)).date()
        actions.hold_meeting(
            actor=director, now=at + timedelta(days=1), held_at=at + timedelta(hours=22), place="街道二楼会议室",
            attendees="各召集单位、社区书记", minutes="议定由牵头单位统筹，各单位按分工三日内完成整改。",
            tasks=[NewTask(desk, "完成本单位职责内的整改", due) for desk in plot["desks"]], **said,
        )  # fmt: skip
    while actions.climb_whistle_ladder(actor=installer(), now=now):
        pass


def _answer(handler: Any, deed: Any, call: Any, when: datetime) -> None:
    said: dict[str, Any] = {"actor": handler, "now": when, "whistle_id": call.whistle_id, "call_id": call.pk}
    if deed == "refuse":
        actions.refuse_call(opinion="经核对权责清单，此事项不属于本单位职责。", **said)
    elif deed is actions.report_arrival:
        actions.report_arrival(opinion=_WORDS[deed], place="现场", people="分管科室负责人等 3 人", **said)
    else:
        deed(opinion=_WORDS[deed], **said)


def _desk_id(code: str) -> int:
    desk = organizations().by_code(code)
    assert desk is not None
    return desk.id
