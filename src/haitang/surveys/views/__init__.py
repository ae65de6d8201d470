"""The pages of surveys."""

from haitang.surveys.views.desk import change, codes, deed, desk, enter, export, new, qr_code, repeat, survey, try_out
from haitang.surveys.views.public import answer, fill, public_survey, surveys, thanks
from haitang.surveys.views.reviews import measures, report, review, reviews, settings

__all__ = [
    "answer", "change", "codes", "deed", "desk", "enter", "export", "fill", "measures", "new", "public_survey",
    "qr_code", "repeat", "report", "review", "reviews", "settings", "survey", "surveys", "thanks", "try_out",
]  # fmt: skip
