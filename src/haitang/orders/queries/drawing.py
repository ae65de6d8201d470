"""Plans drawn by the matching: open orders and the register in, whom it proposes out. Nothing is written here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import combinations, takewhile

from django.db.models import Count

from haitang.core import policy
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.matching import Assignment, Person, Task, Weights, assign, minute_of
from haitang.orders.lifecycle import OfferStatus
from haitang.orders.models import Offer
from haitang.orders.queries.helpers import classes_for, offices_serving
from haitang.orders.queries.matching import OpenOrder, open_orders_for_matching
from haitang.orders.queries.rules import order_rules
from haitang.orders.queries.wishes import list_wishes
from haitang.orders.values import Why
from haitang.territory.queries import list_centres, territory
from haitang.volunteers.queries import Candidate, promised_between, who_fits
from haitang.volunteers.values import PARTS, MemberClass

_RECENT = timedelta(days=30)
_ANYWHERE_M = 50_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan that is not written down yet."""

    orders: list[OpenOrder]
    people: int
    weights: Weights
    found: Assignment
    why: dict[int, Why]


def draw_plan(*, viewer: Actor | None, now: datetime, area_path: str, only_automatic: bool = False) -> Drawn:
    """Return whom the matching proposes for the open orders that the viewer may hand out below the area.

    The same on every call while nothing has changed. viewer: None for the clock's own plans. For actions.
    """
    with policy.reading():
        return _draw(viewer, now, area_path, only_automatic)


def _draw(viewer: Actor | None, now: datetime, area_path: str, only_automatic: bool) -> Drawn:
    rules = order_rules()
    orders = open_orders_for_matching(
        viewer=viewer, now=now, area_path=area_path, limit=rules.setting("dispatch_batch"),
        only_automatic=only_automatic,
    )  # fmt: skip
    soonest = now + timedelta(minutes=rules.setting("offer_before_minutes"))
    orders = [each for each in orders if each.begins_at > soonest]
    candidates, members = _candidates([each for each in orders if each.type.takes_people])
    taken = _taken([each.id for each in candidates], orders)
    weights = Weights(distance=rules.setting("dispatch_distance"), load=rules.setting("dispatch_load"))
    circles = {_circle(each): each for each in orders}
    likes, refusers = list_wishes({each.type.id for each in orders})
    people = _people(candidates, members, circles, taken, likes, rules.setting("dispatch_room"))
    room = rules.setting("dispatch_room_office"), rules.setting("dispatch_half_day_office")
    offices = _offices(circles, orders, now, *room)
    barred: defaultdict[int, set[int]] = defaultdict(set)
    while True:
        found = assign(_tasks(orders, barred, refusers), [*people, *offices], weights)
        clashes = _clashes(orders, found)
        if not clashes:
            break
        for order_id, volunteer_id in clashes:
            barred[order_id].add(volunteer_id)
    why = _reasons(found, orders, {each.id: each for each in candidates}, likes, {-int(each.id) for each in offices})
    return Drawn(orders, len(people) + len(offices), weights, found, why)


def _candidates(orders: list[OpenOrder]) -> tuple[list[Candidate], set[int]]:
    """Return the people of the areas in which helpers are looked for, and which of them are members.

    All of them are asked for at once, by the smallest area that holds these.
    """
    if not orders:
        return [], set()
    paths = tuple({each.service_area_path for each in orders})
    around = territory().area(_area_of(_common(paths)))
    candidates = [each for each in who_fits(area=around) if each.area_path.startswith(paths)]
    members: set[int] = set()
    if any(classes_for(each.type) for each in orders):
        members = {each.id for each in who_fits(area=around, classes=MemberClass.values)}
    return candidates, members


def _common(paths: Sequence[str]) -> str:
    """Return the path of the smallest area that holds these."""
    chains = zip(*(path.strip("/").split("/") for path in paths), strict=False)
    same = takewhile(lambda level: len(set(level)) == 1, chains)
    return "/" + "/".join(level[0] for level in same) + "/"


