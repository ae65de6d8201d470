"""Cases leave as a table, and the history says who took them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases.facts import CasesExported
from haitang.cases.queries.cases import CaseFilter
from haitang.cases.queries.columns import answer_columns, case_columns
from haitang.cases.queries.exporting import iter_case_rows, list_answered
from haitang.cases.values import REASON_LENGTH_MAX, Permission
from haitang.core import access, history
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.errors import Invalid
from haitang.core.tables import Column


def export_cases(
    *, actor: Actor, now: datetime, wanted: CaseFilter, unmask_reason: str | None = None
) -> tuple[Sequence[Column], Iterator[tuple[Any, ...]]]:
    """
    Hand out the cases that the actor may see and the filter asks for, oldest first: the columns, and rows of them.

    The columns are `queries.case_columns` and one for each question that one of the cases has answered.

    unmask_reason: why reporters' names and telephones are needed in full; None masks them.
    Denunciations are among them only for those who may see them. Rows come as they are read, in constant memory.

    Raises NotAllowed without EXPORT over the filter's area (over everything, if it names none), and without UNMASK
    there where a reason is given; Invalid for an empty or over-long reason.
    """
    area_path = wanted.area_path or EVERYWHERE
    access.require(actor, Permission.EXPORT, area_path=area_path)
    if unmask_reason is not None:
        access.require(actor, Permission.UNMASK, area_path=area_path)
        unmask_reason = unmask_reason.strip()
        if not unmask_reason:
            raise Invalid(_("请填写查看完整个人信息的理由"))
        if "\x00" in unmask_reason or len(unmask_reason) > REASON_LENGTH_MAX:
            raise Invalid(_("理由不能超过 %(n)d 字，也不能含有无法显示的字符") % {"n": REASON_LENGTH_MAX})
    with transaction.atomic():
        area_id = int(area_path.rstrip("/").rpartition("/")[2] or 0)
        narrowed = {
            name: str(value)
            for name, value in (
                ("status", ",".join(wanted.statuses)), ("category", wanted.category), ("channel", wanted.channel),
                ("kind", wanted.kind), ("organization_id", wanted.organization_id), ("overdue", wanted.overdue),
                ("from", wanted.from_at and wanted.from_at.isoformat()),
                ("to", wanted.to_at and wanted.to_at.isoformat()), ("q", wanted.q),
            )
            if value not in ("", None)
        }  # fmt: skip
        fact = CasesExported(area_id, narrowed, unmask_reason is not None, unmask_reason or "")
        history.record(actor=actor, fact=fact, at=now, audience=history.Audience(area_path))
    labels = list_answered(viewer=actor, wanted=wanted, now=now)
    rows = iter_case_rows(
        viewer=actor, wanted=wanted, now=now, unmasked=unmask_reason is not None, labels=labels
    )  # fmt: skip
    return (*case_columns(), *answer_columns(labels)), rows
