from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.periods import Just
from haitang.core.privacy import Privacy
from haitang.orders.lifecycle import PENDING, OfferStatus, Status
from haitang.orders.models.catalogue import ByArea, Service, Slot
from haitang.orders.values import STARS_MAX, Channel, Orderer, Permission

NAME, PHONE, ADDRESS = "orders.order.name", "orders.order.phone", "orders.order.address"
"""The contexts under which who ordered, their telephone and their home are sealed."""
_STAFF = (Permission.VIEW, Permission.PLACE, Permission.DISPATCH, Permission.HUB)


class OrderQuerySet(ByArea):
    """The vocabulary of lists of orders."""

    def visible_to(self, viewer: Actor) -> "OrderQuerySet":
        """Narrow to the areas whose orders the viewer may see as staff."""
        return self.within(viewer, *_STAFF)


class Order(models.Model):
    """One service ordered for one hour, from the order to the review.

    area: where the orderer lives. account_id: of the orderer, None for one without account (ordered by telephone).
    placed_by_id: the account that typed it. organization: in whose name it was ordered, for a unit or community.
    volunteer, helper: who accepted, a person or an organization. assured_at: when they confirmed to come.
    languages: codes of the volunteers' registry; the helper speaks one of them, or any where none is named.
    finished: actual minutes as the helper says. silent: confirmed by the clock. missed_side: orderer or helper.
    The reason is that of a cancellation or of what was missed.
    """

    service = models.ForeignKey(Service, models.PROTECT, related_name="orders")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="orders")
    area = models.ForeignKey(
        "territory.Area", models.PROTECT, related_name="+", db_index=False, verbose_name="所属区域"
    )
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    begins_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    status = models.TextField("状态", choices=Status)
    orderer = models.TextField("下单方", choices=Orderer)
    channel = models.TextField("下单方式", choices=Channel)
    account_id = models.BigIntegerField("点单人账号", null=True)
    placed_by_id = models.BigIntegerField("录入账号", null=True)
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="下单单位"
    )
    name_sealed = models.BinaryField("姓名")
    phone_sealed = models.BinaryField("电话")
    address_sealed = models.BinaryField("地址")
    words = models.TextField("说明", default="")
    languages = ArrayField(models.TextField(), verbose_name="希望会说", default=list)
    ordered_at = models.DateTimeField("下单时间")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+", verbose_name="接单人"
    )
    helper = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="接单单位"
    )
    accepted_at = models.DateTimeField("接单时间", null=True)
    assured_at = models.DateTimeField("确认能到时间", null=True)
    reminded = ArrayField(models.SmallIntegerField(), verbose_name="已提醒", default=list)
    finished_at = models.DateTimeField("报告完成时间", null=True)
    minutes = models.SmallIntegerField("实际时长（分钟）", null=True)
    finish_words = models.TextField("完成情况", default="")
    confirmed_at = models.DateTimeField("确认时间", null=True)
    is_silent = models.BooleanField("到期默认确认", default=False)
    stars = models.SmallIntegerField("星级", null=True)
    review_words = models.TextField("评语", default="")
    reviewed_at = models.DateTimeField("评价时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    reason = models.TextField("取消或未能成行的原因", default="")
    is_late = models.BooleanField("临时取消", default=False)
    missed_side = models.TextField("未到的一方", default="")

    SEALED_FOR = {"name_sealed": NAME, "phone_sealed": PHONE, "address_sealed": ADDRESS}
    PRIVACY = {
        **dict.fromkeys(
            (
                "id", "service", "slot", "area", "area_ids", "begins_at", "ends_at", "status", "orderer", "channel",
                "organization", "ordered_at", "helper", "accepted_at", "assured_at", "reminded", "finished_at",
                "minutes", "confirmed_at", "is_silent", "stars", "reviewed_at", "ended_at", "is_late", "missed_side",
            ),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(
            ("account_id", "placed_by_id", "words", "languages", "volunteer", "finish_words", "review_words", "reason"),
            Privacy.PERSONAL,
        ),
        **dict.fromkeys(("name_sealed", "phone_sealed", "address_sealed"), Privacy.SENSITIVE),
    }  # fmt: skip

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(F("ordered_at").desc(), F("id").desc(), name="orders_order_ordered"),
            models.Index(fields=["account_id", "ordered_at"], name="orders_order_account"),
            models.Index(fields=["begins_at"], name="orders_order_to_come", condition=Q(
                status__in=[*PENDING, Status.ACCEPTED, Status.DONE]
            )),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                name="orders_order_one_helper", condition=Q(volunteer__isnull=True) | Q(helper__isnull=True)
            ),
            models.CheckConstraint(
                name="orders_order_helper_there",
                condition=~Q(status__in=[Status.ACCEPTED, Status.DONE, Status.CONFIRMED, Status.REVIEWED])
                | Q(volunteer__isnull=False) | Q(helper__isnull=False),
            ),
            models.CheckConstraint(
                name="orders_order_stars", condition=Q(stars__isnull=True) | Q(stars__gte=1, stars__lte=STARS_MAX)
            ),
        ]  # fmt: skip

    @property
    def number(self) -> str:
        """Return the number by which people name it."""
        return f"DD{local_date(self.ordered_at):%Y%m}-{self.pk:05d}"

    @property
    def name(self) -> str:
        """Return who ordered, in full."""
        return crypto.open_(self.name_sealed, NAME)

    @property
    def phone(self) -> str:
        """Return their telephone in full."""
        return crypto.open_(self.phone_sealed, PHONE)

    @property
    def address(self) -> str:
        """Return where the service is done, in full."""
        return crypto.open_(self.address_sealed, ADDRESS)


