"""What people outside the office are shown of cases: no name of anybody, no telephone, no staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from haitang.cases.facts import noted_facts
from haitang.cases.lifecycle import Deed, Status, deeds_from
from haitang.cases.models import Attachment, Case
from haitang.cases.queries.catalog import CategoryRef, catalog
from haitang.cases.queries.similar import list_similar
from haitang.cases.queries.telling import ANSWERS, OWN, RESULT, is_told
from haitang.cases.values import Permission
from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

_ONLOOKER = access.system("公开查重", access.Grant(Permission.VIEW, access.EVERYWHERE))


@dataclass(frozen=True, slots=True)
class FollowedStep:
    """One step of a case as its reporter sees it.

    fact: the name of what happened. organization: who did it, "" where it was the reporter; never a person.
    desk: the organization that a dispatch named. text: an answer, "" for every other step.
    told: what an app above has the reporter read (facts.CaseNoted), "" for the steps of cases themselves.
    """

    fact: str
    at: datetime
    organization: str
    desk: str
    text: str
    solved: bool | None = None
    score: int | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """A case as its reporter sees it.

    planned: for each stage still ahead or running, when it is due. photos: those taken after handling.
    asks_rating: whether the reporter is asked to judge now; will_redo: whether "not solved" has it done over.
    """

    id: int
    number: str
    status: str
    kind: str
    category: CategoryRef | None
    description: str
    place: str
    area_name: str
    organization: str
    is_confidential: bool
    reported_at: datetime
    planned: dict[str, datetime]
    steps: list[FollowedStep]
    photos: list[Attachment]
    asks_rating: bool
    will_redo: bool


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """That something like this has been reported nearby; not by whom, not in which words, not where exactly.

    id: for the office's own pages, which hand it out sealed. voices: how many said that they meet with it too.
    """

    id: int
    category: CategoryRef | None
    area_name: str
    status: str
    reported_at: datetime
    minutes: int
    percent: int | None
    voices: int


def follow_case(*, case: Case) -> FollowedCase:
    """Return what the reporter is shown of a case; the caller has made sure that it is the reporter who asks."""
    known = catalog()
    desk = organizations().by_id(case.organization_id)
    asks = Deed.RATE in deeds_from(case.status)
    return FollowedCase(
        id=case.pk, number=case.number, status=case.status, kind=case.kind,
        category=known.by_id.get(case.category_id) if case.category_id else None,
        description=case.description, place=case.place, area_name=territory().full_name(case.area_id),
        organization=desk.name if desk else "", is_confidential=case.is_confidential, reported_at=case.reported_at,
        planned=_planned(case),
        steps=[_step(entry) for entry in history.timeline("case", case.pk) if is_told(entry.fact)],
        photos=list(Attachment.objects.filter(case=case, purpose=RESULT).order_by("id")),
        asks_rating=asks, will_redo=asks and may_be_done_over(case),
    )  # fmt: skip


def may_be_done_over(case: Case) -> bool:
    """Tell whether "not solved" has the case done over: not too often, and not if it was imported without a desk."""
    return case.organization_id is not None and case.reopenings < catalog().setting("reopenings_max")


def get_own_case(*, viewer: Actor, number: str) -> Case | None:
    """Return the case with that number if the viewer's account reported it, or None."""
    if viewer.id is None:
        return None
    return Case.objects.defer("search").numbered(number).filter(reported_by_id=viewer.id).first()


def get_result_photo(*, case: Case, attachment_id: int) -> Attachment | None:
    """Return one of the photos that the reporter is shown (taken after handling), or None."""
    return Attachment.objects.filter(case=case, pk=attachment_id, purpose=RESULT).first()


def list_similar_public(*, lon: float, lat: float, description: str, now: datetime) -> list[SimilarCase]:
    """Return that similar matters were reported near the point of late, for whoever is about to report one.

    Narrowed to the top class that the words suggest, if they do, and to similar words;
    denunciations never count. See `list_similar`.
    """
    known, areas = catalog(), territory()
    category = known.suggest(description)
    found = list_similar(
        viewer=_ONLOOKER, lon=lon, lat=lat, now=now, category_id=category.id if category else None,
        description=description,
    )  # fmt: skip
    return [
        SimilarCase(
            id=each.case.pk, category=known.by_id.get(each.case.category_id) if each.case.category_id else None,
            area_name=areas.full_name(each.case.area_id), status=each.case.status, reported_at=each.case.reported_at,
            minutes=each.minutes, percent=each.percent, voices=each.case.voices,
        )
        for each in found
        if each.case.status not in (Status.REFUSED, Status.VOIDED)
    ]  # fmt: skip


def _planned(case: Case) -> dict[str, datetime]:
    if case.stage is None:
        return {}
    return {
        stage: datetime.fromisoformat(told["due_at"])
        for stage, told in case.deadlines.items()
        if "due_at" in told and "done_at" not in told
    }


def _step(entry: Entry) -> FollowedStep:
    data: dict[str, Any] = entry.data
    return FollowedStep(
        fact=entry.fact,
        at=entry.at,
        organization="" if entry.fact in OWN else entry.organization_name,
        desk=data.get("organization_name", ""),
        text=data.get("opinion", "") if entry.fact in ANSWERS else "",
        solved=data.get("solved"),
        score=data.get("score"),
        told=str(noted.told) if (noted := noted_facts().get(entry.fact)) else "",
    )
