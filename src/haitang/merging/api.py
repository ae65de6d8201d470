"""The API of merging: parse, one call, print."""

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router, Status

from haitang.cases import queries as case_queries
from haitang.cases.values import Permission as CasePermission
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.schemas import REFUSALS, Id, answer
from haitang.merging import actions, queries
from haitang.merging.schemas import (
    ChangedOut,
    FlagIn,
    MergeIn,
    PartIn,
    RepeatIn,
    RepeatOut,
    SimilarOut,
    SimilarQuery,
    StandingOut,
    VoiceIn,
    VoiceOut,
)
from haitang.merging.values import Permission

router = Router(tags=["merging"])


@router.get("/cases/similar", response={200: list[SimilarOut], **REFUSALS}, operation_id="list_similar_cases")
@allow(CasePermission.VIEW)
def list_similar(request: Request, asked: Query[SimilarQuery]) -> HttpResponse:
    """List cases that may be the same matter: near, of late, of one class, in similar words; see the settings."""
    known = case_queries.catalog()
    category = known.category(asked.category) if asked.category else known.suggest(asked.description)
    found = case_queries.list_similar(
        viewer=request.actor, lon=asked.lon, lat=asked.lat, now=clock.now(), description=asked.description,
        category_id=category.id if category else None,
    )  # fmt: skip
    return answer([_similar(each) for each in case_queries.describe_similar(found)])


def _similar(each: Any) -> dict[str, Any]:
    case, category = each.view.case, each.view.category
    return {
        "id": case.pk, "number": case.number, "status": case.status, "description": case.description,
        "category": {"code": category.code, "name": category.name} if category else None,
        "reported_at": case.reported_at, "metres": each.metres, "minutes": each.minutes, "percent": each.percent,
    }  # fmt: skip


@router.post("/cases/{case_id}/merge", response={200: ChangedOut, **REFUSALS}, operation_id="merge_cases")
@allow(Permission.MERGE)
def merge(request: Request, case_id: Id, body: MergeIn) -> dict[str, Any]:
    """并单: join cases to this one. Those that go along with it already are passed over."""
    joined = actions.merge_cases(
        actor=request.actor, main_id=case_id, case_ids=body.cases, opinion=body.opinion, now=clock.now()
    )
    return {"cases": joined}


@router.post("/cases/{case_id}/part", response={200: ChangedOut, **REFUSALS}, operation_id="part_cases")
@allow(Permission.MERGE)
def part(request: Request, case_id: Id, body: PartIn) -> dict[str, Any]:
    """拆单: part cases from this one, all of them if none are named."""
    parted = actions.part_cases(
        actor=request.actor, main_id=case_id, case_ids=body.cases or None, opinion=body.opinion, now=clock.now()
    )
    return {"cases": parted}


@router.get("/cases/{case_id}/standing", response={200: StandingOut, **REFUSALS}, operation_id="get_case_standing")
@allow(CasePermission.VIEW)
def standing(request: Request, case_id: Id) -> dict[str, Any]:
    """Tell what goes together with a case, its priority and why."""
    bundle = queries.get_bundle(viewer=request.actor, case_id=case_id)
    found = queries.get_standing(viewer=request.actor, case_id=case_id)
    return {
        "main": bundle.main.case.pk if bundle.main else None, "joined": [view.case.pk for view in bundle.joined],
        "priority": found.priority.value, "points": found.total, "reasons": found.reasons,
        "voices": found.points.voices, "repeats": len(found.repeats), "difficult": found.flag,
    }  # fmt: skip


@router.post("/repeats", response={201: RepeatOut, **REFUSALS}, operation_id="link_repeat")
@allow(CasePermission.REPORT)
def link_repeat(request: Request, body: RepeatIn) -> HttpResponse:
    """重复反映: link the request to the case that stands for the matter, instead of opening another."""
    case = case_queries.find_case(viewer=request.actor, number=body.repeat_of)
    actions.link_repeat(
        actor=request.actor, case_id=case.pk, text=body.description, channel=body.channel, now=clock.now()
    )
    return answer({"id": case.pk, "number": case.number, "repeats": len(queries.list_repeats_of(case.pk))}, 201)


@router.post("/cases/{case_id}/me-too", response={201: VoiceOut, **REFUSALS}, operation_id="say_me_too")
@allow(CasePermission.REPORT)
def me_too(request: Request, case_id: Id, body: VoiceIn) -> HttpResponse:
    """我也遇到: add a caller to those who meet with the same, once for each telephone."""
    voice = actions.say_me_too(actor=request.actor, case_id=case_id, phone=body.phone, now=clock.now())
    told = queries.follow_voice(voice=voice)
    return answer({"number": told.number, "query_code": voice.query_code, "voices": told.voices}, 201)


@router.post("/cases/{case_id}/flag", response={204: None, **REFUSALS}, operation_id="flag_case")
@allow(Permission.FLAG)
def flag(request: Request, case_id: Id, body: FlagIn) -> Status[None]:
    """疑难: hold a case for difficult."""
    actions.flag_case(actor=request.actor, case_id=case_id, reason=body.reason, now=clock.now())
    return Status(204, None)


@router.post("/cases/{case_id}/unflag", response={204: None, **REFUSALS}, operation_id="unflag_case")
@allow(Permission.FLAG)
def unflag(request: Request, case_id: Id, body: FlagIn) -> Status[None]:
    """Hold a case for difficult no longer."""
    actions.unflag_case(actor=request.actor, case_id=case_id, reason=body.reason, now=clock.now())
    return Status(204, None)
