from django.db import models
from django.db.models import F, Q

from haitang.core.privacy import Privacy
from haitang.projects.models.project import Project


class Progress(models.Model):
    """What has been done by a day, as those who do it tell. is_public: stands on the project's public page."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="progress")
    words = models.TextField("进展")
    is_public = models.BooleanField("公开", default=True)
    at = models.DateTimeField("时间")

    PRIVACY = {
        **dict.fromkeys(("id", "project", "is_public", "at"), Privacy.INTERNAL),
        "words": Privacy.PERSONAL,
    }


class ProgressPhoto(models.Model):
    """A photo of progress, written anew without metadata, kept by its digest. Nobody is forced to take one."""

    progress = models.ForeignKey(Progress, models.CASCADE, related_name="photos")
    digest = models.TextField("摘要", db_collation="C")
    size = models.IntegerField("字节")

    PRIVACY = dict.fromkeys(("id", "progress", "digest", "size"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["progress", "digest"], name="projects_photo_once")]


class Acceptance(models.Model):
    """One look at what was delivered. by: who looked, as it is published: a unit, with the name beside it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="acceptances")
    passed = models.BooleanField("通过")
    words = models.TextField("验收意见")
    by_name = models.TextField("验收人")
    organization_name = models.TextField("验收单位", default="")
    at = models.DateTimeField("时间")

    PRIVACY = {
        **dict.fromkeys(("id", "project", "passed", "at"), Privacy.INTERNAL),
        "organization_name": Privacy.PUBLIC,
        **dict.fromkeys(("words", "by_name"), Privacy.PERSONAL),
    }


class EvaluationCode(models.Model):
    """A code by which one of those served judges a project once, without an account.

    used_on: the day on which it was used; what was said with it is kept apart, so that nobody can put the two together.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="codes")
    code = models.TextField("评价码", unique=True, db_collation="C")
    used_on = models.DateField("使用日期", null=True)

    PRIVACY = {"code": Privacy.SECRET, **dict.fromkeys(("id", "project", "used_on"), Privacy.INTERNAL)}


class Evaluation(models.Model):
    """What one of those served says of a project. Who it was is not kept."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="judgements")
    score = models.SmallIntegerField("评分")
    words = models.TextField("意见", default="")
    on = models.DateField("日期")

    PRIVACY = {
        **dict.fromkeys(("id", "project", "score", "on"), Privacy.INTERNAL),
        "words": Privacy.PERSONAL,
    }

    class Meta:
        indexes = [models.Index(F("project"), F("id").desc(), name="projects_evaluation_newest")]
        constraints = [
            models.CheckConstraint(name="projects_evaluation_score", condition=Q(score__gte=1, score__lte=5))
        ]
