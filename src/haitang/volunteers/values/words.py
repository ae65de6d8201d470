"""Kinds, permissions, refusals, and the small frozen types in which a person is told of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from haitang.core.errors import Conflict, Invalid, NotFound

NAME_LENGTH_MAX = 50
WHAT_LENGTH_MAX = 100
CONSENT_LENGTH_MAX = 1000
SOURCE_LENGTH_MAX = 40
SOURCE_ID_LENGTH_MAX = 80
CODES_MAX = 30
REACH_MAX_M = 50_000


class Permission(StrEnum):
    """What may be done with the register, over an area (where people live) or a unit (where they work)."""

    VIEW = "volunteers.register.view"
    MANAGE = "volunteers.register.manage"
    EXPORT = "volunteers.register.export"
    UNMASK = "volunteers.register.unmask"
    SETTINGS = "volunteers.settings.manage"


class MemberClass(TextChoices):
    """The four classes of members, by how they are tied to the community."""

    RESIDENT = "resident", pgettext_lazy("class of member", "居民")
    EMPLOYED = "employed", _("在职")
    RETIRED = "retired", _("离退休")
    MOBILE = "mobile", _("流动")


class Management(TextChoices):
    """Who leads the member: the branch of the grid, the home and the community branch together, or one assisting."""

    DIRECT = "direct", _("直管")
    TWO_WAY = "two_way", _("双向共管")
    SHARED = "shared", _("共管")
    ASSISTED = "assisted", _("协管")


class Via(TextChoices):
    """How somebody came into the register."""

    SELF = "self", _("本人登记")
    STAFF = "staff", _("工作人员代为登记")
    IMPORT = "import", _("单位导入")


class ImportState(TextChoices):
    """Where a file of people stands."""

    CHECKED = "checked", _("已检查，待确认")
    DONE = "done", _("已导入")


class ItemKind(TextChoices):
    """The catalogues from which a person's entry is made."""

    SKILL = "skill", _("技能")
    LANGUAGE = "language", _("语言")
    FORCE = "force", _("先锋力量")


@dataclass(frozen=True, slots=True)
class Relation:
    """How a member is tied to the branches. management "": as the settings say for that class.

    home_branch_id: where the membership is; community_branch_id: where they live and have reported to.
    """

    member_class: str
    management: str = ""
    home_branch_id: int | None = None
    community_branch_id: int | None = None


@dataclass(frozen=True, slots=True)
class VolunteerProfile:
    """What somebody says about themselves when registering; all that is kept.

    phone: digits. area_id: the grid (or wider) where they live. unit_id: the organization where they work.
    skills, languages, forces: codes of the catalogue. times: slots of the week, see `SLOTS`; empty: not said, any.
    reach_m: how far from home they help, metres. wants_calls: may be called in an emergency.
    """

    name: str
    phone: str
    area_id: int
    unit_id: int | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    forces: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    reach_m: int = 3000
    wants_calls: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """One service of one person, as the app tells of it in which it was done; once per source, source_id and person.

    what: a few words, without names of those served. began_at, ended_at: aware instants.
    """

    source: str
    source_id: str
    volunteer_id: int
    what: str
    began_at: datetime
    ended_at: datetime


class VolunteerNotFound(NotFound):
    """There is nobody of that number in the register, or the viewer may not know that there is."""


class CertificateNotFound(NotFound):
    """No certificate bears that code."""


class CalendarNotFound(NotFound):
    """The secret address of a calendar leads nowhere, or no longer."""


class AlreadyRegistered(Conflict):
    """Somebody stands in the register under this telephone."""


class AccountTaken(Conflict):
    """The account has registered already."""


class Withdrawn(Conflict):
    """The person has withdrawn: nothing is known of them any more."""


class MembershipOverlaps(Conflict):
    """The person is tied to a branch already within the period."""


class NoConsent(Invalid):
    """The person has not agreed to stand in the register."""


class ConsentInvalid(Invalid):
    """A text of consent with a part missing or too long."""


class WrongCode(Invalid):
    """The number and the code do not belong together."""


class VolunteerInvalid(Invalid):
    """What was entered about a person cannot stand."""


class ServiceInvalid(Invalid):
    """A service that ends before it begins, takes longer than allowed, or lies in the future."""


class ImportNotFound(NotFound):
    """There is no such file of people, or it is somebody else's."""


class ImportDone(Conflict):
    """The file was taken in already."""


class ItemInvalid(Invalid):
    """A line of a catalogue without a name, or with one that is taken."""
