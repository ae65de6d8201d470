"""The words of cases: channels, kinds, permissions, refusals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.cases.values.asking import AWAITED as AWAITED
from haitang.cases.values.asking import EMPTY as EMPTY
from haitang.cases.values.asking import Answer as Answer
from haitang.cases.values.asking import AskedOf as AskedOf
from haitang.cases.values.asking import CaseForm as CaseForm
from haitang.cases.values.asking import Condition as Condition
from haitang.cases.values.asking import Moment as Moment
from haitang.cases.values.asking import Question as Question
from haitang.cases.values.asking import awaited_photos as awaited_photos
from haitang.cases.values.asking import check_answers as check_answers
from haitang.cases.values.asking import check_form as check_form
from haitang.cases.values.asking import field_of as field_of
from haitang.cases.values.asking import form_of_data as form_of_data
from haitang.cases.values.fields import add_questions as add_questions
from haitang.cases.values.fields import answers_in as answers_in
from haitang.cases.values.fields import photos_in as photos_in
from haitang.cases.values.numbers import id_in_number as id_in_number
from haitang.cases.values.numbers import number_of_case as number_of_case
from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound
from haitang.core.ports import Port


class Permission(StrEnum):
    """What may be done to cases. Which role holds which is data."""

    VIEW = "cases.case.view"
    REPORT = "cases.case.report"
    VERIFY = "cases.case.verify"
    ACCEPT = "cases.case.accept"
    DISPATCH = "cases.case.dispatch"
    HANDLE = "cases.case.handle"
    CHECK = "cases.case.check"
    CLOSE = "cases.case.close"
    FORCE = "cases.case.force"
    REOPEN = "cases.case.reopen"
    EXPORT = "cases.case.export"
    UNMASK = "cases.case.unmask"
    VIEW_CONFIDENTIAL = "cases.confidential.view"
    MANAGE_CATALOG = "cases.catalog.manage"
    MANAGE_ROUTING = "cases.routing.manage"


class Channel(TextChoices):
    """How word of the matter came in."""

    PATROL = "patrol", _("巡查")
    PHONE = "phone", _("电话")
    WECHAT = "wechat", _("微信")
    VISIT = "visit", _("走访")
    HOTLINE = "hotline", _("12345")
    WEB = "web", _("网页随手拍")
    IOT = "iot", _("物联")
    TRANSFER = "transfer", _("部门转办")
    OPEN311 = "open311", _("开放接口")


class Kind(TextChoices):
    """What the reporter wants of us. A `denunciation` (举报) is seen only by those who may."""

    INQUIRY = "inquiry", _("咨询")
    HELP = "help", _("求助")
    COMPLAINT = "complaint", _("投诉")
    DENUNCIATION = "denunciation", _("举报")
    SUGGESTION = "suggestion", _("建议")
    PRAISE = "praise", _("表扬")


class Tree(TextChoices):
    """The three trees of categories: fixed things, happenings, and what life in a community brings.

    Source: GB/T 30428.2 (部件 and 事件); the third is local practice.
    """

    PART = "part", _("部件")
    EVENT = "event", _("事件")
    LIFE = "life", _("民生")


class Stage(TextChoices):
    """The stretches of a case's life that have a deadline of their own."""

    VERIFY = "verify", _("核实")
    ACCEPT = "accept", _("受理")
    DISPATCH = "dispatch", _("派遣")
    SIGN = "sign", _("签收")
    HANDLE = "handle", _("处置")
    CHECK = "check", _("核查")


class Level(TextChoices):
    """Where a matter was solved: a level first tries to solve what is its own (小事不出网格、大事不出社区)."""

    GRID = "grid", _("网格")
    COMMUNITY = "community", _("社区")
    STREET = "street", _("街道")
    DISTRICT = "district", _("区级")
    CITY = "city", _("市级")


class Mark(TextChoices):
    """What apps above have found out about a case, for lists to show and to be narrowed by."""

    MAIN = "main", _("主案件")
    JOINED = "joined", _("已并入")
    REPEAT = "repeat", _("重复")
    DIFFICULT = "difficult", _("疑难")


class Priority(IntegerChoices):
    """How soon a case should be looked at, beyond its deadlines."""

    NORMAL = 0, _("普通")
    RAISED = 1, _("优先")
    URGENT = 2, _("加急")


PUBLIC_CHANNELS = frozenset({Channel.WEB, Channel.WECHAT, Channel.OPEN311})
"""Channels through which anybody may report without an account."""

DESCRIPTION_LENGTH_MAX = 2000
OPINION_LENGTH_MAX = 1000
REASON_LENGTH_MAX = 500
PLACE_LENGTH_MAX = 200
NAME_LENGTH_MAX = 50
PHOTOS_MAX = 9


@dataclass(frozen=True, slots=True)
class MoreSettings:
    """Rules of an app above that differ from city to city, kept and changed together with those of cases.

    app: whose data/settings.toml ships them. labels: what each, or each part of one, is called on the page.
    """

    app: str
    labels: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A photo that was checked, written anew and stored, but belongs to no case yet. size: bytes."""

    digest: str
    mime: str
    width: int
    height: int
    size: int


class CaseNotFound(NotFound):
    """There is no such case, or the viewer may not know that there is."""


class CategoryNotFound(NotFound):
    """No category bears that code."""


class WrongStage(Conflict):
    """The case is not in a state from which this deed leads anywhere."""


class AlreadyReopened(Conflict):
    """The case has been done over as often as the rules allow."""


class OutsideTerritory(Invalid):
    """The point lies outside every area of this installation."""


class NobodyResponsible(Invalid):
    """No organization is named and no routing rule finds one."""


class ReturnRefused(Conflict):
    """The desk may not give the case back by itself any more: the street decides."""


class ClockStands(Conflict):
    """The case's clock stands, or does not stand, or its time has run out: this cannot be done to it now."""


class GoesAlong(Conflict):
    """The case goes along with another, which is where it is dealt with."""


class NotYourDesk(NotAllowed):
    """The case lies on another organization's desk."""


class WrongQueryCode(NotFound):
    """Number and query code do not belong together; which of them is wrong is not told."""


GUARDS: Port[Callable[[str, Any], None]] = Port("what keeps a case from a deed")
"""Each is asked before every deed with (deed, case), the case being locked, and raises a Refusal to keep it from it."""

ENTERED: Port[Callable[..., object]] = Port("what follows once a case was entered for a caller or a visitor")
"""Each is asked in the same transaction by keyword: actor, case_id, phone (the reporter's, "" for none), now."""

OWN_PHRASES: Port[Callable[[Actor], Mapping[str, list[str]]]] = Port(
    "what opinions somebody keeps ready for themselves"
)
"""Each is asked with whoever fills in the forms of a case, once a page, and returns texts by deed."""
SETTINGS: Port[MoreSettings] = Port("whose rules are kept with those of cases")
"""Settings of apps above; their keys must differ from one another's."""
