"""What came of a vote: for every project why, what it lacked and what would have been enough; whom the outcome serves.

The exact numbers were worked out by `haitang.tallying` when the outcome was published and stand with pot and proposal;
here they become sentences.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.money import format_yuan
from haitang.rounds.lifecycle import Status
from haitang.rounds.models import Pot, Proposal
from haitang.tallying import Fate, Reason, Why
from haitang.tallying.explaining import Explanation
from haitang.tallying.wording import tell_all
from haitang.voting.values import Via

COUNTED = (Status.CHOSEN, Status.NOT_CHOSEN)
SMALL = 5
"""Of groups with fewer voters than this no figure is shown."""
_FRACTION = re.compile(r"-?\d+/\d+")


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """A proposal of a counted pot. place: in the order of choice, 0 for none. width: total in percent of the most."""

    proposal: Proposal
    place: int
    votes: int
    total: int
    width: int
    why: str


@dataclass(frozen=True, slots=True)
class FairnessLine:
    """Voters of one group, and how many of them have something won. share: in percent; None where they are too few."""

    name: str
    voters: int
    served: int
    share: int | None


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """A district: its part of votes and money, in percent; served: of those who support something there."""

    votes: int
    money: int
    chosen: int
    served: FairnessLine


@dataclass(frozen=True)
class Fairness:
    """Whom an outcome serves. claims: projects that a group could have claimed, in sentences."""

    whole: FairnessLine
    groups: list[FairnessLine]
    mean_fen: int
    districts: list[DistrictLine]
    claims: list[str]


def _explanation(proposal: Proposal) -> Explanation:
    told = proposal.result
    reason = Reason(Why(told["why"]), {key: _number(value) for key, value in told["numbers"].items()})
    fate = Fate(proposal.option, told["place"] or None, reason)
    return Explanation(fate, told["points"], told["cost"], told["voters"])


def _number(value: Any) -> int | str | Fraction:
    if isinstance(value, str) and _FRACTION.fullmatch(value):
        return Fraction(value)
    return value if isinstance(value, int | str) else str(value)


def explain_proposal(proposal: Proposal, names: dict[str, str] | None = None) -> str:
    """Return why a proposal was chosen or not, and what would have been enough. names: of others, by option."""
    if proposal.status not in COUNTED or not proposal.result:
        return ""
    if names is None:
        names = _names(proposal.pot_id)
    return tell_all(_explanation(proposal), _yuan, names=names, translate=_)


def _names(pot_id: int) -> dict[str, str]:
    return dict(Proposal.objects.filter(pot_id=pot_id).exclude(option="").values_list("option", "title"))


def _yuan(amount: Fraction) -> str:
    return _("%(amount)s 元") % {"amount": format_yuan(int(amount)).removesuffix(".00")}


def list_outcome(pot: Pot) -> list[OutcomeLine]:
    """Return the proposals of a counted pot: those chosen in the order of choice, then the others by what they got."""
    rows = list(pot.proposals.filter(status__in=COUNTED).select_related("area", "project"))
    names = {row.option: row.title for row in rows}
    most = max((row.result["total"] for row in rows), default=0) or 1
    lines = [
        OutcomeLine(
            row, row.result["place"], row.result["votes"], row.result["total"], row.result["total"] * 100 // most,
            explain_proposal(row, names),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (not line.place, line.place or -line.total, line.proposal.number))


def describe_fairness(pot: Pot) -> Fairness | None:
    """Return whom the outcome of a pot serves; None before it is published, and of a council."""
    told = pot.outcome
    if "served" not in told:
        return None
    groups = [_line(name, *told["by_via"][name]) for name in sorted(told["by_via"]) if name != Via.MIXED]
    names = _names(pot.pk)
    claims = [
        _(
            "“%(title)s”：至少 %(n)d 位支持者合起来应得 %(entitled)s，而他们中得到最多的人只得到 %(won)s；"
            "再加上这个项目也没有超出应得的份额，但它没有入选。"
        )
        % {
            "title": names.get(each["option"], each["option"]), "n": each["voters"],
            "entitled": _yuan(Fraction(each["entitled"])), "won": _yuan(Fraction(each["won"])),
        }
        for each in told["claims"]
    ]  # fmt: skip
    return Fairness(
        _line("", *told["served"]), groups, told["mean_fen"],
        [
            DistrictLine(
                each["votes_percent"], each["money_percent"], each["chosen"], _line(each["name"], *each["served"])
            )
            for each in told["districts"]
        ],
        claims,
    )  # fmt: skip


def _line(name: str, voters: int, served: int) -> FairnessLine:
    return FairnessLine(name, voters, served, None if voters < SMALL else served * 100 // voters)
