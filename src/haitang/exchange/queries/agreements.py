"""Reads over agreements, and what both sides say of each other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils.translation import gettext as _

from haitang.core import history, paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.scoping import below, path_of
from haitang.exchange import policies
from haitang.exchange.lifecycle import AGREED, AGREEMENT_SOURCES, FAILED, LIVE, STANDING, AgreementDeed, Stage
from haitang.exchange.models import Agreement, Evaluation
from haitang.exchange.queries.rules import rules
from haitang.exchange.values import AgreementUnknown, Permission, Side
from haitang.organizations.queries import organizations
from haitang.projects.queries import ProjectRef, refer_to
from haitang.territory.queries import territory

PAGE_ROWS = 50
TOTAL_MAX = 10_000


@dataclass(frozen=True, slots=True)
class AgreementFilter:
    """Which agreements are wanted.

    stage: one of them; "live", "standing", "agreed", "failed" for several, "projects" for what became one; "" for all.
    for_me: those that wait for the viewer.
    """

    stage: str = ""
    area_path: str = ""
    round_id: int | None = None
    need_id: int | None = None
    resource_id: int | None = None
    organization_id: int | None = None
    for_me: bool = False


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with the names that pages show. need, resource: their titles. waits_for: a side, "" for none.

    project: what it became, where that was asked for.
    """

    row: Agreement
    need: str
    resource: str
    community_name: str
    organization_name: str
    area_name: str
    round_name: str
    waits_for: str
    project: ProjectRef | None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """What the page of one agreement shows. deeds: (deed, side) that this viewer may do now.

    evaluations: what was said so far, by side.
    """

    view: AgreementView
    entries: list[Entry]
    deeds: list[tuple[AgreementDeed, Side]]
    evaluations: dict[str, Evaluation]


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """What communities have said of a unit. stars: the mean, None without any. A figure of an office, of no person."""

    organization_id: int
    delivered: int
    evaluated: int
    stars: float | None


_STAGES = {"live": LIVE, "standing": STANDING, "agreed": AGREED, "failed": FAILED}


def lock_agreement(agreement_id: int) -> Agreement:
    """Return the agreement, locked. For actions; raises AgreementUnknown."""
    found = Agreement.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
    if found is None:
        raise AgreementUnknown(_("没有这张对接单"))
    return found


def get_agreement(*, viewer: Actor, agreement_id: int) -> Agreement:
    """Return the agreement with need and resource. Raises AgreementUnknown, also where the viewer may not know it."""
    found = Agreement.objects.select_related("need", "resource").filter(pk=agreement_id).first()
    if found is None:
        raise AgreementUnknown(_("没有这张对接单"))
    policies.check_may_see_agreement(viewer, found)
    return found


def get_agreement_for_job(agreement_id: int) -> Agreement | None:
    """Return an agreement as it stands, or None. For jobs only, which tell others of it and show nobody anything."""
    return Agreement.objects.select_related("resource").filter(pk=agreement_id).first()


def waiting_for(viewer: Actor) -> Q:
    """Return the condition that an agreement waits for a deed of the viewer's side."""
    here = below(viewer.areas(Permission.ORDER)) & Q(community_at__isnull=True)
    own = Q(organization_id__in=viewer.organizations(Permission.OFFER), unit_at__isnull=True)
    return Q(stage=Stage.ORDERED) & (here | own)


def filter_agreements(*, viewer: Actor, wanted: AgreementFilter) -> Any:
    """Return the agreements that the viewer may see and wants, as rows still to be read."""
    rows = Agreement.objects.visible_to(viewer).select_related("need", "resource")
    if wanted.for_me:
        rows = rows.filter(waiting_for(viewer))
    if wanted.stage == "projects":
        rows = rows.filter(project_id__isnull=False)
    elif wanted.stage:
        rows = rows.filter(stage__in=_STAGES.get(wanted.stage, (wanted.stage,)))
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    given = {
        "round_id": wanted.round_id, "need_id": wanted.need_id, "resource_id": wanted.resource_id,
        "organization_id": wanted.organization_id,
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in given.items() if value})


