from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import periods
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below, path_of
from haitang.councils.lifecycle import ResolutionStatus, SessionStatus, Way
from haitang.councils.values import Permission, Post


class InAreas(models.QuerySet):
    """The vocabulary of lists of what lies in an area."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to where the viewer sees deliberation as staff."""
        areas = viewer.areas(Permission.VIEW)
        return self if EVERYWHERE in areas else self.filter(below(areas))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class CouncilKind(models.Model):
    """A kind of council, as shipped or as changed here. See `values.NewKind`."""

    code = models.TextField("编码", unique=True)
    name = models.TextField("名称")
    words = models.TextField("做什么", default="")
    habit = models.TextField("多久一次", default="")
    quorum = models.TextField("到会比例", default="")
    passes = models.TextField("通过比例", default="")
    source = models.TextField("依据", default="")
    order = models.IntegerField("顺序", default=0)
    is_shipped = models.BooleanField("随产品发布", default=False)
    is_active = models.BooleanField("启用", default=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "code", "name", "words", "habit", "quorum", "passes", "source", "order", "is_shipped", "is_active",
        ),
        Privacy.PUBLIC,
    )  # fmt: skip


class CouncilSetting(models.Model):
    """A rule of deliberation that was changed here."""

    key = models.TextField("设置项", unique=True)
    value = models.JSONField("值")

    PRIVACY = {"id": Privacy.INTERNAL, "key": Privacy.INTERNAL, "value": Privacy.INTERNAL}


