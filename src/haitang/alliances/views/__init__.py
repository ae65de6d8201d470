"""The pages of joint work."""

from haitang.alliances.views.committees import (
    committee,
    committee_deed,
    committee_new,
    committees,
    committees_export,
    seat,
)
from haitang.alliances.views.files import link_file, link_file_take_in, link_files, link_template
from haitang.alliances.views.links import (
    contact_strike,
    link,
    link_agreement,
    link_deed,
    link_figures,
    link_new,
    link_release,
    links,
    links_export,
    unit,
)
from haitang.alliances.views.meetings import (
    decision_deed,
    decisions,
    decisions_export,
    meeting,
    meeting_deed,
    meeting_edit,
    meeting_new,
)
from haitang.alliances.views.rules import line, settings

__all__ = [
    "committee",
    "committee_deed",
    "committee_new",
    "committees",
    "committees_export",
    "contact_strike",
    "decision_deed",
    "decisions",
    "decisions_export",
    "line",
    "link",
    "link_agreement",
    "link_deed",
    "link_figures",
    "link_file",
    "link_file_take_in",
    "link_files",
    "link_new",
    "link_release",
    "link_template",
    "links",
    "links_export",
    "meeting",
    "meeting_deed",
    "meeting_edit",
    "meeting_new",
    "seat",
    "settings",
    "unit",
]  # fmt: skip
