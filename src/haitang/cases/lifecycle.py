"""The states of a case, the deeds that lead from one to the next, and the stage each state waits in.

docs/reference/case-states.md is drawn from here. Source of the chain: GB/T 30428.8 (信息采集、案卷建立、任务派遣、
任务处理、处理反馈、核实结案、综合评价); the side moves are those of running systems.
"""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.cases.values import Permission, Stage, WrongStage


class Status(TextChoices):
    """Where a case stands: each open state is named by what it waits for."""

    VERIFYING = "verifying", _("待核实")
    REPORTED = "reported", _("待受理")
    ACCEPTED = "accepted", _("待立案")
    REGISTERED = "registered", _("待派遣")
    DISPATCHED = "dispatched", _("待签收")
    HANDLING = "handling", _("处置中")
    HANDLED = "handled", _("待反馈")
    CHECKING = "checking", _("待核查")
    CHECKED = "checked", _("待结案")
    CLOSED = "closed", _("已结案")
    RATED = "rated", _("已评价")
    REFUSED = "refused", _("不予受理")
    VOIDED = "voided", _("已作废")


class Deed(TextChoices):
    """What can be done to a case."""

    VERIFY = "verify", _("核实")
    ACCEPT = "accept", _("受理")
    REFUSE = "refuse", _("不予受理")
    REGISTER = "register", _("立案")
    DISPATCH = "dispatch", _("派遣")
    SIGN = "sign", _("签收")
    RETURN = "return", _("退回")
    HANDLE = "handle", _("处置")
    FEEDBACK = "feedback", _("反馈")
    CHECK = "check", _("核查")
    REWORK = "rework", _("返工")
    CLOSE = "close", _("结案")
    FORCE_CLOSE = "force_close", _("强制结案")
    VOID = "void", _("作废")
    REOPEN = "reopen", _("重办")
    SETTLE = "settle", _("即采即办")
    RATE = "rate", _("评价")


@dataclass(frozen=True)
class Move:
    """From which states a deed leads where, and the permission it takes."""

    sources: frozenset[Status]
    target: Status
    permission: Permission


S = Status
OPEN = (
    S.VERIFYING, S.REPORTED, S.ACCEPTED, S.REGISTERED, S.DISPATCHED, S.HANDLING, S.HANDLED, S.CHECKING, S.CHECKED,
)  # fmt: skip

MOVES: dict[Deed, Move] = {
    Deed.VERIFY: Move(frozenset({S.VERIFYING}), S.REPORTED, Permission.VERIFY),
    Deed.ACCEPT: Move(frozenset({S.VERIFYING, S.REPORTED}), S.ACCEPTED, Permission.ACCEPT),
    Deed.REFUSE: Move(frozenset({S.VERIFYING, S.REPORTED, S.ACCEPTED}), S.REFUSED, Permission.ACCEPT),
    Deed.REGISTER: Move(frozenset({S.ACCEPTED}), S.REGISTERED, Permission.ACCEPT),
    Deed.DISPATCH: Move(frozenset({S.REGISTERED, S.DISPATCHED}), S.DISPATCHED, Permission.DISPATCH),
    Deed.SIGN: Move(frozenset({S.DISPATCHED}), S.HANDLING, Permission.HANDLE),
    Deed.RETURN: Move(frozenset({S.DISPATCHED, S.HANDLING}), S.REGISTERED, Permission.HANDLE),
    Deed.HANDLE: Move(frozenset({S.HANDLING}), S.HANDLED, Permission.HANDLE),
    Deed.FEEDBACK: Move(frozenset({S.HANDLED}), S.CHECKING, Permission.HANDLE),
    Deed.CHECK: Move(frozenset({S.CHECKING}), S.CHECKED, Permission.CHECK),
    Deed.REWORK: Move(frozenset({S.CHECKING, S.CHECKED}), S.HANDLING, Permission.CHECK),
    Deed.CLOSE: Move(frozenset({S.CHECKED}), S.CLOSED, Permission.CLOSE),
    Deed.FORCE_CLOSE: Move(
        frozenset({S.REGISTERED, S.DISPATCHED, S.HANDLING, S.HANDLED, S.CHECKING, S.CHECKED}),
        S.CLOSED,
        Permission.FORCE,
    ),
    Deed.VOID: Move(frozenset(OPEN), S.VOIDED, Permission.ACCEPT),
    Deed.REOPEN: Move(frozenset({S.CLOSED, S.RATED}), S.HANDLING, Permission.REOPEN),
    Deed.RATE: Move(frozenset({S.CLOSED}), S.RATED, Permission.VIEW),
    Deed.SETTLE: Move(frozenset({S.REPORTED}), S.CLOSED, Permission.HANDLE),
}

STAGE_OF: dict[Status, Stage] = {
    S.VERIFYING: Stage.VERIFY,
    S.REPORTED: Stage.ACCEPT,
    S.ACCEPTED: Stage.ACCEPT,
    S.REGISTERED: Stage.DISPATCH,
    S.DISPATCHED: Stage.SIGN,
    S.HANDLING: Stage.HANDLE,
    S.HANDLED: Stage.HANDLE,
    S.CHECKING: Stage.CHECK,
    S.CHECKED: Stage.CHECK,
}

WITH_THE_REPORT = frozenset({Deed.SETTLE})
"""What is done in one step with the report alone (actions.report_handled_case), and is never offered later."""

DESK_DEEDS = frozenset({Deed.SIGN, Deed.RETURN, Deed.HANDLE, Deed.FEEDBACK})
"""What only the organization that has the case on its desk may do."""

ENDING = frozenset({deed for deed, move in MOVES.items() if move.target not in OPEN and deed is not Deed.RATE})
"""What ends the work on a case, one way or another: a guard that keeps a case open asks for these."""

NEXT_DEED: dict[Status, Deed] = {
    S.VERIFYING: Deed.VERIFY,
    S.REPORTED: Deed.ACCEPT,
    S.ACCEPTED: Deed.REGISTER,
    S.REGISTERED: Deed.DISPATCH,
    S.DISPATCHED: Deed.SIGN,
    S.HANDLING: Deed.HANDLE,
    S.HANDLED: Deed.FEEDBACK,
    S.CHECKING: Deed.CHECK,
    S.CHECKED: Deed.CLOSE,
}
"""What each open state waits for: it decides in whose 待办 the case lies."""


def check_move(current: str, deed: Deed) -> Status:
    """Return the state that the deed leads to; raise WrongStage where it leads nowhere from the current one."""
    move = MOVES[deed]
    if Status(current) not in move.sources:
        raise WrongStage(
            gettext("案件当前为“%(status)s”，不能%(deed)s") % {"status": Status(current).label, "deed": deed.label}
        )
    return move.target


def deeds_from(current: str) -> list[Deed]:
    """Return the deeds that lead somewhere from the current state, the expected one first."""
    expected = NEXT_DEED.get(Status(current))
    possible = [deed for deed, move in MOVES.items() if Status(current) in move.sources and deed not in WITH_THE_REPORT]
    return sorted(possible, key=lambda deed: deed is not expected)
