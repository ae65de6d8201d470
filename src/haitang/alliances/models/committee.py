from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.alliances.lifecycle import DecisionStatus, MeetingStatus
from haitang.alliances.values import CommitteeKind, Permission, SeatKind
from haitang.core import periods
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below


class CommitteeQuerySet(models.QuerySet["Committee"]):
    """The vocabulary of lists of committees."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to where the viewer sees joint work, and to those in which the viewer's units have a seat."""
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        seats = Seat.objects.filter(home_id__in=viewer.organizations(Permission.SPEAK))
        return self.filter(below(areas) | Q(pk__in=seats.values("committee_id")))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class Committee(models.Model):
    """A committee in which the party organizations of an area sit together. organization: the one that runs it."""

    kind = models.TextField("类型", choices=CommitteeKind)
    name = models.TextField("名称")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="所属党组织"
    )
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    from_date = models.DateField("成立日期")
    to_date = models.DateField("撤销日期", null=True)
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = {
        **dict.fromkeys(("kind", "name", "from_date", "to_date"), Privacy.PUBLIC),
        **dict.fromkeys(("id", "organization", "area", "area_ids", "entered_at"), Privacy.INTERNAL),
    }

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="alliances_committee_entered")]
        constraints = [
            periods.in_order(name="alliances_committee_period"),
            *(
                periods.one_at_a_time(name=f"alliances_committee_{each}", per=["area"], where=Q(kind=each.value))
                for each in CommitteeKind
            ),
        ]


class Seat(models.Model):
    """A member of a committee over a period. home: the unit that the member comes from. until: of the term.

    post: what the member is there. to_date: when the seat was left; replaces: the seat whose place it took.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="seats", verbose_name="委员会")
    kind = models.TextField("类型", choices=SeatKind)
    name = models.TextField("姓名")
    post = models.TextField("职务")
    home = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="所在单位"
    )
    from_date = models.DateField("任职日期")
    until = models.DateField("任期至", null=True)
    to_date = models.DateField("离任日期", null=True)
    reason = models.TextField("离任原因", default="")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="接替")

    PRIVACY = {
        **dict.fromkeys(
            ("id", "committee", "kind", "post", "from_date", "until", "to_date", "replaces"), Privacy.INTERNAL
        ),
        **dict.fromkeys(("name", "home", "reason"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            periods.in_order(name="alliances_seat_period"),
            models.CheckConstraint(
                name="alliances_seat_home", condition=~Q(kind=SeatKind.PART_TIME) | Q(home__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["committee", "name", "home"], name="alliances_seat_once", nulls_distinct=False,
                condition=Q(to_date=None),
            ),
            models.UniqueConstraint(
                fields=["replaces"], name="alliances_seat_replaced_once", condition=Q(replaces__isnull=False)
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["home"], name="alliances_seat_home_unit")]


class Meeting(models.Model):
    """A meeting of a committee: called, then held with minutes and decisions, or called off. Who came is not kept."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="meetings", verbose_name="委员会")
    title = models.TextField("会议名称")
    at = models.DateTimeField("开会时间")
    place = models.TextField("地点", default="")
    status = models.TextField("状态", choices=MeetingStatus, default=MeetingStatus.CALLED)
    minutes = models.TextField("会议纪要", default="")
    reason = models.TextField("取消原因", default="")

    PRIVACY = {
        **dict.fromkeys(("id", "committee", "title", "at", "place", "status"), Privacy.INTERNAL),
        **dict.fromkeys(("minutes", "reason"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="alliances_meeting_at"),
            models.Index(fields=["committee", "-at"], name="alliances_meeting_committee"),
        ]
        constraints = [
            models.CheckConstraint(
                name="alliances_meeting_minutes", condition=~Q(status=MeetingStatus.HELD) | ~Q(minutes="")
            )
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"HY{self.pk:05d}"


class AgendaItem(models.Model):
    """What is to be talked about. proposer: the unit that brings it up, None for the committee itself."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name="会议")
    order = models.SmallIntegerField("顺序")
    title = models.TextField("议题")
    proposer = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="提出单位"
    )

    PRIVACY = dict.fromkeys(("id", "meeting", "order", "title", "proposer"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="alliances_agenda_order")]


class Decision(models.Model):
    """What a meeting decided, and what became of it. office: sees to it. outcome: how it went, or why it was dropped.

    project_id, case: what it became, where it did.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions", verbose_name="会议")
    text = models.TextField("决议")
    office = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+", verbose_name="责任单位")
    due_on = models.DateField("完成期限", null=True)
    decided_at = models.DateTimeField("决议时间")
    status = models.TextField("状态", choices=DecisionStatus, default=DecisionStatus.OPEN)
    outcome = models.TextField("结果", default="")
    settled_on = models.DateField("办结日期", null=True)
    project_id = models.BigIntegerField("项目", null=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", verbose_name="案件")

    PRIVACY = {
        **dict.fromkeys(
            ("id", "meeting", "text", "office", "due_on", "decided_at", "status", "settled_on", "project_id", "case"),
            Privacy.INTERNAL,
        ),
        "outcome": Privacy.PERSONAL,
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="alliances_decision_project",
                condition=Q(status=DecisionStatus.PROJECT, project_id__isnull=False)
                | (~Q(status=DecisionStatus.PROJECT) & Q(project_id=None)),
            ),
            models.CheckConstraint(
                name="alliances_decision_case",
                condition=Q(status=DecisionStatus.CASE, case__isnull=False)
                | (~Q(status=DecisionStatus.CASE) & Q(case=None)),
            ),
            models.CheckConstraint(
                name="alliances_decision_reason", condition=~Q(status=DecisionStatus.DROPPED) | ~Q(outcome="")
            ),
        ]
        indexes = [
            models.Index(F("decided_at").desc(), F("id").desc(), name="alliances_decision_at"),
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"JY{self.pk:05d}"
