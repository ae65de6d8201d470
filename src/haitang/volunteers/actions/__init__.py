"""Writes to the register: one function for each thing that can be done."""

from haitang.volunteers.actions.belonging import end_membership, set_membership
from haitang.volunteers.actions.catalogue import ship_volunteer_catalogue
from haitang.volunteers.actions.registering import (
    Registered,
    change_volunteer,
    register_volunteer,
    withdraw_volunteer,
)
from haitang.volunteers.actions.serving import record_service, record_services

__all__ = [
    "Registered",
    "change_volunteer",
    "end_membership",
    "record_service",
    "record_services",
    "register_volunteer",
    "set_membership",
    "ship_volunteer_catalogue",
    "withdraw_volunteer",
]
