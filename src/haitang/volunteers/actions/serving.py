"""Services are put to the record of who did them; the hours belong to them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.volunteers import queries
from haitang.volunteers.facts import ServiceRecorded
from haitang.volunteers.values import WHAT_LENGTH_MAX, Service, ServiceInvalid, VolunteerNotFound
from haitang.volunteers.values.words import SOURCE_ID_LENGTH_MAX, SOURCE_LENGTH_MAX

_INSERT = """
INSERT INTO volunteers_servicerecord (volunteer_id, source, source_id, what, began_at, ended_at, recorded_at)
SELECT s.volunteer_id, s.source, s.source_id, s.what, s.began_at, s.ended_at, %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])
     AS s(volunteer_id, source, source_id, what, began_at, ended_at)
ON CONFLICT (source, source_id, volunteer_id) DO NOTHING
RETURNING volunteer_id, source, source_id
"""


def record_service(
    *,
    actor: Actor,
    source: str,
    source_id: str,
    volunteer_id: int,
    what: str,
    began_at: datetime,
    ended_at: datetime,
    now: datetime,
) -> bool:
    """
    Put one service to somebody's record, and tell whether it was not there yet; for the app in which it was done.

    Once per source, source_id and person, however often it is told. actor: who confirmed it, allowed by that app.
    what: a few words, without the names of those served. began_at, ended_at: aware instants.
    Raises ServiceInvalid, VolunteerNotFound. Who has withdrawn gets nothing more: False.
    """
    service = Service(source, source_id, volunteer_id, what, began_at, ended_at)
    return record_services(actor=actor, services=[service], now=now) == 1


@transaction.atomic
def record_services(*, actor: Actor, services: Iterable[Service], now: datetime) -> int:
    """
    Put many services to the records of those who did them, in a few statements; return how many were not there yet.

    See `record_service`. Raises ServiceInvalid, VolunteerNotFound, and then records none of them.
    """
    given = list({(each.source, each.source_id, each.volunteer_id): each for each in services}.values())
    longest = timedelta(hours=queries.rules().setting("service_hours_max"))
    for each in given:
        _check(each, longest, now)
    known = queries.lock_volunteers([each.volunteer_id for each in given])
    if any(each.volunteer_id not in known for each in given):
        raise VolunteerNotFound(_("没有找到这条志愿登记"))
    rows = [each for each in given if known[each.volunteer_id].withdrawn_at is None]
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                now, [each.volunteer_id for each in rows], [each.source for each in rows],
                [each.source_id for each in rows], [each.what.strip() for each in rows],
                [each.began_at for each in rows], [each.ended_at for each in rows],
            ],
        )  # fmt: skip
        new = set(cursor.fetchall())
    facts = [
        ServiceRecorded(each.volunteer_id, each.source, each.source_id, _minutes(each))
        for each in rows
        if (each.volunteer_id, each.source, each.source_id) in new
    ]
    history.record_each(actor=actor, facts=[(fact, history.NOBODY) for fact in facts], at=now)
    return len(facts)


def _minutes(service: Service) -> int:
    return round((service.ended_at - service.began_at).total_seconds() / 60)


def _check(service: Service, longest: timedelta, now: datetime) -> None:
    if not 1 <= len(service.what.strip()) <= WHAT_LENGTH_MAX or "\x00" in service.what:
        raise ServiceInvalid(_("请填写服务内容，最多 %(n)d 字") % {"n": WHAT_LENGTH_MAX})
    if not (1 <= len(service.source) <= SOURCE_LENGTH_MAX and 1 <= len(service.source_id) <= SOURCE_ID_LENGTH_MAX):
        raise ServiceInvalid(_("服务来源无效"))
    if service.ended_at <= service.began_at:
        raise ServiceInvalid(_("结束时间应晚于开始时间"))
    if service.ended_at - service.began_at > longest:
        raise ServiceInvalid(_("单次服务时长过长，请核对时间"))
    if service.began_at > now:
        raise ServiceInvalid(_("服务还没有开始，不能记录"))
