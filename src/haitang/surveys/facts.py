"""What can have happened to surveys and reviews. Single answers are no facts: an hour would tell whose they are."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Id = Annotated[int, Privacy.INTERNAL]
Number = Annotated[int, Privacy.INTERNAL]
Word = Annotated[str, Privacy.INTERNAL]
Flag = Annotated[bool, Privacy.INTERNAL]


class OfSurveys(Fact):
    """What facts of surveys have in common: how their fields read."""

    field_labels = {
        "survey_id": _("调查"), "review_id": _("复核"), "area_id": _("区域"), "title": _("标题"), "count": _("数量"),
        "seed": _("抽样种子"), "threshold_pct": _("复核线（%）"), "due_on": _("期限"),
        "is_new": _("是否新建"), "setting_id": _("调查设置"), "key": _("设置项"), "value": _("值"), "change": _("变化"),
        "resurvey_id": _("复测调查"),
    }  # fmt: skip


class OfOneSurvey(OfSurveys):
    """A fact about one survey."""

    subject_type = "survey"


class OfOneReview(OfSurveys):
    """A fact about one review."""

    subject_type = "survey_review"


@dataclass(frozen=True)
class SurveyDrafted(OfOneSurvey):
    """A survey was drafted."""

    label = _("起草调查")
    survey_id: Id
    title: Word


@dataclass(frozen=True)
class SurveyChanged(OfOneSurvey):
    """The draft of a survey was changed; it has to be tried out again."""

    label = _("修改调查")
    survey_id: Id
    title: Word


@dataclass(frozen=True)
class SurveyTriedOut(OfOneSurvey):
    """Somebody of the office has filled the draft in; nothing of it was kept."""

    label = _("试填问卷")
    survey_id: Id


@dataclass(frozen=True)
class SurveyOpened(OfOneSurvey):
    """A survey takes answers; its questions, rules and seed are public and stay as they are."""

    label = _("开始调查")
    survey_id: Id
    seed: Word


@dataclass(frozen=True)
class SurveyCodesIssued(OfOneSurvey):
    """Codes for households were made. count: in all areas together."""

    label = _("生成问卷码")
    survey_id: Id
    count: Number


@dataclass(frozen=True)
class AnswersBrought(OfOneSurvey):
    """Many answers taken on paper were brought in at once."""

    label = _("批量录入答卷")
    survey_id: Id
    count: Number


@dataclass(frozen=True)
class SurveyClosed(OfOneSurvey):
    """A survey takes no more answers; what tied codes to areas is gone. count: answers."""

    label = _("结束调查")
    survey_id: Id
    count: Number


@dataclass(frozen=True)
class SurveyPublished(OfOneSurvey):
    """Anybody may see the result, small cells hidden."""

    label = _("公布调查结果")
    survey_id: Id


@dataclass(frozen=True)
class ResultTakenOut(OfOneSurvey):
    """The figures were taken out as a workbook, small cells hidden."""

    label = _("导出调查结果")
    survey_id: Id


@dataclass(frozen=True)
class ReviewOpened(OfOneReview):
    """An area's figure lies below the line of review: somebody looks why. It says nothing else about the area."""

    label = _("开启满意度复核")
    review_id: Id
    survey_id: Id
    area_id: Id
    threshold_pct: Number
    due_on: Word


@dataclass(frozen=True)
class ReviewMeasuresSet(OfOneReview):
    """Who sees to what until when was written down."""

    label = _("确定整改措施")
    review_id: Id


@dataclass(frozen=True)
class ReviewMeasuresDone(OfOneReview):
    """What was to be done is done; the area is to be asked again."""

    label = _("整改完成")
    review_id: Id


@dataclass(frozen=True)
class ReviewOverdue(OfOneReview):
    """The deadline has passed with nothing reported as done."""

    label = _("复核逾期")
    review_id: Id


@dataclass(frozen=True)
class ReviewAskedAgain(OfOneReview):
    """The repeat has closed. change: up, down or unclear, "" where both cannot be compared."""

    label = _("复测完成")
    review_id: Id
    resurvey_id: Id
    change: Word


@dataclass(frozen=True)
class SurveySettingChanged(OfSurveys):
    """The office has changed a rule for surveys."""

    label = _("修改调查设置")
    subject_type = "survey_setting"
    setting_id: Id
    key: Word
    value: Word
