"""One row of an import as a case: what is missing is found, what contradicts itself is refused."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases.actions import timing
from haitang.cases.actions.asking import answers_text, read_answers
from haitang.cases.facts import CaseImported
from haitang.cases.lifecycle import STAGE_OF, Status
from haitang.cases.queries.catalog import Catalog, CategoryRef, catalog
from haitang.cases.queries.columns import ANSWER
from haitang.cases.queries.due import due_by
from haitang.cases.queries.measuring import counted_as, import_measures
from haitang.cases.queries.routing import Router, Routing
from haitang.cases.queries.targets import SET_BY
from haitang.cases.values import Channel, Kind, Stage, number_of_case
from haitang.core import copying, crypto, history, search
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.language import in_house
from haitang.core.privacy import mask_text
from haitang.organizations.queries import OrganizationRef, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef
from haitang.worktime.values import OutsideCalendar

HASHED = "row:"
"""How the external number of a row begins that came without one: the rest is a digest over its cells."""

_DESKLESS = frozenset({
    Status.VERIFYING, Status.REPORTED, Status.ACCEPTED, Status.REGISTERED, Status.REFUSED, Status.VOIDED,
    Status.CLOSED, Status.RATED,
})  # fmt: skip
_DONE = frozenset({Status.CLOSED, Status.RATED})
_encode = json.JSONEncoder(ensure_ascii=False).encode

CASE_COLUMNS = (
    "id, number, query_code, kind, channel, category_id, description, place, lon, lat, area_id, area_ids, "
    "is_confidential, status, organization_id, occurred_at, reported_at, changed_at, closed_at, stage, "
    "stage_started_at, due_at, deadlines, returns, reworks, reopenings, is_solved, score, "
    "external_source, external_id, search, routed_to_id, routing_rule_id, routing_reason"
)
"""What stands in Incoming.case, in this order."""
ANSWERED_COLUMNS, UNANSWERED = "form_version_id, answers", "\t\\N\t{}\n"
"""What follows in a batch in which somebody has answered something: Incoming.answers, or nothing."""
REPORTER_COLUMNS = "case_id, name_sealed, phone_sealed, phone_index"
WARNING_COLUMNS = "case_id, at, given"


@dataclass(slots=True)
class Incoming:
    """A row that will be a case, or that is refused with a reason.

    key: what no two cases may share: the source and its number. number: one of ours that it bears already.
    case, reporter, warning, entry: lines for COPY, "" where nobody is named or nothing is to be told. answers: how the
    case's line goes on where questions of its category are answered. counts: the beginnings of its lines in
    cases_countdelta, without how many. masked: see core.privacy.mask_text.
    """

    line: int
    raw: list[str]
    reason: str = ""
    key: tuple[str, str] = ("", "")
    number: str = ""
    case: str = ""
    answers: str = ""
    reporter: str = ""
    warning: str = ""
    entry: str = ""
    counts: list[str] = field(default_factory=list)
    masked: int = 0


def external_id_of(cells: dict[str, Any], raw: Sequence[str]) -> str:
    """Return the row's number in the system it comes from; for a row without one, a digest over all its cells."""
    given = cells.get("external_id") or cells.get("number")
    if given:
        return given
    digest = hashlib.blake2b("\x1f".join(cell.strip() for cell in raw).encode(), digest_size=16)
    return HASHED + digest.hexdigest()


