"""When somebody leaves, all that they have in hand goes to somebody else, in one step."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import actions as case_actions
from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Invalid, Refusal
from haitang.office import policies, queries
from haitang.office.facts import CaseHandedOver, DeskHandedOver
from haitang.office.values import InHand, Line, NothingToHandOver
from haitang.patrols.actions import change_mediator
from haitang.people.queries import get_actor, lock_account
from haitang.people.values import clean_text
from haitang.whistles.actions import change_call_handler


@transaction.atomic
def hand_desk_over(*, actor: Actor, account_id: int, to_account_id: int, reason: str, now: datetime) -> Sequence[Line]:
    """
    Give all that the account has in hand to another: open cases, calls of whistles, disputes; tell of each.

    What the other cannot handle stays where it is, with the reason. What waits for a desk as such needs no handing
    over: the desk has it whoever leaves. What the actor may not know of stays, and is not told of.

    Raises AccountUnknown, Invalid (the same account, one switched off, no reason), NotAllowed (neither one's own desk
    nor DELEGATION_MANAGE over what it is), NothingToHandOver.
    """
    if account_id == to_account_id:
        raise Invalid(_("接收人不能是移交人本人"), {"to_account_id": _("接收人不能是移交人本人")})
    for each in sorted({account_id, to_account_id}):
        lock_account(each)
    reason = clean_text(reason, field="reason", label=_("理由"), length_max=200)
    other = get_actor(to_account_id, now=now)
    if not other.is_known:
        raise Invalid(_("接收人的账号已停用"), {"to_account_id": _("接收人的账号已停用")})
    in_hand = queries.list_in_hand(viewer=actor, account_id=account_id)
    for thing in in_hand:
        policies.check_may_hand_over(actor, account_id, thing)
    if not in_hand:
        raise NothingToHandOver(_("此人手中没有要移交的事项"))
    lines = []
    for thing in sorted(in_hand, key=lambda each: (each.case_id, each.kind, each.key)):  # locks in one order
        reasoned = ""
        try:
            with transaction.atomic():
                _hand_over(actor, thing, account_id, other, reason, now)
        except Refusal as refusal:
            reasoned = refusal.message
        lines.append(Line(thing.case_id, thing.number, reasoned, thing.kind, thing.thing_id))
    done = sum(line.is_done for line in lines)
    history.record(actor=actor, fact=DeskHandedOver(account_id, to_account_id, done, len(lines) - done, reason), at=now)
    return lines


def _hand_over(actor: Actor, thing: InHand, from_id: int, to: Actor, reason: str, now: datetime) -> None:
    if thing.kind == queries.CALL:
        change_call_handler(actor=actor, call_id=thing.key, from_id=from_id, to=to, reason=reason, now=now)
    elif thing.kind == queries.DISPUTE:
        change_mediator(actor=actor, dispute_id=thing.key, from_id=from_id, to_id=to.id or 0, now=now)
    else:
        fact = CaseHandedOver(thing.key, from_id, to.id or 0, reason)
        case_actions.change_handler(actor=actor, case_id=thing.key, from_id=from_id, to=to, fact=fact, now=now)
