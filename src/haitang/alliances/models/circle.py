from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.alliances.values import Base, Level, Permission
from haitang.core import periods
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import around, below


class InAreaQuerySet(models.QuerySet):
    """The vocabulary of lists of what belongs to an area."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to where the viewer sees joint work."""
        return self.filter(below(viewer.areas(Permission.VIEW)))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class AllianceQuerySet(InAreaQuerySet):
    """The vocabulary of lists of alliances."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to where the viewer sees joint work, the levels above it, and where the viewer's units take part."""
        areas, units = viewer.areas(Permission.VIEW), viewer.organizations(Permission.SPEAK)
        if EVERYWHERE in areas:
            return self
        own = Partner.objects.filter(organization_id__in=units).values("alliance_id")
        return self.filter(around(areas) | Q(lead_id__in=units) | Q(pk__in=own))


class Alliance(models.Model):
    """Organizations that work together for a purpose, across fields, levels and cities."""

    name = models.TextField("名称")
    purpose = models.TextField("宗旨")
    level = models.TextField("层级", choices=Level)
    lead = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+", verbose_name="牵头单位")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    from_date = models.DateField("成立日期")
    to_date = models.DateField("结束日期", null=True)
    reason = models.TextField("结束原因", default="")
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = dict.fromkeys(
        (
            "id", "name", "purpose", "level", "lead", "area", "area_ids", "from_date", "to_date", "reason",
            "entered_at",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = AllianceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="alliances_alliance_entered")]
        constraints = [periods.in_order(name="alliances_alliance_period")]


class Partner(models.Model):
    """A member of an alliance: an organization of the register, or one elsewhere by its name. role: what it gives."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="partners", verbose_name="联盟")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    outside_name = models.TextField("外地单位", default="")
    outside_place = models.TextField("所在城市", default="")
    role = models.TextField("承担事项", default="")
    from_date = models.DateField("加入日期")
    to_date = models.DateField("退出日期", null=True)

    PRIVACY = dict.fromkeys(
        ("id", "alliance", "organization", "outside_name", "outside_place", "role", "from_date", "to_date"),
        Privacy.INTERNAL,
    )

    class Meta:
        constraints = [
            periods.in_order(name="alliances_partner_period"),
            models.CheckConstraint(
                name="alliances_partner_one",
                condition=Q(organization__isnull=False, outside_name="")
                | (Q(organization=None) & ~Q(outside_name="")),
            ),
            models.UniqueConstraint(
                fields=["alliance", "organization", "outside_name"], name="alliances_partner_once",
                nulls_distinct=False, condition=Q(to_date=None),
            ),
        ]  # fmt: skip


class ActionBranch(models.Model):
    """A branch formed for a purpose and for a time; its members keep their home branches.

    until: the day planned for its end. to_date, outcome: when it ended, and what it had done.
    """

    name = models.TextField("名称")
    purpose = models.TextField("任务")
    base = models.TextField("建在哪里", choices=Base)
    parent = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="上级党组织"
    )
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    from_date = models.DateField("成立日期")
    until = models.DateField("计划结束")
    to_date = models.DateField("结束日期", null=True)
    outcome = models.TextField("成效", default="")
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = dict.fromkeys(
        (
            "id", "name", "purpose", "base", "parent", "area", "area_ids", "from_date", "until", "to_date", "outcome",
            "entered_at",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = InAreaQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="alliances_branch_entered")]
        constraints = [
            periods.in_order(name="alliances_branch_period"),
            periods.in_order(name="alliances_branch_until", to_field="until"),
        ]


class BranchMember(models.Model):
    """Somebody in an action branch over a period. Where they belong is said in the register of helpers, and stays."""

    branch = models.ForeignKey(ActionBranch, models.PROTECT, related_name="members", verbose_name="行动支部")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="成员")
    from_date = models.DateField("加入日期")
    to_date = models.DateField("离开日期", null=True)

    PRIVACY = dict.fromkeys(("id", "branch", "volunteer", "from_date", "to_date"), Privacy.PERSONAL)

    class Meta:
        constraints = [
            periods.in_order(name="alliances_member_period"),
            periods.one_at_a_time(name="alliances_member_once", per=["branch", "volunteer"]),
        ]
        indexes = [models.Index(fields=["volunteer"], name="alliances_member_volunteer")]


class ContactPoint(models.Model):
    """A community with which a leader keeps in contact (联支强基). home: where the leader works."""

    leader = models.TextField("领导姓名")
    post = models.TextField("职务")
    home = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="所在单位"
    )
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="联系社区")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    from_date = models.DateField("起始日期")
    to_date = models.DateField("结束日期", null=True)
    reason = models.TextField("结束原因", default="")
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = {
        **dict.fromkeys(("id", "area", "area_ids", "from_date", "to_date", "entered_at"), Privacy.INTERNAL),
        **dict.fromkeys(("leader", "post", "home", "reason"), Privacy.PERSONAL),
    }

    objects = InAreaQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="alliances_point_entered")]
        constraints = [
            periods.in_order(name="alliances_point_period"),
            models.UniqueConstraint(
                fields=["leader", "home", "area"], name="alliances_point_once", nulls_distinct=False,
                condition=Q(to_date=None),
            ),
        ]  # fmt: skip


class PointVisit(models.Model):
    """What a leader heard on a visit, and what came of it. There is no place and no hour in it."""

    point = models.ForeignKey(ContactPoint, models.PROTECT, related_name="visits", verbose_name="联系点")
    on = models.DateField("日期")
    what = models.TextField("了解的情况")
    outcome = models.TextField("协调解决", default="")
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = {
        **dict.fromkeys(("id", "point", "on", "entered_at"), Privacy.INTERNAL),
        **dict.fromkeys(("what", "outcome"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["point", "-on"], name="alliances_visit_on")]


class Workstation(models.Model):
    """A place from which party work of an area is helped (区域党建工作站). host: the organization that runs it."""

    name = models.TextField("名称")
    place = models.TextField("地址")
    host = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+", verbose_name="主管单位")
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    from_date = models.DateField("启用日期")
    to_date = models.DateField("停用日期", null=True)
    reason = models.TextField("停用原因", default="")
    entered_at = models.DateTimeField("登记时间")

    PRIVACY = dict.fromkeys(
        (
            "id", "name", "place", "host", "words", "area", "area_ids", "from_date", "to_date", "reason", "entered_at",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = InAreaQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("entered_at").desc(), F("id").desc(), name="alliances_station_entered")]
        constraints = [periods.in_order(name="alliances_station_period")]


class Instructor(models.Model):
    """Somebody sent to help an organization with its party work (党建指导员). until: of the term."""

    station = models.ForeignKey(Workstation, models.PROTECT, related_name="instructors", verbose_name="工作站")
    name = models.TextField("姓名")
    home = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="派出单位"
    )
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="指导单位"
    )
    from_date = models.DateField("起始日期")
    until = models.DateField("任期至", null=True)
    to_date = models.DateField("结束日期", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "station", "organization", "from_date", "until", "to_date"), Privacy.INTERNAL),
        **dict.fromkeys(("name", "home"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            periods.in_order(name="alliances_instructor_period"),
            models.UniqueConstraint(
                fields=["name", "organization"], name="alliances_instructor_once", condition=Q(to_date=None)
            ),
        ]
