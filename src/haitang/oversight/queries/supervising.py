"""Reads of supervisions: one, those open, those of a case."""

from django.db.models import Q
from django.utils.translation import gettext as _

from haitang.cases import queries as cases
from haitang.core import paging
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.oversight.models import Supervision
from haitang.oversight.values import SupervisionNotFound

PAGE_ROWS = 20


def get_supervision(*, viewer: Actor, supervision_id: int) -> Supervision:
    """Return one supervision; raise SupervisionNotFound, also where the viewer may not know of its case."""
    rows = Supervision.objects.filter(pk=supervision_id, case__in=cases.visible_cases(viewer=viewer))
    found = rows.first()
    if found is None:
        raise SupervisionNotFound(_("没有这项督办"))
    return found


def lock_supervision(supervision_id: int) -> Supervision:
    """Return one supervision locked. For actions only, after its case."""
    return Supervision.objects.select_for_update(no_key=True, of=("self",)).get(pk=supervision_id)


def open_supervision(case_id: int) -> Supervision | None:
    """Return the supervision that a case is under, or None. For actions and guards."""
    return Supervision.objects.filter(case_id=case_id, closed_at__isnull=True).first()


def list_supervised(*, viewer: Actor, wanted: str = "", cursor: str = "", limit: int = PAGE_ROWS) -> paging.Page:
    """Return a page of the open supervisions of cases that the viewer may see, the answer due first on top.

    wanted: "unanswered", "answered", or "" for both.
    """
    rows = Supervision.objects.filter(closed_at__isnull=True, case__in=cases.visible_cases(viewer=viewer))
    if wanted:
        rows = rows.filter(Q(answered_at__isnull=wanted == "unanswered"))
    return page_by_instant(
        rows.select_related("case"), instant="answer_by", cursor=cursor, limit=limit, total_max=999,
        newest_first=False,
    )  # fmt: skip


def list_supervisions(*, viewer: Actor, case_id: int) -> list[Supervision]:
    """Return a case's supervisions, newest first; raise CaseNotFound as `cases.queries.get_case` does."""
    cases.get_case(viewer=viewer, case_id=case_id)
    return list(Supervision.objects.filter(case_id=case_id).order_by("-pk"))
