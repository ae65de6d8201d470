"""Writes to wishes: one function for each thing that can be done."""

from haitang.wishes.actions.checking import deny_wish, publish_wishes, unmask_wish, withdraw_wish
from haitang.wishes.actions.claiming import (
    claim_wish,
    confirm_claim,
    decline_claim,
    give_back_claim,
    release_claim,
    see_wish_contact,
)
from haitang.wishes.actions.clockwork import erase_wishes, expire_wishes, release_late_claims, remind_of_wishes
from haitang.wishes.actions.delivering import (
    contest_delivery,
    deliver_wish,
    feed_back_claim,
    receive_wish,
    start_claim,
    thank_for_wish,
)
from haitang.wishes.actions.entering import ask_wish, change_wish, enter_wishes
from haitang.wishes.actions.erasing import erase_wisher
from haitang.wishes.actions.filing import SheetRead, export_wishes, import_wishes
from haitang.wishes.actions.following import move_wishes
from haitang.wishes.actions.rules import change_wish_setting

__all__ = [
    "SheetRead",
    "ask_wish",
    "change_wish",
    "change_wish_setting",
    "claim_wish",
    "confirm_claim",
    "contest_delivery",
    "decline_claim",
    "deliver_wish",
    "deny_wish",
    "enter_wishes",
    "erase_wisher",
    "erase_wishes",
    "expire_wishes",
    "export_wishes",
    "feed_back_claim",
    "give_back_claim",
    "import_wishes",
    "move_wishes",
    "publish_wishes",
    "receive_wish",
    "release_claim",
    "release_late_claims",
    "remind_of_wishes",
    "see_wish_contact",
    "start_claim",
    "thank_for_wish",
    "unmask_wish",
    "withdraw_wish",
]  # fmt: skip
