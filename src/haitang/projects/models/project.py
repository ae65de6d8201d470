from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import local_date
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.projects.lifecycle import OPEN, Status
from haitang.projects.values import Origin, Permission, UnitRole


class ProjectQuerySet(models.QuerySet):
    """The vocabulary of lists of projects."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose projects the viewer may see, and to those that their organizations take part in."""
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        seen = below(areas)
        offices = viewer.organizations(Permission.VIEW)
        if offices:
            seen |= Q(organization_ids__overlap=sorted(offices))
        return self.filter(seen)

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))

    def published(self) -> Self:
        """Narrow to those that everybody may read of."""
        return self.filter(published_at__isnull=False)

    def open(self) -> Self:
        """Narrow to those still to be brought to their end."""
        return self.filter(status__in=OPEN)


class Project(models.Model):
    """Something to be done by a day by known units, from the plan to what those served say of it.

    origin, origin_id: where it comes from; see values.ProjectPlan. organization_ids: of all units that take part, the
    leading one first, by which their people find it. planned_fen: in fen; money_ref: where it stands in the books.
    reworks: how often it was not accepted. delivered_by_id: the account that asked for acceptance, which does not
    accept. evaluations, score_sum: counted in the same transaction as the judgements; score_sum of 1 to 5 each.
    """

    origin = models.TextField("来源", choices=Origin)
    origin_id = models.TextField("来源编号", db_collation="C")
    title = models.TextField("名称")
    aim = models.TextField("目标和内容", default="")
    kind = models.TextField("类别", default="")
    served = models.TextField("服务对象", default="")
    people_expected = models.IntegerField("预计服务人数", null=True)
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", db_index=False, verbose_name="牵头单位"
    )
    organization_ids = ArrayField(models.BigIntegerField(), verbose_name="参与单位")
    from_on = models.DateField("计划开始", null=True)
    until_on = models.DateField("计划完成", null=True)
    planned_fen = models.BigIntegerField("计划资金（分）", null=True)
    money_ref = models.TextField("资金来源", default="")
    status = models.TextField("状态", choices=Status, default=Status.PLANNED)
    created_at = models.DateTimeField("立项时间")
    launched_on = models.DateField("启动日期", null=True)
    delivered_on = models.DateField("申请验收日期", null=True)
    delivered_by_id = models.BigIntegerField("申请验收账号", null=True)
    accepted_on = models.DateField("验收日期", null=True)
    archived_on = models.DateField("归档日期", null=True)
    package = models.ForeignKey("projects.Package", models.SET_NULL, null=True, related_name="projects")
    reworks = models.SmallIntegerField("返工次数", default=0)
    summary = models.TextField("成效", default="")
    published_at = models.DateTimeField("公开时间", null=True)
    evaluations = models.IntegerField("评价数", default=0)
    score_sum = models.IntegerField("评分合计", default=0)

    PRIVACY = {
        **dict.fromkeys(
            (
                "title", "aim", "kind", "served", "people_expected", "area", "area_ids", "organization",
                "organization_ids", "from_on", "until_on", "status", "launched_on", "delivered_on", "accepted_on",
                "archived_on", "summary", "evaluations", "score_sum",
            ),
            Privacy.PUBLIC,
        ),
        **dict.fromkeys(
            (
                "id", "origin", "origin_id", "planned_fen", "money_ref", "created_at", "reworks", "published_at",
                "package",
            ),
            Privacy.INTERNAL,
        ),
        "delivered_by_id": Privacy.PERSONAL,
    }  # fmt: skip

    objects = ProjectQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="projects_project_created"),
            models.Index(
                F("published_at").desc(), F("id").desc(), name="projects_project_public",
                condition=Q(published_at__isnull=False),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["origin", "origin_id"], name="projects_project_origin"),
            models.CheckConstraint(
                name="projects_project_period",
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="projects_project_score",
                condition=Q(score_sum__gte=F("evaluations"), score_sum__lte=5 * F("evaluations")),
            ),
            models.CheckConstraint(
                name="projects_project_accepted",
                condition=Q(accepted_on__isnull=True) | Q(status__in=(Status.ACCEPTED, Status.ARCHIVED)),
            ),
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"XM{local_date(self.created_at):%Y%m}-{self.pk:05d}"


class ProjectUnit(models.Model):
    """A unit's part in a project. duty: what it contributes, in words."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="units")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="单位"
    )
    role = models.TextField("身份", choices=UnitRole)
    duty = models.TextField("承担内容", default="")

    PRIVACY = {"id": Privacy.INTERNAL, **dict.fromkeys(("project", "organization", "role", "duty"), Privacy.PUBLIC)}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "organization"], name="projects_unit_once"),
            models.UniqueConstraint(fields=["project"], name="projects_unit_one_lead", condition=Q(role=UnitRole.LEAD)),
        ]


class Responsible(models.Model):
    """Somebody who answers for a project or a part of it. account_id: who is told, None where they have no account."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="responsible")
    name = models.TextField("姓名")
    account_id = models.BigIntegerField("账号", null=True)
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    task = models.TextField("分工", default="")

    PRIVACY = {
        **dict.fromkeys(("id", "project", "organization"), Privacy.INTERNAL),
        **dict.fromkeys(("name", "account_id", "task"), Privacy.PERSONAL),
    }


class Milestone(models.Model):
    """A point of the plan. done_on: the day on which it was reached. told: whether its being late was told of."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    title = models.TextField("节点")
    due_on = models.DateField("计划日期")
    done_on = models.DateField("完成日期", null=True)
    words = models.TextField("完成情况", default="")
    told = models.BooleanField("已提醒", default=False)

    PRIVACY = {
        **dict.fromkeys(("id", "project", "told"), Privacy.INTERNAL),
        **dict.fromkeys(("title", "due_on", "done_on"), Privacy.PUBLIC),
        "words": Privacy.PERSONAL,
    }

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="projects_milestone_due", condition=Q(done_on__isnull=True)),
        ]


class ProjectSetting(models.Model):
    """A rule that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
