"""What a hotline says of its tickets beside the cases that they became, and what it is told of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.cases import actions as case_actions
from haitang.cases.values import Permission
from haitang.core import history
from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.tables import Row
from haitang.office import queries
from haitang.office.facts import TicketsFedBack, TicketUpdated
from haitang.office.models import Ticket


def keep_tickets(
    actor: Actor, source: str, header: Sequence[str], rows: Sequence[Row], kept: Sequence[str],
    known: dict[str, int], now: datetime,
) -> int:  # fmt: skip
    """Keep the hotline's own columns of every ticket that is a case; note on the case what has changed since the last.

    Returns how many tickets said something new. Each ticket is a transaction of its own.
    """
    places = {title.strip(): at for at, title in enumerate(header) if title.strip() in kept}
    updated = 0
    for row in rows:
        number = row.cells.get("external_id") or ""
        if number not in known:
            continue
        told = {title: row.raw[at].strip() for title, at in places.items() if at < len(row.raw)}
        updated += _keep(actor, source, number, known[number], told, now)
    return updated


@transaction.atomic
def _keep(actor: Actor, source: str, number: str, case_id: int, told: dict[str, str], now: datetime) -> bool:
    ticket, made = Ticket.objects.select_for_update().get_or_create(
        case_id=case_id, defaults={"source": source, "number": number, "columns": told, "at": now}
    )
    changed = sorted(title for title, text in told.items() if ticket.columns.get(title, "") != text)
    if made or not changed:
        return False
    ticket.columns, ticket.at = {**ticket.columns, **told}, now
    ticket.save(update_fields=["columns", "at"])
    case_actions.note_on_case(actor=actor, fact=TicketUpdated(case_id, number, changed), now=now)
    return True


@transaction.atomic
def feed_tickets_back(
    *, actor: Actor, from_at: datetime, to_at: datetime, now: datetime, layout: str = "", source: str = ""
) -> tuple[Sequence[Any], list[tuple[Any, ...]]]:
    """Return the columns and rows of the file that tells the hotline how its tickets stand here.

    from_at, to_at: reported within [from_at, to_at), aware instants. Denunciations go to those alone who may know them.
    layout: code of the office's own whose headers the file has, "" for the shipped one. source: of which system's
        tickets, "" for those of the layout.
    Raises NotAllowed (no EXPORT over everything), NotKept (no such layout).
    """
    require(actor, Permission.EXPORT, area_path=EVERYWHERE)
    own = queries.chosen_layout(layout)
    source = source.strip() or own.source
    rows = queries.list_feedback(viewer=actor, layout=own, source=source, from_at=from_at, to_at=to_at)
    history.record(actor=actor, fact=TicketsFedBack(actor.id or 0, source, len(rows)), at=now)
    return queries.feedback_columns(own), rows
