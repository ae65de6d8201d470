"""Services and requests as the open interface tells them: categories, their questions, and what is public of cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import cos, radians
from typing import Any

from django.core import signing
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.lifecycle import Status
from haitang.cases.queries import PublishedFilter, PublishedStep
from haitang.cases.queries.catalog import CategoryRef, FormRef
from haitang.cases.values import AWAITED, Answer, AskedOf, Moment, Question, Stage, Tree
from haitang.core.access import Actor
from haitang.core.errors import NotFound
from haitang.core.facts import label_of
from haitang.core.paging import Page
from haitang.organizations.queries import organizations
from haitang.territory.queries import list_centres, territory
from haitang.territory.values import LEVELS, AreaRef
from haitang.territory.values import Kind as AreaKind

TOKEN_SALT, MEDIA_SALT = "open311.token", "open311.media"
_METRES_PER_DEGREE = 111_320.0
_DATATYPES = {
    Answer.LINE: "string", Answer.NUMBER: "number", Answer.DATE: "datetime", Answer.ONE: "singlevaluelist",
    Answer.MANY: "multivaluelist", Answer.PHOTO: "string",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RequestView:
    """A case as the interface tells it. lon, lat: the case's own point for whoever reported it, else its area's middle.

    photo_id: of the photo that whoever reported it is shown, None for everybody else.
    """

    case: Any
    category: CategoryRef
    area: AreaRef
    address: str
    lon: float | None
    lat: float | None
    organization: str
    is_own: bool
    photo_id: int | None = None
    notes: list[tuple[datetime, str, str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.case.stage is not None

    @property
    def updated_at(self) -> datetime:
        """When it was last changed; of one that has ended, when that was."""
        return self.case.closed_at or self.case.changed_at

    @property
    def expected_at(self) -> datetime | None:
        """When the work is to be done by: the deadline of handling."""
        due = self.case.deadlines.get(Stage.HANDLE.value, {}).get("due_at")
        return datetime.fromisoformat(due) if due else None

    @property
    def answers(self) -> list[tuple[str, str, list[str]]]:
        """What was answered at the report, to whoever gave the answers: (code, question, values)."""
        return [
            (key, held["label"], [str(one) for one in (value if isinstance(value, list) else [value])])
            for key, held in self.case.answers.items()
            if self.is_own and held["at"] == Moment.REPORT and not held.get(AWAITED)
            for value in (held["value"],)
        ]


def setting(key: str) -> Any:
    """Return one of the settings of the interface."""
    return cases.catalog().setting(f"open311_{key}")


def category_name(category: CategoryRef) -> str:
    """Return the category's name in the language that was asked for."""
    return category.name if (get_language() or "zh").startswith("zh") else category.name_en


def list_services() -> list[tuple[CategoryRef, str]]:
    """Return every category that a case can have, with the name of the class above it."""
    known = cases.catalog()
    found = []
    for category in known.leaves:
        above = known.by_id.get(category.parent_id) if category.parent_id else None
        found.append((category, category_name(above) if above else str(Tree(category.tree).label)))
    return found


def get_service(code: str) -> CategoryRef:
    """Return the category behind a service code; raise NotFound unless a case can have it."""
    category = cases.catalog().by_code.get(code)
    if category is None or category not in cases.catalog().leaves:
        raise NotFound(_("没有服务编码“%(code)s”（service_code）") % {"code": code[:20]})
    return category


def form_of(category: CategoryRef, version: int | None = None) -> FormRef:
    """Return the form that a report is checked by: today's, or the version that its sender was shown."""
    return cases.form_shown(category, version)


def asked(form: FormRef) -> tuple[Question, ...]:
    """Return what whoever reports is asked by the form."""
    return form.form.asked(Moment.REPORT, AskedOf.RESIDENT)


def describe_question(order: int, question: Question) -> dict[str, Any]:
    """Return a question as an attribute. One of photos asks nothing itself: files answer it, or come later."""
    is_photo = question.type == Answer.PHOTO
    hint = {
        Answer.DATE: _("日期，如 2026-05-06"), Answer.NUMBER: _("填一个数"), Answer.ONE: _("选一项"),
        Answer.MANY: _("可选多项"), Answer.PHOTO: _("以 multipart 文件 attribute[%(key)s] 上传照片"),
    }  # fmt: skip
    described = str(hint.get(Answer(question.type), "")) % {"key": question.key}
    return {
        "variable": not is_photo,
        "code": question.key,
        "datatype": _DATATYPES[Answer(question.type)],
        "required": question.required and not is_photo,
        "datatype_description": "；".join(filter(None, (described, question.help))) or None,
        "order": order,
        "description": question.label,
        "values": [{"key": option, "name": option} for option in question.options],
    }


def jurisdiction_of(code: str) -> AreaRef | None:
    """Return the area in which a request is asked; None for the whole city, where it is one jurisdiction.

    Raises NotFound for a code that is no jurisdiction here.
    """
    served = setting("jurisdictions")
    if not served:
        return None
    area = territory().by_code(code) if code in served else None
    if area is None:
        raise NotFound(_("没有辖区“%(code)s”（jurisdiction_id）") % {"code": code[:40]})
    return area


