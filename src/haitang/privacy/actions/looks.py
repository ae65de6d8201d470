"""Taking away the list of who looked at what is masked, on the record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.privacy import queries
from haitang.privacy.facts import LooksExported


@transaction.atomic
def export_looks(*, actor: Actor, wanted: queries.LookFilter, now: datetime) -> list[queries.Look]:
    """Return the looks for a sheet, the latest first; that it was taken is recorded.

    Raises NotAllowed, Invalid (more than a sheet takes).
    """
    found = queries.look_rows(viewer=actor, wanted=wanted)
    if len(found) > queries.SHEET_ROWS_MAX:
        raise Invalid(_("超过 %(n)d 行，请先筛选") % {"n": queries.SHEET_ROWS_MAX})
    history.record(actor=actor, fact=LooksExported(actor.id or 0, len(found)), at=now)
    return found
