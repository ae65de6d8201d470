"""The life of a survey and of a review: states and which deed leads where."""

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.surveys.values import WrongSurveyState


class Status(TextChoices):
    """Where a survey stands."""

    DRAFT = "draft", _("起草")
    OPEN = "open", _("正在调查")
    CLOSED = "closed", _("已结束")


class ReviewStatus(TextChoices):
    """Where a review stands, named by what was done last."""

    OPENED = "opened", _("待定整改措施")
    MEASURES = "measures", _("正在整改")
    DONE = "done", _("整改完成，待复测")
    RESURVEYED = "resurveyed", _("已复测")


REVIEW_OPEN = (ReviewStatus.OPENED, ReviewStatus.MEASURES, ReviewStatus.DONE)


def check_is(current: str, *wanted: str) -> None:
    """Raise WrongSurveyState unless the survey or review stands at one of these."""
    if current not in wanted:
        known = {**dict(Status.choices), **dict(ReviewStatus.choices)}
        raise WrongSurveyState(gettext("当前为“%(status)s”，不能这样做") % {"status": known[current]})
