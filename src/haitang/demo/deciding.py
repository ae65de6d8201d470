"""Two votes of the home community: one counted and published, one open; every ballot cast through the action.

The district on which the demo is built had 75 projects of eleven communities chosen by their residents for 2.5 million
yuan: about 230,000 a community.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from haitang.core.access import VISITOR
from haitang.demo import names
from haitang.demo.playing import Cast, installer
from haitang.territory.queries import territory
from haitang.voting import actions, queries
from haitang.voting.values import OptionDraft, Permission, VotePlan, Voter

_VOTERS, _COUNTED, _CAST = 80, 52, 24
_PHONES_FROM = 9_700_000
_PROJECTS = (
    OptionDraft("楼道加装扶手", "三个老旧小区 24 个单元", 42_000_00, "为老", "东片"),
    OptionDraft("口袋公园", "菜场北侧空地，设座椅和绿化", 118_000_00, "环境", "南片"),
    OptionDraft("非机动车棚和充电桩", "两处，共 80 个车位", 96_000_00, "安全", "东片"),
    OptionDraft("停车位重新划线", "小区内部道路，增加 35 个车位", 28_000_00, "交通", "西片"),
    OptionDraft("儿童活动角", "社区服务中心一楼，含图书", 36_000_00, "为小", "南片"),
    OptionDraft("路灯更换", "背街小巷 46 盏", 55_000_00, "安全", "西片"),
)
_NAMES = (
    OptionDraft("春晖广场"), OptionDraft("百姓舞台"), OptionDraft("和乐广场"), OptionDraft("海棠小广场"),
)  # fmt: skip


def is_done() -> bool:
    """Tell whether anything has been voted on."""
    return bool(queries.list_votes(viewer=installer(Permission.VIEW)))


def decide(cast: Cast, community: str, *, now: datetime, say: Callable[[str], None]) -> None:
    """Let the community vote twice. now: the present of the plan. say: told the keys of the open vote."""
    area, rng = territory().by_code(community), Random(20)
    if area is None:
        return
    play = _Play(cast, community, rng)
    ended = now - timedelta(days=9)
    first = VotePlan(
        title="今年的微实事项目", area_id=area.id, kind="approval", options=_PROJECTS, most=3, budget_fen=230_000_00,
        words="居民提的项目经过初审、议事会评议和公示，最后由大家投票。每人最多选三项。", least_votes=10,
        opens_at=ended - timedelta(days=10), closes_at=ended,
    )  # fmt: skip
    vote_id, keys = play.vote(first, _COUNTED, ended - timedelta(days=10))
    after = ended + timedelta(hours=2)
    actions.propose_closing(actor=play.one, vote_id=vote_id, now=after)
    actions.confirm_closing(actor=play.two, vote_id=vote_id, now=after)
    actions.count_vote(actor=play.one, vote_id=vote_id, codes=keys, now=after)
    begun = now - timedelta(days=3)
    second = VotePlan(
        title="小广场叫什么名字", area_id=area.id, kind="ranked", options=_NAMES, most=3, basis="household",
        words="每户一票，按喜欢的先后排三个名字。", opens_at=begun, closes_at=now + timedelta(days=30),
    )  # fmt: skip
    _vote_id, keys = play.vote(second, _CAST, begun)
    say(f"  投票“{second.title}”的两把钥匙（演示用）：{' '.join(keys)}")


class _Play:
    """The two administrators, and how a vote of the community goes."""

    def __init__(self, cast: Cast, community: str, rng: Random) -> None:
        clerk = installer(*Permission)
        secretary, supervisor = cast.secretary(community), cast.actor("supervisor")
        self.one = replace(secretary, grants=secretary.grants | clerk.grants)
        self.two = replace(supervisor, grants=supervisor.grants | clerk.grants)
        self._rng = rng

    def vote(self, plan: VotePlan, ballots: int, at: datetime) -> tuple[int, list[str]]:
        """Prepare and open a vote, and let so many of its roll vote. Return its id and both keys."""
        vote_id = actions.keep_vote(actor=self.one, plan=plan, now=at).pk
        roll = [
            Voter(f"住户{n + 1}", names.mobile_number(_PHONES_FROM + n), f"{n // 24 + 1}幢{n % 24 + 101}室")
            for n in range(_VOTERS)
        ]
        actions.list_voters(actor=self.one, vote_id=vote_id, voters=roll, now=at)
        keys = [
            actions.propose_opening(actor=self.one, vote_id=vote_id, now=at),
            actions.confirm_opening(actor=self.two, vote_id=vote_id, now=at),
        ]
        sheets = actions.print_codes(actor=self.one, vote_id=vote_id, now=at)
        ids = [str(n) for n in range(1, len(plan.options) + 1)]
        for sheet in self._rng.sample(sheets, ballots):
            liked = self._rng.sample(ids, self._rng.randint(1, plan.most))
            marks = {each: 1 if plan.kind == "approval" else place for place, each in enumerate(liked, start=1)}
            actions.cast_ballot(actor=VISITOR, vote_id=vote_id, code=sheet.code, marks=marks, now=at)
        return vote_id, keys
