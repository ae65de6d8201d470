"""A call goes to another handler of its department; nothing else about it changes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.actions import note_on_case
from haitang.core.access import Actor
from haitang.whistles import policies, queries
from haitang.whistles.actions.common import call_of
from haitang.whistles.facts import CallHandedOver
from haitang.whistles.lifecycle import OPEN, Standing
from haitang.whistles.models import Call
from haitang.whistles.values import WrongStep


@transaction.atomic
def change_call_handler(
    *, actor: Actor, call_id: int, from_id: int, to: Actor, reason: str, now: datetime
) -> Call:  # fmt: skip
    """
    Give a call that one account has in hand to another, and write it down.

    to: the other account with what it holds; it must be able to answer for the department. Whether the actor may hand
    it over is for the caller to have asked.
    Raises WhistleNotFound (the other may not know of it), NotAllowed and NotYourCall (of the other), WrongStep (it is
    in nobody's hand any more, or in another's).
    """
    case, whistle, calls = queries.lock_whistle(queries.whistle_id_of(call_id))
    call = call_of(calls, call_id)
    if call.handler_id != from_id or Standing(call.status) not in OPEN:
        raise WrongStep(_("应哨已不在移交人手中"))
    policies.check_may_know(to, whistle, case, [each.organization_id for each in calls])
    policies.check_can_respond(to, call.organization_id, case)
    call.handler_id = to.id
    call.save(update_fields=["handler_id"])
    fact = CallHandedOver(
        case.pk, whistle.pk, whistle.number, reason, call.pk, call.organization_id, from_id, to.id or 0
    )  # fmt: skip
    note_on_case(actor=actor, fact=fact, now=now, case=case)
    return call
