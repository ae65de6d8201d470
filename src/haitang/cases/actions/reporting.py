"""A case comes in."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from haitang.cases import policies
from haitang.cases.actions import timing
from haitang.cases.actions.asking import answers_text
from haitang.cases.facts import CaseReported
from haitang.cases.lifecycle import STAGE_OF, Status
from haitang.cases.models import Case
from haitang.cases.queries.asking import form_shown
from haitang.cases.queries.catalog import catalog
from haitang.cases.queries.due import due_measures
from haitang.cases.queries.measuring import counted_as
from haitang.cases.queries.routing import Intake, Routing, route
from haitang.cases.values import (
    AskedOf,
    Channel,
    Kind,
    Moment,
    OutsideTerritory,
    Permission,
    awaited_photos,
    check_answers,
)
from haitang.core import crypto, history, ids, search
from haitang.core.access import Actor
from haitang.core.clock import EARLIEST, local_date
from haitang.core.errors import Conflict, Invalid
from haitang.core.prepared import Prepared
from haitang.territory.queries import locate, territory
from haitang.territory.values import AreaRef

_INSERT = Prepared(
    "cases_report",
    """
WITH next AS (SELECT nextval('cases_case_id_seq') AS id),
made AS (
    INSERT INTO cases_case (
        id, number, query_code, kind, channel, category_id, description, place, lon, lat, area_id, area_ids,
        is_confidential, status, routed_to_id, routing_rule_id, routing_reason, reported_by_id, occurred_at,
        reported_at, changed_at, stage, stage_started_at, due_at, deadlines, returns, reworks, reopenings,
        external_source, external_id, search, form_version_id, answers)
    SELECT id, %(day)s || '-' || lpad(id::text, greatest(7, length(id::text)), '0'), %(query_code)s, %(kind)s,
        %(channel)s, %(category_id)s, %(description)s, %(place)s, %(lon)s, %(lat)s, %(area_id)s, %(area_ids)s,
        %(is_confidential)s, %(status)s, %(routed_to_id)s, %(routing_rule_id)s, %(routing_reason)s, %(reported_by_id)s,
        %(occurred_at)s, %(now)s, %(now)s, %(stage)s, %(now)s, %(due_at)s, %(deadlines)s, 0, 0, 0,
        %(external_source)s, %(external_id)s, %(search)s::tsvector, %(form_version_id)s, %(answers)s
    FROM next
    RETURNING id, number
), reporter AS (
    INSERT INTO cases_reporter (case_id, name_sealed, phone_sealed, phone_index)
    SELECT id, %(name_sealed)s::bytea, %(phone_sealed)s::bytea, %(phone_index)s::bytea FROM made
    WHERE %(has_reporter)s
), warned AS (
    INSERT INTO cases_pendingwarning (case_id, at, given) SELECT id, %(warn_at)s, 0 FROM made
), counted AS (
    INSERT INTO cases_countdelta (day, area_ids, category_id, channel, measure, n)
    SELECT day, %(area_ids)s, %(counted_category)s, %(channel)s, measure, 1
    FROM unnest(%(days)s::date[], %(measures)s::text[]) AS m(day, measure)
)
SELECT id, number FROM made
""",
)


class AlreadyReported(Conflict):
    """A case with this source and external number exists."""


@transaction.atomic
def report_case(
    *,
    actor: Actor,
    now: datetime,
    description: str,
    channel: str = Channel.WEB,
    kind: str = Kind.HELP,
    category_code: str = "",
    place: str = "",
    lon: float | None = None,
    lat: float | None = None,
    area_code: str = "",
    reporter_name: str = "",
    reporter_phone: str = "",
    occurred_at: datetime | None = None,
    external_source: str | None = None,
    external_id: str | None = None,
    answers: Mapping[str, Any] | None = None,
    photographed: Collection[str] = (),
    asked_of: str = "",
    demand_answers: bool | None = None,
    photos_follow: bool = False,
    form_version_id: int | None = None,
) -> Case:
    """
    Take in a matter: find its area, its desk and its deadlines, and give it a number and a query code.

    lon, lat: WGS84 degrees, both or neither. area_code: where no point is known, or a coarser area than the point's.
    category_code: "" suggests one from the words, which may find none.
    reporter_name, reporter_phone: as given by the reporter; stored sealed.
    occurred_at: aware instant, not after now nor before core.clock.EARLIEST.
    answers: to the category's questions, by key (values.check_answers). photographed: keys of those whose photo comes
        along. asked_of: values.AskedOf; "" takes the actor for staff where they may enter cases.
    demand_answers: whether required answers must be there; None demands them where the category was named and not
        suggested. Answers to questions of photos are photos: actions.add_photo. photos_follow: those that are demanded
        come afterwards; the case is not registered before they have come (`AWAITED` in its answers).
    form_version_id: the category's form that was shown, where it has changed since; None for that of today.

    Raises OutsideTerritory, CategoryNotFound, Invalid (nothing said, half a point, an occurrence to come or ages ago,
    a question unknown, not answered or wrongly),
    NotAllowed (a channel that is not open to the public, without REPORT over the area), AlreadyReported.
    """
    known = catalog()
    area = _find_area(lon, lat, area_code)
    policies.check_can_report(actor, channel, area.path)
    description = description.strip()
    if not description:
        raise Invalid(_("请写明发生了什么事"), {"description": _("请写明发生了什么事")})
    if occurred_at is not None and occurred_at > now:
        raise Invalid(_("发生时间不能晚于现在"), {"occurred_at": _("发生时间不能晚于现在")})
    if occurred_at is not None and occurred_at < EARLIEST:
        raise Invalid(_("发生时间过早，请核对年份"), {"occurred_at": _("发生时间过早，请核对年份")})
    category = known.category(category_code) if category_code else known.suggest(description)
    current = form_shown(category, form_version_id)
    if not asked_of:
        asked_of = AskedOf.STAFF if actor.holds(Permission.REPORT, area_path=area.path) else AskedOf.RESIDENT
    asked = current.form.asked(Moment.REPORT, asked_of)
    demand = bool(category_code) if demand_answers is None else demand_answers
    awaited = awaited_photos(asked, photographed) if photos_follow and demand else {}
    answered = check_answers(asked, answers or {}, photos={*photographed, *awaited}, demand=demand) | awaited
    routing = route(Intake(category, kind, channel, area, now))
    verifies = channel in known.setting("verify_channels")
    status = Status.VERIFYING if verifies else Status.REPORTED
    stage = STAGE_OF[status]
    deadlines = timing.plan(known, category, stage, now, routing.organization)
    due_at = datetime.fromisoformat(deadlines[stage.value]["due_at"])
    case = Case(
        query_code=ids.query_code(),
        kind=kind,
        channel=channel,
        category_id=category.id if category else None,
        description=description,
        place=place,
        lon=lon,
        lat=lat,
        area_id=area.id,
        area_ids=list(area.ids),
        is_confidential=kind == Kind.DENUNCIATION,
        status=status.value,
        routed_to_id=routing.organization.id if routing.organization else None,
        routing_rule_id=routing.rule.id if routing.rule else None,
        routing_reason=_reason(routing),
        reported_by_id=actor.id,
        occurred_at=occurred_at,
        reported_at=now,
        changed_at=now,
        stage=stage.value,
        stage_started_at=now,
        due_at=due_at,
        deadlines=deadlines,
        external_source=external_source or None,
        external_id=external_id or None,
        form_version_id=current.version_id,
        answers=answered,
    )
    words = (description, place, category.name if category else "", external_id, answers_text(answered))
    searched = " ".join(filter(None, words))
    warn_at = timing.next_telling(now, due_at, known.setting("warn_percents"), now)[1]
    _insert(case, warn_at, search.vector(searched), reporter_name, reporter_phone, now)
    history.record(
        actor=actor,
        fact=CaseReported(case.pk, status.value, channel, case.routing_reason, list(routing.problems)),
        at=now,
        audience=history.Audience(
            area.path, (), Permission.VIEW_CONFIDENTIAL if case.is_confidential else Permission.VIEW
        ),
    )
    return case


def _insert(case: Case, warn_at: datetime, vector: str, name: str, phone: str, now: datetime) -> None:
    """Write the case, its reporter, its first warning and its counts in one statement; set its id and number."""
    today = local_date(now)
    counted = [(today, f"is:{case.status}"), (today, "did:report"), *due_measures(case)]
    row = {
        field.attname: getattr(case, field.attname)
        for field in Case._meta.concrete_fields
        if field.attname in _INSERT.takes
    }
    row |= {
        "now": now,
        "warn_at": warn_at,
        "day": today.strftime("%Y%m%d"),
        "deadlines": Jsonb(case.deadlines),
        "answers": Jsonb(case.answers),
        "search": vector,
        "has_reporter": bool(name or phone),
        "name_sealed": crypto.seal(name, "reporter.name") if name else None,
        "phone_sealed": crypto.seal(phone, "reporter.phone") if phone else None,
        "phone_index": crypto.blind_index(phone, "reporter.phone") if phone else None,
        "counted_category": case.category_id or 0,
        "days": [day for day, _measure in counted],
        "measures": [counted_as(measure, case.is_confidential) for _day, measure in counted],
    }
    try:
        with connection.cursor() as cursor:
            _INSERT.execute(cursor, row)
            case.pk, case.number = cursor.fetchone()
    except IntegrityError as error:
        if "cases_case_external" in str(error):
            raise AlreadyReported(_("来源系统的这个编号已登记过案件")) from error
        raise
    case._state.adding = False


def _find_area(lon: float | None, lat: float | None, area_code: str) -> AreaRef:
    """Return the finest area known for a report: the point's, if it lies in the area named, else the one named."""
    areas = territory()
    named = None
    if area_code:
        named = areas.by_code(area_code)
        if named is None:
            raise Invalid(
                _("没有编码为“%(code)s”的区域") % {"code": area_code[:20]}, {"area_code": _("没有这个区域编码")}
            )
    if (lon is None) != (lat is None):
        raise Invalid(_("经度和纬度应同时填写"), {"lon": _("经度和纬度应同时填写")})
    if lon is not None and lat is not None:
        located = locate(lon, lat)
        if located is not None:
            return located if named is None or named.id in located.ids else named
        if named is None:
            raise OutsideTerritory(_("该位置不在本市范围内，请核对地点"), {"lon": _("该位置不在本市范围内")})
    if named is not None:
        return named
    roots = areas.children(None)
    if not roots:
        raise Invalid(_("尚未建立区域，不能登记案件"))
    return roots[0]


def _reason(routing: Routing) -> str:
    return "；".join((*routing.problems, routing.reason))
