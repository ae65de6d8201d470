"""The shapes in which people of the register enter and leave the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema as Out
from pydantic import Field

from haitang.core.paging import CURSOR_MAX
from haitang.core.schemas import Schema, text
from haitang.territory.queries import territory
from haitang.territory.values import AreaNotFound
from haitang.volunteers.queries import NO_CLASS, Line, names_of
from haitang.volunteers.values import NAME_LENGTH_MAX, REACH_MAX_M, SLOTS, ItemKind, MemberClass, VolunteerProfile
from haitang.volunteers.values.words import CODES_MAX

Codes = Annotated[list[Annotated[str, text(40)]], Field(max_length=CODES_MAX)]
Times = Annotated[list[Annotated[int, Field(ge=SLOTS[0], le=SLOTS[-1])]], Field(max_length=len(SLOTS))]
Reach = Annotated[int, Field(ge=1, le=REACH_MAX_M)]


class MeIn(Schema):
    """Somebody who registers. consented: that they have read the text of `consent` in the answer to GET.

    area_code: of the grid where they live. times: slots of the week, weekday * 3 + part (0 Monday morning).
    """

    name: Annotated[str, text(NAME_LENGTH_MAX, 1)]
    phone: Annotated[str, text(30, 1)]
    area_code: Annotated[str, text(40, 1)]
    skills: Codes = []
    languages: Codes = []
    times: Times = []
    reach_m: Reach = 3000
    wants_calls: bool = False
    consented: bool = False

    def profile(self) -> VolunteerProfile:
        """Return what the action takes. Raises AreaNotFound."""
        return VolunteerProfile(
            self.name, self.phone, _area(self.area_code), None, tuple(self.skills), tuple(self.languages), (),
            tuple(self.times), self.reach_m, self.wants_calls,
        )  # fmt: skip


class MeChange(Schema):
    """What somebody says otherwise about themselves; what is left out stays."""

    name: Annotated[str, text(NAME_LENGTH_MAX, 1)] | None = None
    phone: Annotated[str, text(30, 1)] | None = None
    area_code: Annotated[str, text(40, 1)] | None = None
    skills: Codes | None = None
    languages: Codes | None = None
    times: Times | None = None
    reach_m: Reach | None = None
    wants_calls: bool | None = None

    def over(self, row: Any) -> VolunteerProfile:
        """Return the whole entry as it is to be. Raises AreaNotFound."""

        def said(value: Any, stands: Any) -> Any:
            return stands if value is None else value

        area_id = row.area_id if self.area_code is None else _area(self.area_code)
        return VolunteerProfile(
            said(self.name, row.name), said(self.phone, row.phone), area_id, row.unit_id,
            tuple(said(self.skills, row.skills)), tuple(said(self.languages, row.languages)), tuple(row.forces),
            tuple(said(self.times, row.times)), said(self.reach_m, row.reach_m),
            said(self.wants_calls, row.wants_calls),
        )  # fmt: skip


def _area(code: str) -> int:
    area = territory().by_code(code)
    if area is None:
        raise AreaNotFound(f"没有编码为“{code}”的区域")
    return area.id


class PersonOut(Out):
    """Somebody of the register. phone: masked. member_class, management: "" where they are tied to no branch."""

    id: int
    number: str
    name: str
    phone: str
    area_code: str
    area: str
    unit: str
    member_class: str
    management: str
    home_branch: str
    community_branch: str
    skills: list[str]
    skill_names: list[str]
    languages: list[str]
    forces: list[str]
    times: list[int]
    reach_m: int
    wants_calls: bool
    via: str
    registered_at: datetime


class ClaimIn(Schema):
    """Number and code of an entry, as whoever keeps the register gave them into the person's hand."""

    number: Annotated[str, text(20, 1)]
    code: Annotated[str, text(40, 1)]


class CodeOut(Out):
    """Number and code of an entry, told this once; whoever keeps the register gives them into the person's hand."""

    number: str
    code: str


class SlipOut(CodeOut):
    """A code with whom it is for."""

    id: int
    name: str
    unit: str
    area: str


class WhomIn(Schema):
    """Which people. member_class: `none` for those tied to no branch."""

    area: Annotated[str, text(40)] = ""
    member_class: Literal[("", NO_CLASS, *MemberClass.values)] = ""  # type: ignore[valid-type]  # from an enum
    skill: Annotated[str, text(40)] = ""
    force: Annotated[str, text(40)] = ""
    calls: bool = False


class MeOut(PersonOut):
    """One's own entry with the hours. minutes: of all services, those at the same time counted once."""

    services: int
    minutes: int
    consent_version: str


class PeopleOut(Out):
    """A page of the register; `next` and `previous` are cursors, "" where the list ends."""

    rows: list[PersonOut]
    total: int | None
    total_is_more: bool
    previous: str
    next: str


class PeopleQuery(WhomIn):
    """A page of such people."""

    cursor: Annotated[str, text(CURSOR_MAX)] = ""


class ServiceOut(Out):
    """One service."""

    id: int
    what: str
    began_at: datetime
    ended_at: datetime
    source: str


class ServicesOut(Out):
    """A page of one's services, the latest first."""

    rows: list[ServiceOut]
    total: int | None
    previous: str
    next: str


def person_out(line: Line) -> dict[str, Any]:
    """Return somebody as the API prints them."""
    row, tie = line.volunteer, line.membership
    return {
        "id": row.pk, "number": row.number, "name": row.name, "phone": row.phone_masked,
        "area_code": territory().area(row.area_id).code, "area": line.area_name, "unit": line.unit_name,
        "member_class": tie.member_class if tie else "", "management": tie.management if tie else "",
        "home_branch": line.home_branch, "community_branch": line.community_branch, "skills": row.skills,
        "skill_names": names_of(ItemKind.SKILL, row.skills), "languages": row.languages, "forces": row.forces,
        "times": row.times, "reach_m": row.reach_m, "wants_calls": row.wants_calls, "via": row.via,
        "registered_at": row.registered_at,
    }  # fmt: skip


def service_out(row: Any) -> dict[str, Any]:
    """Return a service as the API prints it."""
    return {name: getattr(row, name) for name in ("id", "what", "began_at", "ended_at", "source")}


def slip_out(slip: Any) -> dict[str, Any]:
    """Return a code with whom it is for as SlipOut."""
    line = slip.line
    return {
        "number": slip.claim.number, "code": slip.claim.code, "id": line.volunteer.pk, "name": line.volunteer.name,
        "unit": line.unit_name, "area": line.area_name,
    }  # fmt: skip
