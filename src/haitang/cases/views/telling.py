"""A case told to people: its head, its deadlines, what has happened to it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.cases import queries
from haitang.cases.facts import DEED_OF, CaseNoted
from haitang.cases.forms import RESULTS, category_name
from haitang.cases.lifecycle import Deed, Status
from haitang.cases.queries import CasePage
from haitang.cases.values import Condition, Moment, Stage
from haitang.cases.views.rows import due_colour, due_text, marks_of, status_colour
from haitang.core.facts import fact_named, label_of
from haitang.territory.queries import territory

THUMBNAIL_EDGE = 320
_COLOURS = {
    Deed.REFUSE: "grey", Deed.VOID: "grey", Deed.RETURN: "orange", Deed.REWORK: "orange", Deed.REOPEN: "orange",
    Deed.FORCE_CLOSE: "orange",
    Deed.CHECK: "green", Deed.CLOSE: "green", Deed.RATE: "green", Deed.SETTLE: "green",
}  # fmt: skip


def head(page: CasePage, now: datetime) -> dict[str, Any]:
    """Return what stands at the top of the page."""
    case, view = page.view.case, page.view
    return {
        "status": Status(case.status).label,
        "status_colour": status_colour(case.status),
        "due": due_text(case, now),
        "due_colour": due_colour(case, now) or "grey",
        "stage": Stage(case.stage).label if case.stage else "",
        "category": category_name(view.category) if view.category else "",
        "is_urgent": bool(view.category and view.category.is_urgent),
        "point": (case.lon, case.lat) if case.lon is not None else None,
        "areas_url": f"{reverse('territory:geojson')}?parent={view.area.code}" if view.area and view.area.open else "",
        "has_desk": case.organization_id is not None,
        "marks": marks_of(case),
    }


def stages(case: Any, now: datetime) -> list[dict[str, Any]]:
    """Return the stages in order, each with its limit, its deadline, and how it stands."""
    lines = []
    for stage in Stage:
        kept = case.deadlines.get(stage.value)
        if kept is None:
            continue
        due, started, done = (_instant(kept.get(key)) for key in ("due_at", "started_at", "done_at"))
        is_now = case.stage == stage.value
        if is_now and due is not None:
            text, colour = due_text(case, now), due_colour(case, now) or "blue"
        elif done is not None and due is not None:
            late = done > due
            text, colour = (_("超期完成"), "red") if late else (_("按时完成"), "green")
        else:
            text, colour = "", ""
        lines.append({
            "name": stage.label, "limit": kept.get("limit", ""), "due": due, "started": started, "done": done,
            "is_now": is_now, "text": text, "colour": colour,
        })  # fmt: skip
    return lines


def photos(found: Iterable[Any]) -> list[dict[str, str]]:
    """Return photos as the components take them."""
    words = {"before": _("处置前照片"), "after": _("处置后照片"), "place": _("现场照片")}
    return [
        {
            "url": (url := reverse("cases:photo", args=[photo.case_id, photo.pk])),
            "thumb": f"{url}?size={THUMBNAIL_EDGE}",
            "alt": words.get(photo.purpose, words["place"]),
        }
        for photo in found
    ]


def steps(entries: list[Any], found: list[Any]) -> list[dict[str, Any]]:
    """Return the timeline, oldest first; photos added together with a deed stand at the deed."""
    shown = dict(zip((photo.pk for photo in found), photos(found), strict=True))
    of_request: dict[str, list[dict[str, str]]] = defaultdict(list)
    leading = {entry.request_id: entry.pk for entry in entries if entry.fact != "PhotoAdded" and entry.request_id}
    told = []
    for entry in entries:
        if entry.fact == "PhotoAdded" and (photo := shown.get(entry.data.get("attachment_id"))):
            of_request[entry.request_id or str(entry.pk)].append(photo)
    for entry in entries:
        key = entry.request_id or str(entry.pk)
        if entry.fact == "PhotoAdded":
            if leading.get(key) or key not in of_request:
                continue
            told.append(_step(entry, of_request.pop(key)))
        else:
            told.append(_step(entry, of_request.pop(key) if leading.get(key) == entry.pk and key in of_request else []))
    return told


def _step(entry: Any, taken: list[dict[str, str]]) -> dict[str, Any]:
    data, deed = entry.data, DEED_OF.get(entry.fact)
    kind = fact_named(entry.fact)
    title = kind.heading(data) if issubclass(kind, CaseNoted) else label_of(entry.fact)
    text, tag = data.get("opinion", ""), ""
    colour = _COLOURS.get(deed, "blue") if deed else "grey"
    if deed is Deed.DISPATCH:
        title = _("派遣至 %(name)s") % {"name": data.get("organization_name", "")}
    elif deed is Deed.VERIFY:
        title = _("核实：%(result)s") % {"result": dict(RESULTS).get(data.get("result"), "")}
    elif deed is Deed.CHECK:
        title = _("核查通过")
    elif deed is Deed.REWORK:
        title = _("核查未通过，返工")
    elif deed is Deed.RATE:
        solved = _("已解决") if data.get("solved") else _("未解决")
        title = _("评价：%(solved)s，%(score)s 分") % {"solved": solved, "score": data.get("score", "")}
        colour = "green" if data.get("solved") else "orange"
    elif entry.fact in ("DeadlineNear", "DeadlineMissed"):
        colour = "red" if entry.fact == "DeadlineMissed" else "orange"
        stage = Stage(data["stage"]).label if data.get("stage") in Stage.values else ""
        text = _("“%(stage)s”环节") % {"stage": stage}
        if (percent := data.get("percent")) is not None:
            text += _("，时限已用 %(n)d%%") % {"n": percent}
    elif entry.fact == "CaseReclassified":
        text = "\n".join([*_corrected(data), text])
    elif entry.fact == "ReporterUnmasked":
        text = data.get("reason", "")
    if data.get("in_time") is False:
        tag, colour = _("超期"), "red"
    return {
        "title": title, "at": entry.at, "who": entry.actor_name, "organization": entry.organization_name, "text": text,
        "took_s": data.get("spent_s"), "colour": colour, "tag": tag, "photos": taken,
    }  # fmt: skip


def _corrected(data: dict[str, Any]) -> list[str]:
    """Return in words what was put right: from which category and which area to which."""
    known, areas = queries.catalog().by_code, territory()

    def category(code: str) -> str:
        return category_name(known[code]) if code in known else code or _("尚未分类")

    def area(code: str) -> str:
        found = areas.by_code(code)
        return found.name if found else code

    changes = [
        (category(data["category_before"]), category(data["category_after"])),
        (area(data["area_before"]), area(data["area_after"])),
    ]
    return [f"{before} → {after}" for before, after in changes if before != after]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def particulars(page: CasePage) -> dict[str, Any]:
    """Return what the case's category asked and says, in the version that the case is asked by."""
    case, asked_by, category = page.view.case, page.asked_by, page.view.category
    form, current = asked_by.form, category.current if category else None
    photo_url = {photo.pk: reverse("cases:photo", args=[case.pk, photo.pk]) for photo in page.photos}
    lines = [
        {
            "label": line.label, "text": line.text, "moment": Moment(line.at).label,
            "photos": [photo_url[pk] for pk in line.photos],
        }
        for line in page.answered
    ]  # fmt: skip
    said = [
        (label, text)
        for label, text in (
            (_("责任主体"), "、".join(form.responsible)), (_("监管主体"), "、".join(form.supervising)),
            (_("法律依据"), form.basis), (_("采集要求"), form.collection),
        )
        if text
    ]  # fmt: skip
    return {
        "lines": lines,
        "said": said,
        "opening": Condition(**case.opening).label if case.opening else "",
        "closing": Condition(**case.closing).label if case.closing else "",
        "version": asked_by.number,
        "newer": current.number if current and current.number > asked_by.number and asked_by.number else 0,
    }
