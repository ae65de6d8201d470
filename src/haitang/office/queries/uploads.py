"""Files on their way in, tickets, and what the hotline is told of them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.facts import CaseFedBack
from haitang.core.access import Actor
from haitang.core.models import Entry
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.office.models import Ticket, Upload
from haitang.office.values import NotKept

SHOWN = 30


def list_uploads(*, viewer: Actor) -> list[Upload]:
    """Return the viewer's files of late, the latest first."""
    return list(Upload.objects.filter(account_id=viewer.id or 0).order_by("-at", "-id")[:SHOWN])


def get_upload(account_id: int | None, upload_id: int) -> Upload:
    """Return one of the account's files; raise NotKept."""
    return _one(Upload.objects.filter(account_id=account_id or 0), upload_id)


def lock_upload(account_id: int | None, upload_id: int) -> Upload:
    """Return one of the account's files, locked until the end of the transaction; raise NotKept."""
    return _one(Upload.objects.select_for_update(no_key=True).filter(account_id=account_id or 0), upload_id)


def owner_of(upload_id: int) -> int | None:
    """Return whose file it is, None where there is none any more. For jobs."""
    return Upload.objects.filter(pk=upload_id).values_list("account_id", flat=True).first()


def _one(rows: Any, upload_id: int) -> Upload:
    found = rows.filter(pk=upload_id).first()
    if found is None:
        raise NotKept(_("没有这个导入文件"))
    return found


def get_ticket(case_id: int) -> Ticket | None:
    """Return what the hotline last said of a case; the caller has checked that the viewer knows of it."""
    return Ticket.objects.filter(case_id=case_id).first()


def feedback_columns() -> tuple[Column, ...]:
    """Return the columns of the feedback file: the hotline's own headers, Chinese in every language."""
    return (
        Column("external_id", "工单编号", kind=Cell.CODE, width=22),
        Column("reported_at", "创建时间", kind=Cell.INSTANT, width=20),
        Column("number", "承办系统编号", kind=Cell.CODE, width=20), Column("status", "办理状态"),
        Column("organization", "二级承办单位简称", width=24),
        Column("changed_at", "更新时间", kind=Cell.INSTANT, width=20),
        Column("closed_at", "办结时间", kind=Cell.INSTANT, width=20), Column("opinion", "处理结果", width=48),
        Column("solved", "是否解决", kind=Cell.BOOLEAN),
    )  # fmt: skip


def list_feedback(*, viewer: Actor, from_at: datetime, to_at: datetime) -> list[tuple[Any, ...]]:
    """Return how every ticket of the period stands here, as rows of `feedback_columns`, oldest first."""
    ids = Ticket.objects.filter(case__reported_at__gte=from_at, case__reported_at__lt=to_at)
    cases = case_queries.list_chosen(
        viewer=viewer, case_ids=ids.order_by("case__reported_at", "case_id").values_list("case_id", flat=True)
    )
    answers = Entry.objects.filter(
        subject_type="case", subject_id__in=[case.pk for case in cases], fact=CaseFedBack.__name__
    )
    told = dict(answers.order_by("id").values_list("subject_id", "data__opinion"))
    return [
        (
            view.case.external_id, view.case.reported_at, view.case.number, str(view.case.get_status_display()),
            view.organization.name if view.organization and view.case.organization_id else None, view.case.changed_at,
            view.case.closed_at, told.get(view.case.pk), view.case.is_solved,
        )
        for view in case_queries.describe(cases)
    ]  # fmt: skip
