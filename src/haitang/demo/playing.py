"""Who of the demo city does which deed, and doing it: every step of a plan becomes one action of the cases app."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from haitang.cases import actions
from haitang.core.access import EVERYWHERE, VISITOR, Actor, Grant, system
from haitang.demo import staff, units
from haitang.demo.asking import answers_to_report, with_deed
from haitang.demo.staff import Seat
from haitang.demo.timeline import Step, Story
from haitang.organizations.queries import organizations
from haitang.people.queries import get_account_id, get_actor
from haitang.territory.queries import territory

SOURCE = "demo"
_PUBLIC = ("web", "wechat")
_DESK_DEEDS = ("sign", "return", "handle", "feedback")


@dataclass(slots=True)
class Open:
    """What must be known of a case to go on with it.

    routed_to_id: the desk that the rules found. organization_id: the desk that has it.
    """

    case_id: int
    number: str
    query_code: str
    area_ids: tuple[int, ...]
    is_confidential: bool
    channel: str
    reported_by_id: int | None
    routed_to_id: int | None
    organization_id: int | None = None
    category_id: int | None = None

    @classmethod
    def of(cls, case: Any) -> "Open":
        """Take over what a case's row says."""
        return cls(
            case.pk, case.number, case.query_code, tuple(case.area_ids), case.is_confidential, case.channel,
            case.reported_by_id, case.routed_to_id, case.organization_id, case.category_id,
        )  # fmt: skip


class Cast:
    """The city's staff as actors, each loaded once, with the grants valid on one day."""

    def __init__(self, seats: list[Seat], *, on: datetime) -> None:
        """Know the usernames. on: aware instant at which the grants are read."""
        self._on = on
        self._seats: Mapping[tuple[str, str, int], Seat] = {
            (seat.organization, seat.post, seat.number): seat for seat in seats if seat.username
        }
        self._resident = next(seat for seat in seats if seat.username == staff.RESIDENT)
        self._actors: dict[str, Actor] = {}

    def actor(self, username: str) -> Actor:
        """Return the account with that username as an actor."""
        if username not in self._actors:
            self._actors[username] = get_actor(get_account_id(username), now=self._on)
        return self._actors[username]

    @property
    def resident(self) -> tuple[str, str]:
        """The name and the telephone number of the resident with an account."""
        return self._resident.name, self._resident.phone

    def reporter(self, story: Story) -> Actor:
        """Return who enters the case: a passer-by, the resident's account, the grid's worker, or the center."""
        if story.channel in _PUBLIC:
            return self.actor(staff.RESIDENT) if story.by_resident else VISITOR
        if story.channel == "patrol":
            return self._patrol(story.grid)
        if story.channel == "visit":
            return self._at("community", story.grid[:12], "secretary")
        return self.actor(staff.CENTER_ACCEPTOR)

    def doer(self, deed: str, case: Open) -> Actor:
        """Return who does the deed: the desk that has the case, the community, or the street's own people."""
        codes = [territory().area(area_id).code for area_id in case.area_ids]
        if deed in _DESK_DEEDS:
            return self._desk(case)
        if case.is_confidential:
            return self.actor(staff.OFFICER)
        if deed == "verify":
            return self._patrol(codes[3])
        if deed in ("accept", "refuse") and case.channel not in _PUBLIC:
            return self.actor(staff.CENTER_ACCEPTOR)
        if deed in ("check", "rework"):
            home = case.case_id % 3 == 0
            return self.actor("checker") if home else self._at("street_office", codes[1], "checker")
        return self._at("street_office", codes[1], "dispatcher")

    def dispatcher(self, street: str) -> Actor:
        """Return the dispatcher of the street with that code."""
        return self._at("street_office", street, "dispatcher")

    def director(self, street: str) -> Actor:
        """Return the director of the street with that code."""
        return self._at("street_office", street, "director")

    def secretary(self, community: str) -> Actor:
        """Return the secretary of the community with that code."""
        return self._at("community", community, "secretary")

    def handler(self, organization: str) -> Actor:
        """Return the first handler of the department with that code."""
        return self._of_seat((organization, "handler", 0))

    def _patrol(self, grid: str) -> Actor:
        """Return the grid's worker, or the leader of the community's grids where workers have no account."""
        worker = (units.code_of("community", grid[:12]), "grid_worker", int(grid[12:]) - 1)
        return self._of_seat(worker) if worker in self._seats else self._at("community", grid[:12], "grid_leader")

    def _desk(self, case: Open) -> Actor:
        desk = organizations().by_id(case.organization_id)
        if desk is None:
            raise LookupError(f"case {case.number} lies on no desk")
        if desk.kind == "community":
            return self._of_seat((desk.code, "secretary", 0))
        second = (desk.code, "handler", 1) in self._seats
        number = 1 if second and (case.is_confidential or case.case_id % 2) else 0
        return self._of_seat((desk.code, "handler", number))

    def _at(self, kind: str, area: str, post: str, number: int = 0) -> Actor:
        return self._of_seat((units.code_of(kind, area), post, number))

    def _of_seat(self, key: tuple[str, str, int]) -> Actor:
        return self.actor(self._seats[key].username)


