"""One matter in many reports: a burst pipe joined into one case with voices, a matter said again, a difficult one."""

from datetime import datetime, timedelta
from typing import Any

from haitang.cases import actions as case_actions
from haitang.cases.queries import CaseFilter, list_cases
from haitang.cases.values import Mark
from haitang.cases.values import Permission as CasePermission
from haitang.core.access import VISITOR
from haitang.demo import staff
from haitang.demo.city import Place
from haitang.demo.playing import Cast, Open, do, installer
from haitang.demo.timeline import Step
from haitang.merging import actions
from haitang.territory.queries import territory

TAKEN_UP = (
    ("accept", "属于受理范围，予以受理。"), ("register", "予以立案。"), ("dispatch", "请按职责处置。"),
    ("sign", "收到，安排处置。"),
)  # fmt: skip
"""How far each matter has come."""
PIPE = (
    ("东门路口自来水管爆了，水喷起一米高，路面全是水", "东门路口"),
    ("东门路口水管爆裂，水漫到人行道上，电动车过不去", "东门路口北侧"),
    ("自来水管爆了没人管，东门口路面积水很深", "东门口公交站旁"),
    ("东门路口地下水管爆了，家里水压也小了", "东门路口"),
)
"""What four people say of one pipe, and where."""
VOICES = 5
DIFFICULT = "小区北门外弃管道路坑洼积水，产权单位、物业、街道都说不归自己管"
_UNCLEAR = "道路产权不清，三方两次协调未达成一致，需提请区级协调"
SAID_AGAIN = "楼下烧烤店深夜油烟和噪声扰民，睡不着觉"
_AGAIN = ("又打来电话：昨晚到凌晨一点还在营业", "再次来电：白天检查过，晚上照旧，要求尽快答复")
_PEOPLE = (("孙先生", "15400002100"), ("周先生", "15400002101"), ("吴阿姨", "15400002102"), ("郑女士", "15400002103"))


def is_done(*, now: datetime) -> bool:
    """Tell whether there are cases that others go along with."""
    viewer = installer(CasePermission.VIEW)
    return bool(list_cases(viewer=viewer, wanted=CaseFilter(mark=Mark.MAIN.value), now=now, limit=1).rows)


def join_reports(cast: Cast, *, home: Place, now: datetime) -> None:
    """Report what several people meet with in the home grid, and let its street's dispatcher see to it.

    now: aware instant of the build; everything lies before it.
    """
    point = home.shape.representative_point()
    where: dict[str, Any] = {"lon": round(point.x, 6), "lat": round(point.y, 6)}
    _burst_pipe(cast, where, now)
    _difficult_road(cast, where, now)
    _said_again(cast, where, now)


def _burst_pipe(cast: Cast, where: dict[str, Any], now: datetime) -> None:
    began, cases = now - timedelta(hours=4), []
    for number, (words, place) in enumerate(PIPE):
        # The first is the demo's resident, who so finds it under 我的上报; the others have no account.
        actor, (name, phone) = (
            (cast.actor(staff.RESIDENT), cast.resident) if number == 0 else (VISITOR, _PEOPLE[number])
        )
        case = case_actions.report_case(
            actor=actor, description=words, place=place, reporter_name=name, reporter_phone=phone,
            now=began + timedelta(minutes=4 * number), **where,
        )  # fmt: skip
        cases.append(case)
    main, *others = cases
    dispatcher = cast.dispatcher(_street_of(main))
    actions.merge_cases(
        actor=dispatcher, main_id=main.pk, case_ids=[case.pk for case in others], now=began + timedelta(minutes=15),
        opinion="同一处爆管，并为一件抢修",
    )  # fmt: skip
    _take_up(cast, main, began + timedelta(minutes=18))
    for number in range(VOICES):
        party = f"demo:{number}"
        at = began + timedelta(minutes=60 + 11 * number)
        actions.say_me_too(actor=VISITOR, case_id=main.pk, party=party, browser=party, now=at)


def _difficult_road(cast: Cast, where: dict[str, Any], now: datetime) -> None:
    case = _call_in(cast, DIFFICULT, _PEOPLE[1], where, now - timedelta(days=12))
    _take_up(cast, case, case.reported_at + timedelta(minutes=30))
    at = now - timedelta(days=3)
    actions.flag_case(actor=cast.dispatcher(_street_of(case)), case_id=case.pk, reason=_UNCLEAR, now=at)


def _said_again(cast: Cast, where: dict[str, Any], now: datetime) -> None:
    began = now - timedelta(days=2)
    case = _call_in(cast, SAID_AGAIN, _PEOPLE[2], where, began)
    _take_up(cast, case, began + timedelta(minutes=30))
    for number, words in enumerate(_AGAIN, start=1):
        at = began + timedelta(hours=15 * number)
        actions.link_repeat(
            actor=cast.actor(staff.CENTER_ACCEPTOR), case_id=case.pk, text=words, channel="phone", now=at
        )


def _call_in(cast: Cast, words: str, who: tuple[str, str], where: dict[str, Any], at: datetime) -> Any:
    name, phone = who
    return case_actions.report_case(
        actor=cast.actor(staff.CENTER_ACCEPTOR), channel="phone", description=words, reporter_name=name,
        reporter_phone=phone, now=at, **where,
    )  # fmt: skip


def _take_up(cast: Cast, case: Any, at: datetime) -> None:
    known = Open.of(case)
    for number, (deed, words) in enumerate(TAKEN_UP):
        do(cast, Step(at + timedelta(minutes=3 * number), deed, words), known)


def _street_of(case: Any) -> str:
    return territory().area(case.area_ids[1]).code
