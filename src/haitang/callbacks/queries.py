"""Reads of call-backs: the box of those who call, one call-back, the rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haitang.callbacks import policies
from haitang.callbacks.models import Attempt, Callback, Setting
from haitang.callbacks.values import Permission, State, TaskNotFound
from haitang.cases import queries as cases
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.cases import CaseView, filter_cases
from haitang.core import access, history, paging
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.clock import LOCAL
from haitang.core.errors import Refusal
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.policy import Policy
from haitang.core.scoping import below
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.worktime.queries import get_calendar
from haitang.worktime.values import Clock, Limit, deadline

PAGE_ROWS = 20
TOTAL_MAX = 1000
BADGE_MAX = 99
_CLOSED = frozenset({"CaseClosed", "CaseForceClosed"})
"""What ends a case for its reporter: by force or not, they are asked whether it is solved."""
_HANDLING = frozenset({"CaseHandled", "CaseFedBack"})


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A call-back with its case as pages and the API show it. result: what the desk said it has done, the latest."""

    callback: Callback
    view: CaseView
    result: str = ""


@dataclass(frozen=True, slots=True)
class CallbackPage:
    """One call-back with all that its page shows. rounds: of the same case, in order."""

    row: CallbackView
    calls: list[Attempt]
    rounds: list[Callback]
    may_unmask: bool