def hidden_ids() -> tuple[int, ...]:
    """Return the ids of the categories whose cases are not told to everybody."""
    known = cases.catalog()
    tops = {known.by_code[code].id for code in setting("unpublished") if code in known.by_code}
    return tuple(category.id for category in known.categories if not tops.isdisjoint(category.ids))


def category_ids(codes: Iterable[str]) -> tuple[int, ...]:
    """Return the ids of the categories with these codes; unknown ones have none."""
    known = cases.catalog().by_code
    return tuple(known[code].id for code in codes if code in known)


def list_requests(
    *, viewer: Actor, wanted: PublishedFilter, limit: int, cursor: str = "", skipped: int = 0
) -> Page[RequestView]:
    """Return a page of requests, newest first, of those that anybody may know of. Raises Invalid for a false cursor."""
    wanted = replace(wanted, hidden_ids=hidden_ids())
    page = cases.list_published(wanted=wanted, limit=limit, cursor=cursor, skipped=skipped)
    return Page(_viewed(viewer, page.rows), next=page.next)


def find_requests(*, viewer: Actor, numbers: Sequence[str], with_notes: bool = False) -> list[RequestView]:
    """Return the requests with these numbers, as many as anybody may know of or the viewer's account reported.

    with_notes: along with what has happened, which is one more query for each.
    """
    sound = [number for number in numbers if number.isascii() and number.isprintable()]
    views = _viewed(viewer, cases.find_published(viewer=viewer, numbers=sound, hidden_ids=hidden_ids()))
    return [replace(view, notes=_notes(view)) if with_notes else view for view in views]


def list_updates(
    *, viewer: Actor, ids: Sequence[str], from_at: datetime, to_at: datetime, area_id: int | None, limit: int,
    cursor: str,
) -> Page[PublishedStep]:  # fmt: skip
    """Return a page of what has happened to requests that anybody may know of, the oldest first."""
    sound = [number for number in ids if number.isascii() and number.isprintable()]
    return cases.list_published_steps(
        viewer=viewer, from_at=from_at, to_at=to_at, limit=limit, hidden_ids=hidden_ids(),
        numbers=sound if ids else None, area_id=area_id, cursor=cursor,
    )  # fmt: skip


def areas_near(*, lon: float, lat: float, metres: float) -> tuple[AreaRef, ...]:
    """Return the areas whose middle lies within so many metres of the point, with the buildings of grids among them:
    where requests are told to be."""
    tree = territory()
    known = [area for area in tree.descendants(None) if area.level <= LEVELS[AreaKind.GRID]]
    centres = list_centres([area.id for area in known])
    near = [area for area in known if area.id in centres and _distance(lon, lat, *centres[area.id]) <= metres]
    inside = [each for area in near if area.level == LEVELS[AreaKind.GRID] for each in tree.descendants(area.id)]
    return (*near, *inside)


def token_of(number: str) -> str:
    """Return a token that stands for the request with that number."""
    return signing.dumps(number, salt=TOKEN_SALT)


def number_behind(token: str) -> str:
    """Return the number of the request that the token stands for; raise NotFound."""
    try:
        return str(signing.loads(token, salt=TOKEN_SALT))
    except signing.BadSignature as error:
        raise NotFound(_("没有这个令牌（token）")) from error


def _viewed(viewer: Actor, found: Sequence[Any]) -> list[RequestView]:
    tree, desks, known = territory(), organizations(), cases.catalog()
    areas = {case.pk: cases.told_area(case.area_id) for case in found}
    centres = list_centres({area.id for area in areas.values()}) if found else {}
    photos = cases.first_photos(viewer=viewer, cases=found)
    views = []
    for case in found:
        area, own = areas[case.pk], cases.is_own(viewer, case)
        middle = centres.get(area.id, (None, None))
        desk = desks.by_id(case.organization_id)
        address = tree.full_name(area.id)
        views.append(
            RequestView(
                case=case, category=known.by_id[case.category_id], area=area, is_own=own,
                address=" ".join(filter(None, (address, case.place if own else ""))),
                lon=case.lon if own and case.lon is not None else middle[0],
                lat=case.lat if own and case.lat is not None else middle[1],
                organization=desk.name if desk else "", photo_id=photos.get(case.pk),
            )
        )  # fmt: skip
    return views


def _notes(view: RequestView) -> list[tuple[datetime, str, str, str]]:
    """Return what has happened: (when, what, its kind, the office's answer where the viewer is who reported it)."""
    steps = cases.follow_case(case=view.case).steps
    return [
        (step.at, step.told or label_of(step.fact), step.fact, step.text if view.is_own else "") for step in steps
    ]  # fmt: skip


def _distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    east = (other_lon - lon) * cos(radians(lat)) * _METRES_PER_DEGREE
    return float((east**2 + ((other_lat - lat) * _METRES_PER_DEGREE) ** 2) ** 0.5)


def status_words(status: str) -> str:
    """Return how a case stands, in words."""
    return str(Status(status).label)