class Offer(models.Model):
    """An order offered to one helper, or picked by one. why: reasons shown to whoever hands it out."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="offers")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+", verbose_name="志愿者"
    )
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="单位"
    )
    status = models.TextField("状态", choices=OfferStatus, default=OfferStatus.OPEN)
    offered_at = models.DateTimeField("派单时间")
    expires_at = models.DateTimeField("答复期限")
    answered_at = models.DateTimeField("答复时间", null=True)
    reason = models.TextField("婉拒或退回的原因", default="")
    why = models.JSONField("推荐理由", default=list)

    PRIVACY = {
        **dict.fromkeys(
            ("id", "order", "organization", "status", "offered_at", "expires_at", "answered_at", "why"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("volunteer", "reason"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="orders_offer_open", condition=Q(status=OfferStatus.OPEN))]
        constraints = [
            models.CheckConstraint(
                name="orders_offer_to_one",
                condition=Q(volunteer__isnull=True, organization__isnull=False)
                | Q(volunteer__isnull=False, organization__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status=OfferStatus.ACCEPTED), name="orders_offer_one_accepted"
            ),
            models.UniqueConstraint(
                fields=["order", "volunteer"], condition=Q(status=OfferStatus.OPEN), name="orders_offer_once_person"
            ),
            models.UniqueConstraint(
                fields=["order", "organization"], condition=Q(status=OfferStatus.OPEN), name="orders_offer_once_office"
            ),
        ]


class Sent(models.Model):
    """Somebody of the organization's own volunteers whom it sent to do an order, as it says; the hours are theirs."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="sent")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="志愿者")

    PRIVACY = {**dict.fromkeys(("id", "order"), Privacy.INTERNAL), "volunteer": Privacy.PERSONAL}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "volunteer"], name="orders_sent_once")]


class Engagement(models.Model):
    """The hours that a volunteer has promised: never two at the same time, whatever they come from."""

    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="志愿者")
    begins_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    order = models.OneToOneField(Order, models.CASCADE, null=True, related_name="engagement")

    PRIVACY = {
        **dict.fromkeys(("id", "begins_at", "ends_at", "order"), Privacy.INTERNAL), "volunteer": Privacy.PERSONAL
    }  # fmt: skip

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="orders_engagement_no_overlap",
                expressions=[
                    (Just("volunteer"), RangeOperators.OVERLAPS),
                    (Func("begins_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                     RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="orders_engagement_in_order", condition=Q(ends_at__gt=F("begins_at"))),
        ]  # fmt: skip
