"""Alliances, action branches, leaders' contact points and workstations: kinds, what is entered, refusals."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, NotFound

PARTNERS_MAX = 100
MEMBERS_MAX = 500


class Level(TextChoices):
    """How far an alliance reaches."""

    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    CITY = "city", _("全市")
    BEYOND = "beyond", _("跨城市")


class Base(TextChoices):
    """On what an action branch is built."""

    TASK = "task", _("中心任务")
    PROJECT = "project", _("为民服务项目")
    TEAM = "team", _("志愿服务团队")
    SOCIAL = "social", _("社区社会组织")


class Running(TextChoices):
    """Whether something goes on, as lists narrow it."""

    NOW = "now", _("进行中")
    OVERDUE = "overdue", _("已到期未了结")
    ENDED = "ended", _("已结束")


@dataclass(frozen=True, slots=True)
class NewPartner:
    """A member of an alliance: an organization here, or one outside the city by name and place. role: what it gives."""

    organization_id: int | None = None
    outside_name: str = ""
    outside_place: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class NewAlliance:
    """An alliance to be. lead_id: the organization that leads it."""

    name: str
    purpose: str
    level: str
    area_id: int
    lead_id: int
    from_date: date
    partners: tuple[NewPartner, ...] = ()


@dataclass(frozen=True, slots=True)
class NewBranch:
    """An action branch to be: for a purpose, until a day. parent_id: the party organization that forms it.

    volunteer_ids: its first members, of the register of helpers; each keeps the home branch.
    """

    name: str
    purpose: str
    base: str
    area_id: int
    parent_id: int
    from_date: date
    until: date
    volunteer_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A community that a leader keeps in contact with. post, home_id: what the leader is, and where."""

    leader: str
    post: str
    area_id: int
    from_date: date
    home_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit of a leader to the community: what was heard, and what came of it."""

    point_id: int
    on: date
    what: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class NewStation:
    """A workstation to be. host_id: the organization that runs it. place: its address."""

    name: str
    area_id: int
    place: str
    host_id: int
    from_date: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class NewInstructor:
    """Somebody sent to help an organization with its party work. home_id: where they come from."""

    station_id: int
    name: str
    organization_id: int
    from_date: date
    home_id: int | None = None
    until: date | None = None


class AllianceNotFound(NotFound):
    """There is no such alliance, or the viewer may not know that there is."""


class BranchNotFound(NotFound):
    """There is no such action branch, or the viewer may not know that there is."""


class PointNotFound(NotFound):
    """There is no such contact point, or the viewer may not know that there is."""


class StationNotFound(NotFound):
    """There is no such workstation, or the viewer may not know that there is."""


class PartNotFound(NotFound):
    """There is no such partner, member or instructor, or it has left."""


class AlreadyPart(Conflict):
    """The organization or the person takes part already."""
