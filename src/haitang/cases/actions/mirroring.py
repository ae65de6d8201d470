"""A case that is dealt with in another installation goes here through what it goes through there."""

from datetime import datetime
from typing import Any

from django.db import transaction

from haitang.cases import queries
from haitang.cases.actions.moving import Change, carry_out
from haitang.cases.lifecycle import MOVES, Deed
from haitang.cases.models import Case
from haitang.cases.queries.catalog import Catalog
from haitang.core.access import Actor

_BEFORE_A_DESK = frozenset({Deed.VERIFY, Deed.ACCEPT, Deed.REFUSE, Deed.REGISTER, Deed.RETURN, Deed.VOID})
_AFRESH = frozenset({Deed.DISPATCH, Deed.SIGN, Deed.RETURN, Deed.REOPEN})


@transaction.atomic
def mirror_deed(
    *, actor: Actor, case_id: int, deed: Deed, now: datetime, opinion: str = "", organization_id: int | None = None,
    organization_name: str = "", level: str = "", result: str = "",
) -> Case:  # fmt: skip
    """
    Do to a case what was done to it where it is dealt with, whatever could be done to it here; nobody here is asked.

    now: when it was done there. opinion: what the reporter may read of it, "" for nothing.
    organization_id: the desk here that stands for the other installation. organization_name: whose desk it was there.
    level, result: as the facts of closing and of verifying have them. Raises CaseNotFound, and what the guards raise.
    """

    def prepare(case: Case, known: Catalog) -> Change:
        case.organization_id = None if deed is Deed.RETURN else case.organization_id
        if deed not in _BEFORE_A_DESK:
            case.organization_id = organization_id
        case.handler_id = None
        columns = ["organization", "handler_id"]
        fact: dict[str, Any] = {}
        if deed is Deed.VERIFY:
            fact = {"result": result or "exists"}
        elif deed in (Deed.DISPATCH, Deed.RETURN):
            fact = {"organization_id": organization_id or 0, "organization_name": organization_name}
        elif deed is Deed.CLOSE:
            case.level, fact = level, {"level": level}
            columns.append("level")
        elif deed is Deed.REOPEN:
            case.reopenings, case.closed_at, case.level = case.reopenings + 1, None, ""
            columns += ["reopenings", "level"]
        if deed is Deed.RETURN:
            case.returns += 1
            columns.append("returns")
        elif deed is Deed.REWORK:
            case.reworks += 1
            columns.append("reworks")
        return Change(fact=fact, columns=columns, fresh=deed in _AFRESH)

    case = queries.lock_case(case_id)
    return carry_out(
        actor=actor, case=case, deed=deed, target=MOVES[deed].target, opinion=opinion, now=now, prepare=prepare
    )
