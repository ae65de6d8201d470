"""Plans drawn by the matching: open orders and the register in, whom it proposes out. Nothing is written here."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import combinations

from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.matching import Assignment, Person, Task, Weights, assign, minute_of
from haitang.orders.lifecycle import OfferStatus
from haitang.orders.models import Engagement, Offer
from haitang.orders.queries.helpers import classes_for
from haitang.orders.queries.matching import OpenOrder, open_orders_for_matching
from haitang.orders.queries.rules import order_rules
from haitang.orders.values import Why
from haitang.territory.queries import list_centres, territory
from haitang.volunteers.queries import Candidate, who_fits
from haitang.volunteers.values import PARTS, MemberClass

_MEMBERS = "members "


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
    rules = order_rules()
    orders = open_orders_for_matching(
        viewer=viewer, now=now, area_path=area_path, limit=rules.setting("dispatch_batch"),
        only_automatic=only_automatic,
    )  # fmt: skip
    soonest = now + timedelta(minutes=rules.setting("offer_before_minutes"))
    orders = [each for each in orders if each.begins_at > soonest]
    candidates, members = _candidates(orders)
    taken = _taken([each.id for each in candidates], orders)
    weights = Weights(distance=rules.setting("dispatch_distance"), load=rules.setting("dispatch_load"))
    people = _people(candidates, members, {_circle(each) for each in orders}, taken, rules.setting("dispatch_room"))
    barred: defaultdict[int, set[int]] = defaultdict(set)
    while True:
        found = assign(_tasks(orders, barred), people, weights)
        clashes = _clashes(orders, found)
        if not clashes:
            break
        for order_id, volunteer_id in clashes:
            barred[order_id].add(volunteer_id)
    return Drawn(orders, len(people), weights, found, _reasons(found, {each.id: each for each in candidates}))


def _candidates(orders: list[OpenOrder]) -> tuple[list[Candidate], set[int]]:
    """Return the people of the areas in which helpers are looked for, and which of them are members."""
    tree, paths = territory(), sorted({each.service_area_path for each in orders})
    widest = [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]
    areas = [tree.area(int(path.rstrip("/").rpartition("/")[2])) for path in widest]
    candidates = [each for area in areas for each in who_fits(area=area)]
    members: set[int] = set()
    if any(classes_for(each.type) for each in orders):
        members = {each.id for area in areas for each in who_fits(area=area, classes=MemberClass.values)}
    return candidates, members


def _taken(volunteer_ids: list[int], orders: list[OpenOrder]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return by volunteer what they have promised, or have been offered and not answered, from the first order on."""
    taken: dict[int, list[tuple[datetime, datetime]]] = {}
    since = min((each.begins_at for each in orders), default=None)
    if since is None:
        return taken
    promised = Engagement.objects.filter(volunteer_id__in=volunteer_ids, ends_at__gt=since)
    asked = Offer.objects.filter(volunteer_id__in=volunteer_ids, status=OfferStatus.OPEN, order__ends_at__gt=since)
    for rows in (
        promised.values_list("volunteer_id", "begins_at", "ends_at"),
        asked.values_list("volunteer_id", "order__begins_at", "order__ends_at"),
    ):
        for volunteer_id, begins_at, ends_at in rows:
            taken.setdefault(volunteer_id, []).append((begins_at, ends_at))
    return taken


def _circle(order: OpenOrder) -> str:
    """Return the word for whom the order is for: who lives in the area of its service, perhaps members only."""
    return (_MEMBERS if classes_for(order.type) else "") + order.service_area_path


def _people(
    candidates: list[Candidate],
    members: set[int],
    circles: set[str],
    taken: dict[int, list[tuple[datetime, datetime]]],
    room: int,
) -> list[Person]:
    belongs: dict[tuple[str, bool], frozenset[str]] = {}
    people = []
    for each in candidates:
        home = each.area_path, each.id in members
        if home not in belongs:
            belongs[home] = frozenset(
                circle
                for circle in circles
                if home[0].startswith(circle.removeprefix(_MEMBERS)) and (home[1] or not circle.startswith(_MEMBERS))
            )
        busy = sorted(taken.get(each.id, ()))
        promised = sum((end - begin).total_seconds() / 60 for begin, end in busy)
        people.append(
            Person(
                each.id,
                place=(each.lon, each.lat) if each.lon is not None and each.lat is not None else None,
                reach=each.reach_m,
                skills=frozenset(each.skills),
                times=tuple(_hours(slot) for slot in sorted(each.times)),
                busy=tuple((_minute(begin), _minute(end)) for begin, end in busy),
                room=room,
                load=int(each.load + promised) // 60,
                circles=belongs[home],
            )
        )
    return people


def _tasks(orders: list[OpenOrder], barred: dict[int, set[int]]) -> list[Task]:
    ends = [int(each.area_path.rstrip("/").rpartition("/")[2]) for each in orders]
    centres = list_centres(ends)
    return [
        Task(
            each.id, place=centres.get(area_id), skills=frozenset(each.type.skills),
            span=(_minute(each.begins_at), _minute(each.ends_at)),
            minutes=_minute(each.ends_at) - _minute(each.begins_at),
            slot=(local_date(each.begins_at), each.begins_at.astimezone(LOCAL).hour >= PARTS[0][2].hour),
            not_by=each.not_to | barred[each.id], circle=_circle(each),
        )
        for each, area_id in zip(orders, ends, strict=True)
    ]  # fmt: skip


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

    Within half a day nobody gets two; what is left are orders that reach into the next half.
    """
    known = {each.id: each for each in orders}
    given: defaultdict[int, list[OpenOrder]] = defaultdict(list)
    for proposal in found.proposals:
        given[int(proposal.person)].append(known[int(proposal.task)])
    return [
        (max(one, other, key=lambda each: (each.begins_at, each.id)).id, volunteer_id)
        for volunteer_id, theirs in given.items()
        for one, other in combinations(theirs, 2)
        if one.begins_at < other.ends_at and other.begins_at < one.ends_at
    ]


def _reasons(found: Assignment, candidates: dict[int, Candidate]) -> dict[int, Why]:
    orders_of: dict[int, int] = {}
    for each in found.proposals:
        orders_of.setdefault(int(each.person), int(each.task))
    return {
        int(each.task): Why(
            each.metres, each.skills, not candidates[int(each.person)].times, each.load, each.rank, each.fitting,
            int(each.first), orders_of.get(int(each.first)), asdict(each.parts),
        )
        for each in found.proposals
    }  # fmt: skip
