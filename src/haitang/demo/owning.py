"""Housing estates of the demo's home community and what their owners decide: passed, failed by 0.01 m², over, open.

The sizes of one estate are chosen so that twelve of eighteen heads take part with one hundredth of a square metre less
than two thirds of the area. Everything is entered through the actions, the registers as sheets.
"""

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.demo import names, staff
from haitang.demo.city import City
from haitang.demo.playing import Cast, installer
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind
from haitang.owners import actions, queries
from haitang.owners.values import (
    NewDecision,
    NewEstate,
    NewMeeting,
    NewQuestion,
    NewResolution,
    Permission,
    article,
    hash_code,
)

HOMES = 18
_HEADER = ("楼栋", "房号", "用途", "交付情况", "专有部分面积", "业主", "证件号码", "电话", "份额")
_PHONES_FROM = 9_700_000
_BODY = "表决票已公示。请各位业主用表决码、账号或纸质票投票，每一户计一人。"


def is_done() -> bool:
    """Tell whether any estate was entered."""
    return queries.has_estates()


def own(cast: Cast, city: City, *, now: datetime) -> None:
    """Enter the estates with their owners, and let them decide. now: the present of the plan."""
    play = _Play(cast, now)
    community = city.communities[0].code
    lift = play.estate("清水湾花园", community, ["89.60"] * HOMES, share=True, builder=True)
    play.decide(lift, "更换一至三幢电梯", 5, begun=60, ended=30, yes=13, no=3)
    play.govern(lift)
    play.decide(lift, "选聘物业服务企业和利用屋顶设置光伏", 4, begun=5, ended=-25, yes=6, no=1, more=(8,), close=False)
    narrow = ["90.00"] * 11 + ["89.99"] + ["90.00"] * 6
    paint = play.estate("清水湾雅苑", community, narrow)
    play.decide(paint, "使用维修资金粉刷外墙", 5, begun=70, ended=40, yes=12)
    gate = play.estate("清水湾新村", community, narrow)
    play.decide(gate, "改造东门和非机动车棚", 9, begun=30, ended=1, yes=12, close=False, objected=True)


