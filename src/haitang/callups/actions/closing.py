"""The end of a call-up: a summary, and the hours of those who came."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.callups import policies, queries
from haitang.callups.actions.shared import audience_of, clean
from haitang.callups.facts import CallUpClosed
from haitang.callups.lifecycle import Status, check_goes_on
from haitang.callups.models import Call, CallUp
from haitang.callups.values import WORDS_LENGTH_MAX, CallUpInvalid
from haitang.core import history
from haitang.core.access import Actor
from haitang.volunteers.actions import record_services
from haitang.volunteers.values import Service, ServiceInvalid

SOURCE = "callups"


@transaction.atomic
def close_callup(*, actor: Actor, callup_id: int, summary: str, ended_at: datetime, now: datetime) -> CallUp:
    """
    Close a call-up with a summary; who has reported gets the time from then, or from its beginning, to its end.

    ended_at: aware, when the work was over. Raises CallUpNotFound, NotAllowed, CallUpOver, CallUpInvalid (no summary,
    an end in the future, before it began, or later than a service may last).
    """
    row = queries.lock_callup(callup_id)
    policies.check_can_lead(actor, row)
    check_goes_on(row.status)
    row.summary = clean(summary, "summary", WORDS_LENGTH_MAX, _("请写一句小结"))
    if not row.begins_at < ended_at <= now:
        wrong = _("实际结束时间应在开始以后、现在以前")
        raise CallUpInvalid(wrong, {"ended_at": wrong})
    came = list(Call.objects.filter(callup=row, here_at__isnull=False))
    served = ((call.volunteer_id, max(call.here_at or row.begins_at, row.begins_at)) for call in came)
    services = [
        Service(SOURCE, str(row.pk), volunteer_id, row.purpose, began_at, ended_at)
        for volunteer_id, began_at in served if began_at < ended_at
    ]  # fmt: skip
    try:
        recorded = record_services(actor=actor, services=services, now=now)
    except ServiceInvalid as refusal:
        raise CallUpInvalid(refusal.message, {"ended_at": refusal.message}) from refusal
    row.status, row.ended_at, row.closed_at = Status.CLOSED, ended_at, now
    row.save(update_fields=["status", "summary", "ended_at", "closed_at"])
    fact = CallUpClosed(row.pk, len(came), recorded, ended_at.isoformat())
    history.record(actor=actor, fact=fact, at=now, audience=audience_of(row))
    return row
