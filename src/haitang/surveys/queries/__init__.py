"""Reads over surveys and reviews: those to be shown name their viewer, those for actions and jobs say so."""

from haitang.surveys.queries.columns import code_columns, code_rows, result_columns, result_rows
from haitang.surveys.queries.results import (
    Line,
    Result,
    Table,
    area_scores,
    result_of,
    texts_of,
)
from haitang.surveys.queries.reviews import (
    ReviewView,
    count_open_reviews,
    describe_reviews,
    get_review,
    get_review_for_job,
    list_reviews,
    lock_review,
)
from haitang.surveys.queries.rules import RULES, SETTINGS, list_survey_settings, rules
from haitang.surveys.queries.surveys import (
    AreaLine,
    SurveyView,
    areas_of,
    countable_below,
    describe_surveys,
    digest_of,
    drawn_of,
    find_open_code,
    get_public_survey,
    get_survey,
    get_survey_for_job,
    hold_open_survey,
    list_due_surveys,
    list_public_surveys,
    list_surveys,
    lock_survey,
    members_of,
    repeats_of,
)

__all__ = [
    "RULES", "SETTINGS", "AreaLine", "Line", "Result", "ReviewView", "SurveyView", "Table", "area_scores", "areas_of",
    "code_columns", "code_rows", "count_open_reviews", "countable_below", "describe_reviews", "describe_surveys",
    "digest_of", "drawn_of", "find_open_code", "get_public_survey", "get_review", "get_review_for_job", "get_survey",
    "get_survey_for_job", "hold_open_survey", "list_due_surveys", "list_public_surveys", "list_reviews",
    "list_survey_settings", "list_surveys", "lock_review", "lock_survey", "members_of", "repeats_of",
    "result_columns", "result_of", "result_rows", "rules", "texts_of",
]  # fmt: skip
