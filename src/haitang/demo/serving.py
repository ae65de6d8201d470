"""Service days of the home community: a Saturday that is over, those of every week, and the common one a month."""

from datetime import date, datetime, time, timedelta

from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.errors import NotFound, Refusal
from haitang.demo import staff
from haitang.demo.city import Place
from haitang.demo.playing import Cast, installer
from haitang.servicedays import actions, queries
from haitang.servicedays.values import NewDay, NewRule, NewShift, Permission
from haitang.territory.queries import territory
from haitang.volunteers.queries import lock_volunteers, who_fits

SATURDAY = 5
THEME, COMMON = "党员周六志愿服务日", "统一服务日"
WEEKLY = (
    NewShift("楼道清洁", "3号楼前", time(9), time(11), 6), NewShift("文明劝导", "东门路口", time(9), time(11), 4),
    NewShift("手机使用辅导", "社区党群服务中心", time(14), time(16), 3, ("phone_help",)),
    NewShift("上门看望老人", "社区党群服务中心集合", time(14), time(16), 5),
)  # fmt: skip
MONTHLY = (
    NewShift("便民服务集市", "社区广场", time(9), time(11, 30), 12),
    NewShift("环境整治", "河边步道", time(9), time(11, 30), 20),
)
PEOPLE = 26
"""So many of the community take part."""


def is_done() -> bool:
    """Tell whether any service day comes again."""
    return bool(queries.list_rules(viewer=installer(Permission.VIEW)))


def serve(cast: Cast, *, home: Place, now: datetime) -> None:
    """Plan the days and let people sign up; now: the present of the plan, between past and to come."""
    try:
        office = cast.actor("community")
    except NotFound:
        return
    assert home.parent is not None
    community = territory().by_code(home.parent)
    ids = [each.id for each in who_fits(area=community) if each.account_id is None][:PEOPLE]
    phones = [row.phone for row in lock_volunteers(ids).values()]
    today = local_date(now)
    last = today - timedelta(days=(today.weekday() - SATURDAY) % 7 or 7)
    _past(office, home.parent, last, phones)
    coming = last + timedelta(days=7 if last + timedelta(days=7) > today else 14)
    at = now - timedelta(days=2)
    for rule in (
        NewRule(THEME, home.parent, "weekly", SATURDAY, 1, coming, WEEKLY),
        NewRule(
            COMMON, home.parent, "monthly", SATURDAY, 1, coming, MONTHLY, words="机关、企事业单位在职党员回社区服务"
        ),
    ):
        actions.plan_rule(actor=office, new=rule, now=at)
    days = [view for view in queries.list_days(viewer=office, today=today) if view.day.theme == THEME]
    for view, share in zip(days[:2], (1, 3), strict=False):
        _sign_up(office, [each.shift.pk for each in view.shifts], phones[::share], at + timedelta(hours=1))
    if days:
        _volunteer(cast, days[0].shifts[-1].shift.pk, at + timedelta(hours=2))


def _sign_up(office: Actor, shift_ids: list[int], phones: list[str], at: datetime) -> list[int]:
    """Sign people up one after the other, most for the first shift; who cannot is left out. Returns the sign-ups."""
    made = []
    for number, phone in enumerate(phones):
        shift_id = shift_ids[0] if number % 2 else shift_ids[number // 2 % len(shift_ids)]
        try:
            row = actions.sign_up_for(actor=office, shift_id=shift_id, phone=phone, now=at + timedelta(minutes=number))
        except Refusal:
            continue
        made.append(row.pk)
    return made


def _past(office: Actor, area_code: str, on: date, phones: list[str]) -> None:
    planned = datetime.combine(on - timedelta(days=10), time(10), LOCAL)
    shifts = WEEKLY[:2]
    day = actions.plan_day(actor=office, new=NewDay(THEME, area_code, on, shifts), now=planned)
    view = queries.get_day(viewer=office, day_id=day.pk)
    _sign_up(office, [each.shift.pk for each in view.shifts], phones, planned + timedelta(hours=1))
    for each in view.shifts:
        shift = each.shift
        page = queries.get_shift_page(viewer=office, shift_id=shift.pk)
        placed = [line.signup.pk for line in page.lines if line.signup.has_place]
        for pk in placed[: len(placed) // 2]:
            actions.take_down_at_shift(actor=office, shift_id=shift.pk, signup_id=pk, now=shift.begins_at)
        actions.close_shift(
            actor=office, shift_id=shift.pk, missed=placed[-1:] if len(placed) > 3 else [], now=shift.ends_at
        )


def _volunteer(cast: Cast, shift_id: int, at: datetime) -> None:
    """Let the volunteer's account sign up by itself, if the city has one and it is free then."""
    try:
        actions.sign_up(actor=cast.actor(staff.VOLUNTEER), shift_id=shift_id, now=at)
    except Refusal:
        return
