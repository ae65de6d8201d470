"""Reads over volunteers: those to be shown name their viewer, those for actions and other apps say so."""

from haitang.volunteers.queries.catalogue import RULES, Rules, names_of, rules
from haitang.volunteers.queries.fitting import Candidate, who_fits
from haitang.volunteers.queries.people import (
    find_by_phone,
    get_volunteer,
    get_volunteer_of,
    list_memberships,
    lock_volunteer,
    lock_volunteers,
    membership_on,
)
from haitang.volunteers.queries.services import minutes_of

__all__ = [
    "RULES",
    "Candidate",
    "Rules",
    "find_by_phone",
    "get_volunteer",
    "get_volunteer_of",
    "list_memberships",
    "lock_volunteer",
    "lock_volunteers",
    "membership_on",
    "minutes_of",
    "names_of",
    "rules",
    "who_fits",
]
