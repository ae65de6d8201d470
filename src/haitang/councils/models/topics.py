from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.core.scoping import path_of
from haitang.councils.lifecycle import QuestionStatus, TopicStatus
from haitang.councils.models.councils import InAreas


class Topic(models.Model):
    """A matter that a resident wants talked about. author: until they are forgotten; others never see who it is.

    reason: why it is not taken up. closed_at: when nothing more is to come of it.
    """

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    title = models.TextField("题目")
    words = models.TextField("说明", default="")
    status = models.TextField("状态", choices=TopicStatus, default=TopicStatus.WAITING)
    reason = models.TextField("未采纳的原因", default="")
    author = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="提议人")
    raised_at = models.DateTimeField("提出时间")
    closed_at = models.DateTimeField("了结时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("title", "words", "area", "status", "raised_at"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "area_ids", "closed_at"), Privacy.INTERNAL),
        **dict.fromkeys(("author", "reason"), Privacy.PERSONAL),
    }

    objects = InAreas.as_manager()

    class Meta:
        indexes = [
            models.Index(F("raised_at").desc(), F("id").desc(), name="councils_topic_raised"),
            models.Index(fields=["author"], name="councils_topic_author", condition=Q(author__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"TY{self.pk:05d}"

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)


class TopicPhoto(models.Model):
    """A photo of a matter, known by its content; who may read the topic sees it."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="photos", db_index=False, verbose_name="提议")
    digest = models.TextField("内容摘要")

    PRIVACY = {**dict.fromkeys(("id", "topic"), Privacy.INTERNAL), "digest": Privacy.PUBLIC}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "digest"], name="councils_photo_once")]


class Question(models.Model):
    """A question or comment to the grid secretary. due_at: by when it is to be answered; escalated_at: when the street
    was told that it was not. is_public: whether the answer is there for everybody to read, if the asker agreed."""

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    words = models.TextField("提问")
    may_publish = models.BooleanField("同意公开", default=False)
    status = models.TextField("状态", choices=QuestionStatus, default=QuestionStatus.WAITING)
    asker = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="提问人")
    asked_at = models.DateTimeField("提问时间")
    due_at = models.DateTimeField("答复期限")
    answer = models.TextField("答复", default="")
    answered_at = models.DateTimeField("答复时间", null=True)
    is_public = models.BooleanField("已公开", default=False)
    escalated_at = models.DateTimeField("上报时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("area", "status", "asked_at", "due_at", "answer", "answered_at", "is_public"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "area_ids", "may_publish", "escalated_at"), Privacy.INTERNAL),
        **dict.fromkeys(("words", "asker"), Privacy.PERSONAL),
    }

    objects = InAreas.as_manager()

    class Meta:
        indexes = [
            models.Index(F("asked_at").desc(), F("id").desc(), name="councils_question_asked"),
            models.Index(
                fields=["due_at"], name="councils_question_due", condition=Q(status=QuestionStatus.WAITING)
            ),
            models.Index(fields=["asker"], name="councils_question_asker", condition=Q(asker__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                name="councils_question_answer",
                condition=Q(status=QuestionStatus.WAITING, answered_at=None)
                | (Q(status=QuestionStatus.ANSWERED, answered_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="councils_question_public", condition=Q(is_public=False) | Q(may_publish=True)
            ),
        ]  # fmt: skip

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"WD{self.pk:05d}"

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)
