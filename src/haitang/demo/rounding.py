"""Three rounds of micro-projects: one carried out, one being voted on, one collecting; every deed through the actions.

The district on which the demo is built had 75 projects of eleven communities chosen by their residents for 2.5 million
yuan (和谐微实事); 42,000 residents took part there, of whom the demo city's rolls hold a few dozen for each community.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from haitang.core.access import VISITOR
from haitang.core.clock import LOCAL, local_date
from haitang.demo import names
from haitang.demo.city import City, Place
from haitang.demo.founding import organization_id
from haitang.demo.playing import Cast, installer
from haitang.demo.units import code_of
from haitang.projects import actions as projects
from haitang.projects.values import Permission as ProjectPermission
from haitang.rounds import actions, queries
from haitang.rounds.values import (
    Appraisal,
    BallotRule,
    CapDraft,
    Channel,
    NewProposal,
    Permission,
    PotDraft,
    RoundDraft,
    SeatDraft,
    Task,
    default_phases,
)
from haitang.territory.queries import territory
from haitang.voting import actions as voting
from haitang.voting.values import Permission as VotePermission
from haitang.voting.values import Voter

_COMMUNITIES, _OFFERED, _SIX = 11, 9, 2
"""Of eleven communities, nine have money for seven of their nine projects and two for six: 75 together."""
_POT_FEN, _LAST_POT_FEN = 227_000_00, 230_000_00
_SEVEN_FEN, _SIX_FEN = (31_500_00, 32_400_00), (34_000_00, 37_500_00)
_ROLL, _BALLOTS = 16, 10
_PHONES_FROM = 9_800_000
_ENDED_DAYS, _VOTING_DAYS, _COLLECTING_DAYS = 195, 47, 9
_ACCEPTED, _DELIVERED = 62, 70
_IDEAS = (
    ("楼道加装扶手", "为老", "老人上下楼没有扶手，雨天路滑更不方便。"),
    ("背街小巷补路灯", "安全", "晚上黑，有人摔过跤，补几盏节能路灯。"),
    ("电动车充电桩", "安全", "飞线充电多，在车棚装智能充电桩。"),
    ("口袋公园添座椅", "环境", "老人孩子多，缺少坐的地方。"),
    ("停车位重新划线", "交通", "线看不清，经常堵住消防通道。"),
    ("儿童活动角", "为小", "放学后孩子没处去，把闲置房间布置起来。"),
    ("晾衣架更新", "便民", "原来的锈了，换成不锈钢的。"),
    ("垃圾投放点遮雨棚", "环境", "下雨天满地污水，加棚加洗手池。"),
    ("邻里书屋", "文化", "居民捐书，请志愿者值班。"),
)  # fmt: skip


def is_done(*, now: datetime) -> bool:
    """Tell whether there is any round."""
    return bool(queries.list_rounds(viewer=installer(Permission.VIEW), today=local_date(now)))


def hold(cast: Cast, city: City, *, now: datetime, say: Callable[[str], None]) -> None:
    """Hold the rounds. now: the present of the build. say: told the keys of the vote that is open."""
    places = city.communities[:_COMMUNITIES]
    play = _Play(cast, places, now)
    play.finished()
    keys = play.voting()
    play.collecting()
    say(f"  微实事投票的两把钥匙（演示用）：{' '.join(keys)}")


@dataclass(frozen=True)
class _Times:
    """The instants of a round that began on a day, ten o'clock of the last day on which a task is permitted."""

    round: Any

    def last(self, task: Task) -> datetime:
        """Return the last of the task."""
        days = [each.ends_on for each in queries.phases_of(self.round.pk) if task in each.tasks]
        return datetime.combine(max(days), time(10), LOCAL)

    def first(self) -> datetime:
        """Return the first day of all."""
        return datetime.combine(queries.phases_of(self.round.pk)[0].begins_on, time(10), LOCAL)


