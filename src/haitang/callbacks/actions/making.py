"""Call-backs come and go with the closures of cases. Each action may run twice and does its work once."""

from datetime import datetime

from django.db import transaction

from haitang.callbacks import queries
from haitang.callbacks.facts import CallbackDue, CallbackWithdrawn
from haitang.callbacks.models import Callback
from haitang.callbacks.values import State
from haitang.cases import queries as cases
from haitang.cases.actions import note_on_case
from haitang.core.access import Actor


@transaction.atomic
def make_callback(*, actor: Actor, case_id: int, entry_id: int, now: datetime) -> Callback | None:
    """
    Have the reporter called back after the closure told of by that entry; None where nobody is to be called.

    Nobody is for a case that came through a channel without a reporter, whose reporter left no telephone, or that has
    been reopened meanwhile. Raises CaseNotFound.
    """
    case = cases.lock_case(case_id)
    if Callback.objects.filter(closing_entry_id=entry_id).exists():
        return None
    rules, closures = queries.rules(), queries.closures_of(case_id)
    if case.channel not in rules["channels"] or case.closed_at is None or entry_id not in closures:
        return None
    if entry_id != closures[-1] or not cases.describe([case], with_reporter=True)[0].reporter_phone:
        return None
    next_at, due_at = queries.plan(case.closed_at or now)
    callback = Callback.objects.create(
        case_id=case_id, closing_entry_id=entry_id, round=closures.index(entry_id) + 1, state=State.WAITING,
        made_at=now, next_at=next_at, due_at=due_at,
    )  # fmt: skip
    fact = CallbackDue(case_id, callback.pk, callback.round, due_at.isoformat())
    note_on_case(actor=actor, fact=fact, now=now)
    return callback


@transaction.atomic
def withdraw_callbacks(*, actor: Actor, case_id: int, entry_id: int, now: datetime) -> int:
    """
    Call nobody any more about closures before the entry, with which the case is done over; return how many waited.

    Raises CaseNotFound.
    """
    cases.lock_case(case_id)
    waiting = Callback.objects.filter(case_id=case_id, state=State.WAITING, closing_entry_id__lt=entry_id)
    found = list(waiting.select_for_update(no_key=True).order_by("id"))
    for callback in found:
        callback.state, callback.next_at, callback.ended_at = State.WITHDRAWN.value, None, now
        callback.save(update_fields=["state", "next_at", "ended_at"])
        note_on_case(actor=actor, fact=CallbackWithdrawn(case_id, callback.pk), now=now)
    return len(found)
