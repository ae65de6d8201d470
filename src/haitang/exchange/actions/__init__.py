"""Writes to the three lists: one function for each thing that can be done."""

from haitang.exchange.actions.delivering import deliver_agreement, follow_projects
from haitang.exchange.actions.entering import (
    ask_need,
    close_need,
    close_resource,
    deny_need,
    deny_resource,
    enter_needs,
    offer_resources,
    publish_needs,
    publish_resources,
    unmask_need,
)
from haitang.exchange.actions.evaluating import evaluate_agreement
from haitang.exchange.actions.filing import bring_list_file, take_in_list_file
from haitang.exchange.actions.following import move_lists
from haitang.exchange.actions.ordering import (
    confirm_agreement,
    confirm_agreements,
    decline_agreement,
    expire_agreements,
    order_resource,
    order_resources,
    withdraw_agreement,
)
from haitang.exchange.actions.rules import (
    change_exchange_setting,
    change_list_category,
    change_round,
    ship_list_categories,
)

__all__ = [
    "ask_need",
    "bring_list_file",
    "change_exchange_setting",
    "change_list_category",
    "change_round",
    "close_need",
    "close_resource",
    "confirm_agreement",
    "confirm_agreements",
    "decline_agreement",
    "deliver_agreement",
    "deny_need",
    "deny_resource",
    "enter_needs",
    "evaluate_agreement",
    "expire_agreements",
    "follow_projects",
    "move_lists",
    "offer_resources",
    "order_resource",
    "order_resources",
    "publish_needs",
    "publish_resources",
    "ship_list_categories",
    "take_in_list_file",
    "unmask_need",
    "withdraw_agreement",
]
