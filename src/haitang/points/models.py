from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core import crypto
from haitang.core.privacy import Privacy
from haitang.points.values import PostingKind, RedemptionStatus, RewardKind, Side

CODE = "points.redemption.code"
"""The context under which pick-up codes are sealed and found."""


class Holder(models.Model):
    """A volunteer who has agreed to have an account. balance: what the postings come to; a recount compares."""

    volunteer = models.OneToOneField("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="志愿者")
    agreed_at = models.DateTimeField("同意时间")
    closed_at = models.DateTimeField("退出时间", null=True)
    balance = models.IntegerField("余额", default=0)

    PRIVACY = {
        "id": Privacy.INTERNAL, "agreed_at": Privacy.INTERNAL, "closed_at": Privacy.INTERNAL,
        "volunteer": Privacy.PERSONAL, "balance": Privacy.PERSONAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.CheckConstraint(name="points_never_below_zero", condition=Q(balance__gte=0))]


class Rule(models.Model):
    """A version of the rules, in force from a day until before the next; never changed."""

    from_date = models.DateField("生效日期", unique=True)
    per_hour = models.IntegerField("每小时")
    month_most = models.IntegerField("每月上限")
    keep_months = models.IntegerField("有效月数")
    kinds = models.JSONField("按来源的比例", default=dict)
    given_at = models.DateTimeField("制定时间")

    PRIVACY = dict.fromkeys(
        ("id", "from_date", "per_hour", "month_most", "keep_months", "kinds", "given_at"), Privacy.PUBLIC
    )


class Reward(models.Model):
    """What can be had for points. stock: how many are left; a note has none. place: where it is handed out."""

    title = models.TextField("名称")
    kind = models.TextField("种类", choices=RewardKind)
    words = models.TextField("说明", default="")
    price = models.IntegerField("所需数")
    stock = models.IntegerField("库存", default=0)
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="领取区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    place = models.TextField("领取地点", default="")
    is_active = models.BooleanField("可兑换", default=True)

    PRIVACY = dict.fromkeys(
        ("id", "title", "kind", "words", "price", "stock", "area", "area_ids", "place", "is_active"), Privacy.INTERNAL
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="points_stock_there", condition=Q(stock__gte=0)),
            models.CheckConstraint(name="points_price", condition=Q(price__gt=0)),
        ]


class Redemption(models.Model):
    """A reward ordered: handed out for its code, noted, or cancelled once."""

    holder = models.ForeignKey(Holder, models.PROTECT, related_name="redemptions")
    reward = models.ForeignKey(Reward, models.PROTECT, related_name="+")
    price = models.IntegerField("用去")
    status = models.TextField("状态", choices=RedemptionStatus)
    code_sealed = models.BinaryField("领取码", default=b"")
    code_index = models.BinaryField("领取码（盲索引）", default=b"")
    ordered_at = models.DateTimeField("兑换时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    SEALED_FOR = {"code_sealed": CODE}
    PRIVACY = {
        **dict.fromkeys(("id", "reward", "price", "status", "ordered_at", "ended_at"), Privacy.INTERNAL),
        "holder": Privacy.PERSONAL,
        **dict.fromkeys(("code_sealed", "code_index"), Privacy.SECRET),
    }

    class Meta:
        indexes = [
            models.Index(fields=["code_index"], name="points_code", condition=~Q(code_index=b"")),
            models.Index(F("ordered_at").desc(), F("id").desc(), name="points_ordered"),
        ]

    @property
    def code(self) -> str:
        """Return the pick-up code, for the person alone; "" once it is over."""
        return crypto.open_(self.code_sealed, CODE)


class Posting(models.Model):
    """Points that move from one account to another: the ledger. Rows are only added; the database keeps that.

    source, source_id: of the service by which they were earned. on: the day that counts. rule_from: which version.
    """

    holder = models.ForeignKey(Holder, models.PROTECT, related_name="postings")
    kind = models.TextField("种类", choices=PostingKind)
    from_side = models.TextField("转出", choices=Side)
    to_side = models.TextField("转入", choices=Side)
    amount = models.IntegerField("数量")
    on = models.DateField("日期")
    at = models.DateTimeField("记账时间")
    source = models.TextField("来源", default="")
    source_id = models.TextField("来源编号", default="")
    minutes = models.IntegerField("时长（分钟）", null=True)
    rule_from = models.DateField("适用规则", null=True)
    redemption = models.ForeignKey(Redemption, models.PROTECT, null=True, related_name="postings")

    PRIVACY = {
        **dict.fromkeys(
            ("id", "kind", "from_side", "to_side", "at", "source", "source_id", "rule_from", "redemption"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("holder", "amount", "on", "minutes"), Privacy.PERSONAL),
    }

    class Meta:
        indexes = [models.Index(F("holder"), F("on"), name="points_posting_holder")]
        constraints = [
            models.CheckConstraint(name="points_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="points_double_entry",
                condition=Q(kind=PostingKind.EARNED, from_side=Side.RULES, to_side=Side.PERSON)
                | Q(kind=PostingKind.SPENT, from_side=Side.PERSON, to_side=Side.REWARDS)
                | Q(kind=PostingKind.GIVEN_BACK, from_side=Side.REWARDS, to_side=Side.PERSON)
                | Q(kind__in=(PostingKind.EXPIRED, PostingKind.CLOSED), from_side=Side.PERSON, to_side=Side.LAPSED),
            ),
            models.UniqueConstraint(
                fields=["holder", "source", "source_id"],
                condition=Q(kind=PostingKind.EARNED),
                name="points_earned_once",
            ),
            models.UniqueConstraint(
                fields=["redemption"], condition=Q(kind=PostingKind.SPENT), name="points_spent_once"
            ),
            models.UniqueConstraint(
                fields=["redemption"], condition=Q(kind=PostingKind.GIVEN_BACK), name="points_given_back_once"
            ),
        ]


class PointSetting(models.Model):
    """A setting that this office has changed; it lies over the shipped one of the same key."""

    key = models.TextField("名称", unique=True)
    value = models.JSONField("值")

    PRIVACY = dict.fromkeys(("id", "key", "value"), Privacy.INTERNAL)
