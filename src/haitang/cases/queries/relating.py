"""What apps above ask about cases: of one person, by number, of those they know already."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from haitang.cases.lifecycle import Deed, Status
from haitang.cases.models import Case, Reporter
from haitang.cases.queries.telling import OFFICE_ANSWERS
from haitang.cases.values import PUBLIC_CHANNELS, GoesAlong, Mark
from haitang.core import crypto, wall
from haitang.core.access import Actor
from haitang.core.models import Entry

CLOSES, REFUSES, VOIDS = Deed.CLOSE.value, Deed.REFUSE.value, Deed.VOID.value
"""The deeds that guards of apps above ask for by name."""
OF_REPORTER_MAX = 20
_PHONE = "reporter.phone"


def check_goes_alone(case: Case) -> None:
    """Raise GoesAlong for an open case that an app above has joined to another: it ends with that one."""
    if case.stage is not None and Mark.JOINED.value in case.marks:
        raise GoesAlong(_("此案件已并入主案件，请在主案件上办理，或先拆单"))


def list_known(*, viewer: Actor, case_ids: Iterable[int]) -> list[Case]:
    """Return those of the cases that the viewer may know of, in the order of their ids."""
    rows = Case.objects.visible_to(viewer).filter(pk__in=set(case_ids))
    return list(rows.defer("search", "query_code").order_by("id"))


def list_of_reporter(*, viewer: Actor, phone: str, account_id: int | None, since: datetime) -> list[Case]:
    """Return the visible cases since then that this telephone or this account reported, at most 20, the newest first.

    phone: as it was given, "" for none. Nothing is found for neither. What an account took down for others is not its
    own.
    """
    ids: set[int] = set()
    if phone:
        rows = Reporter.objects.filter(phone_index=crypto.blind_index(phone, _PHONE), case__reported_at__gte=since)
        ids = {row.case_id for row in rows if row.phone_sealed and crypto.open_(row.phone_sealed, _PHONE) == phone}
    if account_id is not None:
        own = Case.objects.filter(reported_by_id=account_id, reported_at__gte=since, channel__in=PUBLIC_CHANNELS)
        ids |= set(own.order_by("-reported_at").values_list("pk", flat=True)[:OF_REPORTER_MAX])
    found = Case.objects.visible_to(viewer).filter(pk__in=ids).defer("search", "query_code", "deadlines")
    return list(found.order_by("-reported_at", "-id")[:OF_REPORTER_MAX])


@wall.opened("yes or no, to somebody whose own account or telephone is compared")
def is_reporter(*, case: Case, account_id: int | None, phone: str) -> bool:
    """Tell whether it was this account, or whoever has this telephone, that reported the case."""
    if account_id is not None and case.reported_by_id == account_id:
        return True
    reporter = Reporter.objects.filter(case_id=case.pk).first() if phone else None
    return bool(reporter and reporter.phone_sealed and crypto.open_(reporter.phone_sealed, _PHONE) == phone)


def id_of(number: str) -> int | None:
    """Return the id of the case with that number, or None. For use with a code of the asker's alone."""
    return Case.objects.numbered(number).values_list("pk", flat=True).first()


def answer_of(case_id: int) -> str:
    """Return the office's last answer to the reporter of a case, "" if there is none. For actions and jobs."""
    entry = (
        Entry.objects.filter(subject_type="case", subject_id=case_id, fact__in=OFFICE_ANSWERS).order_by("-id").first()
    )
    return str(entry.data.get("opinion", "")) if entry else ""


def list_open_since(*, before: datetime, unmarked: str, limit: int) -> list[int]:
    """Return the ids of open cases reported before then that do not bear the mark, the oldest first. For jobs."""
    rows = Case.objects.filter(stage__isnull=False, reported_at__lt=before).exclude(marks__contains=[unmarked])
    return list(rows.order_by("reported_at", "id").values_list("pk", flat=True)[:limit])


def was_refused(case: Case) -> bool:
    """Tell whether the case ended by not being taken on."""
    return case.status == Status.REFUSED
