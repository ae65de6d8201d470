"""How a case stands besides its state: voices, repeats, points, and the words that say why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.queries import catalog
from haitang.cases.values import Mark, Priority
from haitang.core import wall
from haitang.core.access import Actor
from haitang.merging.models import Flag, Join, Repeat, Voice
from haitang.merging.values import Points, points_of, priority_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a case stands where it does. reasons: of the priority, a sentence each. flag: why it is difficult, or "".

    earlier: the case with which the same person came first, as far as the viewer may see it.
    """

    points: Points
    total: int
    priority: Priority
    reasons: list[str]
    repeats: list[Repeat]
    flag: str
    flag_by_rule: bool
    earlier: Any = None


@wall.opened("numbers alone, by which a case is weighed")
def points_of_case(case_id: int) -> Points:
    """Return what the case's priority is reckoned from, with all that goes along with it."""
    ids = [case_id, *Join.objects.filter(main_id=case_id).values_list("case_id", flat=True)]
    return Points(
        voices=Voice.objects.filter(case_id__in=ids).count(),
        joined=len(ids) - 1,
        repeats=Repeat.objects.filter(case_id__in=ids).count(),
    )


def list_repeats_of(case_id: int) -> list[Repeat]:
    """Return the repeated requests on a case, oldest first; the caller has checked that the viewer may know of it."""
    return list(Repeat.objects.filter(case_id=case_id).order_by("at", "id"))


def get_standing(*, viewer: Actor, case_id: int) -> Standing:
    """Return how the case stands and why; raise CaseNotFound if the viewer may not know of it."""
    case = case_queries.get_case(viewer=viewer, case_id=case_id)
    rule = catalog().setting("priority_points")
    counted = points_of_case(case_id)
    total = points_of(counted, rule)
    flag = Flag.objects.filter(case_id=case_id, is_on=True).first()
    return Standing(
        counted, total, priority_of(total, rule), explain(counted, rule), list_repeats_of(case.pk),
        flag.reason if flag else "", bool(flag and flag.by_rule), _earlier_of(viewer, case_id),
    )  # fmt: skip


def _earlier_of(viewer: Actor, case_id: int) -> Any:
    first = Repeat.objects.filter(later_id=case_id).values_list("case_id", flat=True).first()
    return next(iter(case_queries.list_known(viewer=viewer, case_ids=[first])), None) if first else None


def explain(counted: Points, rule: dict[str, int]) -> list[str]:
    """Return in sentences what the points come from and what they lead to; none where there are no points."""
    said = []
    if counted.voices:
        said.append(_("%(n)d 人说“我也遇到”，计 %(points)d 分") % _times(counted.voices, rule["voice"]))
    if counted.joined:
        said.append(_("并入 %(n)d 件，计 %(points)d 分") % _times(counted.joined, rule["joined"]))
    if counted.repeats:
        said.append(_("重复反映 %(n)d 次，计 %(points)d 分") % _times(counted.repeats, rule["repeat"]))
    if said:
        said.append(_("满 %(raised)d 分优先，满 %(urgent)d 分加急") % rule)
    return said


def _times(n: int, weight: int) -> dict[str, int]:
    return {"n": n, "points": n * weight}


def difficulties(case: Any, repeats: int, now: datetime) -> list[str]:
    """Return in sentences by which lines of the rule `difficult_from` the case is difficult; none if it is not."""
    rule = catalog().setting("difficult_from")
    found = []
    if repeats >= rule["repeats"]:
        found.append(_("重复反映 %(n)d 次") % {"n": repeats})
    if case.returns >= rule["returns"]:
        found.append(_("退回 %(n)d 次") % {"n": case.returns})
    if case.reworks >= rule["reworks"]:
        found.append(_("返工 %(n)d 次") % {"n": case.reworks})
    if case.reopenings >= rule["reopenings"]:
        found.append(_("重办 %(n)d 次") % {"n": case.reopenings})
    days = (now - case.reported_at) // timedelta(days=1)
    if case.stage is not None and days >= rule["days"]:
        found.append(_("上报 %(n)d 天仍未结案") % {"n": days})
    return found


def is_marked(case: Any, mark: Mark) -> bool:
    """Tell whether the case bears the mark."""
    return mark.value in case.marks
