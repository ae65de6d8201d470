from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haitang.core.access import Actor
from haitang.core.privacy import Privacy
from haitang.orders.lifecycle import ProposalStatus
from haitang.orders.models.catalogue import ByArea, ServiceType
from haitang.orders.models.order import Order
from haitang.orders.values import Permission


class DispatchQuerySet(ByArea):
    """The vocabulary of lists of plans."""

    def visible_to(self, viewer: Actor) -> "DispatchQuerySet":
        """Narrow to the areas where the viewer hands orders out."""
        return self.within(viewer, Permission.DISPATCH, Permission.HUB)


class Dispatch(models.Model):
    """A plan: whom the matching proposes for the open orders of an area, all at once.

    made_by_id: the account, None where the clock made it. weights: what counted how much.
    figures, greedy: the plan in numbers, and what going order by order would have given; see `matching.Figures`.
    orders, people, fitting, left_out: orders and people looked at, pairs that fit, those not weighed.
    unmet: [[order, why, {question: people left}], …].
    following_since, following_by_id: while a job offers its orders, since when and for which account.
    """

    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    made_at = models.DateTimeField("生成时间")
    made_by_id = models.BigIntegerField("生成账号", null=True)
    weights = models.JSONField("权重")
    figures = models.JSONField("方案指标")
    greedy = models.JSONField("逐单派的指标")
    orders = models.IntegerField("订单数")
    people = models.IntegerField("人数")
    fitting = models.IntegerField("符合条件的组合数")
    left_out = models.IntegerField("未比较的组合数")
    unmet = models.JSONField("未能安排")
    following_since = models.DateTimeField("开始派出时间", null=True)
    following_by_id = models.BigIntegerField("派出账号", null=True)

    PRIVACY = dict.fromkeys(
        (
            "id", "area", "area_ids", "made_at", "made_by_id", "weights", "figures", "greedy", "orders", "people",
            "fitting", "left_out", "unmet", "following_since", "following_by_id",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = DispatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="orders_dispatch_made")]


class Proposal(models.Model):
    """A person or an organization proposed for an order, and what became of it. why: values, see `values.Why`.

    instead, instead_office: to whom the order was offered in their place. reason: why not, or what changed meanwhile.
    """

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="proposals")
    order = models.ForeignKey(Order, models.CASCADE, related_name="proposals")
    volunteer = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+", verbose_name="推荐的人"
    )
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="推荐的单位"
    )
    why = models.JSONField("理由")
    status = models.TextField("状态", choices=ProposalStatus, default=ProposalStatus.OPEN)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by_id = models.BigIntegerField("决定账号", null=True)
    reason = models.TextField("原因", default="")
    instead = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+", verbose_name="改派给"
    )
    instead_office = models.ForeignKey(
        "organizations.Organization", models.PROTECT, null=True, related_name="+", verbose_name="改派给单位"
    )

    PRIVACY = {
        **dict.fromkeys(
            ("id", "dispatch", "order", "organization", "why", "status", "decided_at", "decided_by_id",
             "instead_office"),
            Privacy.INTERNAL,
        ),
        **dict.fromkeys(("volunteer", "instead", "reason"), Privacy.PERSONAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "order"], name="orders_proposal_once"),
            models.CheckConstraint(
                name="orders_proposal_of_one",
                condition=Q(volunteer__isnull=True, organization__isnull=False)
                | Q(volunteer__isnull=False, organization__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status=ProposalStatus.OPEN), name="orders_proposal_one_open"
            ),
        ]


class Wish(models.Model):
    """A kind of service that a volunteer likes to do, or does not do; what they say nothing of they do as any other."""

    volunteer = models.ForeignKey("volunteers.Volunteer", models.CASCADE, related_name="+", verbose_name="志愿者")
    type = models.ForeignKey(ServiceType, models.CASCADE, related_name="+", verbose_name="服务类型")
    is_liked = models.BooleanField("愿意做")

    PRIVACY = {"id": Privacy.INTERNAL, **dict.fromkeys(("volunteer", "type", "is_liked"), Privacy.PERSONAL)}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["volunteer", "type"], name="orders_wish_once")]
