"""Reads over proposals: for anybody those admitted, for authors their own, for staff by area."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.core.privacy import mask_name, mask_phone
from haitang.core.schemas import ID_MAX
from haitang.matching import similarity
from haitang.projects.queries import ProjectRef, refer_to
from haitang.projects.values import Origin, OriginPage
from haitang.rounds import policies
from haitang.rounds.lifecycle import MERGEABLE, PUBLIC, MergerStatus, Status
from haitang.rounds.models import Agenda, Merger, MergerPart, Pot, Proposal, ProposalPhoto, Remark, Round
from haitang.rounds.queries.rounds import LISTED_MAX
from haitang.rounds.values import MergerNotFound, Permission, ProposalNotFound

ROWS_MAX, BADGE_MAX, SIMILAR_MAX = 500, 99, 5
_ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """Which proposals of a round are wanted; "" and 0 for all."""

    pot_id: int = 0
    status: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """What the page of one proposal shows, as far as the viewer may see it. joined: the author not counted.

    mine, joined_by_me: of the viewer. name, phone: masked; "" where the viewer is nobody's staff.
    """

    proposal: Proposal
    joined: int
    mine: bool
    joined_by_me: bool
    is_staff: bool
    name: str
    phone: str
    photos: list[ProposalPhoto]
    merged: list[Proposal]
    agenda: list[Agenda]
    remarks: list[Remark]
    merger: MergerPart | None
    project: ProjectRef | None
    entries: list[Entry] = field(default_factory=list)


def _rows() -> Any:
    return Proposal.objects.select_related("round", "pot", "pot__area", "area", "organization", "into")


def lock_proposal(proposal_id: int) -> Proposal:
    """Return the proposal, locked, with its round and pot; raise ProposalNotFound. For actions."""
    return lock_proposals([proposal_id])[0]


def lock_proposals(proposal_ids: Iterable[int]) -> list[Proposal]:
    """Return the proposals, locked in the order of their ids; raise ProposalNotFound unless all are there."""
    wanted = sorted({each for each in proposal_ids if 0 < each <= ID_MAX})
    rows = Proposal.objects.select_for_update(no_key=True, of=("self",)).select_related("round", "pot")
    found = list(rows.filter(pk__in=wanted).order_by("pk"))
    if not found or len(found) != len(set(proposal_ids)):
        raise ProposalNotFound(_("没有这个提案"))
    return found


def get_proposal(*, viewer: Actor, proposal_id: int) -> Proposal:
    """Return a proposal that the viewer may read. Raises ProposalNotFound."""
    row = _rows().filter(pk=proposal_id).first() if 0 < proposal_id <= ID_MAX else None
    if row is None or row.round.published_at is None:
        raise ProposalNotFound(_("没有这个提案"))
    policies.check_may_read(viewer, row)
    found: Proposal = row
    return found


def get_proposal_for_job(proposal_id: int) -> Proposal:
    """Return a proposal; proposals are never removed."""
    found: Proposal = _rows().get(pk=proposal_id)
    return found


def _narrowed(rows: Any, wanted: ProposalFilter) -> Any:
    if wanted.pot_id:
        rows = rows.filter(pot_id=wanted.pot_id)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    return rows


def list_public_proposals(*, round_id: int, wanted: ProposalFilter) -> list[Proposal]:
    """Return the admitted proposals of a published round by their numbers, without those merged into others."""
    rows = _rows().filter(round_id=round_id, round__published_at__isnull=False, status__in=PUBLIC)
    return list(_narrowed(rows.exclude(status=Status.MERGED), wanted).order_by("number")[:ROWS_MAX])


def list_proposals(*, viewer: Actor, round_: Round, wanted: ProposalFilter) -> list[Proposal]:
    """Return the proposals of a round that the viewer works with, by their numbers."""
    rows = _rows().visible_to(viewer).filter(round=round_)
    return list(_narrowed(rows, wanted).order_by("number")[:ROWS_MAX])


def list_own_proposals(*, viewer: Actor) -> list[Proposal]:
    """Return what the viewer has proposed, the latest first."""
    account_id = policies.check_signed_in(viewer)
    return list(_rows().filter(account_id=account_id).order_by("-pk")[:LISTED_MAX])


def count_to_check(*, viewer: Actor) -> int:
    """Return how many proposals wait for the viewer's check, for the menu's badge."""
    rows = Proposal.objects.filter(status=Status.HANDED_IN).visible_to(viewer)
    if not viewer.areas(Permission.CHECK):
        return 0
    return int(rows[: BADGE_MAX + 1].count())


def get_proposal_page(*, viewer: Actor, proposal_id: int) -> ProposalPage:
    """Return a proposal with everything that the viewer may see of it. Raises ProposalNotFound."""
    row = get_proposal(viewer=viewer, proposal_id=proposal_id)
    mine, is_staff = policies.is_author(viewer, row), policies.is_staff_of(viewer, row)
    part = MergerPart.objects.filter(proposal=row, is_live=True).select_related("merger__target").first()
    projects = refer_to(viewer=viewer, project_ids=[row.project_id]) if row.project_id else {}
    joined = row.co_proposers
    return ProposalPage(
        row, joined.count(), mine, viewer.id is not None and joined.filter(account_id=viewer.id).exists(), is_staff,
        mask_name(row.name) if is_staff else "", mask_phone(row.phone) if is_staff else "",
        list(row.photos.order_by("pk")), list(row.merged.order_by("number")),
        list(row.agenda.filter(sitting__closed_at__isnull=False).select_related("sitting").order_by("pk")),
        list(row.remarks.order_by("pk")) if is_staff or row.status in PUBLIC else [],
        part if mine or is_staff else None, projects.get(row.project_id) if row.project_id else None,
        history.timeline("round_proposal", row.pk) if is_staff or mine else [],
    )  # fmt: skip


def get_photo(*, viewer: Actor, proposal_id: int, photo_id: int) -> ProposalPhoto:
    """Return a photo of a proposal that the viewer may read. Raises ProposalNotFound."""
    row = get_proposal(viewer=viewer, proposal_id=proposal_id)
    photo = ProposalPhoto.objects.filter(proposal=row, pk=photo_id).first() if 0 < photo_id <= ID_MAX else None
    if photo is None:
        raise ProposalNotFound(_("没有这张照片"))
    return photo


def get_remark(*, viewer: Actor, remark_id: int) -> Remark:
    """Return a remark on a proposal that the viewer works with. Raises ProposalNotFound."""
    rows = Remark.objects.select_related("proposal__pot", "proposal__round")
    row = rows.filter(pk=remark_id).first() if 0 < remark_id <= ID_MAX else None
    if row is None or not policies.is_staff_of(viewer, row.proposal):
        raise ProposalNotFound(_("没有这条意见"))
    return row


def list_similar(proposal: Proposal) -> list[tuple[Proposal, float]]:
    """Return proposals of the same pot that could be merged with this one, the most alike first."""
    others = Proposal.objects.filter(pot_id=proposal.pot_id, status__in=MERGEABLE).exclude(pk=proposal.pk)
    text = f"{proposal.title}。{proposal.words}"
    alike = [(each, similarity(text, f"{each.title}。{each.words}")) for each in others.order_by("number")[:ROWS_MAX]]
    return sorted((one for one in alike if one[1] >= _ALIKE), key=lambda one: (-one[1], one[0].number))[:SIMILAR_MAX]


def lock_merger(merger_id: int) -> Merger:
    """Return a merger, locked. Raises MergerNotFound. For actions."""
    rows = Merger.objects.select_for_update(of=("self",)).select_related("target__pot", "target__round")
    row = rows.filter(pk=merger_id).first() if 0 < merger_id <= ID_MAX else None
    if row is None:
        raise MergerNotFound(_("没有这次合并"))
    return row


def list_mergers(*, viewer: Actor, round_: Round) -> list[tuple[Merger, list[MergerPart]]]:
    """Return the mergers under way in a round where the viewer works, with what each author has said."""
    seen = Proposal.objects.visible_to(viewer).filter(round=round_)
    rows = Merger.objects.filter(target__in=seen, status=MergerStatus.WAITING).select_related("target").order_by("pk")
    parts: dict[int, list[MergerPart]] = {}
    for part in MergerPart.objects.filter(merger__in=rows).select_related("proposal").order_by("proposal__number"):
        parts.setdefault(part.merger_id, []).append(part)
    return [(row, parts.get(row.pk, [])) for row in rows]


def count_by_status(*, viewer: Actor, round_: Round) -> Mapping[str, int]:
    """Return how many proposals of a round, among those the viewer works with, stand where."""
    rows = Proposal.objects.visible_to(viewer).filter(round=round_).values_list("status")
    return dict(rows.annotate(n=Count("pk")).order_by())


def shortlist_of(pot: Pot) -> list[Proposal]:
    """Return what goes on the ballot of a pot, by number: those published, and those put on an earlier draft of it."""
    return list(pot.proposals.filter(status__in=[Status.SHORTLISTED, Status.ON_BALLOT]).order_by("number"))


def origin_of(viewer: Actor, origin: str, origin_id: str) -> OriginPage | None:
    """Name the proposal that a project comes from; None for projects of another origin."""
    if origin != Origin.VOTE or not origin_id.startswith("round-proposal-"):
        return None
    row = Proposal.objects.filter(pk=int(origin_id.removeprefix("round-proposal-"))).first()
    if row is None:
        return None
    return OriginPage(_("微实事：%(title)s") % {"title": row.title}, reverse("rounds:proposal", args=[row.pk]))


def list_merged_ids(merger_id: int) -> list[int]:
    """Return the proposals that a merger is about; none where there is no such merger. For actions and jobs."""
    if not 0 < merger_id <= ID_MAX:
        return []
    return list(MergerPart.objects.filter(merger_id=merger_id).order_by("pk").values_list("proposal_id", flat=True))


def list_counted_ids(pot_id: int) -> list[int]:
    """Return the proposals of a pot that were voted on. For jobs."""
    rows = Proposal.objects.filter(pot_id=pot_id, status__in=[Status.CHOSEN, Status.NOT_CHOSEN])
    return list(rows.order_by("number").values_list("pk", flat=True))


def get_remarker_for_job(remark_id: int) -> int | None:
    """Return the account that has made a remark, None where it is forgotten."""
    return Remark.objects.filter(pk=remark_id).values_list("account_id", flat=True).first()
