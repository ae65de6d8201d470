"""What can be done with surveys, answers and reviews."""

from haitang.surveys.actions.answering import (
    Sheet,
    answer_by_code,
    answer_openly,
    bring_answers,
    find_survey_by_code,
    issue_survey_codes,
)
from haitang.surveys.actions.drafting import (
    SurveyPlan,
    change_survey,
    close_due_survey,
    close_survey,
    draft_survey,
    open_survey,
    publish_survey,
    repeat_survey,
    take_out_result,
    try_survey,
)
from haitang.surveys.actions.erasing import clean_old_answers, erase_answerer
from haitang.surveys.actions.reviewing import (
    compare_repeat,
    finish_measures,
    open_reviews,
    remind_of_reviews,
    set_measures,
)
from haitang.surveys.actions.rules import change_survey_setting

__all__ = [
    "Sheet",
    "SurveyPlan",
    "answer_by_code",
    "answer_openly",
    "bring_answers",
    "change_survey",
    "change_survey_setting",
    "clean_old_answers",
    "close_due_survey",
    "close_survey",
    "compare_repeat",
    "draft_survey",
    "erase_answerer",
    "find_survey_by_code",
    "finish_measures",
    "issue_survey_codes",
    "open_reviews",
    "open_survey",
    "publish_survey",
    "remind_of_reviews",
    "repeat_survey",
    "set_measures",
    "take_out_result",
    "try_survey",
]
