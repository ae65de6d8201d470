"""The older part of the history: cases that the city takes over, with their times, from the system it had before."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from haitang.cases import actions
from haitang.cases.queries import catalog, route
from haitang.cases.queries.columns import case_columns
from haitang.cases.queries.routing import Intake
from haitang.cases.values import Permission, Stage
from haitang.core.tables import write_csv
from haitang.demo.playing import installer
from haitang.demo.timeline import Story
from haitang.territory.queries import territory
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import deadline

SOURCE = "原12345热线系统"
_COLUMNS = (
    "source", "external_id", "kind", "channel", "category_code", "description", "place", "lon", "lat", "area_code",
    "status", "organization_code", "reporter_name", "reporter_phone", "reported_at", "target_at", "closed_at", "solved",
    "score", "opinion",
)  # fmt: skip
_STATUS_AFTER = {
    "": "reported", "verify": "reported", "refuse": "refused", "accept": "accepted", "void": "voided",
    "register": "registered", "dispatch": "dispatched", "return": "registered", "sign": "handling",
    "handle": "handled", "feedback": "checking", "rework": "handling", "check": "checked", "close": "closed",
    "reopen": "handling", "rate": "rated", "force_close": "closed", "settle": "closed",
}  # fmt: skip
_ENDED = frozenset({"closed", "rated", "refused", "voided"})


def take_over(stories: list[Story], *, now: datetime) -> None:
    """Import the stories with what had become of them, by the import that an office would use.

    It can be interrupted anywhere: the same stories make the same file, and what is there is not taken twice.
    """
    columns = [column for column in case_columns() if column.name in _COLUMNS]
    names = [column.name for column in columns]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.csv"
        with path.open("wb") as file:
            file.writelines(write_csv(([row[name] for name in names] for row in _rows(stories)), columns))
        actions.import_cases(actor=installer(Permission.REPORT), now=now, path=path, source=SOURCE)


def _rows(stories: list[Story]) -> Iterator[dict[str, Any]]:
    known, areas, calendar = catalog(), territory(), get_calendar(None)
    for story in stories:
        area = areas.by_code(story.grid)
        if area is None:
            raise LookupError(f"no area {story.grid}")
        category = known.category(story.category)
        desk = route(Intake(category, story.kind, story.channel, area, story.at)).organization
        status = _STATUS_AFTER["settle" if story.settled else story.steps[-1].deed if story.steps else ""]
        rating = next((step.arguments for step in story.steps if step.deed == "rate"), None)
        rated = rating if status == "rated" else None
        yield {
            "source": SOURCE, "external_id": story.external_id, "kind": story.kind, "channel": story.channel,
            "category_code": story.category, "description": story.description, "place": story.address,
            "lon": story.lon, "lat": story.lat, "area_code": story.grid, "status": status,
            "organization_code": desk.code if desk else "", "reporter_name": story.reporter_name,
            "reporter_phone": story.reporter_phone, "reported_at": story.at,
            "target_at": deadline(story.at, known.limit(category, Stage.HANDLE), calendar),
            "closed_at": _closed_at(story, status), "solved": rated["solved"] if rated else None,
            "score": rated["score"] if rated else None,
            "opinion": next((step.opinion for step in reversed(story.steps) if step.deed == "handle"), story.settled),
        }  # fmt: skip


def _closed_at(story: Story, status: str) -> datetime | None:
    if status not in _ENDED:
        return None
    closing = [step.at for step in story.steps if step.deed == "close"]
    return closing[-1] if closing else story.steps[-1].at if story.steps else story.at
