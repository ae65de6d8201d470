"""Who can help in the demo city: thirteen thousand people by where they live, imported as their units would do it.

The number is that of the report on which the demo is built (1.3万余名先锋力量按居住地落到网格). A few of the accounts
stand in the register themselves, and have done something already.
"""

import csv
import tempfile
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from haitang.core.clock import LOCAL, local_date
from haitang.demo import names, units
from haitang.demo.city import City, Place
from haitang.demo.playing import installer
from haitang.demo.staff import RESIDENT, VOLUNTEER, Seat
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.people.queries import get_account_id, get_actor
from haitang.territory.queries import territory
from haitang.volunteers import actions, queries
from haitang.volunteers.values import ItemKind, Permission, Relation, Service, VolunteerProfile

PEOPLE = 13_000
_PHONES_FROM = 1_000_000
_HEADER = (
    "姓名", "电话", "居住网格", "本人同意", "单位", "类别", "报到支部", "技能", "语言", "先锋力量", "愿意应急召唤",
)  # fmt: skip
_CLASSES = ("居民", "在职", "离退休", "流动", "")
_WEIGHTS = (22, 46, 18, 6, 8)
_HELPERS = {
    RESIDENT: ("家电维修", "代购代办"), "grid": ("矛盾调解", "急救"), VOLUNTEER: ("水电维修", "家电维修", "陪诊"),
}  # fmt: skip
_DONE = ("上门修理电灯", "陪老人就诊", "文明城市巡访", "垃圾分类指导", "社区义诊秩序维护", "为老人代购")
_SERVED_EVERY = 40
"""One in so many has done something of late."""


def is_done() -> bool:
    """Tell whether anybody stands in the register."""
    return bool(queries.who_fits())


def volunteer(city: City, seats: list[Seat], *, seed: int, now: datetime) -> None:
    """Enter everybody, and what some of them have done. now: the present of the plan; all lies before it."""
    installed = installer(Permission.MANAGE)
    with tempfile.TemporaryDirectory(prefix="haitang-demo-") as folder:
        path = Path(folder) / "people.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_HEADER)
            writer.writerows(_people(city, Random(seed + 11)))
        actions.import_volunteers(actor=installed, path=path, now=now - timedelta(days=30))
    _enter_accounts(city, seats, now)
    everybody = queries.who_fits(at=now)
    own = {each.id for each in everybody if each.account_id}
    served = [each.id for each in everybody[::_SERVED_EVERY]]
    actions.record_services(actor=installed, services=_services([*served, *sorted(own)], now), now=now)


def _people(city: City, rng: Random) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the list: each grid has its share by residents; the whole of the full city is PEOPLE."""
    catalogue = queries.rules()
    skills = [item.name for item in catalogue.of(ItemKind.SKILL)]
    forces = [item.name for item in catalogue.of(ItemKind.FORCE)]
    partners = [each.name for each in organizations() if each.kind == Kind.UNIT]
    number = 0
    for grid, count in _shares(city):
        branch = units.code_of("party_branch", grid)
        for _each in range(count):
            member = rng.choices(_CLASSES, _WEIGHTS)[0]
            yield (
                names.person_name(rng), names.mobile_number(_PHONES_FROM + number), grid.code, "是",
                rng.choice(partners) if member == "在职" and partners else "", member, branch if member else "",
                "、".join(rng.sample(skills, rng.choice((1, 1, 2, 3)))), "本地方言" if rng.random() < 0.5 else "",
                rng.choice(forces) if not member or rng.random() < 0.06 else "", "是" if rng.random() < 0.4 else "否",
            )  # fmt: skip
            number += 1


def _shares(city: City) -> list[tuple[Place, int]]:
    """Return how many people each grid has, rounded so that their sum is the city's share of PEOPLE."""
    found, counted, lived = [], 0, 0
    for grid in city.grids:
        lived += grid.residents
        upto = round(PEOPLE * lived / city.root.residents)
        found.append((grid, upto - counted))
        counted = upto
    return found


def _enter_accounts(city: City, seats: list[Seat], now: datetime) -> None:
    codes = {item.name: item.code for item in queries.rules().of(ItemKind.SKILL)}
    held = {seat.username: seat for seat in seats if seat.username in _HELPERS}
    home = territory().by_code(city.grids[0].code)
    assert home is not None
    branch = organizations().by_code(units.code_of("party_branch", city.grids[0]))
    for username, skills in _HELPERS.items():
        if username not in held:
            continue
        profile = VolunteerProfile(
            held[username].name, held[username].phone, home.id, skills=tuple(codes[name] for name in skills),
            times=(15, 16, 18), wants_calls=True,
        )  # fmt: skip
        relation = Relation("employed", "", None, branch.id) if username != RESIDENT and branch else None
        actions.register_volunteer(
            actor=get_actor(get_account_id(username)), profile=profile, relation=relation, consented=True,
            now=now - timedelta(days=20),
        )  # fmt: skip


def _services(people: list[int], now: datetime) -> list[Service]:
    """Return what they did on the last Saturdays (党员周六志愿服务日), one to four times each."""
    today = local_date(now)
    saturday = today - timedelta(days=(today.weekday() - 5) % 7 or 7)
    found = []
    for place, volunteer_id in enumerate(people):
        for week in range(1 + place % 4):
            day = saturday - timedelta(weeks=week)
            began = datetime.combine(day, time(9 + place % 6), LOCAL)
            what = _DONE[(place + week) % len(_DONE)]
            found.append(
                Service("demo", f"{day}:{place}", volunteer_id, what, began, began + timedelta(hours=1 + place % 3))
            )
    return found
