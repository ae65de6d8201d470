"""The words of projects: permissions, where projects come from, what is asked for when one is begun, refusals."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound

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


class ProjectNotFound(NotFound):
    """There is no such project, or the viewer may not know that there is."""


class PlanInvalid(Invalid):
    """What was entered about a project cannot stand."""


class WrongProjectState(Conflict):
    """The project is not in a state from which this deed leads anywhere."""


@cache
def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / f"{name}.toml").read_text("utf-8"))


def shipped_settings() -> dict[str, dict[str, Any]]:
    """Return by key the value and the source of each setting, as `data/settings.toml` ships them."""
    return dict(_shipped("settings"))
