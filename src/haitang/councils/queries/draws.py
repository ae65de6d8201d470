"""Reads over draws by lot: what anybody may see, and who is behind a number for those who keep the council."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haitang.core import crypto, history
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.councils import policies
from haitang.councils.lifecycle import CandidateStatus, DrawStatus
from haitang.councils.models import CANDIDATE, Draw, DrawCandidate
from haitang.councils.values import Candidate, DrawNotFound

LISTED_MAX = 500
"""So many candidates a page shows; the file has all."""


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Somebody on the list. who, contact: for those who keep the council, once drawn; "" for anybody else."""

    row: DrawCandidate
    stratum: str
    who: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class DrawPage:
    """What the page of a draw shows. own: the viewer's own place on the list."""

    row: Draw
    total: int
    candidates: list[CandidateView]
    taken: list[CandidateView]
    may_convene: bool
    own: DrawCandidate | None
    entries: list[Entry]


def get_draw(draw_id: int) -> Draw:
    """Return a draw with its council; anybody may know of it. Raises DrawNotFound."""
    found = Draw.objects.select_related("council").filter(pk=draw_id).first()
    if found is None:
        raise DrawNotFound(_("没有这次抽选"))
    return found


def lock_draw(draw_id: int) -> Draw:
    """Return a draw with its council, locked. For actions; raises DrawNotFound."""
    rows = Draw.objects.select_for_update(no_key=True, of=("self",)).select_related("council")
    found = rows.filter(pk=draw_id).first()
    if found is None:
        raise DrawNotFound(_("没有这次抽选"))
    return found


def stratum_of(draw: Draw, row: DrawCandidate) -> str:
    """Return the stratum in which somebody is drawn: of what was given, as far as the draw goes by it."""
    parts = [row.area_name or _("未填") if draw.by_area else "", row.age_band or _("未填") if draw.by_age else ""]
    return " ".join(filter(None, parts))


def candidates_of(draw: Draw) -> list[Candidate]:
    """Return the list as it is drawn from and published: numbers and strata, by number."""
    return [Candidate(row.number, stratum_of(draw, row)) for row in draw.candidates.order_by("number")]


def list_draws(council_id: int) -> list[Draw]:
    """Return the draws of a council, the latest first."""
    return list(Draw.objects.filter(council_id=council_id).order_by("-begun_at", "-id"))


def list_public_draws(limit: int = 5) -> list[Draw]:
    """Return the latest draws; anybody may know of them."""
    return list(Draw.objects.select_related("council").order_by("-begun_at", "-id")[:limit])


def get_draw_page(*, viewer: Actor, draw_id: int) -> DrawPage:
    """Return a draw as this viewer may see it. Raises DrawNotFound."""
    row = get_draw(draw_id)
    may = policies.may_convene(viewer, row.council)
    rows = row.candidates
    public = row.status != DrawStatus.OPEN
    shown = list(rows.order_by("number")[:LISTED_MAX]) if public or may else []
    taken = rows.filter(place__isnull=False).order_by("place").exclude(status=CandidateStatus.LISTED)[:LISTED_MAX]
    own = rows.filter(account_id=viewer.id).first() if viewer.id is not None else None
    return DrawPage(
        row, rows.count(), [_view(row, each, names=may and not public) for each in shown],
        [_view(row, each, names=may) for each in taken] if row.status == DrawStatus.DRAWN else [],
        may, own, history.timeline("council_draw", row.pk),
    )  # fmt: skip


def _view(draw: Draw, row: DrawCandidate, *, names: bool) -> CandidateView:
    who, contact = "", ""
    if names and row.who_sealed:
        who, _bar, contact = crypto.open_(row.who_sealed, CANDIDATE).partition("\n")
    return CandidateView(row, stratum_of(draw, row), who, contact)


def lock_candidates(draw_id: int, **where: Any) -> list[DrawCandidate]:
    """Return those of the list of a draw for whom that holds, locked, by number. For actions, after the draw."""
    rows = DrawCandidate.objects.select_for_update(no_key=True).filter(draw_id=draw_id, **where)
    return list(rows.order_by("number"))


def list_erasable(before: Any) -> list[int]:
    """Return the ids of draws made before then that still hold who is behind a number. For the clock."""
    held = DrawCandidate.objects.filter(draw__drawn_at__lt=before).exclude(who_sealed=b"")
    return sorted(set(held.values_list("draw_id", flat=True)))
