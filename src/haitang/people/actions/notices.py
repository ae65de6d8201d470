"""The bell: what accounts are told of inside the house. Leaves no facts: what it tells of has left its own."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.errors import NotSignedIn
from haitang.people import queries
from haitang.people.models import Notice
from haitang.people.values import DEPUTY_MAY_KNOW


@transaction.atomic
def send_notices(
    *,
    actor: Actor,
    account_ids: Iterable[int],
    key: str,
    text: str,
    now: datetime,
    parts: Mapping[str, str | int] | None = None,
    url: str = "",
    subject_type: str = "",
    subject_id: int | None = None,
) -> int:
    """Tell these accounts of something, each once for the same key, and return how many were told now.

    Whoever stands in for one of them today is told too, as far as they may know of it (values.DEPUTY_MAY_KNOW).
    actor: who tells, the system as a rule. key: what is told, "case:7:overdue:handle".
    text: a message id with places in braces, "案件 {number} 已超期", translated when it is read; mark it for
    translation where it is written. parts: what goes into the places. url: a path of this site.
    """
    said: dict[str, Any] = {
        "key": key, "text": text, "parts": dict(parts or {}), "url": url, "subject_type": subject_type,
        "subject_id": subject_id, "at": now,
    }  # fmt: skip
    meant = sorted(set(account_ids))
    rows = [Notice(account_id=account_id, **said) for account_id in meant]
    for account_id, deputy in queries.list_deputies_of(meant, now):
        if deputy.id is None or deputy.id in meant:
            continue
        if all(may(deputy, subject_type, subject_id) for may in DEPUTY_MAY_KNOW):
            rows.append(Notice(account_id=deputy.id, in_place_of_id=account_id, **said))
    keys = Notice.objects.filter(key=key, account_id__in=[row.account_id for row in rows])
    before = keys.count()
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return keys.count() - before


@transaction.atomic
def mark_notices_read(*, actor: Actor, now: datetime, notice_ids: Iterable[int] | None = None) -> int:
    """Mark the actor's own notices as read, all of them or those named, and return how many were unread.

    Raises NotSignedIn.
    """
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    unread = Notice.objects.filter(account_id=actor.id, read_at=None)
    if notice_ids is not None:
        unread = unread.filter(pk__in=list(notice_ids))
    return unread.update(read_at=now)
