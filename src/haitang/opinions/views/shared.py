"""What the pages of conversations share."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haitang.opinions.lifecycle import StatementStatus, Status

COLOURS: dict[str, str] = {Status.DRAFT: "grey", Status.OPEN: "blue", Status.CLOSED: "green"}
STATEMENT_COLOURS: dict[str, str] = {
    StatementStatus.WAITING: "orange", StatementStatus.ACCEPTED: "green", StatementStatus.DENIED: "red",
}  # fmt: skip


def phase_of(row: Any, now: datetime) -> str:
    """Return where a conversation stands at an instant, in a word."""
    if row.status == Status.OPEN and now < row.opens_at:
        return _("即将开始")
    if row.status == Status.OPEN and now >= row.closes_at:
        return _("正在统计")
    return str(Status(row.status).label)
