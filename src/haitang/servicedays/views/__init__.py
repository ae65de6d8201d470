"""The pages of service days: residents' and helpers', the office's."""

from haitang.servicedays.views.files import bring, export, roster, template
from haitang.servicedays.views.office import (
    code_image,
    day,
    day_new,
    days,
    office_shift,
    poster,
    rule_end,
    serviceday_settings,
    shift_deed,
)
from haitang.servicedays.views.own import here, own_deed, shift, shifts

__all__ = [
    "bring", "code_image", "day", "day_new", "days", "export", "here", "office_shift", "own_deed", "poster", "roster",
    "rule_end", "serviceday_settings", "shift", "shift_deed", "shifts", "template",
]  # fmt: skip
