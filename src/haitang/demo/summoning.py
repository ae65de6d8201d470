"""Call-ups of the home community and its street: past ones with their hours, one full, one of some hundreds still open.

Those of the register of the demo have no account: what they answer is what the office takes down by telephone.
"""

from datetime import datetime, timedelta

from haitang.callups import actions, queries
from haitang.callups.values import Group, NewCallUp, TimePromised, Whom
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.demo.city import Place
from haitang.demo.playing import Cast
from haitang.territory.queries import territory

OPEN_ABOUT = 300
"""So many are called by the one that is still open, as near as an area and a skill come to it."""
PAST = (
    # days ago, purpose, place, words, skill, urgency, how many come, how many of them report
    (12, "台风防汛值守", "社区党群服务中心", "巡查低洼路段，转移地下车库车辆", "flood", "emergency", 9, 8),
    (6, "寻找走失老人", "社区广场", "分四组沿河、公园、车站寻找", "patrol", "emergency", 7, 7),
    (3, "文明城市巡访", "社区党群服务中心", "查看楼道堆物、飞线充电", "waste_sorting", "normal", 5, 4),
)
ANSWERS = ("coming", "coming", "late", "coming", "cannot", "coming", "", "cannot", "late", "", "")
"""What those called by the open one answer, one after the other; "" for not yet."""


def call_up(cast: Cast, *, home: Place, now: datetime) -> None:
    """Play the call-ups; now: the present of the plan, between past and to come."""
    try:
        office = cast.actor("community")
    except NotFound:
        return
    for days, purpose, place, words, skill, urgency, come, here in PAST:
        begins_at = now - timedelta(days=days)
        whom = Whom(home.parent, (skill,))
        new = _new(purpose, place, begins_at, whom, words=words, urgency=urgency)
        _past(office, new, come, here)
    _cancelled(office, home, now)
    _full(office, home, now)
    _open(cast, home, now)


def _new(purpose: str, place: str, begins_at: datetime, whom: Whom, **more: object) -> NewCallUp:
    return NewCallUp(purpose, place, begins_at, begins_at + timedelta(hours=3), begins_at, whom, **more)  # type: ignore[arg-type]  # told by name


def _called(office: Actor, callup_id: int) -> list[int]:
    """Return the calls to those without an account, by id: the others answer by themselves."""
    found, cursor = [], ""
    while True:
        page = queries.list_called(viewer=office, callup_id=callup_id, group=Group.SILENT, cursor=cursor)
        found += [line.call.pk for line in page.rows if not line.has_account]
        cursor = page.next
        if not cursor:
            return found


def _take_down(office: Actor, callup_id: int, call_id: int, answer: str, at: datetime, reason: str = "") -> bool:
    """Take an answer down, and tell whether it stands: who has promised to be elsewhere then cannot come."""
    told = {"actor": office, "callup_id": callup_id, "call_id": call_id, "now": at}
    try:
        actions.take_down_answer(answer=answer, reason=reason, **told)  # type: ignore[arg-type]  # told by name
    except TimePromised:
        return False
    return True


def _past(office: Actor, new: NewCallUp, come: int, here: int) -> None:
    row = actions.start_callup(actor=office, new=new, now=new.begins_at - timedelta(hours=2))
    at, ended_at = new.begins_at - timedelta(hours=1), new.begins_at + timedelta(hours=2, minutes=30)
    for number, call_id in enumerate(_called(office, row.pk)[: come + 3]):
        answer = "coming" if number < come else "cannot"
        if _take_down(office, row.pk, call_id, answer, at + timedelta(minutes=number)) and number < here:
            actions.take_down_report(
                actor=office, callup_id=row.pk, call_id=call_id, now=new.begins_at + timedelta(minutes=number)
            )
    summary = f"{here} 人到场，任务完成，谢谢大家"
    actions.close_callup(
        actor=office, callup_id=row.pk, summary=summary, ended_at=ended_at, now=ended_at + timedelta(minutes=20)
    )


def _cancelled(office: Actor, home: Place, now: datetime) -> None:
    begins_at = now - timedelta(days=1)
    new = _new("寒潮管道抢修", "社区物业服务站", begins_at, Whom(home.parent, ("repair_plumbing",)), urgency="urgent")
    row = actions.start_callup(actor=office, new=new, now=begins_at - timedelta(hours=6))
    reason = "气温回升，供水单位已处理，不用来了"
    actions.cancel_callup(actor=office, callup_id=row.pk, reason=reason, now=begins_at - timedelta(hours=3))


def _full(office: Actor, home: Place, now: datetime) -> None:
    """Call more than are needed to tomorrow's: the rest stand on the wait list."""
    new = _new("冬季防火夜查", "社区微型消防站", now + timedelta(days=1), Whom(home.parent), urgency="normal", places=6)
    row = actions.start_callup(actor=office, new=new, now=now - timedelta(hours=5))
    for number, call_id in enumerate(_called(office, row.pk)[:10]):
        _take_down(office, row.pk, call_id, "coming", now - timedelta(minutes=200 - number * 9))


def _open(cast: Cast, home: Place, now: datetime) -> None:
    street = territory().by_code(home.parent)
    assert street is not None
    street_code = territory().area(street.ids[-2]).code
    leader = cast.dispatcher(street_code)
    begins_at = now + timedelta(hours=3)
    until = begins_at + timedelta(hours=3)
    choices = [Whom(code, (), classes) for code in (home.parent, street_code) for classes in ((), ("employed",))]
    counted = {
        whom: len(queries.find_called(viewer=leader, whom=whom, begins_at=begins_at, ends_at=until, now=now))
        for whom in choices
    }
    whom = min(choices, key=lambda each: abs(counted[each] - OPEN_ABOUT))
    if not counted[whom]:
        return
    new = _new(
        "强降雨应急值守", "街道应急指挥中心", begins_at, whom, urgency="emergency", places=200,
        words="地下车库、低洼路段各点位分组值守，请带雨具",
    )  # fmt: skip
    row = actions.start_callup(actor=leader, new=new, now=now - timedelta(minutes=50))
    reasons = {"late": "约半小时后到", "cannot": "上班走不开"}
    for number, call_id in enumerate(_called(leader, row.pk)):
        answer = ANSWERS[number % len(ANSWERS)]
        if answer:
            at = now - timedelta(minutes=45) + timedelta(seconds=number * 8)
            _take_down(leader, row.pk, call_id, answer, at, reasons.get(answer, ""))
