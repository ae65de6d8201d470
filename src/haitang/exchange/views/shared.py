"""What the pages of the three lists share."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.facts import label_of
from haitang.core.tables import Column, file_name, write_xlsx
from haitang.exchange.lifecycle import Stage, Status
from haitang.exchange.queries import AgreementView, EntryView
from haitang.exchange.values import Side

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLOURS: dict[str, str] = {
    Status.DRAFT: "grey", Status.PUBLISHED: "blue", Status.MATCHED: "orange", Status.MET: "green",
    Status.CLOSED: "grey", Status.DENIED: "red", Stage.ORDERED: "orange", Stage.CONFIRMED: "blue",
    Stage.DELIVERED: "green", Stage.DECLINED: "red", Stage.WITHDRAWN: "grey", Stage.EXPIRED: "red",
}  # fmt: skip


def entry_line(view: EntryView) -> dict[str, Any]:
    """Return a need or a resource as lists print it."""
    return {"view": view, "row": view.row, "status": Status(view.row.status).label, "colour": COLOURS[view.row.status]}


def agreement_line(view: AgreementView) -> dict[str, Any]:
    """Return an agreement as lists print it."""
    waits = _("等待%(side)s确认") % {"side": Side(view.waits_for).label} if view.waits_for else ""
    return {
        "view": view, "row": view.row, "stage": waits or Stage(view.row.stage).label,
        "colour": COLOURS[view.row.stage],
    }  # fmt: skip


def steps_of(entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return entries of the history as the timeline prints them."""
    steps = []
    for entry in entries:
        data = entry.data
        text = data.get("reason") or data.get("words") or ""
        if entry.fact == "AgreementEvaluated":
            text = f"{Side(data['side']).label} {'★' * data['stars']} {text}"
        elif entry.fact in ("ResourceOrdered", "AgreementAnswered", "AgreementDeclined"):
            text = f"{Side(data['side']).label} {text}".strip()
        bad = entry.fact.endswith(("Denied", "Declined", "Expired"))
        steps.append(
            {"title": label_of(entry.fact), "at": entry.at, "who": entry.actor_name, "text": text,
             "organization": entry.organization_name, "colour": "red" if bad else "blue"}
        )  # fmt: skip
    return steps


def workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, notes: Sequence[str] = ()
) -> HttpResponse:
    """Return a table as a workbook to be kept."""
    today = clock.local_date(clock.now())
    with tempfile.TemporaryDirectory(prefix="haitang-list-") as folder:
        path = Path(folder) / "list.xlsx"
        write_xlsx(rows, columns, path, notes=notes)
        response = HttpResponse(path.read_bytes(), content_type=XLSX)
    name = file_name(title, "", today, "xlsx")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
