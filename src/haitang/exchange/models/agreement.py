from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.exchange.lifecycle import AGREED, LIVE, Stage
from haitang.exchange.models.listed import Need, Resource
from haitang.exchange.models.rules import Round
from haitang.exchange.values import STARS_MAX, Permission, Side


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """The vocabulary of lists of agreements."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to where the viewer sees the lists, and to those of the viewer's units."""
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        return self.filter(below(areas) | Q(organization_id__in=viewer.organizations(Permission.OFFER)))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))


class Agreement(models.Model):
    """A resource ordered, for a need or without one, until both sides have said yes to the same terms, and after.

    From the order on it holds one of the resource's capacity; declined, withdrawn or expired it gives that back.
    community: who asks; organization: who offers; area: where. ordered_by: which side began.
    on, people, words: the terms; version: counts their changes. community_at, unit_at: when each side said yes to them.
    answer_by: until when the other side is waited for. reason: why it failed. project_id: what it became.
    """

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name="征集批次")
    need = models.ForeignKey(Need, models.PROTECT, null=True, related_name="+", verbose_name="需求")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name="资源")
    community = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="社区"
    )
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="单位"
    )
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    ordered_by = models.TextField("下单方", choices=Side)
    ordered_by_id = models.BigIntegerField("下单账号", null=True)
    ordered_at = models.DateTimeField("下单时间")
    answer_by = models.DateTimeField("答复期限")
    on = models.DateField("约定日期", null=True)
    people = models.IntegerField("人数", default=1)
    words = models.TextField("约定", default="")
    version = models.SmallIntegerField("条件版本", default=1)
    community_at = models.DateTimeField("社区确认时间", null=True)
    unit_at = models.DateTimeField("单位确认时间", null=True)
    stage = models.TextField("状态", choices=Stage, default=Stage.ORDERED)
    reason = models.TextField("理由", default="")
    delivered_on = models.DateField("交付日期", null=True)
    project_id = models.BigIntegerField("项目", null=True)

    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "round", "need", "resource", "community", "organization", "area", "area_ids", "ordered_by",
                "ordered_at", "answer_by", "on", "people", "version", "community_at", "unit_at", "stage",
                "delivered_on", "project_id",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("ordered_by_id", "words", "reason"), Privacy.PERSONAL),
    }  # fmt: skip

    objects = AgreementQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("ordered_at").desc(), F("id").desc(), name="exchange_agreement_ordered"),
            models.Index(fields=["answer_by"], name="exchange_agreement_waits", condition=Q(stage=Stage.ORDERED)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "resource"], name="exchange_agreement_once", condition=Q(stage__in=LIVE)
            ),
            models.CheckConstraint(
                name="exchange_agreement_both",
                condition=~Q(stage__in=AGREED) | Q(community_at__isnull=False, unit_at__isnull=False),
            ),
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"DJ{self.ordered_at:%Y}-{self.pk:05d}"

    @property
    def waits_for(self) -> str:
        """Return the side that has not said yes to the terms yet; "" where none is waited for."""
        if self.stage != Stage.ORDERED:
            return ""
        return Side.COMMUNITY.value if self.community_at is None else Side.UNIT.value


class Evaluation(models.Model):
    """What one side says of the other after the delivery. It is about offices, and about no person."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="evaluations")
    side = models.TextField("评价方", choices=Side)
    stars = models.SmallIntegerField("星级")
    words = models.TextField("评语", default="")
    at = models.DateTimeField("评价时间")
    by_id = models.BigIntegerField("评价账号", null=True)

    PRIVACY = {
        **dict.fromkeys(("id", "agreement", "side", "stars", "at"), Privacy.INTERNAL),
        **dict.fromkeys(("words", "by_id"), Privacy.PERSONAL),
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "side"], name="exchange_evaluation_once"),
            models.CheckConstraint(name="exchange_evaluation_stars", condition=Q(stars__gte=1, stars__lte=STARS_MAX)),
        ]
