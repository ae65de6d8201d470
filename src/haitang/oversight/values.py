"""The words of oversight: permissions, what can be asked for, why a case is supervised, refusals."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotAllowed, NotFound

REASON_LENGTH_MAX = 500
PARTS_MAX = 20


class Permission(StrEnum):
    """What may be done to see that cases get on. Urging takes the permission to dispatch or to supervise."""

    DECIDE = "oversight.request.decide"
    SUPERVISE = "oversight.case.supervise"
    MANAGE_RULES = "oversight.rule.manage"


class Wish(TextChoices):
    """What those who have a case may ask for."""

    PAUSE = "pause", _("缓办")
    EXTENSION = "extension", _("延期")
    RETURN = "return", _("退回")


class State(TextChoices):
    """What became of a request. It lapses when the case has left the stage that it was made for."""

    PENDING = "pending", _("待审批")
    APPROVED = "approved", _("已批准")
    DECLINED = "declined", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已失效")


class Cause(TextChoices):
    """Why a case is supervised."""

    LEADER = "leader", _("领导督办")
    OVERDUE = "overdue", _("超期督办")
    IMPORTANT = "important", _("重点督办")


class RequestNotFound(NotFound):
    """There is no such request, or the viewer may not know of its case."""


class SupervisionNotFound(NotFound):
    """There is no such supervision, or the viewer may not know of its case."""


class RungNotFound(NotFound):
    """There is no such rung of the ladder."""


class AlreadyAsked(Conflict):
    """A request of this kind for this case waits to be decided."""


class AlreadyDecided(Conflict):
    """The request has been decided, withdrawn, or has lapsed."""


class TooLate(Conflict):
    """An extension is asked for before the deadline, not after it."""


class TooOften(Conflict):
    """It was done as often as the rules allow."""


class AlreadySupervised(Conflict):
    """The case is supervised already, or the supervision has been answered or closed."""


class CasePaused(Conflict):
    """The clock of the case stands: it must go on before anything else is done."""


class ChildOpen(Conflict):
    """A part of the case is still open, so the whole cannot end."""


class Circle(Conflict):
    """A case would become a part of itself, or has a whole already."""


class OwnRequest(NotAllowed):
    """Nobody decides what they asked for themselves."""


class RuleInvalid(Invalid):
    """A rule's value is not of its kind."""
