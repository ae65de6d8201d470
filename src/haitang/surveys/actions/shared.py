"""What the actions of surveys share."""

from haitang.core import history
from haitang.core.scoping import path_of
from haitang.surveys.models import Review, Survey
from haitang.surveys.values import BadSurvey, Permission


def audience_of(survey: Survey) -> history.Audience:
    """Return who may hear at once of what happens to a survey."""
    return history.Audience(survey.area_path, (), Permission.VIEW)


def audience_of_review(review: Review) -> history.Audience:
    """Return who may hear at once of what happens to a review."""
    return history.Audience(path_of(review.area_ids), (), Permission.REVIEW)


def text_of(given: str, name: str, length: int, *, missing: str = "", too_long: str = "") -> str:
    """Return what was typed without outer spaces. Raises BadSurvey where it is too long, or missing and may not be."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else too_long if len(given) > length else ""
    if wrong:
        raise BadSurvey(wrong, {name: wrong})
    return given
