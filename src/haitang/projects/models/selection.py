from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.projects.lifecycle import Stage
from haitang.projects.models.project import Project


class Selection(models.Model):
    """A round in which projects are chosen as examples (百佳示范). Projects are compared, never people.

    criteria: [{"key", "title", "weight", "words"}], weights in percent, together 100; fixed when the round is opened.
    places: how many are chosen; a tie at the last place takes all that tie.
    """

    title = models.TextField("名称")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    criteria = models.JSONField("评选标准")
    places = models.SmallIntegerField("名额")
    stage = models.TextField("阶段", choices=Stage, default=Stage.NOMINATING)
    until_on = models.DateField("推荐截止")
    opened_at = models.DateTimeField("开始时间")
    published_at = models.DateTimeField("公布时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "opened_at", "published_at"), Privacy.INTERNAL),
        **dict.fromkeys(("title", "area", "area_ids", "criteria", "places", "stage", "until_on"), Privacy.PUBLIC),
    }

    class Meta:
        indexes = [models.Index(F("opened_at").desc(), F("id").desc(), name="projects_selection_opened")]
        constraints = [
            models.CheckConstraint(
                name="projects_selection_published",
                condition=Q(stage=Stage.PUBLISHED, published_at__isnull=False)
                | (~Q(stage=Stage.PUBLISHED) & Q(published_at__isnull=True)),
            )
        ]


class Reviewer(models.Model):
    """Who scores the projects of a selection."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="reviewers")
    account_id = models.BigIntegerField("账号")
    name = models.TextField("姓名")

    PRIVACY = {
        **dict.fromkeys(("id", "selection"), Privacy.INTERNAL),
        **dict.fromkeys(("account_id", "name"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["selection", "account_id"], name="projects_reviewer_once")]


class Nomination(models.Model):
    """A project put forward. total: the result in thousandths of a point, place from 1, once published."""

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="nominations")
    project = models.ForeignKey(Project, models.PROTECT, related_name="+")
    words = models.TextField("推荐理由")
    total = models.IntegerField("得分", null=True)
    place = models.SmallIntegerField("名次", null=True)
    is_selected = models.BooleanField("入选", default=False)

    PRIVACY = {
        "id": Privacy.INTERNAL,
        **dict.fromkeys(
            ("selection", "project", "words", "total", "place", "is_selected"), Privacy.PUBLIC
        ),
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["selection", "project"], name="projects_nomination_once")]


class Score(models.Model):
    """How one reviewer marks one project, 0 to 100 for each criterion. marks: {key: points}."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="scores")
    reviewer = models.ForeignKey(Reviewer, models.CASCADE, related_name="scores")
    marks = models.JSONField("评分")
    words = models.TextField("评语", default="")

    PRIVACY = {
        **dict.fromkeys(("id", "nomination", "reviewer", "marks"), Privacy.INTERNAL),
        "words": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nomination", "reviewer"], name="projects_score_once")]
