"""A whistle told to people: its board, its clocks, what has happened to it."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from haitang.core.clock import local_date
from haitang.core.facts import label_of
from haitang.people.queries import get_actor
from haitang.whistles.facts import DEED_OF
from haitang.whistles.lifecycle import Deed, Standing, Status
from haitang.whistles.queries import CallView, WhistleView
from haitang.whistles.values import Rating, Role, Stage
from haitang.worktime.values import DueState, due_state, remaining_text

THUMBNAIL_EDGE = 320
STATUS_COLOURS = {
    Status.PENDING: "orange", Status.BLOWN: "blue", Status.ANSWERED: "orange", Status.DONE: "green",
    Status.DECLINED: "grey", Status.WITHDRAWN: "grey",
}  # fmt: skip
STANDING_COLOURS = {
    Standing.SIGNED_OFF: "green", Standing.EVALUATED: "green", Standing.RELEASED: "grey", Standing.WAIVED: "grey",
    Standing.REFUSING: "orange",
}  # fmt: skip
RATING_COLOURS = {Rating.SATISFIED: "green", Rating.BASIC: "blue", Rating.UNSATISFIED: "red"}
_DUE_COLOURS = {DueState.ON_TIME: "blue", DueState.DUE_SOON: "orange", DueState.OVERDUE: "red"}
_STEP_COLOURS = {
    Deed.REFUSE: "orange", Deed.INSIST: "orange", Deed.REWORK: "orange", Deed.RELEASE: "grey", Deed.WAIVE: "grey",
    Deed.SIGN_OFF: "green", Deed.EVALUATE: "green",
}  # fmt: skip


def row(view: WhistleView, now: datetime) -> dict[str, Any]:
    """Return a whistle as one line of a list; its clock is that of the department due first."""
    whistle = view.whistle
    running = [each.call for each in view.calls if each.call.due_at is not None]
    first = min(running, key=lambda call: call.due_at, default=None)  # type: ignore[arg-type,return-value]  # running have one
    return {
        "number": whistle.number, "url": reverse("whistles:whistle", args=[whistle.pk]), "kind": view.kind.name,
        "status": Status(whistle.status).label, "status_colour": STATUS_COLOURS[Status(whistle.status)],
        "due": remaining_text(first.due_at, now) if first and first.due_at else "",
        "due_colour": due_colour(first, now) if first else "",
        "stage": Stage(first.stage).label if first and first.stage else "", **approval(whistle, now),
        "case_number": whistle.case.number, "reason": whistle.reason, "area": view.area_name.rpartition(" / ")[2],
        "area_in_full": view.area_name, "street": view.organization.label if view.organization else "",
        "calls": [chip(each, whistle.status) for each in view.calls], "drafted_at": whistle.drafted_at,
        "is_confidential": whistle.case.is_confidential,
    }  # fmt: skip


def approval(whistle: Any, now: datetime) -> dict[str, Any]:
    """Return the clock of the decision on a whistle that waits for approval; nothing where none runs."""
    if whistle.due_at is None:
        return {}
    state = due_state(whistle.drafted_at, whistle.due_at, now)
    return {
        "due": remaining_text(whistle.due_at, now), "due_colour": _DUE_COLOURS[state], "stage": Stage.APPROVE.label,
        "climbed": whistle.level,
    }  # fmt: skip


def chip(view: CallView, status: str) -> dict[str, Any]:
    """Return a department with where it stands, in few words; before the whistle is blown it stands nowhere."""
    name = view.organization.label if view.organization else ""
    if Status(status) in (Status.PENDING, Status.DECLINED, Status.WITHDRAWN):
        return {"name": name, "is_lead": view.call.role == Role.LEAD, "standing": "", "colour": "grey"}
    standing = Standing(view.call.status)
    return {
        "name": name, "is_lead": view.call.role == Role.LEAD,
        "standing": standing.label, "colour": STANDING_COLOURS.get(standing, "blue"),
    }  # fmt: skip


def due_colour(call: Any, now: datetime) -> str:
    """Return red past the deadline, orange near it, else blue."""
    return _DUE_COLOURS[due_state(call.stage_started_at, call.due_at, now)] if call.due_at else ""


def card(whistle: Any, view: CallView, now: datetime) -> dict[str, Any]:
    """Return a department as a card of the board."""
    call = view.call
    rating = Rating(call.rating) if call.rating else None
    return {
        **chip(view, whistle.status), "id": call.pk, "call": call, "role": Role(call.role).label,
        "due": remaining_text(call.due_at, now) if call.due_at else "", "due_colour": due_colour(call, now),
        "stage": Stage(call.stage).label if call.stage else "", "stages": _stages(call, now),
        "rating": rating.label if rating else "", "rating_colour": RATING_COLOURS[rating] if rating else "",
        "photos": [_photo(whistle.pk, each.pk) for each in view.photos],
        "handler": get_actor(call.handler_id).name if call.handler_id else "",
    }  # fmt: skip


def _photo(whistle_id: int, photo_id: int) -> dict[str, str]:
    url = reverse("whistles:photo", args=[whistle_id, photo_id])
    return {"url": url, "thumb": f"{url}?size={THUMBNAIL_EDGE}", "alt": _("处置照片")}


def _stages(call: Any, now: datetime) -> list[dict[str, Any]]:
    lines = []
    for stage in Stage:
        kept = call.deadlines.get(stage.value)
        if kept is None:
            continue
        due = datetime.fromisoformat(kept["due_at"])
        done = datetime.fromisoformat(kept["done_at"]) if "done_at" in kept else None
        if done is not None:
            late = done > due
            text, colour = (_("超期完成"), "red") if late else (_("按时完成"), "green")
        elif call.stage is None:
            text, colour = "", ""
        else:
            text, colour = (_("已超期"), "red") if now > due else ("", "")
        lines.append({
            "name": stage.label, "limit": kept["limit"], "due": due, "done": done, "text": text, "colour": colour,
            "is_now": call.stage == stage.value,
        })  # fmt: skip
    return lines


def open_task(task: Any, desk: Any, now: datetime) -> dict[str, Any]:
    """Return a task of a joint meeting as one line of a to-do list."""
    whistle, days = task.meeting.whistle, (task.due_on - local_date(now)).days
    if days < 0:
        due, colour = ngettext("超期 %(n)d 天", "超期 %(n)d 天", -days) % {"n": -days}, "red"
    elif days == 0:
        due, colour = _("今天到期"), "orange"
    else:
        due, colour = ngettext("还有 %(n)d 天", "还有 %(n)d 天", days) % {"n": days}, "orange" if days == 1 else "blue"
    return {
        "text": task.text, "due_on": task.due_on, "due": due, "colour": colour, "desk": desk.label if desk else "",
        "number": whistle.number, "url": f"{reverse('whistles:whistle', args=[whistle.pk])}#meetings",
    }  # fmt: skip


def steps(entries: list[Any], whistle_id: int) -> list[dict[str, Any]]:
    """Return what was written down about the whistle, oldest first; photos stand at the deed they came with."""
    pictures: dict[str, list[dict[str, str]]] = defaultdict(list)
    leading = {
        entry.request_id: entry.pk for entry in entries if entry.fact != "WhistlePhotoAdded" and entry.request_id
    }
    for entry in entries:
        if entry.fact == "WhistlePhotoAdded":
            pictures[entry.request_id or str(entry.pk)].append(_photo(whistle_id, entry.data["photo_id"]))
    told = []
    for entry in entries:
        key = entry.request_id or str(entry.pk)
        if entry.fact != "WhistlePhotoAdded":
            told.append(_step(entry, pictures.pop(key, []) if leading.get(key) == entry.pk else []))
        elif key not in leading and key in pictures:
            told.append(_step(entry, pictures.pop(key)))
    return told


def _step(entry: Any, pictures: list[dict[str, str]]) -> dict[str, Any]:
    data, deed = entry.data, DEED_OF.get(entry.fact)
    title, text, tag = label_of(entry.fact), data.get("opinion", ""), ""
    colour = _STEP_COLOURS.get(deed, "blue") if deed else "blue"
    if data.get("departments"):
        title = f"{title} · {kind}" if (kind := data.get("kind")) else title
        text = "\n".join([text, _("召集单位：%(names)s") % {"names": "、".join(data["departments"])}])
    elif name := data.get("organization_name"):
        title = f"{title} · {name}"
    if data.get("place"):
        text = "\n".join([text, _("地点：%(place)s；人员：%(people)s") % data])
    if data.get("rating"):
        text = f"{Rating(data['rating']).label}\n{text}"
    if entry.fact in ("CallClimbed", "DecisionClimbed"):
        stage = Stage(data["stage"]).label
        text, colour = _("“%(stage)s”超时，已提醒%(rung)s") % {"stage": stage, "rung": data["rung"]}, "red"
    elif entry.fact == "MeetingTaskSettled":
        tag, colour = ("", "green") if data["done"] else (_("未完成"), "orange")
    elif entry.fact == "WhistleAnswered":
        colour = "green"
    if data.get("in_time") is False:
        tag, colour = _("超期"), "red"
    return {
        "title": title, "at": entry.at, "who": entry.actor_name, "organization": entry.organization_name, "text": text,
        "took_s": data.get("spent_s"), "colour": colour, "tag": tag, "photos": pictures,
    }  # fmt: skip
