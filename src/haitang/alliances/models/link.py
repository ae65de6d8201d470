from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.alliances.lifecycle import Stage
from haitang.alliances.values import YEARS, Owed, Permission, Side
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below


class LinkQuerySet(models.QuerySet["Link"]):
    """The vocabulary of lists of links."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to where the viewer sees joint work, and to the links of the viewer's units."""
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        return self.filter(below(areas) | Q(unit_id__in=viewer.organizations(Permission.SPEAK)))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class Link(models.Model):
    """A unit paired with a community (or with a street), as joint work sees it.

    link: of organizations, which says since when and until when. community: the community, or the street.
    area: what that one serves.
    """

    link = models.OneToOneField(
        "organizations.OrganizationLink", models.PROTECT, related_name="+", verbose_name="结对关系"
    )
    unit = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+", verbose_name="单位")
    community = models.ForeignKey("organizations.Organization", models.PROTECT, related_name="+", verbose_name="社区")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    taken_up_at = models.DateTimeField("登记时间")

    PRIVACY = dict.fromkeys(("id", "link", "unit", "community", "area", "area_ids", "taken_up_at"), Privacy.INTERNAL)

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("taken_up_at").desc(), F("id").desc(), name="alliances_link_taken_up")]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"GG{self.pk:05d}"


class Agreement(models.Model):
    """What the two sides of a link take upon themselves for a year.

    version: counts its changes. community_at, unit_at: when each side said yes to it as it stands.
    reason: why it was returned. words: what is agreed on besides the duties.
    """

    link = models.ForeignKey(Link, models.PROTECT, related_name="agreements", verbose_name="结对")
    year = models.SmallIntegerField("年度")
    stage = models.TextField("状态", choices=Stage)
    version = models.SmallIntegerField("版本", default=1)
    proposed_by = models.TextField("拟定方", choices=Side)
    proposed_at = models.DateTimeField("拟定时间")
    community_at = models.DateTimeField("社区确认时间", null=True)
    unit_at = models.DateTimeField("单位确认时间", null=True)
    words = models.TextField("其他约定", default="")
    reason = models.TextField("退回理由", default="")

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "link", "year", "stage", "version", "proposed_by", "proposed_at", "community_at", "unit_at",
                "words",
            ),
            Privacy.INTERNAL,
        ),
        "reason": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "year"], name="alliances_agreement_year"),
            models.CheckConstraint(
                name="alliances_agreement_both",
                condition=~Q(stage=Stage.AGREED) | Q(community_at__isnull=False, unit_at__isnull=False),
            ),
            models.CheckConstraint(
                name="alliances_agreement_years", condition=Q(year__gte=YEARS[0], year__lte=YEARS[1])
            ),
        ]

    @property
    def waits_for(self) -> str:
        """Return the side that has not said yes to it as it stands; "" where none is waited for."""
        if self.stage == Stage.AGREED:
            return ""
        if self.stage == Stage.RETURNED:
            return self.proposed_by
        return Side.COMMUNITY.value if self.community_at is None else Side.UNIT.value


class AgreedDuty(models.Model):
    """A duty of an agreement, as it was when it was agreed on. code: of the catalogue. times: within the year."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="duties", verbose_name="协议")
    code = models.TextField("编码", db_collation="C")
    group = models.TextField("方面")
    name = models.TextField("责任")
    owed = models.TextField("责任方", choices=Owed)
    times = models.SmallIntegerField("约定次数")
    goal = models.TextField("目标", default="")

    PRIVACY = dict.fromkeys(("id", "agreement", "code", "group", "name", "owed", "times", "goal"), Privacy.INTERNAL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="alliances_duty_once")]


class Contact(models.Model):
    """A contact that was made. who: in words. duty: code of the duty that it fulfils, "" for none.

    struck_at: when it was struck out as a mistake. There is no place and no hour in it.
    """

    link = models.ForeignKey(Link, models.PROTECT, related_name="contacts", verbose_name="结对")
    on = models.DateField("日期")
    side = models.TextField("登记方", choices=Side)
    who = models.TextField("参加人")
    what = models.TextField("内容")
    duty = models.TextField("对应责任", default="", db_collation="C")
    entered_at = models.DateTimeField("登记时间")
    entered_by_id = models.BigIntegerField("登记账号", null=True)
    struck_at = models.DateTimeField("划去时间", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "link", "on", "side", "duty", "entered_at", "struck_at"), Privacy.INTERNAL),
        **dict.fromkeys(("who", "what", "entered_by_id"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["link", "-on"], name="alliances_contact_on")]


class Evaluation(models.Model):
    """What one side says of the other for a year. It is about offices, and about no person.

    marks: [{code, name, given, of}], as the criteria were then.
    """

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="evaluations", verbose_name="协议")
    side = models.TextField("考评方", choices=Side)
    marks = models.JSONField("各项")
    given = models.SmallIntegerField("合计")
    of = models.SmallIntegerField("满分")
    words = models.TextField("评语", default="")
    at = models.DateTimeField("考评时间")
    by_id = models.BigIntegerField("考评账号", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "agreement", "side", "marks", "given", "of", "at"), Privacy.INTERNAL),
        **dict.fromkeys(("words", "by_id"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="alliances_evaluation_once"),
            models.CheckConstraint(
                name="alliances_evaluation_marks", condition=Q(given__gte=0, of__gte=1, given__lte=F("of"))
            ),
        ]

    @property
    def percent(self) -> int:
        """Return the part of what could be reached, in whole percent, rounded half up."""
        return (self.given * 200 + self.of) // (2 * self.of)