class _Play:
    """The office, the second administrator, the communities, and how rounds go there."""

    def __init__(self, cast: Cast, places: Sequence[Place], now: datetime) -> None:
        clerk = installer(*Permission, *VotePermission, *ProjectPermission)
        secretary, supervisor = cast.secretary(places[0].code), cast.actor("supervisor")
        self._office = replace(secretary, grants=secretary.grants | clerk.grants)
        self._second = replace(supervisor, grants=supervisor.grants | clerk.grants)
        self._resident = cast.actor("resident")
        self._places, self._now, self._rng = places, now, Random(75)

    def _open(self, title: str, days: int, places: Sequence[Place], ballot: BallotRule) -> tuple[Any, _Times]:
        begins = local_date(self._now - timedelta(days=days))
        at = datetime.combine(begins, time(9), LOCAL)
        areas = [territory().by_code(place.code) for place in places]
        fen = (
            [_POT_FEN] * len(areas) if len(areas) < _COMMUNITIES else [_POT_FEN] * (_COMMUNITIES - 1) + [_LAST_POT_FEN]
        )
        pots = tuple(PotDraft(area.id, money) for area, money in zip(areas, fen, strict=True) if area is not None)
        root = territory().children(None)[0]
        where = root.id if len(places) > 1 else pots[0].area_id
        draft = RoundDraft(
            title, where, pots, default_phases(begins), ballot, "小区里的小事急事，居民提、居民议、居民选。"
        )
        row = actions.keep_round(actor=self._office, draft=draft, now=at)
        actions.publish_round(actor=self._office, round_id=row.pk, now=at)
        return row, _Times(row)

    def _enter(self, pot: Any, count: int, fen: tuple[int, int], at: datetime) -> list[Any]:
        grids = territory().children(pot.area_id) or (territory().area(pot.area_id),)
        news = [
            NewProposal(
                pot_id=pot.pk, title=title, words=words, category=category, area_id=grids[number % len(grids)].id,
                cost_fen=self._rng.randrange(fen[0], fen[1] + 1, 100_00), name=f"居民{number + 1}",
                phone=names.mobile_number(_PHONES_FROM + number), place=f"{number + 1} 幢旁",
            )
            for number, (title, category, words) in enumerate(islice(cycle(_IDEAS), count))
        ]  # fmt: skip
        channel = self._rng.choice((Channel.PAPER, Channel.PHONE))
        return actions.enter_proposals(actor=self._office, news=news, channel=channel, now=at)

    def _check(self, rows: Sequence[tuple[Place, Sequence[Any]]], at: datetime) -> None:
        """Admit the proposals of each place; its own office carries them out."""
        told = {
            row.pk: Appraisal(
                "feasible", row.cost_fen, organization_id(code_of("community", place)), "现场看过，可以实施。"
            )
            for place, each in rows
            for row in each
        }
        actions.admit_proposals(actor=self._office, proposal_ids=list(told), codes=["正1"], now=at)
        actions.appraise_proposals(actor=self._office, given=told, now=at)

    def _judge(self, pot: Any, at: datetime) -> None:
        members = [SeatDraft(f"议事会成员{number}") for number in range(1, 10)]
        sitting = actions.open_sitting(
            actor=self._office, pot_id=pot.pk, members=members, held_on=local_date(at), place="社区会议室", now=at
        )  # fmt: skip
        seats = list(sitting.seats.order_by("position"))
        present = [seat.pk for seat in seats[:8]]
        actions.mark_present(actor=self._office, sitting_id=sitting.pk, seat_ids=present, now=at)
        agenda = list(sitting.agenda.values_list("proposal_id", flat=True))
        hands = {seat_id: dict.fromkeys(agenda, "yes") for seat_id in present[:6]}
        actions.note_hands(actor=self._office, sitting_id=sitting.pk, given=hands, now=at)
        actions.close_sitting(actor=self._office, sitting_id=sitting.pk, minutes="逐项讨论，同意进入公示。", now=at)

    def _vote(self, pot: Any, ballots: int, at: datetime) -> tuple[int, list[str]]:
        vote = actions.prepare_ballot(actor=self._office, pot_id=pot.pk, now=at).vote
        if vote is None:
            raise LookupError("a prepared ballot belongs to a vote")
        roll = [
            Voter(f"住户{n + 1}", names.mobile_number(_PHONES_FROM + 100 + n), f"{n // 24 + 1}幢{n % 24 + 101}室")
            for n in range(_ROLL)
        ]
        voting.list_voters(actor=self._office, vote_id=vote.pk, voters=roll, now=at)
        keys = [
            voting.propose_opening(actor=self._office, vote_id=vote.pk, now=at),
            voting.confirm_opening(actor=self._second, vote_id=vote.pk, now=at),
        ]
        sheets = voting.print_codes(actor=self._office, vote_id=vote.pk, now=at)
        ids = [each["id"] for each in vote.options]
        cast_at = vote.opens_at + timedelta(hours=10)
        for sheet in self._rng.sample(sheets, ballots):
            marks = dict.fromkeys(self._rng.sample(ids, min(pot.round.rule.most, len(ids))), 1)
            voting.cast_ballot(actor=VISITOR, vote_id=vote.pk, code=sheet.code, marks=marks, now=cast_at)
        return vote.pk, keys

    def _count(self, pot: Any, vote_id: int, keys: Sequence[str], times: _Times) -> None:
        at = times.last(Task.VOTE) + timedelta(days=1)
        voting.propose_closing(actor=self._office, vote_id=vote_id, now=at)
        voting.confirm_closing(actor=self._second, vote_id=vote_id, now=at)
        voting.count_vote(actor=self._office, vote_id=vote_id, codes=keys, now=at)
        actions.publish_outcome(actor=self._office, pot_id=pot.pk, now=at)

    def finished(self) -> None:
        """Hold the round of the eleven communities to its end: 75 projects, most of them accepted."""
        rule = BallotRule(most=4, seed="和谐微实事", takes_strangers=False)
        row, times = self._open("和谐微实事（上一轮）", _ENDED_DAYS, self._places, rule)
        pots = [line.pot for line in queries.pots_of(row.pk)]
        entered = [
            self._enter(pot, _OFFERED, _SIX_FEN if number < _SIX else _SEVEN_FEN, times.first())
            for number, pot in enumerate(pots)
        ]
        self._check(list(zip(self._places, entered, strict=True)), times.first())
        for pot in pots:
            self._judge(pot, times.last(Task.REVIEW))
            vote_id, keys = self._vote(pot, _BALLOTS, times.last(Task.REMARK))
            self._count(pot, vote_id, keys, times)
        begun_at = times.last(Task.VOTE) + timedelta(days=6)
        started = actions.start_chosen(actor=self._office, round_id=row.pk, now=begun_at)
        self._carry_out([each.project_id for each in started if each.project_id], times)

    def _carry_out(self, ids: Sequence[int], times: _Times) -> None:
        """Begin the projects, deliver most, accept most of these; all of them are public."""
        done, seen = times.last(Task.PUBLISH), times.last(Task.ACCEPT)
        begun = done - timedelta(days=60)
        projects.launch_projects(actor=self._office, project_ids=ids, now=begun)
        told = dict.fromkeys(ids[:_DELIVERED], "按核定的内容完成。")
        projects.tell_progresses(actor=self._office, told=told, now=done)
        projects.deliver_projects(actor=self._office, project_ids=list(told), words="已完工，请验收。", now=done)
        projects.accept_projects(
            actor=self._second, project_ids=ids[:_ACCEPTED], passed=True, words="现场查看，符合要求。", now=seen
        )  # fmt: skip

    def voting(self) -> list[str]:
        """Bring a round of one community to its vote, which is open. Return the keys."""
        rule = BallotRule(most=3, least_votes=5, caps=(CapDraft("category", "环境", count=1),))
        row, times = self._open("和谐微实事（投票中）", _VOTING_DAYS, self._places[:1], rule)
        pot = queries.pots_of(row.pk)[0].pot
        self._check([(self._places[0], self._enter(pot, 8, _SEVEN_FEN, times.first()))], times.first())
        self._judge(pot, times.last(Task.REVIEW))
        return self._vote(pot, _BALLOTS // 2, times.last(Task.REMARK))[1]

    def collecting(self) -> None:
        """Begin a round that collects: some wait, some are admitted, one was refused, two are to be merged."""
        row, times = self._open("和谐微实事（征集中）", _COLLECTING_DAYS, self._places[:2], BallotRule())
        pot = queries.pots_of(row.pk)[0].pot
        rows = self._enter(pot, 7, _SEVEN_FEN, times.first())
        self._check([(self._places[0], rows[:3])], times.first() + timedelta(days=1))
        later = times.first() + timedelta(days=2)
        actions.turn_down_proposal(
            actor=self._office, proposal_id=rows[6].pk, codes=["负4"], now=later,
            reason="物业服务合同里已有这一项，已转物业办理。",
        )  # fmt: skip
        mine = NewProposal(
            pot_id=pot.pk, title="楼道里装上扶手", category="为老",
            words="我们单元老人多，上下楼没有扶手，雨天路滑不方便。",
            area_id=pot.area_id, cost_fen=30_000_00, name="林阿姨", phone=names.mobile_number(_PHONES_FROM + 99),
            place="3 幢 2 单元",
        )  # fmt: skip
        own = actions.hand_in_proposal(actor=self._resident, new=mine, now=later)
        actions.begin_merger(
            actor=self._office, target_id=rows[0].pk, proposal_ids=[own.pk], now=later,
            reason="两件提案说的是同一件事。",
        )  # fmt: skip