class _Play:
    """Who does what: the secretary prepares, the street's dispatcher confirms."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self._now, self._rng, self._people = now, Random(20_260_278), 0
        clerk = installer(*Permission)
        self._one, self._two = (
            replace(clerk, **_known(cast, name, number)) for number, name in enumerate(("community", "street"), start=1)
        )  # fmt: skip
        self._resident = _known(cast, staff.RESIDENT, 0)["id"]
        companies = (each.id for each in organizations() if each.kind == Kind.PROPERTY_COMPANY and not each.valid_to)
        self._company = next(companies, None)

    def estate(self, name: str, community: str, sizes: list[str], *, share: bool = False, builder: bool = False) -> Any:
        """Enter an estate with its register. share: two flats belong to couples. builder: it still holds some."""
        at = self._now - timedelta(days=120)
        new = NewEstate(name, community, address=f"{name}1号", builder="海棠置业公司", company_id=self._company)
        row = actions.enter_estate(actor=self._one, new=new, now=at)
        rows = [(*self._place(at), "住宅", "已交付", size, *self._person(), "") for at, size in enumerate(sizes)]
        if share:
            for number in (0, 1):
                first = rows[number]
                rows[number] = (*first[:8], "1/2")
                rows.append((*first[:5], *self._person(), "1/2"))
        if builder:
            rows += [(*self._place(HOMES + each), "住宅", "未出售", "89.60", "", "", "", "") for each in range(3)]
            rows.append(("地下车库", "A01", "车位", "已交付", "12.50", *self._person(), ""))
        text = io.StringIO()
        csv.writer(text).writerows([_HEADER, *rows])
        actions.import_register(actor=self._one, estate_id=row.pk, data=text.getvalue().encode(), now=at)
        if share:
            (first_unit, *_rest) = queries.list_units(viewer=self._one, estate_id=row.pk, building="3幢")
            if self._resident is not None and first_unit.owners:
                actions.tie_owner(
                    actor=self._one, owner_id=first_unit.owners[0].id, username=staff.RESIDENT, now=at
                )  # fmt: skip
        return row

    def _place(self, number: int) -> tuple[str, str]:
        return f"{number // 6 + 1}幢", f"{number % 6 // 2 + 1}0{number % 2 + 1}"

    def _person(self) -> tuple[str, str, str]:
        self._people += 1
        phone = names.mobile_number(_PHONES_FROM + self._people)
        return names.person_name(self._rng), f"YS{self._people:06d}", phone

    def _ago(self, days: float) -> datetime:
        return self._now - timedelta(days=days)

    def decide(
        self, estate: Any, title: str, item: int, *, begun: int, ended: int, yes: int, no: int = 0,
        more: tuple[int, ...] = (), close: bool = True, objected: bool = False,
    ) -> Any:  # fmt: skip
        """Let the owners vote, from so many days ago to so many days ago. close: two people have closed it since.

        objected: somebody was against the roll, and has an answer.
        """
        told = {each.number: each.text for each in article().items}
        questions = tuple(NewQuestion(each, f"{title}（{told[each]}）") for each in (item, *more))
        new = NewDecision(title, _BODY, "committee", self._ago(begun), self._ago(ended), questions)
        notice, during = self._ago(begun + 20), self._ago(begun - 0.2)
        row = actions.draft_decision(actor=self._one, estate_id=estate.pk, new=new, now=notice)
        said: dict[str, Any] = {"decision_id": row.pk}
        actions.announce_decision(actor=self._one, now=notice, **said)
        made = actions.issue_voting_codes(actor=self._one, now=notice + timedelta(hours=3), **said)
        if objected:
            about = {"entry_id": made[0][0].pk, "text": "我家是 90.10 平方米，名册写少了", **said}
            raised = actions.raise_objection(actor=_VOTER, now=notice + timedelta(days=1), **about)
            answer = "已查不动产登记簿，专有部分面积为 90.00 平方米，名册没有错。登记有变更的，请带新证来更正。"
            actions.settle_objection(
                actor=self._one, objection_id=raised.pk, upheld=False, answer=answer, now=notice + timedelta(days=2)
            )
        actions.open_decision(actor=self._two, now=self._ago(begun) + timedelta(minutes=1), **said)
        actions.note_delivered(actor=self._two, now=self._ago(begun) + timedelta(hours=2), **said)
        ids = list(row.questions.values_list("pk", flat=True))
        for number, (entry, code) in enumerate(made[: yes + no]):
            choice = "yes" if number < yes else "no"
            choices = dict.fromkeys(ids, choice)
            actions.give_ballot(actor=_VOTER, proof=hash_code(code), choices=choices, now=during)
            if number == 2 and no:
                self._contradict(entry.pk, dict.fromkeys(ids, "no"), during + timedelta(hours=1))
        if close:
            actions.stop_voting(actor=self._one, now=self._ago(ended - 0.1), **said)
            actions.close_decision(actor=self._two, now=self._ago(ended - 0.2), **said)
        return row

    def _contradict(self, entry_id: int, choices: dict[int, str], at: datetime) -> None:
        for actor in (self._one, self._two):
            actions.read_paper(actor=actor, entry_id=entry_id, choices=choices, handed_in_at=at, now=at)

    def govern(self, estate: Any) -> None:
        """Let the owners have a committee, and meet community and property company."""
        day = self._ago(400).date()
        committee = actions.form_committee(
            actor=self._one, estate_id=estate.pk, name="第一届业主委员会", from_date=day,
            until=day + timedelta(days=3 * 365), now=self._ago(100),
        )  # fmt: skip
        for seat in ("chair", "deputy", "member", "member", "member"):
            actions.seat_member(
                actor=self._one, committee_id=committee.pk, name=names.person_name(self._rng), seat=seat,
                from_date=day, now=self._ago(100),
            )  # fmt: skip
        meeting = actions.call_meeting(
            actor=self._one, estate_id=estate.pk, now=self._ago(25),
            new=NewMeeting(
                "电动自行车充电", self._ago(20), "选址、费用和消防要求", "社区会议室", ("派出所", "供电公司")
            ),
        )  # fmt: skip
        actions.minute_meeting(
            actor=self._one, meeting_id=meeting.pk, minutes="三方同意先建一处，半年后再议。", now=self._ago(19),
            resolutions=[
                NewResolution("在东侧空地建充电棚", "property", self._ago(-20).date()),
                NewResolution("入户宣传不在楼道充电", "community", self._ago(5).date()),
            ],
        )  # fmt: skip
        done = meeting.resolutions.order_by("-pk")[0]
        actions.finish_resolution(actor=self._one, resolution_id=done.pk, words="已走访全部楼栋", now=self._ago(8))


_VOTER = Actor("业主")


def _known(cast: Cast, username: str, otherwise: int) -> dict[str, Any]:
    """Return id and name of an account of the demo; where a small city lacks it, an id that is another's than that."""
    try:
        actor = cast.actor(username)
    except NotFound:
        return {"id": otherwise or None, "name": username}
    return {"id": actor.id, "name": actor.name}
