"""The states of a whistle and of each department's answer, and the deeds that lead from one to the next.

docs/reference/whistle-states.md is drawn from here. Source: 吹哨报到 in Nanjing Gulou and Beijing Pinggu.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from haitang.whistles.values import Permission, Stage, WrongStep


class Status(TextChoices):
    """Where a whistle stands."""

    PENDING = "pending", _("待审批")
    DECLINED = "declined", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    BLOWN = "blown", pgettext_lazy("whistle", "办理中")
    ANSWERED = "answered", _("待评价")
    DONE = "done", pgettext_lazy("whistle", "已办结")


class Standing(TextChoices):
    """Where one department's answer stands: each open state is named by what it waits for."""

    CALLED = "called", pgettext_lazy("whistle", "待签收")
    SIGNED = "signed", _("待联系")
    CONTACTED = "contacted", _("待报到")
    ARRIVED = "arrived", pgettext_lazy("whistle", "处置中")
    HANDLED = "handled", _("待销哨")
    REFUSING = "refusing", _("拒哨待裁定")
    SIGNED_OFF = "signed_off", _("已销哨")
    EVALUATED = "evaluated", pgettext_lazy("whistle", "已评价")
    RELEASED = "released", _("已免除")
    WAIVED = "waived", _("已豁免")


class Deed(TextChoices):
    """What can be done in answer to a whistle, by a department or about it."""

    SIGN = "sign", pgettext_lazy("whistle", "签收")
    CONTACT = "contact", pgettext_lazy("whistle", "联系")
    ARRIVE = "arrive", _("报到")
    HANDLE = "handle", pgettext_lazy("whistle", "处置")
    SIGN_OFF = "sign_off", _("销哨")
    REFUSE = "refuse", _("拒哨")
    RELEASE = "release", _("同意拒哨")
    INSIST = "insist", _("不同意拒哨")
    WAIVE = "waive", _("豁免")
    EVALUATE = "evaluate", pgettext_lazy("whistle", "评价")
    REWORK = "rework", _("否决返工")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where, and the permission it takes."""

    sources: frozenset[Standing]
    target: Standing
    permission: Permission


S = Standing
COMING = frozenset({S.CALLED, S.SIGNED, S.CONTACTED})
OPEN = COMING | {S.ARRIVED, S.HANDLED, S.REFUSING}
"""While a department stands here, the case cannot end."""

MOVES: dict[Deed, Move] = {
    Deed.SIGN: Move(frozenset({S.CALLED}), S.SIGNED, Permission.RESPOND),
    Deed.CONTACT: Move(frozenset({S.CALLED, S.SIGNED}), S.CONTACTED, Permission.RESPOND),
    Deed.ARRIVE: Move(COMING, S.ARRIVED, Permission.RESPOND),
    Deed.HANDLE: Move(frozenset({S.ARRIVED}), S.HANDLED, Permission.RESPOND),
    Deed.SIGN_OFF: Move(frozenset({S.HANDLED}), S.SIGNED_OFF, Permission.RESPOND),
    Deed.REFUSE: Move(COMING, S.REFUSING, Permission.RESPOND),
    Deed.RELEASE: Move(frozenset({S.REFUSING}), S.RELEASED, Permission.EVALUATE),
    Deed.INSIST: Move(frozenset({S.REFUSING}), S.SIGNED, Permission.EVALUATE),
    Deed.WAIVE: Move(OPEN, S.WAIVED, Permission.WAIVE),
    Deed.EVALUATE: Move(frozenset({S.SIGNED_OFF}), S.EVALUATED, Permission.EVALUATE),
    Deed.REWORK: Move(frozenset({S.SIGNED_OFF}), S.ARRIVED, Permission.EVALUATE),
}
"""Who arrives has signed and made contact, who makes contact has signed: nobody files three forms in an emergency."""

STAGE_OF: dict[Standing, Stage] = {
    S.CALLED: Stage.SIGN,
    S.SIGNED: Stage.CONTACT,
    S.CONTACTED: Stage.ARRIVE,
    S.ARRIVED: Stage.HANDLE,
    S.HANDLED: Stage.HANDLE,
    S.REFUSING: Stage.RULE,
}
"""The clock that runs in a state; while the street decides on a refusal it is the street's."""

NEXT_DEED: dict[Standing, Deed] = {
    S.CALLED: Deed.SIGN,
    S.SIGNED: Deed.CONTACT,
    S.CONTACTED: Deed.ARRIVE,
    S.ARRIVED: Deed.HANDLE,
    S.HANDLED: Deed.SIGN_OFF,
    S.REFUSING: Deed.INSIST,
    S.SIGNED_OFF: Deed.EVALUATE,
}
"""What each state waits for."""

DUE_BY: dict[Deed, Stage] = {
    Deed.SIGN: Stage.SIGN,
    Deed.CONTACT: Stage.CONTACT,
    Deed.ARRIVE: Stage.ARRIVE,
    Deed.SIGN_OFF: Stage.HANDLE,
    Deed.RELEASE: Stage.RULE,
    Deed.INSIST: Stage.RULE,
}
"""The deadline that a deed is held to, whichever state it was done from."""


def check_move(current: str, deed: Deed) -> Standing:
    """Return the state that the deed leads to; raise WrongStep where it leads nowhere from the current one."""
    move = MOVES[deed]
    if Standing(current) not in move.sources:
        raise WrongStep(
            gettext("该单位当前为“%(status)s”，不能%(deed)s") % {"status": Standing(current).label, "deed": deed.label}
        )
    return move.target


def deeds_from(current: str) -> list[Deed]:
    """Return the deeds that lead somewhere from the current state, the expected one first."""
    expected = NEXT_DEED.get(Standing(current))
    possible = [deed for deed, move in MOVES.items() if Standing(current) in move.sources]
    return sorted(possible, key=lambda deed: deed is not expected)


def status_of(standings: list[str]) -> Status:
    """Return where a blown whistle stands, by where its departments do."""
    if any(Standing(each) in OPEN for each in standings):
        return Status.BLOWN
    return Status.ANSWERED if Standing.SIGNED_OFF in standings else Status.DONE