class Council(models.Model):
    """People of an area who sit together. organization: convenes it. habit: when it meets, where not as its kind."""

    kind = models.ForeignKey(CouncilKind, models.PROTECT, related_name="+", verbose_name="类型")
    name = models.TextField("名称")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="召集单位"
    )
    habit = models.TextField("多久一次", default="")
    from_date = models.DateField("成立日期")
    to_date = models.DateField("撤销日期", null=True)
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = {
        **dict.fromkeys(("kind", "name", "area", "habit", "from_date", "to_date"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "area_ids", "organization", "entered_at"), Privacy.INTERNAL),
    }

    objects = InAreas.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="councils_entered")]
        constraints = [
            periods.in_order(name="councils_period"),
            models.UniqueConstraint(fields=["area", "name"], name="councils_named_once", condition=Q(to_date=None)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def area_path(self) -> str:
        """Return the area path by which grants are asked."""
        return path_of(self.area_ids)


class Member(models.Model):
    """A member of a council over a period. account: by which they are invited. until: of the term."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="members", verbose_name="议事组织")
    name = models.TextField("姓名")
    post = models.TextField("职务", choices=Post)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name="账号")
    from_date = models.DateField("任职日期")
    until = models.DateField("任期至", null=True)
    to_date = models.DateField("离任日期", null=True)
    reason = models.TextField("离任原因", default="")

    PRIVACY = {
        **dict.fromkeys(("id", "council", "post", "from_date", "until", "to_date"), Privacy.INTERNAL),
        **dict.fromkeys(("name", "account", "reason"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            periods.in_order(name="councils_member_period"),
            models.UniqueConstraint(
                fields=["council", "name"], name="councils_member_once", condition=Q(to_date=None)
            ),
        ]  # fmt: skip


class Session(models.Model):
    """A meeting of a council: called, then held with minutes, or called off.

    members, present_ids, quorum: of how many who was there, for the quorum of this one meeting; nothing adds them up.
    summary: for everybody, from published_at on.
    """

    council = models.ForeignKey(Council, models.PROTECT, related_name="sessions", verbose_name="议事组织")
    title = models.TextField("会议名称")
    at = models.DateTimeField("开会时间")
    place = models.TextField("地点", default="")
    status = models.TextField("状态", choices=SessionStatus, default=SessionStatus.CALLED)
    minutes = models.TextField("会议纪要", default="")
    summary = models.TextField("公开摘要", default="")
    published_at = models.DateTimeField("公开时间", null=True)
    members = models.IntegerField("应到人数", null=True)
    present_ids = ArrayField(models.BigIntegerField(), verbose_name="到会成员", default=list)
    quorum = models.TextField("到会比例要求", default="")
    reason = models.TextField("取消原因", default="")

    PRIVACY = {
        **dict.fromkeys(("title", "at", "place", "status", "summary", "published_at", "reason"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "council", "members", "quorum"), Privacy.INTERNAL),
        **dict.fromkeys(("minutes", "present_ids"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["council", "-at"], name="councils_session_council")]
        constraints = [
            models.CheckConstraint(
                name="councils_session_minutes", condition=~Q(status=SessionStatus.HELD) | ~Q(minutes="")
            ),
            models.CheckConstraint(
                name="councils_session_published", condition=Q(published_at=None) | ~Q(summary="")
            ),
        ]  # fmt: skip

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"YH{self.pk:05d}"


class SessionItem(models.Model):
    """What is to be talked about. topic: raised by a resident, None for the council's own."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="items", verbose_name="会议")
    order = models.SmallIntegerField("顺序")
    title = models.TextField("议程")
    topic = models.ForeignKey("Topic", models.PROTECT, null=True, related_name="items", verbose_name="提议")

    PRIVACY = dict.fromkeys(("id", "session", "order", "title", "topic"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "order"], name="councils_item_order")]


class Resolution(models.Model):
    """What a meeting resolved, and what became of it. office: sees to it. agreed: how many were for it.

    way: how it is carried out; case, project_id, voting_url: where, for what is followed there.
    outcome: how it went, or why it was dropped.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="resolutions", verbose_name="会议")
    topic = models.ForeignKey("Topic", models.PROTECT, null=True, related_name="resolutions", verbose_name="提议")
    text = models.TextField("议定事项")
    office = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("完成期限", null=True)
    agreed = models.IntegerField("同意人数", null=True)
    decided_at = models.DateTimeField("议定时间")
    status = models.TextField("状态", choices=ResolutionStatus, default=ResolutionStatus.OPEN)
    way = models.TextField("办理方式", choices=Way, default=Way.OWN)
    outcome = models.TextField("结果", default="")
    settled_on = models.DateField("办结日期", null=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", verbose_name="案件")
    project_id = models.BigIntegerField("项目", null=True)
    voting_url = models.TextField("表决", default="")
    voting_desk_url = models.TextField("表决办理页面", default="")

    PRIVACY = {
        **dict.fromkeys(("text", "due_on", "decided_at", "status", "way", "settled_on", "outcome"), Privacy.PUBLIC),
        **dict.fromkeys(
            ("id", "session", "topic", "office", "agreed", "case", "project_id", "voting_url", "voting_desk_url"),
            Privacy.INTERNAL,
        ),
    }

    class Meta:
        indexes = [
            models.Index(F("decided_at").desc(), F("id").desc(), name="councils_resolution_at"),
            models.Index(fields=["case"], name="councils_resolution_case", condition=Q(case__isnull=False)),
            models.Index(fields=["project_id"], name="councils_resolution_project", condition=Q(way=Way.PROJECT)),
        ]
        constraints = [
            models.CheckConstraint(
                name="councils_resolution_case_of_way",
                condition=Q(way=Way.CASE, case__isnull=False) | (~Q(way=Way.CASE) & Q(case=None)),
            ),
            models.CheckConstraint(
                name="councils_resolution_project_of_way",
                condition=Q(way=Way.PROJECT, project_id__isnull=False) | (~Q(way=Way.PROJECT) & Q(project_id=None)),
            ),
            models.CheckConstraint(
                name="councils_resolution_reason", condition=~Q(status=ResolutionStatus.DROPPED) | ~Q(outcome="")
            ),
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"YD{self.pk:05d}"
