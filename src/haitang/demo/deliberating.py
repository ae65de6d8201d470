"""Deliberation in the demo city: 258 councils of six kinds, and in the home community what residents raised, what was
resolved and what became of it, questions in time and one that is late, and draws by lot. The number is that of the
district that the demo follows. In bulk, through actions.
"""

from datetime import date, datetime, time, timedelta
from itertools import islice, product
from random import Random
from typing import Any

from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.councils import actions, queries
from haitang.councils.values import (
    NewCandidate,
    NewCouncil,
    NewMember,
    NewResolution,
    NewSession,
    NewTopic,
    Permission,
    Post,
    SessionHeld,
)
from haitang.demo import names, staff
from haitang.demo.city import SEED, City
from haitang.demo.playing import Cast, installer
from haitang.demo.timeline import home_of
from haitang.demo.units import code_of
from haitang.organizations.queries import organizations
from haitang.owners.queries import list_deciding_estates
from haitang.owners.values import Permission as OwnersPermission
from haitang.territory.queries import territory

COUNCILS = 258
_KINDS = (
    ("council", "居民议事会"), ("morning", "连心晨会"), ("tea", "周六茶叙恳谈"), ("round_table", "圆桌议事会"),
    ("country_parlour", "乡间客厅"), ("board", "居民议事理事会"),
)  # fmt: skip
_MEMBERS, _ESTATES, _CANDIDATES = 9, ("春和花园", "清水湾家园", "桂花苑"), 48
_BANDS = ("", "18-34", "35-59", "60+")


def is_done() -> bool:
    """Tell whether there are councils."""
    return bool(queries.list_public_draws())


def deliberate(cast: Cast, city: City, *, now: datetime) -> None:
    """Set the councils up, and let the home community talk things over. now: of the build; all lies before it."""
    clerk, rng = installer(*Permission, *OwnersPermission), Random(SEED + 58)
    home = home_of(city).parent
    today = local_date(now)
    councils = _set_up(clerk, city, rng, home, today)
    resident, secretary = cast.actor(staff.RESIDENT), cast.secretary(home)
    _talk(clerk, secretary, resident, councils, home, now)
    _ask(clerk, resident, home, now)
    _draw(clerk, rng, councils["council"], now)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LOCAL)


def _set_up(
    clerk: Actor, city: City, rng: Random, home: str, today: date
) -> dict[str, int]:  # fmt: skip
    """Set 258 councils up, those of the home community with members, and return these by kind."""
    since = today - timedelta(days=300)
    first = [place for place in city.communities if place.code == home]
    places = first + [place for place in city.communities if place.code != home]
    own = [(first[0], kind) for kind in _KINDS]
    others = ((place, kind) for kind, place in product(_KINDS, places[1:]))
    wanted = [*islice(others, COUNCILS - len(own)), *own]
    news = []
    for place, (kind, word) in wanted:
        office = organizations().by_code(code_of("community", place))
        area = territory().by_code(place.code)
        assert office is not None  # the city is there
        assert area is not None
        news.append(NewCouncil(kind, f"{place.name.removesuffix('社区')}{word}", area.id, office.id, since))
    rows = actions.set_up_councils(actor=clerk, news=news, now=_at(since, 9))
    until = since + timedelta(days=3 * 365)
    members = []
    for row in rows[-len(_KINDS) :]:
        people = [names.person_name(rng) for _one in range(_MEMBERS)]
        for name in dict.fromkeys(people):
            post = Post.CONVENER if name == people[0] else Post.MEMBER
            members.append(NewMember(row.pk, name, since, post.value, until))
    members.append(NewMember(rows[-len(_KINDS)].pk, "社区书记", since, until=until, username="community"))
    actions.seat_council_members(actor=clerk, news=members, now=_at(since, 10))
    return {kind: row.pk for (kind, _word), row in zip(_KINDS, rows[-len(_KINDS) :], strict=True)}


