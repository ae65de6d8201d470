"""What orders hold about who ordered: the port of `privacy`."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.clock import LOCAL
from haitang.orders.lifecycle import ONGOING
from haitang.orders.models import Order
from haitang.orders.values import Orderer
from haitang.privacy.values import Asker, Item, told


def orders_of(asker: Asker) -> QuerySet[Any]:
    """Return the orders that somebody placed for themselves. For `privacy`: the asker is who they say."""
    rows = Order.objects.select_related("service")
    if asker.account_id is None:
        return rows.none()
    return rows.filter(account_id=asker.account_id, orderer=Orderer.RESIDENT)


def held_of_orderer(asker: Asker) -> list[Item]:
    """Return what is held about the asker with the services they have ordered."""
    return [
        Item(
            f"{row.number} {row.service.name}",
            told(
                (_("姓名"), row.name), (_("电话"), row.phone), (_("地址"), row.address),
                (_("开始时间"), f"{row.begins_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"),
                (_("状态"), row.get_status_display()), (_("说明"), row.words), (_("评语"), row.review_words),
            ),
            row.ordered_at, reverse("orders:my_order", args=[row.pk]),
            _("服务还没有结束，结束后可以删除") if row.status in ONGOING else "",
            ("order", row.pk),
        )
        for row in orders_of(asker).order_by("-ordered_at", "-id")
    ]  # fmt: skip


def old_orders(before: datetime) -> QuerySet[Any]:
    """Return the orders that ended before and still say who ordered, the longest ago first."""
    ended = Order.objects.filter(begins_at__lt=before).exclude(status__in=ONGOING)
    return ended.exclude(name_sealed=b"", phone_sealed=b"", address_sealed=b"").order_by("begins_at", "pk")


def count_old_orders(before: datetime, limit: int) -> int:
    """Return how many such rows there are, counted up to limit."""
    return old_orders(before)[:limit].count()
