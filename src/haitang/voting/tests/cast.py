"""What the tests of votes share: a vote prepared, its roll, opened and closed by two people, its keys."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from haitang.core.access import VISITOR, Actor
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import Town
from haitang.voting import actions
from haitang.voting.models import Entry, Vote
from haitang.voting.values import OptionDraft, Permission, Receipt, Sheet, VotePlan, Voter

ALL = tuple(Permission)
FIRST = actor_with(*ALL, account_id=900_041, name="第一管理员")
SECOND = actor_with(*ALL, account_id=900_042, name="第二管理员")
THIRD = actor_with(*ALL, account_id=900_043, name="第三人")
END = NOW + timedelta(days=7)
LATER = END + timedelta(hours=1)
OPTIONS = (
    OptionDraft("加装扶手", cost_fen=30_000_00, category="为老", area_name="一区"),
    OptionDraft("口袋公园", cost_fen=60_000_00, category="绿化", area_name="二区"),
    OptionDraft("停车划线", cost_fen=20_000_00, category="交通", area_name="一区"),
)


def plan(town: Town, **more: Any) -> VotePlan:
    """Return the plan of a vote on three projects with a budget for two of them."""
    told: dict[str, Any] = {
        "title": "微实事项目投票", "area_id": town.areas["spring"], "kind": "approval", "options": OPTIONS, "most": 2,
        "budget_fen": 80_000_00, "opens_at": NOW - timedelta(hours=1), "closes_at": END, "seed": "测试种子",
    }  # fmt: skip
    return VotePlan(**{**told, **more})


@dataclass
class Play:
    """A vote with the codes that were printed, and the keys of both holders."""

    vote_id: int
    sheets: list[Sheet] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def vote(self) -> Vote:
        """Return the vote as it stands."""
        return Vote.objects.get(pk=self.vote_id)

    def entry(self, at: int) -> Entry:
        """Return the entry that has the sheet at this position."""
        return Entry.objects.get(vote_id=self.vote_id, number=self.sheets[at].number)

    def cast(self, at: int, marks: dict[str, int], actor: Actor = VISITOR, **more: Any) -> Receipt:
        """Vote with the code of a sheet."""
        told = {"code": self.sheets[at].code, "now": NOW, **more}
        return actions.cast_ballot(actor=actor, vote_id=self.vote_id, marks=marks, **told)

    def close(self) -> None:
        """Close by two people after the end."""
        actions.propose_closing(actor=FIRST, vote_id=self.vote_id, now=LATER)
        actions.confirm_closing(actor=SECOND, vote_id=self.vote_id, now=LATER)

    def count(self) -> Vote:
        """Open the box."""
        return actions.count_vote(actor=FIRST, vote_id=self.vote_id, codes=self.keys, now=LATER)


def listed(town: Town, voters: int = 4, **more: Any) -> Play:
    """Prepare a vote with a roll of so many people, two to a home, and print the codes."""
    row = actions.keep_vote(actor=FIRST, plan=plan(town, **more), now=NOW)
    people = [Voter(f"居民{n}", f"1390002{n:04d}", f"春和路 1 号 {n // 2 + 1} 室") for n in range(voters)]
    if people:
        actions.list_voters(actor=FIRST, vote_id=row.pk, voters=people, now=NOW)
    return Play(row.pk, actions.print_codes(actor=FIRST, vote_id=row.pk, now=NOW))


def opened(town: Town, voters: int = 4, **more: Any) -> Play:
    """Prepare a vote and open it by two people."""
    play = listed(town, voters, **more)
    play.keys = [
        actions.propose_opening(actor=FIRST, vote_id=play.vote_id, now=NOW),
        actions.confirm_opening(actor=SECOND, vote_id=play.vote_id, now=NOW),
    ]
    return play
