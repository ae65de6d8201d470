"""Writes to orders: one function for each thing that can be done."""

from haitang.orders.actions.answering import (
    accept_offer,
    assure_order,
    decline_offer,
    give_back_order,
    pick_order,
)
from haitang.orders.actions.clockwork import (
    confirm_silent,
    expire_offers,
    lapse_orders,
    release_unconfirmed,
    remind_parties,
)
from haitang.orders.actions.dispatching import (
    change_proposal,
    confirm_proposals,
    dispatch_automatically,
    follow_plan,
    propose_helpers,
    refuse_proposal,
    start_following,
)
from haitang.orders.actions.erasing import clean_old_orders, erase_orders
from haitang.orders.actions.finishing import (
    confirm_order,
    contest_order,
    finish_order,
    report_missed,
    review_order,
    see_contact,
    unmask_orderer,
)
from haitang.orders.actions.following import move_orders
from haitang.orders.actions.offering import offer, withdraw_offers
from haitang.orders.actions.placing import cancel_order, place_order
from haitang.orders.actions.rules import (
    change_order_setting,
    change_service,
    change_service_type,
    open_service,
    ship_service_types,
)
from haitang.orders.actions.wishing import forget_volunteer, say_wishes

__all__ = [
    "accept_offer",
    "assure_order",
    "cancel_order",
    "change_order_setting",
    "change_proposal",
    "change_service",
    "change_service_type",
    "clean_old_orders",
    "confirm_order",
    "confirm_proposals",
    "confirm_silent",
    "contest_order",
    "decline_offer",
    "dispatch_automatically",
    "erase_orders",
    "expire_offers",
    "finish_order",
    "follow_plan",
    "forget_volunteer",
    "give_back_order",
    "lapse_orders",
    "move_orders",
    "offer",
    "open_service",
    "pick_order",
    "place_order",
    "propose_helpers",
    "refuse_proposal",
    "release_unconfirmed",
    "remind_parties",
    "report_missed",
    "review_order",
    "say_wishes",
    "see_contact",
    "ship_service_types",
    "start_following",
    "unmask_orderer",
    "withdraw_offers",
]