class Intaker:
    """Turns checked cells into cases, by the catalogue, rules, desks and areas as they are at the beginning of a batch.

    source: stands where a row names none. now: aware instant; nothing may be reported after it.
    asked: the labels of the questions that have a column.
    """

    def __init__(self, *, actor: Actor, source: str, now: datetime, asked: Sequence[str] = ()) -> None:
        self._actor, self._source, self._now, self._asked = actor, source, now, asked
        self._history = history.BulkRecord(actor=actor, at=now)
        with in_house():
            self._set_there = _("来源系统所定")
        self._known: Catalog = catalog()
        self._areas, self._desks = territory(), organizations()
        self._by_name = {c.name: c for c in reversed(self._known.leaves)}
        self._percents: list[int] = self._known.setting("warn_percents")
        self._router = Router(now)
        roots = self._areas.children(None)
        if not roots:
            raise Invalid(_("尚未建立区域，不能导入案件"))
        self._root = roots[0]

    def brought_up(self) -> "Intaker":
        """Return this one with all that it has worked out, or a new one if anything has changed since it began."""
        same = self._known is catalog() and self._areas is territory() and self._desks is organizations()
        return self if same else Intaker(actor=self._actor, source=self._source, now=self._now, asked=self._asked)

    def take_in(
        self, pk: int, code: str, line: int, raw: list[str], cells: dict[str, Any], located_id: int | None
    ) -> Incoming:
        """Return the row as a case, or with the reason for which it is refused.

        pk, code: its id and query code if it becomes one.
        located_id: the narrowest area that holds the row's point, None if none does.
        """
        incoming = Incoming(line, raw)
        try:
            self._fill(incoming, pk, code, cells, located_id)
        except Invalid as refusal:
            incoming.reason = refusal.message
        return incoming

    def _fill(self, incoming: Incoming, pk: int, code: str, cells: dict[str, Any], located_id: int | None) -> None:
        get = cells.get
        reported_at: datetime = cells["reported_at"]
        closed_at, occurred_at, target_at = get("closed_at"), get("occurred_at"), get("target_at")
        status = _status(get("status"), closed_at)
        self._check_times(status, reported_at, occurred_at, closed_at)
        solved, score = _judgement(status, get("solved"), get("score"))
        area = self._area(get("area_code"), located_id)
        description: str = cells["description"].strip()
        kind, channel = get("kind") or Kind.HELP.value, get("channel") or Channel.TRANSFER.value
        category = self._category(get("category_code"), get("category"), description)
        # By the rules of today, not of the report: whoever has to act on it must be there today.
        routing = self._router.route(category, kind, channel, area)
        desk = self._desk(get("organization_code"), status, routing)
        place = (get("place") or "").strip()
        external_id = external_id_of(cells, incoming.raw)
        opinion, incoming.masked = mask_text((get("opinion") or "").strip())
        source = get("source") or self._source
        in_time = None if closed_at is None or target_at is None else closed_at <= target_at
        day = local_date(reported_at)
        stage = STAGE_OF.get(status)
        times = _iso(reported_at), _iso(closed_at), _iso(target_at)
        deadlines = self._deadlines(stage, category, desk, reported_at, times, source)
        area_ids, hidden = f"{{{','.join(map(str, area.ids))}}}", kind == Kind.DENUNCIATION.value
        category_id = category.id if category else None
        words = f"{description} {place} {category.name if category else ''} {external_id}"
        if self._asked and (answers := read_answers(category, {label: get(ANSWER + label) for label in self._asked})):
            version_id = category.current.version_id if category else None
            incoming.answers = "\t" + copying.line((version_id, _encode(answers)))
            words = f"{words} {answers_text(answers)}"
        incoming.key, incoming.number = (source, external_id), get("number") or ""
        incoming.case = copying.line((
            pk, number_of_case(day, pk), code, kind, channel, category_id, description, place, get("lon"), get("lat"),
            area.id, area_ids, hidden, status.value, desk.id if desk else None, occurred_at, times[0],
            times[1] or times[0], times[1] if status in _DONE else None,
            *self._stage_columns(stage, deadlines, reported_at), _encode(deadlines), 0, 0, 0, solved, score, source,
            external_id, search.vector(words), routing.organization.id if routing.organization else None,
            routing.rule.id if routing.rule else None, "；".join((*routing.problems, routing.reason)),
        ))  # fmt: skip
        incoming.warning = self._warning(pk, stage, deadlines, reported_at)
        incoming.reporter = _sealed(pk, get("reporter_name"), get("reporter_phone"))
        fact = CaseImported(pk, source, external_id, status.value, *times, in_time, opinion)
        incoming.entry = self._history.line(fact, area.path)
        where = f"\t{area_ids}\t{category_id or 0}\t{channel}\t"
        due = due_by(status.value, desk.id if desk else None, closed_at if status in _DONE else None, deadlines)
        measures = (day, f"is:{status.value}"), *import_measures(day, closed_at, in_time), *due
        incoming.counts = [f"{on}{where}{counted_as(measure, hidden)}" for on, measure in measures]

    def _stage_columns(
        self, stage: Stage | None, deadlines: dict[str, dict[str, str]], reported_at: datetime
    ) -> tuple[str | None, datetime | None, str | None]:
        """Return the stage that the case is in, when it began and when it is due."""
        return (stage.value, reported_at, deadlines[stage.value]["due_at"]) if stage else (None, None, None)

    def _warning(
        self, pk: int, stage: Stage | None, deadlines: dict[str, dict[str, str]], reported_at: datetime
    ) -> str:
        """Return the line of what is to be told of the deadline; a backlog that is overdue already alarms nobody."""
        due_at = datetime.fromisoformat(deadlines[stage.value]["due_at"]) if stage else None
        if due_at is None or due_at < self._now:
            return ""
        given, at = timing.next_telling(reported_at, due_at, self._percents, self._now)
        return copying.line((pk, at, given))

    def _check_times(
        self, status: Status, reported_at: datetime, occurred_at: datetime | None, closed_at: datetime | None
    ) -> None:
        if reported_at > self._now:
            raise Invalid(_("上报时间晚于现在"))
        if occurred_at is not None and occurred_at > reported_at:
            raise Invalid(_("发生时间晚于上报时间"))
        if status in _DONE and closed_at is None:
            raise Invalid(_("已结案的案件须有结案时间"))
        if closed_at is not None and closed_at < reported_at:
            raise Invalid(_("结案时间早于上报时间"))
        if closed_at is not None and closed_at > self._now:
            raise Invalid(_("结案时间晚于现在"))
        if closed_at is not None and status in STAGE_OF:
            raise Invalid(_("状态为“%(status)s”的案件不应有结案时间") % {"status": status.label})

    def _area(self, code: str | None, located_id: int | None) -> AreaRef:
        """Return the area of the point, if it lies in the one named; else the one named; else the root: not located."""
        located = self._areas.get(located_id)
        if not code:
            return located or self._root
        named = self._areas.by_code(code)
        if named is None:
            raise Invalid(_("没有编码为“%(code)s”的区域") % {"code": code[:20]})
        return located if located is not None and named.id in located.ids else named

    def _category(self, code: str | None, name: str | None, description: str) -> CategoryRef | None:
        if code:
            found = self._known.by_code.get(code)
            if found is None or not found.is_active:
                raise Invalid(_("没有编码为“%(code)s”的类别") % {"code": code[:20]})
            return found
        if name:
            found = self._by_name.get(name.strip())
            if found is None:
                raise Invalid(_("没有名为“%(name)s”的类别") % {"name": name.strip()[:20]})
            return found
        return self._known.suggest(description)

    def _desk(self, code: str | None, status: Status, routing: Routing) -> OrganizationRef | None:
        if code:
            named = self._desks.by_code(code)
            if named is None:
                raise Invalid(_("没有编码为“%(code)s”的单位") % {"code": code[:20]})
            return named
        if status in _DESKLESS:
            return None
        if routing.organization is None:
            raise Invalid(_("状态为“%(status)s”的案件须有承办单位编码，分派规则也没有找到") % {"status": status.label})
        return routing.organization

    def _deadlines(
        self, stage: Stage | None, category: CategoryRef | None, desk: OrganizationRef | None,
        reported_at: datetime, times: tuple[str, str, str], source: str,
    ) -> dict[str, dict[str, str]]:  # fmt: skip
        """Return the deadlines: those of a stage that still runs by our rules, the whole matter's by the file.

        The clocks count from the report on: time already lost at the other system is lost.
        times: of the report, the end and the target, as texts.
        """
        begun, closed, target = times
        deadlines: dict[str, dict[str, str]] = {}
        if stage is not None:
            try:
                deadlines = timing.plan(self._known, category, stage, reported_at, desk)
            except OutsideCalendar:
                # Before the first year of the calendar: whatever the limit was, it is over.
                deadlines = {stage.value: {"due_at": begun, "started_at": begun}}
        if target:
            handling = deadlines.setdefault(Stage.HANDLE.value, {})
            handling.update({"due_at": target, "limit": self._set_there, SET_BY: source})
            handling.setdefault("started_at", begun)
            if closed:
                handling["done_at"] = closed
        return deadlines


