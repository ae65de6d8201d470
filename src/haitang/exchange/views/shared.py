"""What the pages of the three lists share."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core.facts import label_of
from haitang.core.http import Request
from haitang.core.scoping import path_of
from haitang.exchange.lifecycle import Stage, Status
from haitang.exchange.queries import AgreementView, EntryView
from haitang.exchange.values import Permission, Side
from haitang.projects.queries import ProjectRef

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLOURS: dict[str, str] = {
    Status.DRAFT: "grey", Status.PUBLISHED: "blue", Status.MATCHED: "orange", Status.MET: "green",
    Status.CLOSED: "grey", Status.DENIED: "red", Stage.ORDERED: "orange", Stage.CONFIRMED: "blue",
    Stage.DELIVERED: "green", Stage.DECLINED: "red", Stage.WITHDRAWN: "grey", Stage.EXPIRED: "red",
    Stage.GIVEN_UP: "grey",
}  # fmt: skip


def entry_line(view: EntryView) -> dict[str, Any]:
    """Return a need or a resource as lists print it."""
    return {"view": view, "row": view.row, "status": Status(view.row.status).label, "colour": COLOURS[view.row.status]}


def agreement_line(view: AgreementView) -> dict[str, Any]:
    """Return an agreement as lists print it."""
    waits = _("等待%(side)s确认") % {"side": Side(view.waits_for).label} if view.waits_for else ""
    return {
        "view": view, "row": view.row, "stage": waits or Stage(view.row.stage).label,
        "colour": COLOURS[view.row.stage], "project_url": _url_of(view.project),
    }  # fmt: skip


def _url_of(project: ProjectRef | None) -> str:
    """Return the page of the project that the viewer may open, the public one for want of the other; "" for none."""
    if project is None or not (project.may_see or project.is_public):
        return ""
    return reverse("projects:project" if project.may_see else "projects:public_project", args=[project.id])


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


def may_order_for(request: Request, need: Any) -> bool:
    """Tell whether the viewer orders for where a need lies."""
    return request.actor.holds(Permission.ORDER, area_path=path_of(need.area_ids))
