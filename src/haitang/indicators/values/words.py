"""Permissions, states and refusals."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, NotAllowed, NotFound


class Permission(StrEnum):
    """What may be done about indicators. Which role holds which is data."""

    VIEW = "indicators.table.view"
    MANAGE = "indicators.formula.manage"
    REQUEST = "indicators.exclusion.request"
    REVIEW = "indicators.exclusion.review"


class ExclusionState(TextChoices):
    """Where the request to leave a case out stands."""

    REQUESTED = "requested", _("待审核")
    APPROVED = "approved", _("已剔除")
    REFUSED = "refused", _("不予剔除")
    UNDONE = "undone", _("已恢复")


EVIDENCE_LENGTH_MAX = 1000
EVIDENCE_PHOTOS_MAX = 9


class SetNotFound(NotFound):
    """No set of indicators bears that code."""


class ExclusionNotFound(NotFound):
    """There is no such request, or the viewer may not know that there is."""


class AlreadyExcluded(Conflict):
    """The case is left out already, or somebody has asked for it."""


class WrongState(Conflict):
    """The request has been decided, or undone, before."""


class NotYourOwn(NotAllowed):
    """Whoever asked for an exclusion does not decide on it."""
