"""The states of a vote and of a sheet of paper."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where a vote stands; one state after the other, none is gone back to but from `proposed`, by a change."""

    DRAFT = "draft", pgettext_lazy("vote", "准备中")
    PROPOSED = "proposed", _("待第二人确认开放")
    OPEN = "open", _("投票中")
    CLOSING = "closing", _("待第二人确认截止")
    CLOSED = "closed", _("已截止，待开箱")
    COUNTED = "counted", _("已公布")


PUBLIC = (Status.OPEN, Status.CLOSING, Status.CLOSED, Status.COUNTED)
TAKING = (Status.OPEN, Status.CLOSING)
"""In these, ballots are taken until the published end. Proposing to close stops nobody."""
BEFORE = (Status.DRAFT, Status.PROPOSED)
