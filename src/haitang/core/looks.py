"""Looks at what is masked: which entries of the history tell of one.

A fact that tells of a look ends so, or says of itself that it was one: tables that were taken away with full names and
telephones. The index `core_entry_looks` holds these entries alone; a change here changes it, too.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

ENDINGS = ("Unmasked", "ContactSeen")
SAYING = ("unmasked", "in_full")
LOOKS = (
    Q(fact__endswith=ENDINGS[0])
    | Q(fact__endswith=ENDINGS[1])
    | Q(data__contains={SAYING[0]: True})
    | Q(data__contains={SAYING[1]: True})
)


def is_look(fact: str, data: Mapping[str, Any]) -> bool:
    """Tell whether an entry with that fact and these data tells of a look."""
    return fact.endswith(ENDINGS) or any(data.get(name) is True for name in SAYING)