def _talk(
    clerk: Actor, secretary: Actor, resident: Actor, councils: dict[str, int], home: str, now: datetime
) -> None:  # fmt: skip
    """Let a topic go from a resident to a case; another is on the next agenda, one waits, one is not taken up."""
    area = territory().by_code(home)
    assert area is not None
    today = local_date(now)

    def raise_(title: str, words: str, days: int) -> Any:
        at = now - timedelta(days=days)
        return actions.raise_topic(actor=resident, new=NewTopic(area.id, title, words), now=at)

    lamp = raise_("北门小路晚上太黑", "北门到公交站的小路没有灯，老人晚上不敢走。希望商量装几盏灯。", 30)
    dance = raise_("小广场晚上几点安静", "跳舞的和要休息的常有口角，希望定个公约。", 12)
    bad = raise_("三号楼那户人家", "希望把他们赶出去。", 11)
    actions.accept_topics(actor=clerk, topic_ids=[lamp.pk], now=now - timedelta(days=29))
    actions.accept_topics(actor=clerk, topic_ids=[dance.pk], now=now - timedelta(days=11))
    reason = "针对具体的人，请改成对事的说法"
    actions.deny_topic(actor=clerk, topic_id=bad.pk, reason=reason, now=now - timedelta(days=10))
    raise_("能不能设一个旧衣回收箱", "换季时旧衣服没处放，建议在垃圾房旁设一个回收箱。", 1)

    held_on, hall = today - timedelta(days=21), "党群服务中心议事厅"
    council, table = councils["council"], councils["round_table"]
    past = [
        NewSession(council, "二季度居民议事会", _at(held_on, 19), hall, (lamp.pk,), ("停车收费公示",)),
        NewSession(table, "电动车充电圆桌会", _at(held_on + timedelta(days=7), 14), "物业会议室", (), ("充电棚选址",)),
    ]
    coming = [
        NewSession(
            council, "三季度居民议事会", _at(today + timedelta(days=4), 19), hall, (dance.pk,), ("物业服务听评",)
        ),
        NewSession(
            councils["tea"], "周六茶叙恳谈", _at(today + timedelta(days=6), 9), "社区长廊", (), ("说说身边的事",)
        ),
    ]  # fmt: skip
    calls = actions.call_sessions(actor=clerk, news=past, now=now - timedelta(days=28))
    actions.call_sessions(actor=clerk, news=coming, now=now - timedelta(days=9))
    there = [tuple(each.pk for each in queries.members_on(row.council_id, held_on)) for row in calls]
    roof = NewResolution("三号楼屋面漏水，使用维修资金重做防水", None, today + timedelta(days=90))
    parked = NewResolution("物业每季度公示停车收费收支", None, today - timedelta(days=3), 7)
    guarded = NewResolution("充电棚建成前在车库加装灭火器 6 个", None, today - timedelta(days=5))
    held = [
        SessionHeld(
            calls[0].pk, "到会成员逐项商量。路灯一致同意报修加装；停车收费收支由物业公示。", there[0][:8],
            (NewResolution("北门小路加装路灯", None, today + timedelta(days=10), 8, lamp.pk), parked),
            "大家商量了北门小路照明和停车收费公示。同意加装路灯；停车收支每季度公示。",
        ),
        SessionHeld(
            calls[1].pk, "居民、物业、业委会和消防站到场看过，充电棚选在南门空地。", there[1][:5],
            (NewResolution("南门空地建电动车充电棚", None, today + timedelta(days=60)), guarded, roof),
            "充电棚选址南门空地，建成前车库加装灭火器。屋面防水交业主共同决定。",
        ),
    ]  # fmt: skip
    actions.hold_sessions(actor=clerk, held=held, now=now - timedelta(days=13))
    wanted = queries.ResolutionFilter(today)
    rows = {row.text: row.pk for row in queries.filter_resolutions(viewer=clerk, wanted=wanted)}
    actions.make_resolution_case(
        actor=secretary, resolution_id=rows["北门小路加装路灯"], now=now - timedelta(days=12),
        words="北门到公交站的小路没有路灯，居民议事会议定加装，请办理", place="北门小路",
    )  # fmt: skip
    actions.make_resolution_project(
        actor=clerk, resolution_id=rows["南门空地建电动车充电棚"], now=now - timedelta(days=12)
    )
    for estate in list_deciding_estates(viewer=clerk, area_path=area.path)[:1]:
        actions.bring_resolution_to_vote(
            actor=clerk, resolution_id=rows[roof.text], way=f"owners:{estate.pk}", matter="5", title="三号楼屋面防水",
            now=now - timedelta(days=12),
        )  # fmt: skip
    actions.settle_resolution(
        actor=clerk, resolution_id=rows["充电棚建成前在车库加装灭火器 6 个"], words="已装好，物业每月检查",
        now=now - timedelta(days=6),
    )  # fmt: skip


def _ask(clerk: Actor, resident: Actor, home: str, now: datetime) -> None:
    """Let a resident ask three times: answered for everybody, waiting, and not answered in time."""
    area = territory().by_code(home)
    assert area is not None
    ask: dict[str, Any] = {"actor": resident, "area_id": area.id}
    first = actions.ask_question(
        words="助餐点周末开不开？", may_publish=True, now=now - timedelta(days=9), **ask
    )  # fmt: skip
    actions.answer_question(
        actor=clerk, question_id=first.pk, answer="周六开，周日休息。春节期间另行通知。", publish=True,
        now=now - timedelta(days=8),
    )  # fmt: skip
    late = actions.ask_question(words="老年大学下学期什么时候报名？", now=now - timedelta(days=20), **ask)
    actions.escalate_question(actor=clerk, question_id=late.pk, now=now - timedelta(days=8))
    actions.ask_question(words="楼道堆物多久清一次？", may_publish=True, now=now - timedelta(hours=20), **ask)


def _draw(clerk: Actor, rng: Random, council_id: int, now: datetime) -> None:
    """Draw eight of 48 for a round table, one of whom declines; another draw is open for people to enter."""
    at = now - timedelta(days=16)
    row = actions.announce_draw(
        actor=clerk, council_id=council_id, title="停车议题居民代表抽选", seats=8, by_area=True, by_age=True, now=at
    )
    news = [
        NewCandidate(
            names.person_name(rng), names.mobile_number(7_000 + number), rng.choice(_ESTATES), rng.choice(_BANDS)
        )
        for number in range(_CANDIDATES)
    ]
    actions.enter_candidates(actor=clerk, draw_id=row.pk, news=news, now=at + timedelta(days=2))
    actions.freeze_draw(actor=clerk, draw_id=row.pk, now=at + timedelta(days=5))
    actions.draw_lots(actor=clerk, draw_id=row.pk, witness="3 18 22 27 31 06", now=at + timedelta(days=6))
    page = queries.get_draw_page(viewer=clerk, draw_id=row.pk)
    first, second = (each.row.number for each in page.taken[:2])
    for number, declines in ((first, False), (second, True)):
        actions.answer_draw(actor=clerk, draw_id=row.pk, number=number, declines=declines, now=at + timedelta(days=7))
    actions.announce_draw(
        actor=clerk, council_id=council_id, title="明年议事成员抽选", seats=5, by_area=True, now=now - timedelta(days=2)
    )
