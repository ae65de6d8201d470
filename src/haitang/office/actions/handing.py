"""When somebody leaves, all that they have in hand goes to somebody else, in one step."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Invalid, Refusal
from haitang.office import policies
from haitang.office.facts import CaseHandedOver, DeskHandedOver
from haitang.office.values import Line, NothingToHandOver
from haitang.people.queries import get_actor, lock_account
from haitang.people.values import clean_text


@transaction.atomic
def hand_desk_over(*, actor: Actor, account_id: int, to_account_id: int, reason: str, now: datetime) -> Sequence[Line]:
    """
    Give every open case that the account has in hand to another; tell of each, in the order of their deadlines.

    What the other cannot handle stays where it is, with the reason. Cases that wait for a desk as such need no handing
    over: the desk has them whoever leaves.

    Raises AccountUnknown, Invalid (the same account, one switched off, no reason), NotAllowed (neither one's own desk
    nor DELEGATION_MANAGE over the case), NothingToHandOver.
    """
    if account_id == to_account_id:
        raise Invalid(_("接收人不能是移交人本人"), {"to_account_id": _("接收人不能是移交人本人")})
    for each in sorted({account_id, to_account_id}):
        lock_account(each)
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    other = get_actor(to_account_id, now=now)
    if not other.is_known:
        raise Invalid(_("接收人的账号已停用"), {"to_account_id": _("接收人的账号已停用")})
    in_hand = case_queries.list_in_hand(account_id=account_id)
    for case in in_hand:
        policies.check_may_hand_over(actor, account_id, case)
    if not in_hand:
        raise NothingToHandOver(_("此人手中没有在办案件"))
    lines = []
    for case in sorted(in_hand, key=lambda case: case.pk):
        fact = CaseHandedOver(case.pk, account_id, to_account_id, reason)
        try:
            case_actions.change_handler(actor=actor, case_id=case.pk, from_id=account_id, to=other, fact=fact, now=now)
        except Refusal as refusal:
            lines.append(Line(case.pk, case.number, refusal.message))
        else:
            lines.append(Line(case.pk, case.number))
    done = sum(line.is_done for line in lines)
    history.record(actor=actor, fact=DeskHandedOver(account_id, to_account_id, done, len(lines) - done, reason), at=now)
    return lines
