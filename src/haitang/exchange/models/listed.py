from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.exchange.lifecycle import OPEN, PUBLIC, Status
from haitang.exchange.models.rules import ListCategory, Round
from haitang.exchange.values import Channel, Hours, Permission, Repeats

CONTACT, PHONE = "exchange.need.contact", "exchange.need.phone"
"""The contexts under which the name and the telephone of who asks are sealed."""


class ByArea(models.QuerySet):
    """Lists of rows that lie in an area."""

    def within(self, viewer: Actor, permission: str) -> Self:
        """Narrow to where the viewer holds the permission."""
        areas = viewer.areas(permission)
        return self if EVERYWHERE in areas else self.filter(below(areas))

    def below(self, area_path: str) -> Self:
        """Narrow to an area with all below it; the path is an Area's."""
        return self.filter(below([area_path]))

    def of_status(self, status: str) -> Self:
        """Narrow to a state, to what can be ordered ("open") or was published ("listed"); "" narrows nothing."""
        if status == "listed":
            return self.exclude(status__in=(Status.DRAFT, Status.DENIED))
        if status == "open":
            return self.filter(status__in=OPEN)
        return self.filter(status=status) if status else self


class NeedQuerySet(ByArea):
    """The vocabulary of lists of needs."""

    def visible_to(self, viewer: Actor) -> "NeedQuerySet":
        """Narrow to what is public, what lies where the viewer sees the lists, and what the viewer asked for."""
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        seen = Q(status__in=PUBLIC) | below(areas)
        return self.filter(seen | Q(entered_by_id=viewer.id) if viewer.id is not None else seen)


class ResourceQuerySet(ByArea):
    """The vocabulary of lists of resources."""

    def visible_to(self, viewer: Actor) -> "ResourceQuerySet":
        """Narrow to what is public, what the viewer's units offer, and what lies where the viewer sees the lists.

        What serves a wider area than the viewer's is seen, too, by those who may publish it there.
        """
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        own = viewer.organizations(Permission.OFFER)
        around = {int(part) for path in viewer.areas(Permission.PUBLISH) for part in path.split("/") if part}
        seen = Q(status__in=PUBLIC) | below(areas) | Q(organization_id__in=own) | Q(area_id__in=around)
        return self.filter(seen)

    def free(self) -> "ResourceQuerySet":
        """Narrow to what can be ordered and has capacity left."""
        return self.filter(status__in=OPEN, taken__lt=F("capacity"))


class Listed(models.Model):
    """What a need and a resource have in common.

    hours: when it suits, of values.Hours; none means any time. reason: why it was denied or closed.
    """

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", verbose_name="征集批次")
    category = models.ForeignKey(ListCategory, models.PROTECT, related_name="+", verbose_name="类别")
    title = models.TextField("标题")
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    hours = ArrayField(models.TextField(choices=Hours), default=list, verbose_name="时段")
    channel = models.TextField("来源", choices=Channel)
    entered_by_id = models.BigIntegerField("登记账号", null=True)
    entered_at = models.DateTimeField("登记时间")
    status = models.TextField("状态", choices=Status, default=Status.DRAFT)
    published_on = models.DateField("发布日期", null=True)
    reason = models.TextField("理由", default="")

    class Meta:
        abstract = True


_LISTED_PRIVACY = {
    **dict.fromkeys(
        (
            "id", "round", "category", "area", "area_ids", "hours", "channel", "entered_at", "status", "published_on",
        ),
        Privacy.INTERNAL,
    ),
    **dict.fromkeys(("title", "words", "entered_by_id", "reason"), Privacy.PERSONAL),
}  # fmt: skip


class Need(Listed):
    """What a community or somebody in it needs.

    organization: the community that asks. beneficiaries: for whom, as a group. people: how many.
    contact_sealed, phone_sealed: of who asks, where they left it.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="需求单位"
    )
    beneficiaries = models.TextField("服务对象", default="")
    place = models.TextField("地点", default="")
    people = models.IntegerField("人数", default=1)
    wished_by = models.DateField("希望完成日期", null=True)
    contact_sealed = models.BinaryField("联系人", null=True)
    phone_sealed = models.BinaryField("联系电话", null=True)

    SEALED_FOR = {"contact_sealed": CONTACT, "phone_sealed": PHONE}
    PRIVACY = {
        **_LISTED_PRIVACY,
        **dict.fromkeys(("organization", "people", "wished_by"), Privacy.INTERNAL),
        **dict.fromkeys(("beneficiaries", "place"), Privacy.PERSONAL),
        **dict.fromkeys(("contact_sealed", "phone_sealed"), Privacy.SENSITIVE),
    }

    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("entered_at").desc(), F("id").desc(), name="exchange_need_entered"),
            models.Index(fields=["category"], name="exchange_need_open", condition=Q(status__in=OPEN)),
            models.Index(fields=["entered_by_id"], name="exchange_need_own"),
        ]
        constraints = [models.CheckConstraint(name="exchange_need_people", condition=Q(people__gt=0))]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"XQ{self.entered_at:%Y}-{self.pk:05d}"


class Resource(Listed):
    """What a unit or organization offers.

    capacity: how many times it can be had; taken: how many of these are ordered, agreed on or delivered.
    people_max: people each time, 0 for no limit. cost_fen: for the community, each time.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", verbose_name="提供单位"
    )
    capacity = models.IntegerField("可提供次数", default=1)
    taken = models.IntegerField("已约次数", default=0)
    people_max = models.IntegerField("每次人数上限", default=0)
    from_date = models.DateField("可约起始日期", null=True)
    until_date = models.DateField("可约截止日期", null=True)
    repeats = models.TextField("频次", choices=Repeats)
    cost_fen = models.BigIntegerField("每次费用（分）", default=0)

    PRIVACY = {
        **_LISTED_PRIVACY,
        **dict.fromkeys(
            (
                "organization", "capacity", "taken", "people_max", "from_date", "until_date", "repeats", "cost_fen",
            ),
            Privacy.INTERNAL,
        ),
    }  # fmt: skip

    objects = ResourceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("entered_at").desc(), F("id").desc(), name="exchange_resource_entered"),
            models.Index(fields=["category"], name="exchange_resource_open", condition=Q(status__in=OPEN)),
        ]
        constraints = [
            models.CheckConstraint(
                name="exchange_resource_capacity", condition=Q(taken__gte=0, taken__lte=F("capacity"), capacity__gt=0)
            ),
            models.CheckConstraint(name="exchange_resource_bounds", condition=Q(people_max__gte=0, cost_fen__gte=0)),
        ]

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"ZY{self.entered_at:%Y}-{self.pk:05d}"

    @property
    def left(self) -> int:
        """Return how many times it can still be ordered."""
        return self.capacity - self.taken
