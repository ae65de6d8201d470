"""The rows of orders."""

from haitang.orders.models.catalogue import OrderSetting, Quota, Service, ServiceType, Slot
from haitang.orders.models.dispatching import Dispatch, Proposal, Wish
from haitang.orders.models.order import Engagement, Offer, Order, Sent

__all__ = [
    "Dispatch",
    "Engagement",
    "Offer",
    "Order",
    "OrderSetting",
    "Proposal",
    "Quota",
    "Sent",
    "Service",
    "ServiceType",
    "Slot",
    "Wish",
]