SETTINGS = Settings(cache(partial(read_shipped, "callbacks", "settings.toml")), Setting)
RULES: Policy[Mapping[str, Any]] = Policy("callbacks.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the rules as of now: those changed in the office over those shipped."""
    return RULES.get()


def list_rules_kept(*, viewer: Actor) -> list[SettingLine]:
    """Return every rule with its value and where it comes from; raise NotAllowed without MANAGE."""
    access.require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    return SETTINGS.lines()


def lock_callback(callback_id: int) -> Callback:
    """Return the call-back, its row locked; raise TaskNotFound. For actions only, after they have locked the case."""
    found = Callback.objects.select_for_update(no_key=True).filter(pk=callback_id).first()
    if found is None:
        raise TaskNotFound(_("没有这项回访"))
    return found


def case_id_of(callback_id: int) -> int:
    """Return the id of the case that a call-back is about; raise TaskNotFound."""
    found = Callback.objects.filter(pk=callback_id).values_list("case_id", flat=True).first()
    if found is None:
        raise TaskNotFound(_("没有这项回访"))
    return found


def closures_of(case_id: int) -> list[int]:
    """Return the ids of the entries that tell of the case's closures, in order; none for an imported history."""
    return [entry.pk for entry in history.timeline("case", case_id) if entry.fact in _CLOSED]


def instant_of(case_id: int, entry_id: int) -> datetime | None:
    """Return when something that the case's history tells of happened; None where there is no such entry."""
    return next((entry.at for entry in history.timeline("case", case_id) if entry.pk == entry_id), None)


def plan(closed_at: datetime) -> tuple[datetime, datetime]:
    """Return from when on, and by when, the reporter of a case closed then is to be called.

    From the first office minute of the next working day; by the rule `due`. On the default calendar.
    """
    calendar = get_calendar(None)
    midnight = closed_at.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    first = deadline(midnight, Limit(Clock.WORK_HOUR, 1), calendar)
    due = deadline(closed_at, Limit.parse(rules()["due"]), calendar)
    assert first is not None  # only an open pause holds a deadline back
    assert due is not None
    return first - timedelta(minutes=1), max(due, first)


def next_attempt(attempts: int, at: datetime) -> datetime:
    """Return when the reporter may be called again after so many calls, the last of them at that instant."""
    spacing = rules()["spacing"]
    found = deadline(at, Limit.parse(spacing[min(attempts, len(spacing)) - 1]), get_calendar(None))
    assert found is not None
    return found


def _visible(viewer: Actor, now: datetime) -> QuerySet[Callback]:
    """Return the call-backs that the viewer may make: of cases that they may see, where they hold ANSWER."""
    scope = below(viewer.areas(Permission.ANSWER), "case__area_ids")
    if desks := viewer.organizations(Permission.ANSWER):
        scope |= Q(case__organization_id__in=desks)
    seen = filter_cases(viewer=viewer, wanted=CaseFilter(), now=now)
    return _with_cases().filter(scope, case__in=seen.values("pk"))


def _with_cases() -> QuerySet[Callback]:
    return Callback.objects.select_related("case").defer("case__search", "case__query_code")


def list_callbacks(
    *, viewer: Actor, state: str, now: datetime, cursor: str = "", limit: int = PAGE_ROWS
) -> paging.Page[CallbackView]:
    """Return a page of the call-backs that the viewer may make, with their cases.

    state: "ready" (may be called now) or "waiting" (all that wait), the one to call first on top; "ended", newest
    first. Raises Invalid for a cursor that is none.
    """
    rows = _visible(viewer, now)
    if state == "ended":
        rows = rows.filter(ended_at__isnull=False)
        page = page_by_instant(rows, instant="ended_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX)
    else:
        rows = rows.filter(next_at__isnull=False)
        if state == "ready":
            rows = rows.filter(next_at__lte=now)
        page = page_by_instant(
            rows, instant="next_at", cursor=cursor, limit=limit, total_max=TOTAL_MAX, newest_first=False
        )
    return paging.Page(_described(list(page.rows)), page.total, page.total_is_more, page.previous, page.next)


def count_ready(*, viewer: Actor, now: datetime) -> int:
    """Return how many call-backs the viewer may make now, counted up to one more than BADGE_MAX."""
    return _visible(viewer, now).filter(next_at__lte=now).order_by()[: BADGE_MAX + 1].count()


def get_callback(*, viewer: Actor, callback_id: int) -> CallbackPage:
    """Return one call-back with its case; raise TaskNotFound where there is none, or the viewer may not make it."""
    callback = _with_cases().filter(pk=callback_id).first()
    if callback is None:
        raise TaskNotFound(_("没有这项回访"))
    try:
        case = cases.get_case(viewer=viewer, case_id=callback.case_id)
        policies.check_can_answer(viewer, case)
    except Refusal as refusal:
        raise TaskNotFound(_("没有这项回访")) from refusal
    return CallbackPage(
        _described([callback])[0],
        list(callback.calls.order_by("id")),
        list(Callback.objects.filter(case_id=case.pk).order_by("round")),
        policies.may_unmask(viewer, case),
    )


def list_callbacks_of(*, viewer: Actor, case: Any) -> list[Callback]:
    """Return the call-backs of a case that the viewer has been shown, in order; none without ANSWER over it."""
    if not access.allows(policies.check_can_answer, viewer, case):
        return []
    return list(Callback.objects.filter(case_id=case.pk).order_by("round"))


def reporters_closed(area_ids: Sequence[int], since: date, until: date) -> dict[int, list[str]]:
    """Return by area the numbers of cases closed on these days whose reporter may be called: a frame of surveys.

    Each case once, denunciations never. A case done over since is not in it.
    """
    first, last = (datetime.combine(day, time.min, LOCAL) for day in (since, until + timedelta(days=1)))
    rows = _with_cases().exclude(state=State.WITHDRAWN).filter(
        case__closed_at__gte=first, case__closed_at__lt=last, case__is_confidential=False,
        case__area_ids__overlap=list(area_ids),
    )  # fmt: skip
    wanted, found = set(area_ids), defaultdict[int, set[str]](set)
    for chain, number in rows.values_list("case__area_ids", "case__number"):
        for area_id in wanted.intersection(chain):
            found[area_id].add(number)
    return {area_id: sorted(numbers) for area_id, numbers in found.items()}


def _described(callbacks: list[Callback]) -> list[CallbackView]:
    ids = [callback.case_id for callback in callbacks]
    views = {view.case.pk: view for view in cases.describe([each.case for each in callbacks], with_reporter=True)}
    results = {
        entry.subject_id: entry.data.get("opinion", "")
        for entry in Entry.objects.filter(subject_type="case", subject_id__in=ids, fact__in=_HANDLING).order_by("id")
    }
    return [CallbackView(each, views[each.case_id], results.get(each.case_id, "")) for each in callbacks]
