"""Reads over rounds: lists, one with its items, and progress by grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from haitang.core.access import Actor, allows
from haitang.core.scoping import path_of
from haitang.patrols import policies
from haitang.patrols.models import ItemResult, Round
from haitang.patrols.queries.rules import ChecklistRef, rules
from haitang.patrols.values import Item, RoundNotFound
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

ROUNDS_MAX = 600


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with the names that a page shows."""

    round: Round
    checklist: ChecklistRef
    area_name: str

    @property
    def is_finished(self) -> bool:
        """Whether every item has been looked at."""
        return self.round.finished_on is not None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item of a round with what was found about it; result is None while nobody has looked."""

    item: Item
    result: ItemResult | None


@dataclass(frozen=True, slots=True)
class RoundPage:
    """What the page of one round shows. may_do: whether the viewer may fill items in."""

    view: RoundView
    lines: list[ItemLine]
    may_do: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the tasks of one area are, by what lies directly below it. Never by person."""

    area: AreaRef
    rounds: int
    finished: int
    items: int
    items_done: int
    hazards: int

    @property
    def percent(self) -> int | None:
        """Return the share of items looked at, whole percent rounded down; None where there are none."""
        return self.items_done * 100 // self.items if self.items else None


def lock_round(round_id: int) -> Round:
    """Return the round, locked. For actions; raises RoundNotFound."""
    found = Round.objects.select_for_update(no_key=True).filter(pk=round_id).first()
    if found is None:
        raise RoundNotFound(_("没有这份巡查清单"))
    return found


def get_round(*, viewer: Actor, round_id: int) -> Round:
    """Return the round. Raises RoundNotFound, also where the viewer may not know of it."""
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise RoundNotFound(_("没有这份巡查清单"))
    policies.check_may_see_round(viewer, found)
    return found


def _view(round_: Round, versions: Mapping[int, ChecklistRef]) -> RoundView:
    return RoundView(round_, versions[round_.checklist_id], territory().full_name(round_.area_id))


def get_round_page(*, viewer: Actor, round_id: int) -> RoundPage:
    """Return the round with all its items and what was found about each; raise RoundNotFound as `get_round` does."""
    found = get_round(viewer=viewer, round_id=round_id)
    view = _view(found, rules().by_id)
    results = {result.key: result for result in ItemResult.objects.filter(round=found).select_related("hazard")}
    lines = [ItemLine(item, results.get(item.key)) for item in view.checklist.items]
    may_do = allows(policies.check_can_patrol, viewer, path_of(found.area_ids))
    return RoundPage(view, lines, may_do)


def list_rounds(*, viewer: Actor, month: date, area_path: str = "", finished: bool | None = None) -> list[RoundView]:
    """Return the month's rounds that the viewer may see, unfinished first, by grid; at most ROUNDS_MAX.

    month: its first day. area_path: narrows to an area and all below it.
    """
    rows = Round.objects.visible_to(viewer).filter(month=month)
    if area_path:
        rows = rows.below(area_path)
    if finished is not None:
        rows = rows.filter(finished_on__isnull=not finished)
    versions = rules().by_id
    rows = rows.order_by(F("finished_on").desc(nulls_first=True), "area_ids", "code")
    return [_view(row, versions) for row in rows[:ROUNDS_MAX]]


def count_unfinished(*, viewer: Actor, month: date) -> int:
    """Return how many rounds of the month wait where the viewer may fill them in, counted up to 100."""
    rows = Round.objects.within(viewer, policies.Permission.PATROL).filter(month=month, finished_on__isnull=True)
    return rows.order_by()[:100].count()


def progress_of(*, viewer: Actor, month: date, area: AreaRef) -> list[Progress]:
    """Return the month's progress of each area directly below this one, in the areas' own order, counted in tasks.

    Of a grid, that of the grid alone. Areas without tasks are left out; sorting by result is not offered.
    """
    below = territory().children(area.id)
    level = area.depth
    rows = Round.objects.visible_to(viewer).below(area.path).filter(month=month)
    totals = {
        row["part"]: row
        for row in rows.order_by().values(part=F(f"area_ids__{level}")).annotate(
            rounds=Count("id"), finished=Count("id", filter=Q(finished_on__isnull=False)), total=Sum("items_total"),
            done=Sum("items_done"), found=Sum("hazards"),
        )
    }  # fmt: skip
    shown = [(each, totals.get(each.id)) for each in below] if None not in totals else [(area, totals[None])]
    return [
        Progress(each, row["rounds"], row["finished"], row["total"], row["done"], row["found"])
        for each, row in shown
        if row is not None
    ]
