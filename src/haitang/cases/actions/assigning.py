"""A case in hand goes to another handler of the same desk; nothing else about it changes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import policies, queries
from haitang.cases.actions.noting import note_on_case
from haitang.cases.facts import CaseNoted
from haitang.cases.lifecycle import STAGE_OF, Deed
from haitang.cases.models import Case
from haitang.cases.values import WrongStage
from haitang.core.access import Actor


@transaction.atomic
def change_handler(*, actor: Actor, case_id: int, from_id: int, to: Actor, fact: CaseNoted, now: datetime) -> Case:
    """
    Give an open case that one account has in hand to another, and write the fact down.

    to: the other account with what it holds; it must be able to handle the case. Whether the actor may hand it over is
    for the caller to have asked. Raises CaseNotFound, NotAllowed and NotYourDesk (of the other), WrongStage (it is in
    nobody's hand any more, or in another's).
    """
    case = queries.lock_case(case_id)
    if case.handler_id != from_id or case.status not in {status.value for status in STAGE_OF}:
        raise WrongStage(_("案件已不在移交人手中"))
    policies.check_can(to, Deed.HANDLE, case)
    case.handler_id = to.id
    case.save(update_fields=["handler_id"])
    note_on_case(actor=actor, fact=fact, now=now, case=case)
    return case
