"""Writes to zones and packages: one function for each thing that can be done."""

from haitang.ferry.actions.making import make_ferry_package
from haitang.ferry.actions.taking import Taken, rest_handed_case, take_in_package
from haitang.ferry.actions.zones import change_partner, enter_partner, make_zone_keys

__all__ = [
    "Taken",
    "change_partner",
    "enter_partner",
    "make_ferry_package",
    "make_zone_keys",
    "rest_handed_case",
    "take_in_package",
]
