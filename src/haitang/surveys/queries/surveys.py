"""Reads over surveys: for anybody what is open or published, for staff by area."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.ids import normalize_code
from haitang.core.keyset import page_by_instant
from haitang.core.paging import Page
from haitang.core.schemas import ID_MAX
from haitang.surveys import policies
from haitang.surveys.lifecycle import Status
from haitang.surveys.models import Answer, Code, Survey, SurveyArea
from haitang.surveys.values import SurveyNotFound, draw, frame_of
from haitang.territory.queries import latest_populations, territory
from haitang.territory.values import AreaRef, Kind, PopulationKind

PAGE_ROWS, TOTAL_MAX, PUBLIC_MAX = 50, 10_000, 100
CODE = "surveys.code"
"""The context under which codes are digested."""


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A survey as lists show it. answered: answers so far; invited: households with a code."""

    survey: Survey
    area_name: str
    answered: int
    invited: int
    households: int


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area of a survey. answered is told only where it may be."""

    area: AreaRef
    households: int
    invited: int


def digest_of(code: str) -> bytes:
    """Return by what a typed code is found."""
    return crypto.blind_index(normalize_code(code), CODE)


def lock_survey(survey_id: int) -> Survey:
    """Return the survey, locked against everything, its answers coming in among it; raise SurveyNotFound."""
    rows = Survey.objects.select_for_update(of=("self",))
    return _found(rows.filter(pk=survey_id).first() if 0 < survey_id <= ID_MAX else None)


def _found(survey: Survey | None) -> Survey:
    if survey is None:
        raise SurveyNotFound(_("没有这个调查"))
    return survey


def get_survey(*, viewer: Actor, survey_id: int) -> Survey:
    """Return the survey to staff. Raises SurveyNotFound, also where the viewer may not know of it."""
    survey = _found(Survey.objects.filter(pk=survey_id).first() if 0 < survey_id <= ID_MAX else None)
    policies.check_may_see(viewer, survey)
    return survey


def get_survey_for_job(survey_id: int) -> Survey:
    """Return the survey; surveys are never removed."""
    return Survey.objects.get(pk=survey_id)


def get_public_survey(*, survey_id: int) -> Survey:
    """Return a survey that is open or whose result is published. Raises SurveyNotFound."""
    rows = _public().filter(pk=survey_id) if 0 < survey_id <= ID_MAX else Survey.objects.none()
    return _found(rows.first())


def _public() -> QuerySet[Survey]:
    return Survey.objects.filter(Q(status=Status.OPEN) | Q(published_at__isnull=False))


def list_public_surveys() -> list[Survey]:
    """Return the surveys that are open or published, the latest opened first; at most 100."""
    return list(_public().order_by("-opened_at", "-id")[:PUBLIC_MAX])


def list_surveys(*, viewer: Actor, status: str = "", cursor: str = "") -> Page[Survey]:
    """Return a page of the surveys that the viewer works with, the latest drafted first."""
    rows = Survey.objects.visible_to(viewer)
    if status:
        rows = rows.filter(status=status)
    return page_by_instant(rows, instant="drafted_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def describe_surveys(surveys: Iterable[Survey]) -> list[SurveyView]:
    """Return surveys as lists show them, in their order; two look-ups for all."""
    found, tree = list(surveys), territory()
    ids = [each.pk for each in found]
    answered = dict(
        Answer.objects.filter(survey__in=ids).order_by().values_list("survey_id").annotate(n=Count("id"))
    )  # fmt: skip
    sums = {
        row["survey_id"]: row
        for row in SurveyArea.objects.filter(survey__in=ids).order_by().values("survey_id")
        .annotate(invited=Sum("invited"), households=Sum("households"))
    }  # fmt: skip
    empty = {"invited": 0, "households": 0}
    return [
        SurveyView(
            each, tree.full_name(each.area_id), answered.get(each.pk, 0), sums.get(each.pk, empty)["invited"],
            sums.get(each.pk, empty)["households"],
        )
        for each in found
    ]  # fmt: skip


def areas_of(survey: Survey) -> list[AreaLine]:
    """Return the areas of a survey in the order of their codes."""
    tree = territory()
    lines = [AreaLine(tree.area(row.area_id), row.households, row.invited) for row in survey.areas.all()]
    return sorted(lines, key=lambda line: line.area.code)


def _communities_below(area_id: int) -> list[int]:
    area = territory().area(area_id)
    below = [area] if area.level >= Kind.COMMUNITY.level else territory().descendants(area_id)
    return [each.id for each in below if each.level == Kind.COMMUNITY.level] or [area.id]


def members_of(survey: Survey) -> dict[int, list[str]] | None:
    """Return by community what the survey's frame holds now, as it calls its lines; None for households."""
    frame = frame_of(survey.frame)
    if frame is None or survey.since is None or survey.until is None:
        return None
    communities = _communities_below(survey.area_id)
    listed = frame.list_members(communities, survey.since, survey.until)
    return {each: listed.get(each, []) for each in communities}


def countable_below(survey: Survey) -> dict[int, int]:
    """Return how many may be asked in every community, by its id: households as last counted, or lines of the frame.

    0 where nobody has counted.
    """
    members = members_of(survey)
    if members is not None:
        return {each: len(lines) for each, lines in members.items()}
    communities = _communities_below(survey.area_id)
    counted = latest_populations(communities)
    latest = {each: counted.get(each, {}).get(PopulationKind.HOUSEHOLDS) for each in communities}
    return {each: figure.number if figure else 0 for each, figure in latest.items()}


def drawn_of(survey: Survey, line: AreaLine) -> list[int]:
    """Return the numbers of the area's address list that were given a code, so that anybody draws the same."""
    if not survey.sample:
        return list(range(1, line.invited + 1))
    return sorted(draw(survey.seed, line.area.code, line.households, line.invited))


def find_open_code(code: str) -> Code | None:
    """Return the unused code of an open survey, or None. For actions."""
    return (
        Code.objects.select_related("survey")
        .filter(digest=digest_of(code), is_used=False, survey__status=Status.OPEN).first()
    )  # fmt: skip


def hold_open_survey(survey_id: int) -> bool:
    """Tell whether the survey is open, and keep it from closing until the caller's transaction ends. For actions.

    Those who answer hold it together; who closes it waits for them, and they for whoever is closing it.
    """
    with connection.cursor() as cursor:
        sql = "SELECT 1 FROM surveys_survey WHERE id = %s AND status = %s FOR KEY SHARE"
        cursor.execute(sql, [survey_id, Status.OPEN.value])
        return cursor.fetchone() is not None


def list_due_surveys(today: date) -> list[int]:
    """Return the ids of the open surveys whose last day is over."""
    due = Survey.objects.filter(status=Status.OPEN, closes_on__lt=today).order_by("closes_on", "id")
    return list(due.values_list("pk", flat=True))


def repeats_of(survey: Survey) -> list[Survey]:
    """Return the surveys that have asked this one again, or are to."""
    return list(Survey.objects.filter(repeats=survey).order_by("id"))
