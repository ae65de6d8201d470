"""The pages of joint work."""

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
from haitang.alliances.views.rules import line, settings

__all__ = [
    "contact_strike", "line", "link", "link_agreement", "link_deed", "link_figures", "link_file", "link_file_take_in",
    "link_files", "link_new", "link_release", "link_template", "links", "links_export", "settings", "unit",
]  # fmt: skip
