"""Joint work of the demo city: 281 units linked with 65 communities, with agreements, contacts and evaluations of both
sides; 77 committees with meetings and decisions; alliances, 132 action branches, contact points and workstations.
The numbers are those of the reports on which the demo is built. In bulk, through actions.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice
from random import Random

from haitang.alliances import actions, queries
from haitang.alliances.queries import LinkFilter, LinkView, rules
from haitang.alliances.values import (
    Base,
    CommitteeKind,
    Held,
    Level,
    NewAgreement,
    NewAlliance,
    NewBranch,
    NewCommittee,
    NewContact,
    NewDecision,
    NewEvaluation,
    NewInstructor,
    NewItem,
    NewMeeting,
    NewPartner,
    NewPoint,
    NewSeat,
    NewStation,
    NewVisit,
    Permission,
    SeatKind,
    Settled,
    Side,
)
from haitang.core.access import Actor, Grant
from haitang.core.clock import LOCAL, local_date
from haitang.demo import names
from haitang.demo.city import SEED, City, Place
from haitang.demo.playing import Cast, installer
from haitang.demo.units import code_of
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory
from haitang.volunteers.queries import who_fits
from haitang.volunteers.values import MemberClass
from haitang.volunteers.values import Permission as VolunteerPermission

COMMITTEES, BRANCHES, STATIONS = 77, 132, 30
_WAITING, _RETURNED, _UNSIGNED = 8, 4, 12
"""Links whose agreement of this year waits for the unit, was returned, or has not been drawn up."""
_MONTH = 30
_MEMBERS, _PART_TIME, _CITY_LEADERS, _QUIET_EVERY, _PROJECTS = 6, 4, 12, 9, 12
_DONE = (
    ("party_day", "联合开展主题党日，参观身边的项目"),
    ("talks", "上门走访，交换下半年的需求和资源"),
    ("report_in", "在职党员到社区报到，认领楼道治理岗位"), ("wishes", "认领困难家庭微心愿 6 个，当月送到"),
    ("safety", "参加周末环境整治，清理楼道堆物"), ("council", "参加大党委联席会议"),
)  # fmt: skip
_SAID = {
    Side.COMMUNITY: ("常来常往，帮了大忙", "支持有力，来的人多"),
    Side.UNIT: ("需求提得清楚，组织得好", "有事及时通气，活动有人牵头"),
}
_AGENDA = ("小区停车和充电", "暑期儿童看护", "老旧楼道照明", "为老助餐点运行", "沿街环境整治")
_DECISIONS = (
    "由共建单位夜间开放停车位 20 个", "联合开办暑期托管班一期", "更换三个老小区楼道照明",
    "助餐点增设晚餐，党员轮值送餐",
    "每月第二个周六开展沿街环境整治", "为独居老人建立结对看望名单",
)  # fmt: skip
_TASKS = (
    ("文明尖兵", "文明城市常态巡访，发现问题随手整改", Base.TASK), ("敲门", "定期看望独居老人，代买代办", Base.TEAM),
    ("护学", "上下学时段护学，疏导交通", Base.TEAM), ("邻里议事", "收集民意，牵头议事协商", Base.PROJECT),
    ("净颜", "楼道和绿地环境整治", Base.SOCIAL), ("防汛", "汛期巡查值守，转移安置", Base.TASK),
)  # fmt: skip
_ALLIANCES = (
    ("红色海洋党建联盟", "融合公安、教育、卫生、金融等力量服务居民"),
    ("公益先锋社会组织党建联盟", "社会组织抱团服务社区"),
    ("商圈党建联盟", "商户、物业、社区共管共享"), ("教育党建联盟", "学校资源向社区开放"),
)  # fmt: skip


def is_done(*, now: datetime) -> bool:
    """Tell whether the committees have been set up."""
    return bool(queries.list_committees(viewer=installer(Permission.VIEW), today=local_date(now)).rows)


def ally(cast: Cast, city: City, *, now: datetime) -> None:
    """Let units and communities work together since the links began. now: of the build; all lies before it."""
    rng = Random(SEED + 21)
    clerk = installer(*Permission, VolunteerPermission.VIEW)
    begun = _office("SW").valid_from + timedelta(days=5)
    actions.follow_links(actor=clerk, now=_at(begun))
    _links(clerk, now)
    committees = _committees(clerk, cast, city, rng, begun + timedelta(days=30), now)
    _meetings(clerk, city, committees, now)
    _alliances(clerk, city, now)
    _branches(clerk, city, now)
    _posts(clerk, cast, city, rng, now)


def _at(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), LOCAL)


def _speaker(clerk: Actor, views: list[LinkView]) -> Actor:
    units = {view.row.unit_id for view in views}
    return replace(clerk, grants=clerk.grants | {Grant(Permission.SPEAK, organization_id=each) for each in units})


def _links(clerk: Actor, now: datetime) -> None:
    today = local_date(now)
    wanted = LinkFilter(today.year, today)
    rows = queries.filter_links(viewer=clerk, wanted=wanted).order_by("unit__code", "pk")
    views = queries.describe_links(rows, year=today.year, today=today)
    if not views:
        return
    speaker = _speaker(clerk, views)
    before = today.year - 1
    begun = max(max(view.row.link.from_date for view in views), date(before, 1, 10)) + timedelta(days=10)
    closed = date(before, 11, 28)
    if begun + timedelta(days=_MONTH) < closed:
        _year(clerk, speaker, views, begun, closed)
        _judge(clerk, speaker, views, before, _at(date(before, 12, 15)))
    opened = date(today.year, 1, 12)
    if opened + timedelta(days=_MONTH) < today:
        _year(clerk, speaker, views, opened, today - timedelta(days=2), is_present=True)


def _year(
    clerk: Actor, speaker: Actor, views: list[LinkView], opened: date, closed: date, *, is_present: bool = False
) -> None:
    """Agree on a year and make contacts; of the present one some agreements wait, were returned or are missing."""
    year = closed.year
    drawn = views[: max(len(views) - _UNSIGNED, 1)] if is_present else views
    news = [NewAgreement(view.row.pk, year) for view in drawn]
    rows = {
        row.link_id: row
        for row in actions.propose_agreements(actor=clerk, news=news, side=Side.COMMUNITY.value, now=_at(opened))
    }
    waiting = _WAITING if is_present else 0
    asked = [rows[view.row.pk].pk for view in drawn]
    answered = _at(opened + timedelta(days=6))
    for agreement_id in asked[waiting : waiting + (_RETURNED if waiting else 0)]:
        actions.return_agreement(
            actor=speaker,
            agreement_id=agreement_id,
            side=Side.UNIT.value,
            reason="主题党日次数请改为每半年一次",
            now=answered,
        )
    skipped = waiting + (_RETURNED if waiting else 0)
    agreed = drawn[skipped:]
    actions.agree_years(actor=speaker, agreement_ids=asked[skipped:], side=Side.UNIT.value, now=answered)
    span = (closed - opened).days - 8
    contacts = []
    for at, view in enumerate(agreed):
        if is_present and at % _QUIET_EVERY == 0:
            continue
        for turn in range(3):
            duty, what = _DONE[(at + turn) % len(_DONE)]
            on = opened + timedelta(days=8 + (span * (turn + 1) // 3) - (at * 7 + turn * 5) % max(span // 4, 1))
            who = f"{view.community_name}、{view.unit_name}党员 {6 + (at + turn) % 9} 名"
            contacts.append(NewContact(view.row.pk, on, who, what, duty))
    half = len(contacts) // 2
    for side, part in ((Side.COMMUNITY, contacts[:half]), (Side.UNIT, contacts[half:])):
        actions.make_contacts(
            actor=clerk if side is Side.COMMUNITY else speaker, news=part, side=side.value, now=_at(closed, 17)
        )


def _judge(clerk: Actor, speaker: Actor, views: list[LinkView], year: int, at: datetime) -> None:
    agreements = queries.find_agreements((view.row.pk, year) for view in views)
    for side, actor in ((Side.COMMUNITY, clerk), (Side.UNIT, speaker)):
        criteria = rules().criteria_of(side)
        news = [
            NewEvaluation(
                row.pk, side.value,
                {line.code: max(line.points - (number * 7 + place * 3) % (line.points // 3), 0)
                 for place, line in enumerate(criteria)},
                _SAID[side][number % 2],
            )
            for number, row in enumerate(agreements.values())
        ]  # fmt: skip
        actions.judge_years(actor=actor, news=news, now=at)


def _office(code: str) -> OrganizationRef:
    found = organizations().by_code(code)
    if found is None:
        raise LookupError(f"no organization {code}")
    return found


def _area_id(place: Place) -> int:
    found = territory().by_code(place.code)
    if found is None:
        raise LookupError(f"no area {place.code}")
    return found.id


def _committees(clerk: Actor, cast: Cast, city: City, rng: Random, since: date, now: datetime) -> dict[str, int]:
    """Set the committees up and seat their members; return their ids by the code of the area."""
    at = _at(since)
    news = [
        NewCommittee(
            CommitteeKind.CITY.value,
            f"{names.CITY}城市基层党建工作专委会",
            _office("SW").id,
            _area_id(city.root),
            since,
        )
    ]
    for kind, places, word in (
        (CommitteeKind.STREET, city.streets, "大工委"), (CommitteeKind.COMMUNITY, city.communities, "大党委"),
    ):  # fmt: skip
        news += [
            NewCommittee(
                kind.value, f"{place.name}{word}", _office(code_of("party_committee", place)).id, _area_id(place), since
            )
            for place in places
        ]
    rows = actions.set_up_committees(actor=clerk, news=news, now=at)
    grounds = [city.root, *city.streets, *city.communities]
    ids = {place.code: row.pk for place, row in zip(grounds, rows, strict=True)}
    wanted = LinkFilter(since.year, local_date(now))
    units: dict[int, list[int]] = {}
    for link in queries.filter_links(viewer=clerk, wanted=wanted).order_by("unit__code", "pk"):
        for area_id in link.area_ids:
            units.setdefault(area_id, []).append(link.unit_id)
    until = since + timedelta(days=1095)
    seats = []
    for place, row in zip(grounds, rows, strict=True):
        chair = names.person_name(rng)
        if place in city.communities:
            chair = cast.secretary(place.code).name
        elif place in city.streets:
            chair = cast.director(place.code).name
        seats.append(NewSeat(row.pk, SeatKind.PERMANENT.value, chair, "书记", since, None, until))
        seats.append(
            NewSeat(row.pk, SeatKind.PERMANENT.value, names.person_name(rng), "专职副书记", since, None, until)
        )
        seats += [
            NewSeat(row.pk, SeatKind.PART_TIME.value, names.person_name(rng), "兼职委员", since, unit_id, until)
            for unit_id in units.get(_area_id(place), [])[: _PART_TIME + 3 * (place in city.streets)]
        ]
    actions.seat_members(actor=clerk, news=seats, now=at)
    return ids


def _meetings(clerk: Actor, city: City, committees: dict[str, int], now: datetime) -> None:
    today = local_date(now)
    held_on = today - timedelta(days=75)
    called = [
        NewMeeting(
            committee_id, "三季度联席会议", _at(held_on + timedelta(days=at % 20), 15), "会议室",
            tuple(NewItem(_AGENDA[(at + turn) % len(_AGENDA)]) for turn in range(2)),
        )
        for at, committee_id in enumerate(committees.values())
    ]  # fmt: skip
    rows = actions.call_meetings(actor=clerk, news=called, now=_at(held_on - timedelta(days=7)))
    due = held_on + timedelta(days=45)
    held = [
        Held(
            row.pk, "会议通报了上季度决议落实情况，就列入议程的事项交换意见，形成以下决议。",
            tuple(
                NewDecision(_DECISIONS[(at * 2 + turn) % len(_DECISIONS)], None, due + timedelta(days=40 * turn))
                for turn in range(2)
            ),
        )
        for at, row in enumerate(rows)
    ]  # fmt: skip
    done = _at(held_on + timedelta(days=22))
    actions.hold_meetings(actor=clerk, held=held, now=done)
    wanted = queries.DecisionFilter(today)
    ids = list(queries.filter_decisions(viewer=clerk, wanted=wanted).order_by("pk").values_list("pk", flat=True))
    settled = [
        Settled(pk, "场地权属不清，改由街道统筹" if at % 20 == 4 else "已按决议办完，居民反映好", at % 20 == 4)
        for at, pk in enumerate(ids) if at % 2 == 0 and at % 14
    ]  # fmt: skip
    actions.settle_decisions(actor=clerk, settled=settled, now=now - timedelta(days=15))
    closed = {each.decision_id for each in settled}
    for pk in [pk for pk in ids if pk not in closed][:_PROJECTS]:
        actions.make_decision_project(actor=clerk, decision_id=pk, now=now - timedelta(days=12))
    soon = [
        NewMeeting(
            committee_id, "四季度联席会议", now + timedelta(days=9 + at % 5), "会议室", (NewItem("年底双向考评安排"),)
        )
        for at, committee_id in enumerate(islice(committees.values(), 12))
    ]
    actions.call_meetings(actor=clerk, news=soon, now=now - timedelta(days=1))


def _alliances(clerk: Actor, city: City, now: datetime) -> None:
    since = local_date(now) - timedelta(days=300)
    units = [each for each in organizations() if each.kind in (OfficeKind.UNIT, OfficeKind.SOCIAL_ORGANIZATION)]
    taken = cycle(units)
    news = [
        NewAlliance(
            f"{street.name.removesuffix('街道').removesuffix('镇')}{name}", purpose, Level.STREET.value,
            _area_id(street), _office(code_of("party_committee", street)).id, since,
            tuple(NewPartner(each.id, role="提供场地和志愿者") for each in islice(taken, 7)),
        )
        for street, (name, purpose) in zip(city.streets, cycle(_ALLIANCES), strict=False)
    ]  # fmt: skip
    beyond = (
        NewPartner(None, "临江区江湾街道党工委", "临江市", "共享教育和医疗资源"),
        NewPartner(None, "临江市社区党建学院", "临江市", "带头人培训"),
        *(NewPartner(each.id, role="参与联建项目") for each in islice(taken, 4)),
    )
    news.append(
        NewAlliance(
            "海临同城融合党建带", "与邻市街道签约共建，资源共享、项目联办", Level.BEYOND.value, _area_id(city.root),
            _office("SW").id, since, beyond,
        )
    )  # fmt: skip
    actions.found_alliances(actor=clerk, news=news, now=_at(since))


def _branches(clerk: Actor, city: City, now: datetime) -> None:
    today = local_date(now)
    since = today - timedelta(days=150)
    living: dict[int, list[int]] = {}
    communities = {_area_id(place) for place in city.communities}
    for each in who_fits(at=now, classes=MemberClass.values):
        for part in each.area_path.strip("/").split("/"):
            if int(part) in communities:
                living.setdefault(int(part), []).append(each.id)
    news = []
    for at, place in enumerate(islice(cycle(city.communities), BRANCHES)):
        name, purpose, base = _TASKS[(at + at // len(city.communities) * 2) % len(_TASKS)]
        area_id = _area_id(place)
        people = living.get(area_id, [])
        first = at // len(city.communities) * (_MEMBERS - 1)
        until = since + timedelta(days=100 if at % 11 == 3 else 365)
        news.append(
            NewBranch(
                f"{place.name}“{name}”行动支部", purpose, base.value, area_id,
                _office(code_of("party_committee", place)).id, since, until, tuple(people[first : first + _MEMBERS]),
            )
        )  # fmt: skip
    rows = actions.form_branches(actor=clerk, news=news, now=_at(since))
    for row in rows[3::44]:
        actions.end_branch(
            actor=clerk, branch_id=row.pk, to_date=today - timedelta(days=20), now=now - timedelta(days=20),
            outcome="任务完成，解决楼道堆物等问题 36 个，成员回原支部",
        )  # fmt: skip


def _posts(clerk: Actor, cast: Cast, city: City, rng: Random, now: datetime) -> None:
    today = local_date(now)
    since = today - timedelta(days=320)
    leaders: list[tuple[str, str, int | None]] = [
        (names.person_name(rng), "市级领导", None) for _each in range(_CITY_LEADERS)
    ]
    leaders += [
        (cast.director(street.code).name, "街道党工委书记", _office(code_of("street_office", street)).id)
        for street in city.streets
    ]
    points = actions.set_contact_points(
        actor=clerk, now=_at(since),
        news=[
            NewPoint(name, post, _area_id(place), since, home)
            for place, (name, post, home) in zip(city.communities, cycle(leaders), strict=False)
        ],
    )  # fmt: skip
    visits = [
        NewVisit(
            point.pk, today - timedelta(days=20 + 60 * turn + at % 15),
            f"听取居民关于{_AGENDA[(at + turn) % len(_AGENDA)]}的意见", "协调有关部门两周内答复" if turn else "",
        )
        for at, point in enumerate(points) for turn in range(2 + at % 4)
    ]  # fmt: skip
    actions.visit_points(actor=clerk, news=visits, now=now)
    stations = actions.open_stations(
        actor=clerk, now=_at(since),
        news=[
            NewStation(
                f"{place.name}区域党建工作站", _area_id(place), f"{place.name}党群服务中心",
                _office(code_of("party_committee", place)).id, since,
            )
            for place in city.communities[:STATIONS]
        ],
    )  # fmt: skip
    firms = [each for each in organizations() if each.kind in (OfficeKind.UNIT, OfficeKind.PROPERTY_COMPANY)]
    actions.send_instructors(
        actor=clerk, now=_at(since),
        news=[
            NewInstructor(
                station.pk, names.person_name(rng), firms[(at * 3 + turn) % len(firms)].id, since, None,
                since + timedelta(days=730),
            )
            for at, station in enumerate(stations) for turn in range(3 if firms else 0)
        ],
    )  # fmt: skip
