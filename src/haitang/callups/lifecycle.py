"""The life of a call-up: it goes on until it is closed with a summary, or cancelled with a reason."""

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.callups.values import CallUpOver


class Status(TextChoices):
    """Where a call-up stands."""

    OPEN = "open", _("召唤中")
    CLOSED = "closed", _("已结束")
    CANCELLED = "cancelled", _("已取消")


def check_goes_on(status: str) -> None:
    """Raise CallUpOver unless the call-up goes on."""
    if status != Status.OPEN:
        raise CallUpOver(gettext("这次召唤%(status)s，谢谢您") % {"status": Status(status).label})
