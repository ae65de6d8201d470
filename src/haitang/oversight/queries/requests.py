"""Reads of requests: one, those to be decided, those of a case."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.cases.values import ClockStands
from haitang.core import paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.scoping import below
from haitang.oversight.models import Request
from haitang.oversight.values import Permission, RequestNotFound, State, Wish

PAGE_ROWS = 20
_BATCH = 200
_CURRENT = Q(case__stage=F("stage"), case__stage_started_at=F("stage_started_at"))


def is_current(request: Request, case: Any) -> bool:
    """Tell whether the case is still in the stretch that the request was made for."""
    return case.stage == request.stage and case.stage_started_at == request.stage_started_at


def get_request(*, viewer: Actor, request_id: int) -> Request:
    """Return one request; raise RequestNotFound, also where the viewer may not know of its case."""
    request = Request.objects.filter(pk=request_id, case__in=cases.visible_cases(viewer=viewer)).first()
    if request is None:
        raise RequestNotFound(_("没有这项申请"))
    return request


def asked_by(request_id: int) -> int | None:
    """Return the account that made a request, or None. For jobs only."""
    return Request.objects.filter(pk=request_id).values_list("asked_by_id", flat=True).first()


def lock_request(request_id: int) -> Request:
    """Return one request locked. For actions only, after its case."""
    return Request.objects.select_for_update(no_key=True, of=("self",)).get(pk=request_id)


def lock_requests(request_ids: Iterable[int]) -> list[Request]:
    """Return requests locked, in the order of their ids. For actions only, after their cases."""
    rows = Request.objects.select_for_update(no_key=True, of=("self",))
    return list(rows.filter(pk__in=set(request_ids)).order_by("pk"))


def lock_pending(case_id: int) -> list[Request]:
    """Return a case's pending requests locked. For actions only, after the case."""
    rows = Request.objects.select_for_update(no_key=True, of=("self",))
    return list(rows.filter(case_id=case_id, state=State.PENDING).order_by("pk"))


def lock_standing(case_id: int) -> Request:
    """Return the pause that a case's clock stands by, locked; raise ClockStands if there is none. For actions only."""
    rows = Request.objects.select_for_update(no_key=True, of=("self",))
    found = rows.filter(case_id=case_id, wish=Wish.PAUSE, state=State.APPROVED, resumed_at__isnull=True).first()
    if found is None:
        raise ClockStands(_("案件不在缓办中"))
    return found


def list_due_pauses(now: datetime) -> list[Request]:
    """Return pauses whose day has come and that nobody has ended, at most 200. For the job."""
    rows = Request.objects.filter(wish=Wish.PAUSE, state=State.APPROVED, resumed_at__isnull=True, until__lte=now)
    return list(rows.order_by("until")[:_BATCH])


def list_stale() -> list[Request]:
    """Return pending requests whose case has left the stage that they were made for, at most 200. For the job."""
    return list(Request.objects.filter(state=State.PENDING).exclude(_CURRENT).order_by("pk")[:_BATCH])


def count_extensions(case: Any) -> int:
    """Return how often the stage that the case is in was extended since it began."""
    return len(case.deadlines.get(case.stage, {}).get("extensions", ()))


def _to_decide(viewer: Actor) -> QuerySet[Request]:
    rows = Request.objects.filter(_CURRENT, state=State.PENDING, case__in=cases.visible_cases(viewer=viewer))
    return rows.filter(below(viewer.areas(Permission.DECIDE), "case__area_ids"))


def list_to_decide(*, viewer: Actor, cursor: str = "", limit: int = PAGE_ROWS) -> paging.Page:
    """Return a page of the requests that wait for a decision of the viewer's, the one asked first on top.

    The viewer's own are among them, and wait for somebody else.
    """
    return page_by_instant(
        _to_decide(viewer).select_related("case"), instant="asked_at", cursor=cursor, limit=limit, total_max=99,
        newest_first=False,
    )  # fmt: skip


def count_to_decide(*, viewer: Actor) -> int:
    """Return how many requests wait for a decision of the viewer's, counted up to 100."""
    return _to_decide(viewer).order_by()[:100].count()


def list_requests(*, viewer: Actor, case_id: int) -> list[Request]:
    """Return a case's requests, newest first; raise CaseNotFound as `cases.queries.get_case` does."""
    cases.get_case(viewer=viewer, case_id=case_id)
    return list(Request.objects.filter(case_id=case_id).order_by("-pk"))
