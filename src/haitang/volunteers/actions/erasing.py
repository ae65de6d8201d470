"""Leaving the register through the desk for personal data: the same as withdrawing by oneself."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from haitang.core.access import Actor, Grant
from haitang.core.scoping import path_of
from haitang.privacy.values import Asker, Erased
from haitang.volunteers.actions.registering import withdraw_volunteer
from haitang.volunteers.queries.own_data import entry_of
from haitang.volunteers.values import Permission


@transaction.atomic
def erase_volunteer(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Withdraw the asker from the register of helpers: services stay as numbers about nobody."""
    row = entry_of(asker)
    if row is None:
        return Erased()
    texts = tuple(text for text in (row.name, row.phone) if text)
    path = path_of(row.area_ids)  # the desk keeps no register: it does here what the person may do alone
    keeper = replace(actor, grants=actor.grants | {Grant(Permission.VIEW, path), Grant(Permission.MANAGE, path)})
    withdraw_volunteer(actor=keeper, volunteer_id=row.pk, now=now)
    return Erased(1, subjects=(("volunteer", row.pk),), hidden=texts)