def report(cast: Cast, story: Story) -> Open:
    """Enter the story's case at its instant."""
    name, phone = cast.resident if story.by_resident else (story.reporter_name, story.reporter_phone)
    given: dict[str, Any] = {
        "actor": cast.reporter(story), "now": story.at, "description": story.description,
        "category_code": story.category, "place": story.address, "lon": story.lon, "lat": story.lat,
        "area_code": story.grid, "external_source": SOURCE, "external_id": story.external_id,
    }  # fmt: skip
    if story.settled:
        photo = actions.keep_photo(actor=given["actor"], data=draw_photo(), now=story.at)
        return Open.of(actions.report_handled_case(opinion=story.settled, photos=[photo], **given))
    case = actions.report_case(
        channel=story.channel, kind=story.kind, reporter_name=name, reporter_phone=phone,
        answers=answers_to_report(story.category, len(story.description)), **given,
    )  # fmt: skip
    return Open.of(case)


@lru_cache(maxsize=8)
def draw_photo(number: int = 0) -> bytes:
    """Return a drawn photo of a place in order; each number another one."""
    shift = 23 * number % 90
    picture, data = Image.new("RGB", (640, 480), (196 - shift // 3, 205, 200 + shift // 2)), BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 480), (640, 480), (420, 250), (220, 250)], fill=(150, 150, 148))
    draw.rectangle((60 + 4 * shift, 90, 200 + 4 * shift, 300), fill=(176, 160, 140 - shift))
    picture.save(data, "JPEG")
    return data.getvalue()


def do(cast: Cast, step: Step, case: Open) -> None:
    """Do one step of a story to its case, by the one whose work it is, at the step's instant."""
    if step.deed == "rate":
        _rate(cast, step, case)
        return
    action = getattr(actions, f"{step.deed}_case")
    more = {key: value for key, value in step.arguments.items() if key != "elsewhere"}
    if step.arguments.get("elsewhere"):
        more["organization_code"] = _elsewhere(case)
    more |= with_deed(step.deed, case.category_id, case.case_id)
    done = action(actor=cast.doer(step.deed, case), case_id=case.case_id, opinion=step.opinion, now=step.at, **more)
    case.organization_id, case.category_id = done.organization_id, done.category_id


def _rate(cast: Cast, step: Step, case: Open) -> None:
    given = {
        "is_solved": step.arguments["solved"], "score": step.arguments["score"], "text": step.opinion, "now": step.at,
    }  # fmt: skip
    if case.reported_by_id is not None and case.channel in _PUBLIC:
        actions.rate_case(actor=cast.actor(staff.RESIDENT), case_id=case.case_id, **given)
    else:
        party = f"{SOURCE}:{case.number}"
        actions.rate_case_by_code(actor=VISITOR, number=case.number, query_code=case.query_code, party=party, **given)


def _elsewhere(case: Open) -> str:
    """Return the street's office, or the city's bureau where the street had the case to begin with."""
    code = units.code_of("street_office", territory().area(case.area_ids[1]).code)
    routed_to = organizations().by_id(case.routed_to_id)
    return "CGJ" if routed_to is not None and routed_to.code == code else code


def installer(*permissions: str) -> Actor:
    """Return the actor that sets the city up: it holds what is listed, everywhere."""
    return system("演示城市", *(Grant(permission, area_path=EVERYWHERE) for permission in permissions))
