"""The API of volunteers: parse, one call, print."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Status

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request, said
from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import REFUSALS, Id, Schema, text
from haitang.territory.queries import territory
from haitang.territory.values import AreaNotFound
from haitang.volunteers import actions, queries
from haitang.volunteers.schemas import (
    ClaimIn,
    CodeOut,
    MeChange,
    MeIn,
    MeOut,
    PeopleOut,
    PeopleQuery,
    ServicesOut,
    SlipOut,
    WhomIn,
    person_out,
    service_out,
    slip_out,
)
from haitang.volunteers.values import Permission, VolunteerNotFound

router = Router(tags=["people"])


def _me(request: Request) -> Any:
    row = queries.get_volunteer_of(request.actor.id)
    if row is None:
        raise VolunteerNotFound(_("您还没有登记"))
    return row


def _show(request: Request) -> dict[str, Any]:
    now = clock.now()
    page = queries.get_own_page(viewer=request.actor, volunteer_id=_me(request).pk, now=now)
    line = queries.describe([page.volunteer], clock.local_date(now))[0]
    return {
        **person_out(line), "services": page.count, "minutes": page.minutes,
        "consent_version": page.volunteer.consent_version,
    }  # fmt: skip


def _wanted(asked: WhomIn) -> queries.RegisterFilter:
    area = territory().by_code(asked.area) if asked.area else None
    if asked.area and area is None:
        raise AreaNotFound(_("没有编码为“%(code)s”的区域") % {"code": asked.area})
    return queries.RegisterFilter(
        area_path=area.path if area else "", member_class=asked.member_class, skill=asked.skill, force=asked.force,
        calls=asked.calls,
    )  # fmt: skip


@router.get("/people", response={200: PeopleOut, **REFUSALS}, operation_id="list_people")
@allow(Permission.VIEW)
def list_people(request: Request, asked: Query[PeopleQuery]) -> dict[str, Any]:
    """List who stands in the register of helpers within the caller's reach."""
    today = clock.local_date(clock.now())
    page = queries.list_volunteers(viewer=request.actor, wanted=_wanted(asked), today=today, cursor=asked.cursor)
    return {
        "rows": [person_out(line) for line in queries.describe(page.rows, today)], "total": page.total,
        "total_is_more": page.total_is_more, "previous": page.previous, "next": page.next,
    }  # fmt: skip


@router.get("/people/me", response={200: MeOut, **REFUSALS}, operation_id="get_me")
@allow(SIGNED_IN)
def get_me(request: Request) -> dict[str, Any]:
    """Return the caller's own entry and hours."""
    return _show(request)


@router.post("/people/me", response={201: MeOut, **REFUSALS}, operation_id="register_me")
@allow(SIGNED_IN)
def register_me(request: Request, body: MeIn) -> Status:
    """Register the caller, who has agreed to what is kept."""
    actions.register_volunteer(actor=request.actor, profile=body.profile(), consented=body.consented, now=clock.now())
    return Status(201, _show(request))


@router.post("/people/me/claim", response={200: MeOut, **REFUSALS}, operation_id="claim_me")
@allow(SIGNED_IN)
def claim_me(request: Request, body: ClaimIn) -> dict[str, Any]:
    """Tie an entry that a unit or the community has made to the caller's account, by its number and code."""
    now, party = clock.now(), f"account:{request.actor.id}"
    row = actions.find_own_entry(actor=request.actor, number=body.number, code=body.code, party=party, now=now)
    actions.claim_volunteer(actor=request.actor, volunteer_id=row.pk, code=body.code, now=now)
    return _show(request)


@router.patch("/people/me", response={200: MeOut, **REFUSALS}, operation_id="change_me")
@allow(SIGNED_IN)
def change_me(request: Request, body: MeChange) -> dict[str, Any]:
    """Change the caller's own entry; what is left out stays."""
    row = _me(request)
    actions.change_volunteer(actor=request.actor, volunteer_id=row.pk, profile=body.over(row), now=clock.now())
    return _show(request)


@router.delete("/people/me", response={204: None, **REFUSALS}, operation_id="withdraw_me")
@allow(SIGNED_IN)
def withdraw_me(request: Request) -> Status:
    """Erase the caller's own entry; services stay as numbers about nobody."""
    actions.withdraw_volunteer(actor=request.actor, volunteer_id=_me(request).pk, now=clock.now())
    return Status(204, None)


@router.post("/people/codes", response={200: list[SlipOut], **REFUSALS}, operation_id="issue_claim_codes")
@allow(Permission.MANAGE)
def issue_claim_codes(request: Request, body: WhomIn) -> list[dict[str, Any]]:
    """Give everybody of a list who has no way to their entry yet a code, told this once; asked again, the next ones."""
    slips = actions.issue_claim_codes(wanted=_wanted(body), **said(request))
    return [slip_out(each) for each in slips]


@router.post("/people/{volunteer_id}/code", response={200: CodeOut, **REFUSALS}, operation_id="issue_claim_code")
@allow(Permission.MANAGE)
def issue_claim_code(request: Request, volunteer_id: Annotated[Id, Path()]) -> dict[str, Any]:
    """Give somebody whom a unit or the community has entered a code, told this once; a former code is dead."""
    claim = actions.issue_claim_code(volunteer_id=volunteer_id, **said(request))
    return {"number": claim.number, "code": claim.code}


class PageQuery(Schema):
    """Which page."""

    cursor: Annotated[str, text(CURSOR_MAX)] = ""


@router.get("/people/me/services", response={200: ServicesOut, **REFUSALS}, operation_id="list_my_services")
@allow(SIGNED_IN)
def list_my_services(request: Request, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the caller's own services, the latest first."""
    page = queries.list_services(viewer=request.actor, volunteer_id=_me(request).pk, cursor=asked.cursor)
    rows = [service_out(row) for row in page.rows]
    return {"rows": rows, "total": page.total, "previous": page.previous, "next": page.next}
