"""What the office does with the register as a whole: takes rows away as a file, follows areas that were replaced."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import access, history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.territory.queries import territory
from haitang.volunteers import policies, queries
from haitang.volunteers.actions.owning import check_reason
from haitang.volunteers.facts import VolunteersExported
from haitang.volunteers.models import Volunteer
from haitang.volunteers.values import Permission

EXPORT_MAX = 50_000


@transaction.atomic
def export_volunteers(
    *, actor: Actor, wanted: queries.RegisterFilter, now: datetime, unmask_reason: str | None = None
) -> list[queries.Line]:
    """
    Return the rows of a list for a file, where the actor may export; telephones are masked by who prints them.

    unmask_reason: given to take telephones along in full, which takes UNMASK over every row. It is recorded.
    Raises NotAllowed, VolunteerInvalid (no reason), Invalid (more than EXPORT_MAX rows).
    """
    access.require(actor, Permission.EXPORT)
    today = local_date(now)
    rows = queries.list_for_export(viewer=actor, wanted=wanted, today=today, limit=EXPORT_MAX + 1)
    if len(rows) > EXPORT_MAX:
        raise Invalid(_("超过 %(n)d 行，请先筛选") % {"n": EXPORT_MAX})
    reason = ""
    if unmask_reason is not None:
        reason = check_reason(unmask_reason)
        for row in rows:
            policies.check_can_unmask(actor, row)
    fact = VolunteersExported(actor.id or 0, len(rows), bool(reason), reason)
    history.record(actor=actor, fact=fact, at=now, audience=history.Audience(wanted.area_path))
    return queries.describe(rows, today)


@transaction.atomic
def move_volunteers(*, actor: Actor, area_id: int, new_area_id: int, now: datetime) -> int:
    """Tie who lives in an area to its new version, or to the area in its place; for the clock. Returns how many."""
    area = territory().area(new_area_id)
    return Volunteer.objects.filter(area_id=area_id).update(area_id=area.id, area_ids=list(area.ids))
