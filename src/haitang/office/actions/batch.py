"""One deed for many cases, each by itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.actions.moving import clean_opinion
from haitang.cases.lifecycle import Deed, Status
from haitang.core.access import Actor
from haitang.core.errors import Refusal
from haitang.office.values import BATCH_FROM, BATCH_MAX, Line, NothingChosen, NotInBatch

_RUN: dict[Deed, Callable[..., Any]] = {
    Deed.ACCEPT: case_actions.accept_case,
    Deed.REGISTER: case_actions.register_case,
    Deed.DISPATCH: case_actions.dispatch_case,
    Deed.SIGN: case_actions.sign_case,
}


def do_batch(
    *, actor: Actor, deed: Deed, case_ids: Sequence[int], opinion: str, now: datetime, organization_code: str = ""
) -> list[Line]:
    """
    Do the same deed with the same opinion to every one of these cases; tell of each what became of it, in their order.

    Each case is a transaction of its own: one that is refused keeps none of the others back. A case that no longer
    waits for the deed is refused, so that two who do the same at once do each case once.
    deed: one of BATCH_FROM. organization_code: of a dispatch, the desk for all; "" takes what routing found for each.

    Raises NothingChosen (none, or more than BATCH_MAX), Invalid (opinion).
    """
    wanted = list(dict.fromkeys(case_ids))
    if not wanted or deed not in BATCH_FROM:
        raise NothingChosen(_("请先勾选案件"))
    if len(wanted) > BATCH_MAX:
        raise NothingChosen(_("一次最多办理 %(n)d 件，请分批勾选") % {"n": BATCH_MAX})
    clean_opinion(opinion)
    more = {"organization_code": organization_code} if deed is Deed.DISPATCH else {}
    lines = []
    for case_id in wanted:
        number = ""
        try:
            number = case_queries.get_case(viewer=actor, case_id=case_id).number
            _do_one(actor, deed, case_id, {"opinion": opinion, "now": now, **more})
        except Refusal as refusal:
            lines.append(Line(case_id, number, refusal.message))
        else:
            lines.append(Line(case_id, number))
    return lines


@transaction.atomic
def _do_one(actor: Actor, deed: Deed, case_id: int, given: dict[str, Any]) -> None:
    status = Status(case_queries.lock_case(case_id).status)
    if status not in BATCH_FROM[deed]:
        told = {"status": status.label, "deed": deed.label}
        raise NotInBatch(_("案件已是“%(status)s”，可能已由他人办理，未再%(deed)s") % told)
    _RUN[deed](actor=actor, case_id=case_id, **given)
