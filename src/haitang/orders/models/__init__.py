"""The rows of orders."""

from haitang.orders.models.catalogue import OrderSetting, Quota, Service, ServiceType, Slot
from haitang.orders.models.order import Engagement, Offer, Order

__all__ = ["Engagement", "Offer", "Order", "OrderSetting", "Quota", "Service", "ServiceType", "Slot"]
