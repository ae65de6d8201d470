"""What apps above write down about a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts.words import Id, OfCases, Word, Words
from haitang.core.clock import local_date
from haitang.core.facts import Label
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class CaseNoted(OfCases):
    """The base of what apps above write down about a case (actions.note_on_case): it moves no state.

    told: what the reporter reads of it, "" keeps it among the office's own.
    by_residents: whether a resident's deed may lead to it: then the name of an account without an office is masked.
    """

    label = _("记事")
    told: ClassVar[Label] = ""
    by_residents: ClassVar[bool] = False
    subject_type = "case"
    case_id: Id

    @classmethod
    def heading(cls, data: Mapping[str, Any]) -> str:
        """Return what the timeline says of it above the opinion; data: the fact's fields."""
        return str(cls.label)

    def measures(self) -> tuple[tuple[str, int], ...]:
        """Return what it adds to the counters of its day: (measure, by how much), the same for the same fields."""
        return ()

    def counts(self, at: datetime) -> Iterable[tuple[date, str, int]]:
        """Return what it adds to which days: (day, measure, by how much), the same for the same fields and instant.

        Unless a kind of fact says otherwise, its measures count on the day on which it was written down.
        """
        return [(local_date(at), measure, n) for measure, n in self.measures()]


@dataclass(frozen=True)
class CaseAnswered(CaseNoted):
    """The reporter was given an answer without the case moving: what the reporter reads stands in the opinion."""

    label = _("答复")
    told = _("答复处理结果")
    opinion: Words = ""


@dataclass(frozen=True)
class CaseAmended(CaseNoted):
    """What the case says was put right from a file of the system it came from. amended: which of its texts."""

    label = _("更正内容")
    amended: Annotated[list[str], Privacy.INTERNAL]
    source: Word


def noted_facts() -> dict[str, type[CaseNoted]]:
    """Return every kind of CaseNoted by name, as entries of the history name it."""
    found, waiting = {}, CaseNoted.__subclasses__()
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += kind.__subclasses__()
    return found
