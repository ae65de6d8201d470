"""Surveys, their areas, codes and answers; reviews; changed settings."""

from typing import Any, Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import around, below, path_of
from haitang.surveys.lifecycle import REVIEW_OPEN, ReviewStatus, Status
from haitang.surveys.values import HOUSEHOLDS, Channel, Entry, Permission, Question, frame_of, of_data

STAFF = (Permission.VIEW, Permission.MANAGE, Permission.ENTER)


class SurveyQuerySet(models.QuerySet):
    """The vocabulary of lists of surveys."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to surveys of the areas where the viewer works with surveys, and of the levels above these."""
        areas = {area for permission in STAFF for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(around(sorted(areas)))


class Survey(models.Model):
    """A questionnaire and how it is asked in an area and all below it.

    questions: as `Question.as_data` gives them; edition: of these. rules: of the settings, since its opening.
    frame: from what list those who are asked are drawn (values.Frame), "" for households; since, until: the days whose
    list it is. sample: how many are drawn; 0 for all. seed: of the drawing, published with the opening.
    repeats: the survey that this one asks again. tried_at: since when the draft as it stands was filled in by
    somebody of the office.
    """

    title = models.TextField("标题")
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    status = models.TextField("状态", choices=Status, default=Status.DRAFT)
    entry = models.TextField("参与方式", choices=Entry)
    questions = models.JSONField("问卷")
    edition = models.TextField("问卷版本")
    rules = models.JSONField("规则", default=dict)
    frame = models.TextField("抽样框", default="", db_default="")
    since = models.DateField("抽样框起", null=True)
    until = models.DateField("抽样框止", null=True)
    sample = models.IntegerField("抽样户数", default=0)
    seed = models.TextField("抽样种子", default="")
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="复测的调查")
    drafted_at = models.DateTimeField("起草时间")
    tried_at = models.DateTimeField("试填时间", null=True)
    opened_at = models.DateTimeField("开始时间", null=True)
    closes_on = models.DateField("截止日期")
    closed_at = models.DateTimeField("结束时间", null=True)
    published_at = models.DateTimeField("公布时间", null=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "title", "words", "area", "area_ids", "status", "entry", "questions", "edition", "rules",
            "frame", "since", "until", "sample", "seed", "repeats", "drafted_at", "tried_at", "opened_at", "closes_on",
            "closed_at", "published_at",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip

    objects = SurveyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("drafted_at").desc(), F("id").desc(), name="surveys_drafted"),
            models.Index(fields=["closes_on"], name="surveys_closing", condition=Q(status=Status.OPEN)),
        ]
        constraints = [
            models.CheckConstraint(
                name="surveys_opened", condition=Q(status=Status.DRAFT) | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="surveys_closed", condition=~Q(status=Status.CLOSED) | Q(closed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="surveys_frame_days",
                condition=Q(frame=HOUSEHOLDS) | Q(since__isnull=False, until__isnull=False, since__lte=F("until")),
            ),
            models.CheckConstraint(name="surveys_sample", condition=Q(sample__gte=0)),
        ]  # fmt: skip

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Return the questions."""
        return of_data(self.questions)

    @property
    def frame_words(self) -> str:
        """Return what those who are asked were drawn from, where it is not households."""
        found = frame_of(self.frame)
        return gettext(found.label) if found else ""

    @property
    def weights(self) -> list[tuple[str, int]]:
        """Return what options count, the highest first; of those that are asked as a satisfaction."""
        options = {option for question in self.asked if question.is_weighed for option in question.options}
        known = {option: n for option, n in self.rules.get("weights", {}).items() if option in options}
        return sorted(known.items(), key=lambda each: (-each[1], each[0]))


class SurveyArea(models.Model):
    """One area of a survey, as narrow as its results are told.

    households: there, or lines of the frame. invited: given a code.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="areas")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="区域")
    households = models.IntegerField("户数")
    invited = models.IntegerField("发码户数", default=0)

    PRIVACY = dict.fromkeys(("id", "survey", "area", "households", "invited"), Privacy.PUBLIC)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "area"], name="surveys_area_once"),
            models.CheckConstraint(
                name="surveys_area_numbers",
                condition=Q(households__gte=0, invited__gte=0) & Q(invited__lte=F("households")),
            ),
        ]


class Code(models.Model):
    """One household's code, kept as a keyed digest until the survey closes; when it was used stands nowhere."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False)
    digest = models.BinaryField("码（盲索引）")
    is_used = models.BooleanField("已用", default=False)

    PRIVACY = {
        **dict.fromkeys(("id", "survey", "area", "is_used"), Privacy.INTERNAL), "digest": Privacy.SENSITIVE,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "digest"], name="surveys_code_once")]


class Answer(models.Model):
    """What was answered, without who, by which code or when. account_id: of named surveys alone."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", null=True, db_index=False)
    channel = models.TextField("方式", choices=Channel)
    answers = models.JSONField("答卷")
    account_id = models.BigIntegerField("账号（实名调查）", null=True)

    PRIVACY: dict[str, Any] = {
        **dict.fromkeys(("id", "survey", "area", "channel"), Privacy.INTERNAL),
        **dict.fromkeys(("answers", "account_id"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "account_id"], name="surveys_answer_once")]


class ReviewQuerySet(models.QuerySet):
    """The vocabulary of lists of reviews."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas where the viewer sees surveys or reviews."""
        areas = {area for permission in (Permission.VIEW, Permission.REVIEW) for area in viewer.areas(permission)}
        return self if EVERYWHERE in areas else self.filter(below(sorted(areas)))


class Review(models.Model):
    """Somebody looks why an area's figure lies below the line, and what is done; it says nothing about the area.

    score, low, high: in 1/10,000; low and high None where no interval can be given. again: the repeat.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    status = models.TextField("状态", choices=ReviewStatus, default=ReviewStatus.OPENED)
    score = models.IntegerField("满意度（万分之）")
    low = models.IntegerField("区间下限（万分之）", null=True)
    high = models.IntegerField("区间上限（万分之）", null=True)
    answered = models.IntegerField("有效答卷")
    threshold_pct = models.IntegerField("复核线（%）")
    opened_at = models.DateTimeField("开启时间")
    due_on = models.DateField("整改期限")
    responsible = models.TextField("责任人", default="")
    measures = models.TextField("整改措施", default="")
    report = models.TextField("完成情况", default="")
    done_at = models.DateTimeField("完成时间", null=True)
    reminded_at = models.DateTimeField("逾期提醒时间", null=True)
    again = models.ForeignKey(Survey, models.PROTECT, null=True, related_name="+", verbose_name="复测")
    score_again = models.IntegerField("复测满意度（万分之）", null=True)
    change = models.TextField("变化", default="")

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "survey", "area", "area_ids", "status", "score", "low", "high", "answered", "threshold_pct",
                "opened_at", "due_on", "measures", "report", "done_at", "reminded_at", "again", "score_again", "change",
            ),
            Privacy.INTERNAL,
        ),
        "responsible": Privacy.PERSONAL,
    }  # fmt: skip

    objects = ReviewQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="surveys_review_due", condition=Q(status__in=REVIEW_OPEN)),
        ]
        constraints = [models.UniqueConstraint(fields=["survey", "area"], name="surveys_review_once")]


class SurveySetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
