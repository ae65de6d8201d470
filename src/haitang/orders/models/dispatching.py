from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from haitang.core.access import Actor
from haitang.core.privacy import Privacy
from haitang.orders.lifecycle import ProposalStatus
from haitang.orders.models.catalogue import ByArea
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

    PRIVACY = dict.fromkeys(
        (
            "id", "area", "area_ids", "made_at", "made_by_id", "weights", "figures", "greedy", "orders", "people",
            "fitting", "left_out", "unmet",
        ),
        Privacy.INTERNAL,
    )  # fmt: skip

    objects = DispatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-made_at", "-id"], name="orders_dispatch_made")]


class Proposal(models.Model):
    """Somebody proposed for an order, and what became of it. why: values, see `values.Why`.

    instead: to whom the order was offered in their place. reason: why not, or what had changed meanwhile.
    """

    dispatch = models.ForeignKey(Dispatch, models.CASCADE, related_name="proposals")
    order = models.ForeignKey(Order, models.CASCADE, related_name="proposals")
    volunteer = models.ForeignKey("volunteers.Volunteer", models.PROTECT, related_name="+", verbose_name="推荐的人")
    why = models.JSONField("理由")
    status = models.TextField("状态", choices=ProposalStatus, default=ProposalStatus.OPEN)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by_id = models.BigIntegerField("决定账号", null=True)
    reason = models.TextField("原因", default="")
    instead = models.ForeignKey(
        "volunteers.Volunteer", models.PROTECT, null=True, related_name="+", verbose_name="改派给"
    )

    PRIVACY = {
        **dict.fromkeys(
            ("id", "dispatch", "order", "why", "status", "decided_at", "decided_by_id"), Privacy.INTERNAL
        ),
        **dict.fromkeys(("volunteer", "instead", "reason"), Privacy.PERSONAL),
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "order"], name="orders_proposal_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status=ProposalStatus.OPEN), name="orders_proposal_one_open"
            ),
        ]
