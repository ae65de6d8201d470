"""Services of the home community and what its residents have ordered: orders at every stage, through the actions."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from haitang.core.access import EVERYWHERE, Actor, Grant, system
from haitang.core.clock import LOCAL, local_date
from haitang.core.errors import NotFound
from haitang.demo import names, staff
from haitang.demo.city import Place
from haitang.demo.playing import Cast, installer
from haitang.orders import actions, queries
from haitang.orders.queries import OrderFilter
from haitang.orders.values import HelperRef, Hours, NewOrder, Permission, ServiceChange
from haitang.territory.queries import territory
from haitang.volunteers.queries import get_volunteer_of

HOURS = tuple(Hours(day, begin, end) for day in range(7) for begin, end in ((time(9), time(12)), (time(14), time(17))))
SERVICES = (
    ("repair", "小家电维修", 2, 6), ("plumbing", "水电维修", 1, 4), ("haircut", "上门理发", 2, 6),
    ("escort", "陪同就医", 1, 2), ("phone_lesson", "手机使用辅导", 2, 6), ("law", "法律咨询", 1, 6),
    ("lesson", "课业辅导", 2, 4),
)  # fmt: skip
"""Of the home community: type, name, orders an hour, a day."""
FOR_ALL = (("checkup", "社区义诊", 1, 2), ("safety", "用电用气安全检查", 1, 2))
"""For the whole city, ordered by secretaries and handed out by the hub."""
WISHES = {
    "repair": "电饭锅按键失灵", "plumbing": "厨房水龙头漏水", "haircut": "老人腿脚不便，请上门",
    "escort": "周二复查血糖，要人陪着", "phone_lesson": "想学会视频通话", "law": "租房押金退不回来",
    "lesson": "三年级数学",
}  # fmt: skip
PAST = ("reviewed", "reviewed", "confirmed", "reviewed", "cancelled", "done", "reviewed", "missed", "reviewed", "unmet")
TO_COME = ("ordered", "offered", "accepted", "ordered", "offered", "accepted", "cancelled", "waiting")
_PAST_ROUNDS, _TO_COME_ROUNDS = 3, 3
_NEW_SHARE, _DECLINED_SHARE, _LIVE_DAYS = 0.35, 0.2, 8
REVIEWS = ((5, "师傅很耐心"), (5, "来得准时，修得好"), (4, "不错"), (5, ""), (3, "来晚了一点，修好了"))
_CLOCK = system("点单服务", Grant(Permission.VIEW, area_path=EVERYWHERE))


def is_done() -> bool:
    """Tell whether any service stands in the catalogue."""
    return bool(queries.list_kept_services(viewer=installer(Permission.MANAGE)))


def order_services(cast: Cast, *, home: Place, seed: int, now: datetime) -> None:
    """Open the services, and play some dozens of orders; now: the present of the plan, between past and to come."""
    keeper = installer(Permission.MANAGE)
    opened = {
        code: actions.open_service(
            actor=keeper, now=now - timedelta(days=60),
            change=ServiceChange(code, name, area, "", HOURS, slot, day),
        ).pk
        for area, offered in ((home.parent, SERVICES), (territory().children(None)[0].code, FOR_ALL))
        for code, name, slot, day in offered
    }  # fmt: skip
    try:
        office, resident = cast.actor("community"), cast.actor(staff.RESIDENT)
    except NotFound:
        return
    play = _Play(office, resident, opened, home.code, Random(seed + 17), now)
    kinds = [code for code, *_more in SERVICES]
    for number, stage in enumerate(PAST * _PAST_ROUNDS):
        play.past(kinds[number % len(kinds)], number, stage)
    for number, stage in enumerate(TO_COME * _TO_COME_ROUNDS):
        play.to_come(kinds[number % len(kinds)], number, stage)
    play.for_the_volunteer(cast)
    play.for_the_hub(cast)
    area = territory().by_code(home.parent)
    assert area is not None
    actions.propose_helpers(actor=office, area_id=area.id, now=now)


def take_a_step(cast: Cast, home: Place, rng: Random, now: datetime) -> str:
    """Have somebody order something in the home community now, or take one of its orders a step on; say which."""
    office, resident = cast.actor("community"), cast.actor(staff.RESIDENT)
    area = territory().by_code(home.code)
    assert area is not None
    rows = queries.list_orders(viewer=office, wanted=OrderFilter(status="ongoing", area_path=area.path)).rows
    ready = [row for row in rows if row.status in ("ordered", "offered", "done") or _has_begun(row, now)]
    if not ready or rng.random() < _NEW_SHARE:
        found = [view for view in queries.list_services(area_ids=area.ids) if view.type.code in WISHES]
        service = rng.choice(found)
        days = queries.bookable_days(service.service, now)[1:_LIVE_DAYS]
        free = [slot for day in days for slot in queries.list_slots(service=service, on=day, now=now) if slot.free]
        if not free:
            return f"  （{service.service.name}近期已约满）"
        play = _Play(office, resident, {service.type.code: service.service.pk}, home.code, rng, now)
        number = play.place(service.type.code, rng.choice(free).begins_at, now)
        return f"+ 订单 {number} {service.service.name}"
    row = rng.choice(ready)
    return f"  订单 {row.number} {_step(row, office, rng, now)}"


def _has_begun(row: Any, now: datetime) -> bool:
    return bool(row.status == "accepted" and row.begins_at <= now)


def _step(row: Any, office: Actor, rng: Random, now: datetime) -> str:
    """Do what comes next, and say what it was."""
    said: dict[str, Any] = {"actor": office, "order_id": row.pk, "now": now}
    if row.status == "ordered":
        found = queries.candidates_for(row)
        if not found:
            return "没有合适的人"
        actions.offer(helpers=[HelperRef(volunteer_id=rng.choice(found).id, why=("技能、时间符合",))], **said)
        return "已派单"
    if row.status == "offered":
        page = queries.get_order_page(viewer=office, order_id=row.pk, now=now)
        line = next(line for line in page.offers if line.offer.status == "open")
        if rng.random() < _DECLINED_SHARE:
            actions.decline_offer(actor=office, offer_id=line.offer.pk, reason="这次没有空", now=now)
            return "婉拒"
        actions.accept_offer(actor=office, offer_id=line.offer.pk, now=now)
        return "已接单"
    if row.status == "accepted":
        actions.finish_order(minutes=rng.choice((30, 40, 50)), words="已完成", **said)
        return "已报告完成"
    actions.confirm_order(**said)
    stars, words = rng.choice(REVIEWS)
    actions.review_order(stars=stars, words=words, **said)
    return "已确认并评价"


class _Play:
    """Orders of one community, by its office and its resident."""

    def __init__(
        self, office: Actor, resident: Actor, opened: dict[str, int], grid: str, rng: Random, now: datetime
    ) -> None:
        self._office, self._resident, self._opened, self._grid = office, resident, opened, grid
        self._rng, self._now, self._number = rng, now, 0

    def _place(self, kind: str, begins_at: datetime, at: datetime, *, own: bool = False) -> int:
        self._number += 1
        new = NewOrder(
            self._opened[kind], begins_at, self._grid, self._resident.name if own else names.person_name(self._rng),
            names.mobile_number(9_000_000 + self._number), f"{self._number % 12 + 1}幢{self._number % 6 + 1}01",
            WISHES[kind], channel="page" if own else "phone",
        )  # fmt: skip
        placed = actions.place_order(actor=self._resident if own else self._office, new=new, now=at)
        return placed.pk

    def _hand_out(self, order_id: int, at: datetime, *, accept: bool) -> bool:
        """Offer the order to the first who fits and let the office take down the answer; False where nobody fits."""
        order = queries.get_order(viewer=self._office, order_id=order_id)
        found = queries.candidates_for(order)
        if not found:
            return False
        chosen = self._rng.choice(found)
        helper = HelperRef(volunteer_id=chosen.id, why=("技能、时间符合",))
        (row,) = actions.offer(actor=self._office, order_id=order_id, helpers=[helper], now=at)
        if accept:
            actions.accept_offer(actor=self._office, offer_id=row.pk, now=at + timedelta(hours=1))
        return True

    def past(self, kind: str, number: int, stage: str) -> None:
        """Play an order whose hour has passed, to the stage."""
        day = local_date(self._now) - timedelta(days=1 + number % 21)
        begins_at = datetime.combine(day, time(9 if number % 2 else 14), LOCAL)
        placed_at = begins_at - timedelta(days=2, hours=3)
        order_id = self._place(kind, begins_at, placed_at, own=number % 9 == 0)
        said: dict[str, Any] = {"order_id": order_id}
        if stage == "cancelled":
            actions.cancel_order(actor=self._office, reason="家人已经解决", now=placed_at + timedelta(hours=4), **said)
            return
        if stage == "unmet" or not self._hand_out(order_id, placed_at + timedelta(hours=1), accept=True):
            actions.lapse_orders(actor=_CLOCK, now=begins_at)
            return
        ended = begins_at + timedelta(hours=1)
        if stage == "missed":
            actions.report_missed(actor=self._office, side="orderer", reason="敲门无人，电话未接", now=ended, **said)
            return
        minutes = self._rng.choice((30, 40, 50, 60))
        actions.finish_order(actor=self._office, minutes=minutes, words="已完成", now=ended, **said)
        if stage == "done":
            return
        actions.confirm_order(actor=self._office, now=ended + timedelta(hours=2), **said)
        if stage == "reviewed":
            stars, words = self._rng.choice(REVIEWS)
            actions.review_order(actor=self._office, stars=stars, words=words, now=ended + timedelta(hours=3), **said)

    def to_come(self, kind: str, number: int, stage: str) -> None:
        """Play an order whose hour is still to come, to the stage."""
        day = local_date(self._now) + timedelta(days=1 + number % 6)
        begins_at = datetime.combine(day, time(9 if number % 2 else 14), LOCAL)
        placed_at = self._now - timedelta(hours=2 + number)
        if stage == "waiting":  # law has one place an hour
            for _each in range(2):
                self._place("law", begins_at, placed_at)
            return
        order_id = self._place(kind, begins_at, placed_at, own=number % 11 == 1)
        if stage == "cancelled":
            actions.cancel_order(
                actor=self._office, order_id=order_id, reason="改天再约", now=self._now - timedelta(hours=1)
            )
        elif stage != "ordered":
            status = queries.get_order(viewer=self._office, order_id=order_id).status
            if status == "ordered":
                self._hand_out(order_id, self._now - timedelta(minutes=90), accept=stage == "accepted")

    def place(self, kind: str, begins_at: datetime, at: datetime) -> str:
        """Order something by telephone; return the number."""
        order_id = self._place(kind, begins_at, at)
        return queries.get_order(viewer=self._office, order_id=order_id).number

    def for_the_hub(self, cast: Cast) -> None:
        """Order what units do, as the community's secretary; the street's hub hands it out."""
        for days, (kind, name, _slot, _day) in enumerate(FOR_ALL, 3):
            begins_at = datetime.combine(local_date(self._now) + timedelta(days=days), time(9), LOCAL)
            new = NewOrder(
                self._opened[kind], begins_at, self._grid, self._office.name, names.mobile_number(9_900_000 + days),
                "社区活动室", name, orderer="secretary",
            )  # fmt: skip
            actions.place_order(actor=self._office, new=new, now=self._now - timedelta(hours=5))

    def for_the_volunteer(self, cast: Cast) -> None:
        """Let the volunteer of the demo like some work, and be offered some on the next Saturday, if there is one."""
        try:
            volunteer = cast.actor("volunteer")
        except NotFound:
            return
        entry = get_volunteer_of(volunteer.id)
        if entry is None or "repair_plumbing" not in entry.skills:
            return
        actions.say_wishes(actor=volunteer, wishes={"plumbing": True, "escort": None}, now=self._now)
        today = local_date(self._now)
        saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
        for hour in (9, 10):
            begins_at = datetime.combine(saturday, time(hour), LOCAL)
            order_id = self._place("plumbing", begins_at, self._now - timedelta(hours=3))
            order = queries.get_order(viewer=self._office, order_id=order_id)
            if order.status != "ordered" or entry.pk not in {each.id for each in queries.candidates_for(order)}:
                continue
            helper = HelperRef(volunteer_id=entry.pk, why=("技能、时间符合",))
            actions.offer(actor=self._office, order_id=order_id, helpers=[helper], now=self._now)
