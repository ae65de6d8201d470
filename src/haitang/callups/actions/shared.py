"""What the deeds of a call-up share: places given to who waits, texts bounded, who hears of it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from haitang.callups import queries
from haitang.callups.facts import CallPromoted
from haitang.callups.models import Call, CallUp
from haitang.callups.values import Answer, CallUpInvalid, Permission
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.places import has_room, take
from haitang.core.scoping import path_of
from haitang.volunteers.queries import lock_calendars

ACCOUNTS_MAX = 300
"""More people than these are told by their messages alone: a piece of news carries no longer list of whom to tell."""


def audience_of(row: CallUp, accounts: Iterable[int | None] = ()) -> history.Audience:
    """Return who hears of news of the call-up on an open page: who works with call-ups there, and these accounts."""
    told = tuple(each for each in accounts if each is not None)
    return history.Audience(path_of(row.area_ids), (), Permission.VIEW, told if len(told) <= ACCOUNTS_MAX else ())


def clean(text: str, field: str, length: int, missing: str = "") -> str:
    """Return a text without blanks around it. missing: the sentence for an empty one, "" where it may be."""
    text = text.strip()
    if not text and missing:
        raise CallUpInvalid(missing, {field: missing})
    if len(text) > length or "\x00" in text:
        wrong = _("最多 %(n)d 字") % {"n": length}
        raise CallUpInvalid(wrong, {field: wrong})
    return text


def promote(actor: Actor, row: CallUp, now: datetime) -> list[Call]:
    """Give the places that are free to the first who wait and have promised nothing else since. The row is locked."""
    if not has_room(row):
        return []
    waiting, promoted = queries.lock_waiting(row), []
    promised = lock_calendars([call.volunteer_id for call in waiting], row.begins_at, row.ends_at) if waiting else {}
    for call in waiting:
        if not has_room(row):
            break
        call.callup = row
        if queries.in_the_way(call, promised.get(call.volunteer_id, ()), late=call.answer == Answer.LATE):
            continue
        call.turn = None
        call.save(update_fields=["turn"])
        take(row)
        promoted.append(call)
    if promoted:
        facts = [CallPromoted(row.pk, call.pk) for call in promoted]
        accounts = [call.volunteer.account_id for call in promoted]
        history.record_many(actor=actor, facts=facts, at=now, audience=audience_of(row, accounts))
    return promoted
