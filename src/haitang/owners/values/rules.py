"""The arithmetic of article 278 of the Civil Code: who counts as how many, what is enough, and what is lacking.

Whole numbers only: areas in 0.01 m², heads one by one, and a share compared by multiplying out, so that exactly two
thirds is exactly two thirds. No models and no database: the same figures give the same verdict for ever.

Source: 《民法典》第二百七十八条; heads and areas by the Supreme Court's interpretation (法释〔2009〕7号, amended
2020), articles 8 and 9.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.shipped import read_shipped


class Level(TextChoices):
    """How many of those who take part must agree."""

    ORDINARY = "ordinary", _("过半数同意")
    MAJOR = "major", _("四分之三以上同意")


class Choice(TextChoices):
    """What an owner can say to a question. Abstaining is taking part."""

    YES = "yes", _("同意")
    NO = "no", _("反对")
    ABSTAIN = "abstain", _("弃权")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of a whole that must be reached or, where above is true, exceeded."""

    part: int
    of: int
    above: bool

    def holds(self, some: int, whole: int) -> bool:
        """Tell whether that is enough of the whole; of nothing, nothing is."""
        if whole <= 0:
            return False
        return some * self.of > whole * self.part if self.above else some * self.of >= whole * self.part

    def least(self, whole: int) -> int:
        """Return the least whole number that is enough of a whole; at least 1."""
        if self.above:
            return whole * self.part // self.of + 1
        return max(-(-whole * self.part // self.of), 1)


@dataclass(frozen=True, slots=True)
class Item:
    """One of the matters that the owners decide jointly. number: 1 to 9, as the article counts them."""

    number: int
    text: str
    level: Level


@dataclass(frozen=True, slots=True)
class Article:
    """The article as it is shipped."""

    source: str
    heads_source: str
    participation: Threshold
    agreement: dict[Level, Threshold]
    items: tuple[Item, ...]


@cache
def article() -> Article:
    """Return article 278: its matters, and what each needs."""
    data = read_shipped("owners", "article278.toml")
    return Article(
        data["source"], data["heads_source"], Threshold(**data["participation"]),
        {level: Threshold(**data[level.value]) for level in Level},
        tuple(Item(each["number"], each["text"], Level(each["level"])) for each in data["item"]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sum:
    """So much area, in 0.01 m², and so many heads."""

    size: int = 0
    heads: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.size + other.size, self.heads + other.heads)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was voted on one question. total: of the whole roll."""

    total: Sum
    yes: Sum
    no: Sum
    abstain: Sum

    @property
    def took_part(self) -> Sum:
        """All who have said anything, abstaining included."""
        return self.yes + self.no + self.abstain


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. agreement: of those who took part; else participation, of all. by_size: of area, else heads."""

    agreement: bool
    by_size: bool
    some: int
    whole: int
    threshold: Threshold

    @property
    def holds(self) -> bool:
        """Whether it is enough."""
        return self.threshold.holds(self.some, self.whole)

    @property
    def lacking(self) -> int:
        """How much more it takes of the same whole, 0 where it is enough."""
        return 0 if self.holds else max(self.threshold.least(self.whole) - self.some, 0)

    @property
    def formula(self) -> str:
        """The comparison in whole numbers, for anybody to work out again: "3 × 66 ≥ 2 × 100"."""
        holds, threshold = self.holds, self.threshold
        sign = (">" if holds else "≤") if threshold.above else ("≥" if holds else "<")  # fmt: skip
        return f"{threshold.of} × {self.some} {sign} {threshold.part} × {self.whole}"

    @property
    def title(self) -> str:
        """What is compared, in words."""
        words = {
            (False, True): gettext("参与表决的专有部分面积"), (False, False): gettext("参与表决的业主人数"),
            (True, True): gettext("同意的专有部分面积"), (True, False): gettext("同意的业主人数"),
        }  # fmt: skip
        return words[self.agreement, self.by_size]

    @property
    def demand(self) -> str:
        """What is asked for, in words."""
        share = {"part": self.threshold.part, "of": self.threshold.of}
        if self.agreement:
            if self.threshold.above:
                return gettext("超过参与表决的 %(part)d/%(of)d") % share
            return gettext("不少于参与表决的 %(part)d/%(of)d") % share
        return gettext("不少于全体的 %(part)d/%(of)d") % share


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a question passes, by four comparisons that all must hold."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all of them hold."""
        return all(check.holds for check in self.checks)


def judge(figures: Figures, level: Level) -> Verdict:
    """Return the verdict on a question: participation by area and heads, then agreement among those taking part."""
    rules, part = article(), figures.took_part
    enough, agreed = rules.participation, rules.agreement[level]
    return Verdict((
        Check(False, True, part.size, figures.total.size, enough),
        Check(False, False, part.heads, figures.total.heads, enough),
        Check(True, True, figures.yes.size, part.size, agreed),
        Check(True, False, figures.yes.heads, part.heads, agreed),
    ))  # fmt: skip


def follow(figures: Figures, silent: Sum) -> Figures:
    """Return the figures as if the silent had voted as most did; as they are where no answer leads on both axes.

    Contested in law, hence off unless the owners' own rules say so, and never shown alone. silent: those whom the
    ballot has reached and who have not voted.
    """
    answers = {"yes": figures.yes, "no": figures.no, "abstain": figures.abstain}
    for name, most in answers.items():
        if all(most.size > other.size and most.heads > other.heads for key, other in answers.items() if key != name):
            return Figures(figures.total, **{**answers, name: most + silent})
    return figures


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that counts. size: 0.01 m². owner_ids: who own it jointly. by_builder: not sold, or not handed over."""

    unit_id: int
    size: int
    owner_ids: frozenset[int] = frozenset()
    by_builder: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One head with all that it holds. is_builder: the builder, with what is not sold or not handed over."""

    owner_ids: frozenset[int]
    units: tuple[Held, ...]
    is_builder: bool

    @property
    def size(self) -> int:
        """The area of all its units, in 0.01 m²."""
        return sum(unit.size for unit in self.units)


def heads_of(units: Iterable[Held]) -> list[Head]:
    """Return the heads in the order in which their first units come.

    A unit is one head, however many own it jointly; the same owners with several units are one head; all that the
    builder has not sold or not handed over is one head. A unit whose owners nobody knows is a head of its own.
    Zhang alone and Zhang with Li are two: it is the same buyers who are counted once.
    """
    found: dict[Hashable, list[Held]] = {}
    for unit in units:
        key: Any = "builder" if unit.by_builder else unit.owner_ids or unit.unit_id
        found.setdefault(key, []).append(unit)
    return [
        Head(frozenset() if key == "builder" else held[0].owner_ids, tuple(held), key == "builder")
        for key, held in found.items()
    ]
