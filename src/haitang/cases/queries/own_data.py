"""What cases hold about the people who reported them: the port of `privacy`."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from haitang.cases.lifecycle import STAGE_OF
from haitang.cases.models import Case, Reporter
from haitang.cases.queries.cases import get_case_by_number
from haitang.cases.values import PUBLIC_CHANNELS
from haitang.core import crypto, ids
from haitang.privacy.values import Asker, Item, told


def opened_case(number: str, code: str) -> tuple[str, int] | None:
    """Return the case that number and query code open."""
    case = get_case_by_number(number=number.strip(), query_code=ids.normalize_code(code))
    return None if case is None else ("case", case.pk)


def list_reported(asker: Asker) -> list[Case]:
    """Return the cases that the asker has reported, the latest first; not those that an account took down for others.

    For `privacy`: the asker is who they say.
    """
    rows = Case.objects.defer("search").select_related("category").order_by("-reported_at", "-id")
    if asker.account_id is not None:
        return list(rows.filter(reported_by_id=asker.account_id, channel__in=PUBLIC_CHANNELS))
    return list(rows.filter(pk=asker.thing_of("case") or 0))


def reporter_in_full(case_id: int) -> tuple[str, str]:
    """Return name and telephone that a reporter has left; "" for what they did not. For the person, and for actions."""
    row = Reporter.objects.filter(pk=case_id).first()
    if row is None:
        return "", ""
    return (
        crypto.open_(row.name_sealed, "reporter.name") if row.name_sealed else "",
        crypto.open_(row.phone_sealed, "reporter.phone") if row.phone_sealed else "",
    )


def held_of_reporter(asker: Asker) -> list[Item]:
    """Return what is held about the asker with the cases they have reported."""
    items = []
    for case in list_reported(asker):
        name, phone = reporter_in_full(case.pk)
        lines = told(
            (_("姓名"), name), (_("电话"), phone), (_("问题描述"), case.description), (_("地点"), case.place),
            (_("类别"), case.category.name if case.category else ""), (_("状态"), case.get_status_display()),
            *((answer["label"], answer["text"]) for answer in case.answers.values()),
            *((_("评价"), rating.text) for rating in case.ratings.order_by("id") if rating.text),
            (_("照片"), case.attachments.count() or ""),
        )  # fmt: skip
        kept = _("正在办理，办结后可以删除") if case.status in STAGE_OF else ""
        items.append(Item(case.number, lines, case.reported_at, kept=kept, subject=("case", case.pk)))
    return items


def old_reporters(before: datetime) -> QuerySet[Any]:
    """Return the reporters of cases that ended before and who can still be named, the longest ago first."""
    ended = Reporter.objects.filter(case__closed_at__lt=before).exclude(case__status__in=list(STAGE_OF))
    return ended.exclude(name_sealed=None, phone_sealed=None, phone_index=None).order_by("case__closed_at", "pk")


def count_old_reporters(before: datetime, limit: int) -> int:
    """Return how many such rows there are, counted up to limit."""
    return old_reporters(before)[:limit].count()
