"""Records of services and the hours that come of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection
from django.utils.translation import gettext as _

from haitang.core import keyset
from haitang.core.access import Actor
from haitang.core.clock import LOCAL, local_date
from haitang.core.paging import Page
from haitang.core.schemas import ID_MAX
from haitang.volunteers import policies
from haitang.volunteers.models import CalendarKey, Certificate, Membership, ServiceRecord, Volunteer
from haitang.volunteers.queries.calendar import coming_days, list_calendar
from haitang.volunteers.queries.people import get_volunteer, list_memberships, membership_on
from haitang.volunteers.values import CalendarEntry, CertificateNotFound, VolunteerNotFound

ROWS, TOTAL_MAX = 20, 1000

_MINUTES = """
SELECT coalesce(sum(extract(epoch FROM upper(part) - lower(part))), 0) / 60
FROM (SELECT unnest(range_agg(tstzrange(began_at, ended_at))) AS part FROM volunteers_servicerecord
      WHERE volunteer_id = %s AND began_at >= %s AND began_at < %s) AS parts
"""


def minutes_of(volunteer_id: int, since: datetime, until: datetime) -> int:
    """Return the minutes that somebody served in services begun in [since, until).

    Two services at the same time are counted as the time they took together: nobody serves an hour twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MINUTES, [volunteer_id, since, until])
        return round(cursor.fetchone()[0])


def count_services(volunteer_id: int, since: datetime, until: datetime) -> int:
    """Return how many services somebody began in [since, until)."""
    rows = ServiceRecord.objects.filter(volunteer_id=volunteer_id, began_at__gte=since, began_at__lt=until)
    return rows.count()


def services_since(volunteer_ids: Iterable[int], since: datetime) -> dict[int, list[ServiceRecord]]:
    """Return the services put to people's records since an instant, by person, in the order in which they were put.

    One statement for all of them. For apps above that count services; it shows nobody anything.
    """
    rows = ServiceRecord.objects.filter(volunteer__in=list(volunteer_ids), recorded_at__gte=since)
    found: dict[int, list[ServiceRecord]] = {}
    for row in rows.order_by("recorded_at", "id"):
        found.setdefault(row.volunteer_id, []).append(row)
    return found


def list_services(*, viewer: Actor, volunteer_id: int, code: str = "", cursor: str = "") -> Page[ServiceRecord]:
    """Return a page of somebody's services, the latest first, for them and who sees the register there.

    Raises VolunteerNotFound, Invalid (a bad cursor).
    """
    row = get_volunteer(viewer=viewer, volunteer_id=volunteer_id, code=code)
    rows = ServiceRecord.objects.filter(volunteer=row)
    return keyset.page_by_instant(rows, instant="began_at", cursor=cursor, limit=ROWS, total_max=TOTAL_MAX)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """What somebody sees of themselves. minutes: of all services; minutes_year: of this calendar year."""

    volunteer: Volunteer
    membership: Membership | None
    services: Page[ServiceRecord]
    count: int
    minutes: int
    minutes_year: int
    coming: list[CalendarEntry]
    has_calendar: bool
    certificates: list[Certificate]


_ALWAYS = datetime(1990, 1, 1, tzinfo=LOCAL)


def get_own_page(*, viewer: Actor, volunteer_id: int, now: datetime, code: str = "") -> OwnPage:
    """Return what the person sees of themselves (by account or code). Raises VolunteerNotFound."""
    row = get_volunteer(viewer=viewer, volunteer_id=volunteer_id, code=code)
    if not policies.is_own(viewer, row, code):
        raise VolunteerNotFound(_("没有找到这条志愿登记"))
    today = local_date(now)
    year = datetime.combine(today.replace(month=1, day=1), time(0), LOCAL)
    ties = {tie.pk: tie for tie in list_memberships(row.pk)}
    tie = membership_on(row.pk, today)
    return OwnPage(
        row, ties.get(tie.pk) if tie else None, list_services(viewer=viewer, volunteer_id=row.pk, code=code),
        count_services(row.pk, _ALWAYS, now), minutes_of(row.pk, _ALWAYS, now), minutes_of(row.pk, year, now),
        [each for each in list_calendar(row.pk, now, now + coming_days()) if not each.cancelled],
        CalendarKey.objects.filter(volunteer=row, revoked_at=None).exists(),
        list(Certificate.objects.filter(volunteer=row).order_by("-issued_at", "-pk")[:ROWS]),
    )  # fmt: skip


def get_own_certificate(*, viewer: Actor, certificate_id: int, code: str = "") -> Certificate:
    """Return somebody's own certificate. Raises CertificateNotFound."""
    rows = Certificate.objects.select_related("volunteer").filter(pk=certificate_id)
    found = rows.first() if 0 < certificate_id <= ID_MAX else None
    if found is None or not policies.is_own(viewer, found.volunteer, code):
        raise CertificateNotFound(_("没有找到这份证明"))
    return found
