"""The pages of orders: residents', helpers', the office's."""

from haitang.orders.views.board import answer, board, deed, order, unmask
from haitang.orders.views.dispatching import plan, plan_confirm, plans, proposal, wishes
from haitang.orders.views.helping import accept, decline, offers, pick, task, task_contact, task_deed
from haitang.orders.views.keeping import (
    order_settings,
    service,
    service_new,
    service_type,
    services,
    type_new,
    types,
)
from haitang.orders.views.mine import mine, my_deed, my_order
from haitang.orders.views.ordering import (
    catalogue,
    catalogue_staff,
    contact,
    contact_staff,
    times,
    times_staff,
)

__all__ = [
    "accept",
    "answer",
    "board",
    "catalogue",
    "catalogue_staff",
    "contact",
    "contact_staff",
    "decline",
    "deed",
    "mine",
    "my_deed",
    "my_order",
    "offers",
    "order",
    "order_settings",
    "pick",
    "plan",
    "plan_confirm",
    "plans",
    "proposal",
    "service",
    "service_new",
    "service_type",
    "services",
    "task",
    "task_contact",
    "task_deed",
    "times",
    "times_staff",
    "type_new",
    "types",
    "unmask",
    "wishes",
]
