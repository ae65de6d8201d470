"""Cases as lines of a table: every text is ready, so that a template prints and asks nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from haitang.cases import queries
from haitang.cases.forms import category_name
from haitang.cases.lifecycle import NEXT_DEED, STAGE_OF, Status
from haitang.cases.queries.cases import CaseView
from haitang.cases.queries.similar import SimilarView
from haitang.cases.values import Channel, Kind, Mark, Priority
from haitang.core.clock import LOCAL
from haitang.worktime.values import remaining_text

_COLOURS = {
    Status.CLOSED: "green", Status.RATED: "green", Status.REFUSED: "grey", Status.VOIDED: "grey",
}  # fmt: skip
_PRIORITY_COLOURS = {Priority.RAISED: "orange", Priority.URGENT: "red"}
_MARK_COLOURS = {Mark.MAIN: "blue", Mark.JOINED: "grey", Mark.REPEAT: "orange", Mark.DIFFICULT: "red"}


@dataclass(slots=True)
class Row:
    """One line. due_colour: red once overdue, orange when most of the time has gone, else empty.

    marks: tags, each with its colour. why: for a case that may be the same matter, what speaks for it.
    """

    id: int
    number: str
    url: str
    status: str
    status_colour: str
    due: str
    due_colour: str
    category: str
    is_urgent: bool
    is_confidential: bool
    description: str
    place: str
    area: str
    area_in_full: str
    channel: str
    kind: str
    desk: str
    reported: str
    reported_in_full: str
    next_deed: str
    marks: list[tuple[str, str]] = field(default_factory=list)
    why: str = ""
    done: str = ""
    done_at: datetime | None = None


def status_colour(status: str) -> str:
    """Return the colour of a state's tag."""
    return _COLOURS.get(Status(status), "blue")


def due_colour(case: Any, now: datetime) -> str:
    """Return red for a case that is overdue, orange for one that soon will be, and "" for others."""
    if case.due_at is None:
        return ""
    if now > case.due_at:
        return "red"
    if case.paused_until is not None or case.stage_started_at is None:
        return ""
    percent = queries.catalog().setting("warn_percents")[-1]
    gone = (now - case.stage_started_at) * 100 >= (case.due_at - case.stage_started_at) * percent
    return "orange" if gone else ""


def due_text(case: Any, now: datetime) -> str:
    """Return how its deadline stands in words: what is left, by how much it is late, or until when its clock stands."""
    if case.due_at is None:
        return ""
    if case.paused_until is not None and now < case.paused_until:
        return _("缓办至 %(day)s") % {"day": f"{case.paused_until.astimezone(LOCAL):%m-%d %H:%M}"}
    return remaining_text(case.due_at, now)


def short_area(view: CaseView) -> str:
    """Return the case's community and grid: what tells places apart on one line."""
    above, _separator, own = view.area_name.rpartition(" / ")
    parent = above.rpartition(" / ")[2]
    return own if not parent or own.startswith(parent) else f"{parent} {own}"


def marks_of(case: Any) -> list[tuple[str, str]]:
    """Return the tags of a case, the gravest first: (words, colour)."""
    tags = []
    if case.priority:
        tags.append((str(Priority(case.priority).label), _PRIORITY_COLOURS[case.priority]))
    tags += [(str(mark.label), _MARK_COLOURS[mark]) for mark in Mark if mark.value in case.marks]
    if case.voices:
        tags.append((ngettext("%(n)d 人也遇到", "%(n)d 人也遇到", case.voices) % {"n": case.voices}, "blue"))
    return tags


def similar_rows(found: list[SimilarView], now: datetime) -> list[Row]:
    """Return cases that may be the same matter as lines that say why."""
    lines = rows([each.view for each in found], now)
    for line, each in zip(lines, found, strict=True):
        said = {"metres": each.metres, "time": duration_text(each.minutes), "percent": each.percent}
        if each.percent is None:
            line.why = _("相距 %(metres)s 米，相隔%(time)s") % said
        else:
            line.why = _("相距 %(metres)s 米，相隔%(time)s，文字相似 %(percent)s%%") % said
    return lines


def duration_text(minutes: int) -> str:
    """Return so many minutes in words, as whole hours from two hours on."""
    if minutes < 120:
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)d 小时", "%(n)d 小时", hours) % {"n": hours}


@lru_cache(maxsize=8)
def _labels(language: str) -> tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, str]]:
    return (
        {status.value: str(status.label) for status in Status},
        {channel.value: str(channel.label) for channel in Channel},
        {kind.value: str(kind.label) for kind in Kind},
        {status.value: str(NEXT_DEED[status].label) for status in STAGE_OF},
    )


def rows(views: list[CaseView], now: datetime) -> list[Row]:
    """Return the cases as lines, in their order."""
    statuses, channels, kinds, deeds = _labels(get_language() or "")
    address = reverse("cases:case", args=[0])
    lines, year = [], now.astimezone(LOCAL).year
    for view in views:
        case = view.case
        local = case.reported_at.astimezone(LOCAL)
        lines.append(
            Row(
                id=case.pk,
                number=case.number,
                url=address.replace("0", str(case.pk)),
                status=statuses[case.status],
                status_colour=status_colour(case.status),
                due=due_text(case, now),
                due_colour=due_colour(case, now),
                category=category_name(view.category) if view.category else "",
                is_urgent=bool(view.category and view.category.is_urgent),
                is_confidential=case.is_confidential,
                description=case.description,
                place=case.place,
                area=short_area(view),
                area_in_full=view.area_name,
                channel=channels[case.channel],
                kind=kinds[case.kind],
                desk=view.organization.label if view.organization and case.organization_id else "",
                reported=f"{local:%m-%d %H:%M}" if local.year == year else f"{local:%Y-%m-%d}",
                reported_in_full=f"{local:%Y-%m-%d %H:%M:%S}",
                next_deed=deeds.get(case.status, ""),
                marks=marks_of(case) if case.marks or case.priority or case.voices else [],
            )
        )
    return lines
