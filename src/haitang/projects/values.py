"""The words of projects: permissions, where projects come from, what is asked for when one is begun, refusals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NoReturn

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.core.ports import Port

TITLE_LENGTH_MAX = 60
NAME_LENGTH_MAX = 50
LINE_LENGTH_MAX = 200
WORDS_LENGTH_MAX = 1000
MILESTONES_MAX = 40
PARTNERS_MAX = 30
RESPONSIBLE_MAX = 20
PHOTOS_MAX = 9
AMOUNT_MAX = 10**13
"""In fen: a hundred thousand million yuan is a slip of the keyboard."""
CODE_LENGTH = 8
CODES_MAX = 500
"""So many evaluation codes are made at once."""


class Permission(StrEnum):
    """What may be done with projects. Which role holds which is data."""

    VIEW = "projects.project.view"
    LEAD = "projects.project.lead"
    ACCEPT = "projects.project.accept"
    PUBLISH = "projects.project.publish"
    SELECT = "projects.selection.manage"
    REVIEW = "projects.selection.review"
    MANAGE = "projects.settings.manage"


class Origin(TextChoices):
    """What a project comes from."""

    AGREEMENT = "agreement", _("三张清单")
    SECRETARY = "secretary", _("书记领办")
    ALLIANCE = "alliance", _("共驻共建")
    VOTE = "vote", _("居民票选")


class UnitRole(TextChoices):
    """What part a unit has in a project."""

    LEAD = "lead", _("牵头单位")
    PARTNER = "partner", _("参与单位")


class PackageKind(TextChoices):
    """In which way several projects are given out as one."""

    BUNDLE = "bundle", _("项目打包")
    JOINT = "joint", _("联合发包")
    GRID = "grid", _("网格组包")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What reviewers mark projects by. weight: in percent; all of a selection together are 100."""

    key: str
    title: str
    weight: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """A unit that takes part. duty: what it contributes, in words."""

    organization_id: int
    duty: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody responsible. account_id: who is told of what happens, None where they have none. task: in words."""

    name: str
    account_id: int | None = None
    organization_id: int | None = None
    task: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of the plan."""

    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ProjectPlan:
    """What a project is to be.

    origin, origin_id: where it comes from and what it is called there (an agreement's id, a decision's, or for a
        secretary's own the key of the form); the two together name the project once.
    kind: one of the setting `kinds`, or "". served: for whom, in words. people_expected: how many are to be served.
    organization_id: the unit that leads. partners: the others, without it.
    planned_fen: money planned, in fen. money_ref: where the money stands, a text or an address; the ledger keeps it.
    """

    origin: str
    origin_id: str
    title: str
    area_id: int
    organization_id: int
    aim: str = ""
    kind: str = ""
    served: str = ""
    people_expected: int | None = None
    partners: tuple[Partner, ...] = ()
    responsible: tuple[Person, ...] = ()
    milestones: tuple[Step, ...] = ()
    from_on: date | None = None
    until_on: date | None = None
    planned_fen: int | None = None
    money_ref: str = ""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """What of a plan may be written anew; the fields are those of ProjectPlan."""

    title: str
    aim: str = ""
    kind: str = ""
    served: str = ""
    people_expected: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    planned_fen: int | None = None
    money_ref: str = ""


@dataclass(frozen=True, slots=True)
class OriginPage:
    """What a project comes from, as its page names it. url: "" where the viewer may not open it."""

    name: str
    url: str = ""


ORIGINS: Port[Callable[[Actor, str, str], OriginPage | None]] = Port(
    "what a project comes from; asked with the viewer, the Origin and the id there, by those who know of none: None"
)


class ProjectNotFound(NotFound):
    """There is no such project, or the viewer may not know that there is."""


class PlanInvalid(Invalid):
    """What was entered about a project cannot stand."""


class WrongProjectState(Conflict):
    """The project is not in a state from which this deed leads anywhere."""


class WrongStage(Conflict):
    """The selection is not at the stage at which this is done."""


class WrongCode(NotFound):
    """No evaluation code reads so, or it has been used."""


class SelectionNotFound(NotFound):
    """There is no such selection, or the viewer may not know that there is."""


class PackageNotFound(NotFound):
    """There is no such package, or the viewer may not know that there is."""


class MilestoneNotFound(NotFound):
    """The project has no such milestone."""


class AlreadyNominated(Conflict):
    """The project has been put forward in this selection."""


class TooFewScores(Conflict):
    """Not every project has been marked by as many reviewers as the rules ask for."""


class AlreadyReached(Conflict):
    """The milestone has been reached."""


class InOtherPackage(Conflict):
    """The project belongs to another package."""


def read_criteria(lines: Iterable[str]) -> tuple[Criterion, ...]:
    """Return the criteria written "key | title | weight | words", one a line.

    Raises PlanInvalid where a line has no such form, a key or title comes twice, or the weights are not 100 together.
    """
    found = []
    for line in lines:
        parts = [part.strip() for part in line.split("|")]
        if len(parts) not in (3, 4) or not all(parts[:2]) or not (parts[2].isascii() and parts[2].isdigit()):
            _refuse_criteria(gettext("每行一条标准：代码 | 名称 | 权重 | 说明"))
        found.append(Criterion(parts[0], parts[1], int(parts[2]), parts[3] if len(parts) == 4 else ""))
    if not found or len({each.key for each in found}) < len(found) or len({each.title for each in found}) < len(found):
        _refuse_criteria(gettext("评选标准不能为空，也不能重复"))
    if any(each.weight < 1 for each in found) or sum(each.weight for each in found) != 100:
        _refuse_criteria(gettext("各项权重应大于零，合计为 100"))
    return tuple(found)


def _refuse_criteria(fault: str) -> NoReturn:
    raise PlanInvalid(fault, {"criteria": fault})


@dataclass(frozen=True, slots=True)
class Result:
    """What a project has come to in a selection: the mean of each criterion, all of them weighted, its place."""

    means: tuple[Fraction, ...]
    total: Fraction
    place: int = 0
    is_selected: bool = False


def decimals(number: Fraction) -> str:
    """Return the number with two decimals, halves rounded up: 26.5 gives "26.50"."""
    hundredths = int(number * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def weigh(marks: Sequence[Mapping[str, int]], criteria: Sequence[Criterion]) -> Result:
    """Return what the marks of one or more reviewers come to, exactly: the means times their weights, summed."""
    means = tuple(Fraction(sum(each[one.key] for each in marks), len(marks)) for one in criteria)
    total = sum((mean * one.weight for mean, one in zip(means, criteria, strict=True)), Fraction()) / 100
    return Result(means, total)


def rank(results: Sequence[Result], places: int) -> list[Result]:
    """Return each with its place and whether it is chosen, in the order given.

    The higher total comes first; of equal ones the higher mean by the first criterion, then the second and so on. Those
    equal in all share a place, and all of them are chosen if any is.
    """
    keys = [(each.total, *each.means) for each in results]
    ranked = []
    for each, key in zip(results, keys, strict=True):
        place = 1 + sum(other > key for other in keys)
        ranked.append(replace(each, place=place, is_selected=place <= places))
    return ranked
