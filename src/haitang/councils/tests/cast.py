"""What the tests of deliberation share: a council of the spring community, five members, a resident who raises."""

from datetime import timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.councils import actions
from haitang.councils.models import Council, Draw, Member, Session, Topic
from haitang.councils.values import (
    NewCandidate,
    NewCouncil,
    NewMember,
    NewResolution,
    NewSession,
    NewTopic,
    SessionHeld,
)
from haitang.testing.actors import NOW, TODAY
from haitang.testing.people import Town, build_account

SPRING = "320585001001"
HELD_AT = NOW - timedelta(hours=2)


def set_up(town: Town, kind: str = "council", members: int = 6, **more: Any) -> Council:
    """Let the secretary set a council up, with that many members."""
    new = {"name": f"{kind}议事", "area_id": town.areas["spring"], "organization_id": town.desks["CHSQ"], **more}
    row = actions.set_up_councils(
        actor=town.secretary, news=[NewCouncil(kind=kind, from_date=TODAY - timedelta(days=30), **new)], now=NOW
    )[0]
    news = [NewMember(row.pk, f"成员{number}", TODAY - timedelta(days=20)) for number in range(members)]
    actions.seat_council_members(actor=town.secretary, news=news, now=NOW)
    return row


def resident(name: str = "林阿姨") -> Actor:
    """Return a resident with an account."""
    return Actor(name, id=build_account(name).pk)


def raised(town: Town, who: Actor, **more: Any) -> Topic:
    """Let a resident raise a matter."""
    new = NewTopic(**{"area_id": town.areas["spring"], "title": "广场舞几点结束", "words": "晚上太吵", **more})
    return actions.raise_topic(actor=who, new=new, now=NOW)


def accepted(town: Town, who: Actor, **more: Any) -> Topic:
    """Let a resident raise a matter, and the secretary take it up."""
    row = raised(town, who, **more)
    return actions.accept_topics(actor=town.secretary, topic_ids=[row.pk], now=NOW)[0]


def called(town: Town, council: Council, *topics: Topic, **more: Any) -> Session:
    """Let the secretary call a meeting, which began two hours ago."""
    given: dict[str, Any] = {
        "title": "五月议事", "at": HELD_AT, "topics": tuple(each.pk for each in topics),
        "items": () if topics else ("停车",), **more,
    }  # fmt: skip
    return actions.call_sessions(actor=town.secretary, news=[NewSession(council.pk, **given)], now=NOW)[0]


def present(council: Council, number: int) -> tuple[int, ...]:
    """Return the ids of so many members."""
    return tuple(Member.objects.filter(council=council).order_by("pk").values_list("pk", flat=True)[:number])


def held(town: Town, session: Session, here: int, *resolutions: NewResolution, summary: str = "") -> Session:
    """Let the secretary take down a meeting at which so many members were."""
    told = SessionHeld(session.pk, "议定如下", present(session.council, here), resolutions, summary)
    return actions.hold_sessions(actor=town.secretary, held=[told], now=NOW)[0]


def announced(town: Town, council: Council, people: int = 12, **more: Any) -> Draw:
    """Let the secretary announce a draw and put people of three estates on the list."""
    given = {"council_id": council.pk, "title": "抽选议事代表", "seats": 4, "by_area": True, **more}
    row = actions.announce_draw(actor=town.secretary, now=NOW, **given)
    news = [NewCandidate(f"居民{n}", "", ("春和花园", "桃园", "柳苑")[n % 3]) for n in range(people)]
    actions.enter_candidates(actor=town.secretary, draw_id=row.pk, news=news, now=NOW)
    return row
