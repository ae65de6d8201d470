"""The words of surveys: permissions, how people are reached and answer, refusals."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound

TITLE_LENGTH_MAX = 60
WORDS_LENGTH_MAX = 2000
CODE_LENGTH = 10
CODES_MAX = 20_000
SEED_LENGTH_MAX = 100


class Permission(StrEnum):
    """What may be done with surveys. Which role holds which is data."""

    VIEW = "surveys.survey.view"
    MANAGE = "surveys.survey.manage"
    ENTER = "surveys.answer.enter"
    REVIEW = "surveys.review.manage"
    SETTINGS = "surveys.settings.manage"


class Entry(TextChoices):
    """How people come to a survey: drawn households by a code of their own, or anybody by its link."""

    CODE = "code", _("凭码（抽到的每户、每件一码）")
    LINK = "link", _("公开链接（谁都可以填）")
    NAMED = "named", _("实名（登录账号，每人一次）")


class Channel(TextChoices):
    """How an answer was given."""

    WEB = "web", _("网上")
    VISIT = "visit", _("入户访问")
    PHONE = "phone", _("电话访问")
    PAPER = "paper", _("纸质问卷")


class SurveyNotFound(NotFound):
    """There is no such survey, or the viewer may not know that there is."""


class ReviewNotFound(NotFound):
    """There is no such review, or the viewer may not know that there is."""


class WrongSurveyState(Conflict):
    """The survey or the review is not in a state from which this deed leads anywhere."""


class BadSurvey(Invalid):
    """A survey that cannot be as it is described; its `fields` say where."""


class BadAnswers(Invalid):
    """Answers that do not fit the questions; its `fields` say which."""


class WrongCode(Invalid):
    """The code is unknown, used, or of a survey that takes no answers: which is not told."""


class AnsweredAlready(Conflict):
    """The account has answered this survey."""
