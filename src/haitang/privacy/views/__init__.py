"""The pages of privacy."""

from haitang.privacy.views.desk import grant, queue, refuse, request_page, retention, settings
from haitang.privacy.views.looks import looks, looks_export
from haitang.privacy.views.notices import notice, notices
from haitang.privacy.views.own import ask, enter, mine, mine_json, mine_sheet, withdraw

__all__ = [
    "ask", "enter", "grant", "looks", "looks_export", "mine", "mine_json", "mine_sheet", "notice", "notices", "queue",
    "refuse", "request_page", "retention", "settings", "withdraw",
]  # fmt: skip