def _status(given: str | None, closed_at: datetime | None) -> Status:
    if given:
        return Status(given)
    return Status.CLOSED if closed_at is not None else Status.REPORTED


def _judgement(status: Status, solved: bool | None, score: int | None) -> tuple[bool | None, int | None]:
    """Return what the reporter judged; only a rated case has a judgement."""
    if status is not Status.RATED:
        return None, None
    if score is not None and not 1 <= score <= 5:
        raise Invalid(_("评分应为 1 至 5"))
    return solved, score


def _sealed(pk: int, name: str | None, phone: str | None) -> str:
    name = (name or "").strip()
    if not name and not phone:
        return ""
    return copying.line((
        pk,
        crypto.seal(name, "reporter.name") if name else None,
        crypto.seal(phone, "reporter.phone") if phone else None,
        crypto.blind_index(phone, "reporter.phone") if phone else None,
    ))  # fmt: skip


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant is not None else ""


def check_point(cells: dict[str, Any]) -> None:
    """Raise Invalid for half a point, or one that is nowhere on earth."""
    lon, lat = cells.get("lon"), cells.get("lat")
    if (lon is None) != (lat is None):
        raise Invalid(_("经度和纬度应同时填写"))
    if lon is not None and lat is not None and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid(_("经度或纬度超出了范围"))