def list_agreements(*, viewer: Actor, wanted: AgreementFilter, cursor: str = "") -> paging.Page:
    """Return a page of agreements that the viewer may see, the latest ordered first."""
    rows = filter_agreements(viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="ordered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_public_agreements(*, wanted: AgreementFilter, cursor: str = "") -> paging.Page:
    """Return a page of what was agreed on, as anybody may read it."""
    rows = Agreement.objects.filter(stage__in=AGREED).select_related("need", "resource")
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.round_id:
        rows = rows.filter(round_id=wanted.round_id)
    return page_by_instant(rows, instant="ordered_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def list_agreements_of(*, viewer: Actor, need_id: int | None = None, resource_id: int | None = None) -> list[Agreement]:
    """Return the agreements of one need or resource that the viewer may see, the latest first, at most 100."""
    wanted = AgreementFilter(need_id=need_id, resource_id=resource_id)
    return list(filter_agreements(viewer=viewer, wanted=wanted).order_by("-ordered_at", "-id")[:100])


def describe_agreements(rows: Iterable[Agreement], *, viewer: Actor | None = None) -> list[AgreementView]:
    """Return agreements, read with need and resource, with their names; no query.

    viewer: for whom their projects are named, too: one query for all, if there are any.
    """
    areas, offices, known = territory(), organizations(), rules()
    rows, views = list(rows), []
    wanted = [row.project_id for row in rows if row.project_id] if viewer else []
    projects = refer_to(viewer=viewer, project_ids=wanted) if viewer and wanted else {}
    for row in rows:
        community, unit = offices.by_id(row.community_id), offices.by_id(row.organization_id)
        round_ = known.round_of(row.round_id)
        views.append(
            AgreementView(
                row, row.need.title if row.need else "", row.resource.title, community.name if community else "",
                unit.name if unit else "", areas.full_name(row.area_id), round_.name if round_ else "", row.waits_for,
                projects.get(row.project_id or 0),
            )
        )  # fmt: skip
    return views


def get_agreement_page(*, viewer: Actor, agreement_id: int) -> AgreementPage:
    """Return the agreement with all that its page shows; raise AgreementUnknown as `get_agreement` does."""
    row = get_agreement(viewer=viewer, agreement_id=agreement_id)
    sides = policies.sides_of(viewer, row.organization_id, path_of(row.area_ids))
    said = {each.side: each for each in Evaluation.objects.filter(agreement=row)}
    deeds = [
        (deed, side)
        for deed, stages in AGREEMENT_SOURCES.items()
        if row.stage in stages
        for side in sides
        if _is_due(row, deed, side, said)
    ]
    view = describe_agreements([row], viewer=viewer)[0]
    return AgreementPage(view, history.timeline("exchange_agreement", row.pk), deeds, said)


def _is_due(row: Agreement, deed: AgreementDeed, side: Side, said: dict[str, Evaluation]) -> bool:
    """Tell whether it is that side's turn to do the deed."""
    if deed in (AgreementDeed.CONFIRM, AgreementDeed.DECLINE):
        return row.waits_for == side
    if deed is AgreementDeed.WITHDRAW:
        return row.ordered_by == side
    if deed is AgreementDeed.DELIVER:
        return row.project_id is None  # a project is delivered when it is accepted
    return side not in said


def count_waiting(*, viewer: Actor) -> int:
    """Return how many agreements wait for the viewer's yes or no, counted up to 100."""
    return Agreement.objects.filter(waiting_for(viewer)).order_by()[:100].count()


def list_standings(
    *, organization_ids: Iterable[int] = (), from_date: date | None = None, until_date: date | None = None
) -> list[UnitStanding]:
    """Return what communities have said of units, by unit; of all that delivered anything where none is named.

    from_date, until_date: of the delivery, both included. For the yearly evaluation of links between units and
    communities, which stands in another app and may read it from here.
    """
    rows = Agreement.objects.filter(stage=Stage.DELIVERED)
    wanted = list(organization_ids)
    if wanted:
        rows = rows.filter(organization_id__in=wanted)
    if from_date:
        rows = rows.filter(delivered_on__gte=from_date)
    if until_date:
        rows = rows.filter(delivered_on__lte=until_date)
    by_community = Q(evaluations__side=Side.COMMUNITY)
    found = rows.values("organization_id").annotate(
        delivered=Count("pk", distinct=True), evaluated=Count("evaluations", filter=by_community),
        stars=Avg("evaluations__stars", filter=by_community),
    )  # fmt: skip
    return [
        UnitStanding(each["organization_id"], each["delivered"], each["evaluated"], each["stars"])
        for each in found.order_by("organization_id")
    ]