def _taken(volunteer_ids: list[int], orders: list[OpenOrder]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return by volunteer what they have promised, in whatever app, or have been offered and not answered, while the
    orders last."""
    if not orders:
        return {}
    since, until = min(each.begins_at for each in orders), max(each.ends_at for each in orders)
    promised = promised_between(volunteer_ids, since, until)
    taken = {who: [(each.began_at, each.ended_at) for each in entries] for who, entries in promised.items()}
    asked = Offer.objects.filter(
        volunteer_id__in=volunteer_ids, status=OfferStatus.OPEN, order__ends_at__gt=since, order__begins_at__lt=until
    )
    for volunteer_id, begins_at, ends_at in asked.values_list("volunteer_id", "order__begins_at", "order__ends_at"):
        taken.setdefault(volunteer_id, []).append((begins_at, ends_at))
    return taken


def _circle(order: OpenOrder) -> str:
    """Return the word for who may be asked: orders with the same word have the same people and organizations."""
    people = "nobody" if not order.type.takes_people else "members" if classes_for(order.type) else "anybody"
    if not order.type.office_kinds:
        return f"{people} {order.service_area_path}"
    return f"{people} {order.service_area_path} {order.type.id} {order.area_path} {order.organization_id}"


def _people(
    candidates: list[Candidate],
    members: set[int],
    circles: dict[str, OpenOrder],
    taken: dict[int, list[tuple[datetime, datetime]]],
    likes: dict[int, set[int]],
    room: int,
) -> list[Person]:
    belongs: dict[tuple[str, bool], frozenset[str]] = {}
    people = []
    for each in candidates:
        home = each.area_path, each.id in members
        if home not in belongs:
            belongs[home] = frozenset(
                circle
                for circle, order in circles.items()
                if order.type.takes_people
                and home[0].startswith(order.service_area_path)
                and (home[1] or not classes_for(order.type))
            )
        busy = sorted(taken.get(each.id, ()))
        promised = sum((end - begin).total_seconds() / 60 for begin, end in busy)
        people.append(
            Person(
                each.id,
                place=(each.lon, each.lat) if each.lon is not None and each.lat is not None else None,
                reach=each.reach_m,
                skills=frozenset(each.skills),
                languages=frozenset(each.languages),
                times=tuple(_hours(slot) for slot in sorted(each.times)),
                busy=tuple((_minute(begin), _minute(end)) for begin, end in busy),
                room=room,
                load=int(each.load + promised) // 60,
                likes=frozenset(str(type_id) for type_id in likes.get(each.id, ())),
                circles=belongs[home],
            )
        )
    return people


def _offices(
    circles: dict[str, OpenOrder], orders: list[OpenOrder], now: datetime, room: int, half_day: int
) -> list[Person]:
    """Return the organizations that may accept some of the orders, as takers whose ids are negative.

    They are asked neither skills nor hours; what they had of late counts by orders. room, half_day: how many orders
    each gets at most, of all and of one half day.
    """
    serves: defaultdict[int, set[str]] = defaultdict(set)
    place: dict[int, int] = {}
    for circle, order in circles.items():
        if order.type.office_kinds:
            area_ids = tuple(int(each) for each in order.area_path.strip("/").split("/"))
            for office in offices_serving(order.type, area_ids, order.organization_id, local_date(now)):
                serves[office.id].add(circle)
                place.setdefault(office.id, _area_of(order.service_area_path))
    recent = Offer.objects.filter(
        organization_id__in=list(serves), offered_at__gt=now - _RECENT,
        status__in=(OfferStatus.OPEN, OfferStatus.ACCEPTED),
    )  # fmt: skip
    had = dict(recent.order_by().values_list("organization_id").annotate(n=Count("id")))
    centres = list_centres(set(place.values()))
    skills = frozenset().union(*(each.type.skills for each in orders))
    languages = frozenset().union(*(each.languages for each in orders))
    return [
        Person(
            -office_id, place=centres.get(place[office_id]), reach=_ANYWHERE_M, skills=skills, languages=languages,
            room=room, slot_room=half_day, load=had.get(office_id, 0), circles=frozenset(serves[office_id]),
        )
        for office_id in sorted(serves)
    ]  # fmt: skip


def _tasks(orders: list[OpenOrder], barred: dict[int, set[int]], refusers: dict[int, set[int]]) -> list[Task]:
    ends = [_area_of(each.area_path) for each in orders]
    centres = list_centres(ends)
    return [
        Task(
            each.id, place=centres.get(area_id) if each.type.takes_people else None,
            skills=frozenset(each.type.skills), languages=each.languages, kind=str(each.type.id),
            span=(_minute(each.begins_at), _minute(each.ends_at)),
            minutes=_minute(each.ends_at) - _minute(each.begins_at),
            slot=(local_date(each.begins_at), each.begins_at.astimezone(LOCAL).hour >= PARTS[0][2].hour),
            not_by=each.not_to | barred[each.id] | refusers.get(each.type.id, frozenset()), circle=_circle(each),
        )
        for each, area_id in zip(orders, ends, strict=True)
    ]  # fmt: skip


def _area_of(path: str) -> int:
    return int(path.rstrip("/").rpartition("/")[2])


def _minute(at: datetime) -> int:
    return minute_of(at.astimezone(LOCAL))


def _hours(slot: int) -> tuple[int, int]:
    """Return a slot of the volunteers' week as minutes from Monday on."""
    day, part = divmod(slot, len(PARTS))
    _name, begin, _end = PARTS[part]
    until = PARTS[part + 1][1].hour if part + 1 < len(PARTS) else 24
    return day * 1440 + begin.hour * 60, day * 1440 + until * 60


def _clashes(orders: list[OpenOrder], found: Assignment) -> list[tuple[int, int]]:
    """Return the orders given to somebody who would have to be elsewhere: of two that overlap, the later one.

    Within half a day no person gets two; what is left are orders that reach into the next half. An organization has
    several people, as many at a time as the setting says.
    """
    known = {each.id: each for each in orders}
    given: defaultdict[int, list[OpenOrder]] = defaultdict(list)
    for proposal in found.proposals:
        given[int(proposal.person)].append(known[int(proposal.task)])
    return [
        (max(one, other, key=lambda each: (each.begins_at, each.id)).id, volunteer_id)
        for volunteer_id, theirs in given.items()
        if volunteer_id > 0
        for one, other in combinations(theirs, 2)
        if one.begins_at < other.ends_at and other.begins_at < one.ends_at
    ]


def _reasons(
    found: Assignment, orders: list[OpenOrder], candidates: dict[int, Candidate], likes: dict[int, set[int]],
    offices: set[int],
) -> dict[int, Why]:  # fmt: skip
    known = {each.id: each for each in orders}
    orders_of: dict[int, int] = {}
    for each in found.proposals:
        orders_of.setdefault(int(each.person), int(each.task))
    told = {}
    for each in found.proposals:
        order, who = known[int(each.task)], int(each.person)
        is_office = -who in offices
        named = "named" if -who == order.organization_id else "serves"
        told[order.id] = Why(
            None if is_office else each.metres, () if is_office else each.skills,
            not is_office and not candidates[who].times, each.load, each.rank, each.fitting, int(each.first),
            orders_of.get(int(each.first)), asdict(each.parts), () if is_office else each.languages,
            order.type.id in likes.get(who, ()), named if is_office else "",
        )  # fmt: skip
    return told
