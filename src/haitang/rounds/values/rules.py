"""How the votes of a round go: the kind of ballot, the rule and its limits, fixed with the round and published."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.errors import Invalid
from haitang.core.money import format_yuan, parse_yuan
from haitang.voting.values import METHODS

ROUND_METHODS = tuple(METHODS)
"""The words of the rules, the plainest first."""


@dataclass(frozen=True, slots=True)
class CapDraft:
    """At most so many projects, or so much money, of one category or district; None for no bound.

    kind: "category" or "district". value: the category, or the name of the area below the pot's.
    """

    kind: str
    value: str
    count: int | None = None
    cost_fen: int | None = None


class Decides(TextChoices):
    """Who chooses among what the council has passed: residents by a vote, or the council by its own numbers."""

    RESIDENTS = "residents", gettext_lazy("居民投票选定")
    COUNCIL = "council", gettext_lazy("议事会票决")


@dataclass(frozen=True)
class BallotRule:
    """Everything about the votes of a round that is published before they open, but for the options.

    most: as in a voting plan. least_votes: a project needs so many ballots. turnout_percent: so many of those entitled
    must take part. seed: of the lot; drawn when the ballot is prepared where it is "". decides: where it is the
    council, its numbers take the place of ballots, and kind, basis, both, least, most and turnout say nothing.
    """

    kind: str = "approval"
    basis: str = "person"
    both: str = "paper"
    least: int = 0
    most: int = 3
    method: str = ROUND_METHODS[0]
    ties: tuple[str, ...] = ("votes", "lot")
    seed: str = ""
    least_votes: int = 1
    turnout_percent: int = 0
    takes_strangers: bool = True
    caps: tuple[CapDraft, ...] = ()
    decides: str = Decides.RESIDENTS.value

    def as_data(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {**asdict(self), "ties": list(self.ties), "caps": [asdict(each) for each in self.caps]}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return what was stored."""
        return cls(**{**data, "ties": tuple(data["ties"]), "caps": tuple(CapDraft(**each) for each in data["caps"])})


_KINDS = {"类别": "category", "片区": "district"}


def read_caps(lines: Iterable[str]) -> tuple[CapDraft, ...]:
    """Return limits written 类别 | 绿化 | 2 个 or 片区 | 东区 | 50000 元, one a line. Raises Invalid."""
    found = []
    for line in (each.strip().replace("｜", "|") for each in lines):
        if not line:
            continue
        parts = [part.strip() for part in line.split("|")]
        fault = _("“%(line)s”应写成：类别 | 名称 | 2 个，或：片区 | 名称 | 50000 元") % {"line": line}
        if len(parts) != 3 or parts[0] not in _KINDS or not parts[1]:
            raise Invalid(fault, {"caps": fault})
        number = parts[2].removesuffix("个").strip()
        if parts[2].endswith("个") and number.isascii() and number.isdigit():
            found.append(CapDraft(_KINDS[parts[0]], parts[1], count=int(number)))
            continue
        try:
            found.append(CapDraft(_KINDS[parts[0]], parts[1], cost_fen=parse_yuan(parts[2].removesuffix("元").strip())))
        except Invalid as refusal:
            raise Invalid(fault, {"caps": fault}) from refusal
    return tuple(found)


def write_caps(caps: Iterable[CapDraft]) -> list[str]:
    """Return limits as `read_caps` reads them."""
    named = {value: key for key, value in _KINDS.items()}
    return [
        f"{named[each.kind]} | {each.value} | "
        + (f"{each.count} 个" if each.count is not None else f"{format_yuan(each.cost_fen or 0)} 元")
        for each in caps
    ]
