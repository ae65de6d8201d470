"""What the tests of oversight share: a case brought to a state, and those who watch over it."""

from datetime import datetime
from typing import Any

from haitang.cases import actions
from haitang.oversight.actions import ship_oversight_rules
from haitang.people.values import shipped_roles
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import report
from haitang.testing.people import Town

STEPS = ("accept", "register", "dispatch", "sign", "handle", "feedback", "check", "close")
SIGNED = STEPS[:4]


def supervisor(account_id: int = 31) -> Any:
    """Return somebody with the shipped role of supervisors, everywhere."""
    role = next(role for role in shipped_roles() if role.code == "supervisor")
    return actor_with(*role.permissions, account_id=account_id, name="督查员")


def go(town: Town, *steps: str, at: datetime = NOW, case: Any = None, **more: Any) -> Any:
    """Report a lamp (or take the case) and bring it through the steps, all at that instant."""
    ship_oversight_rules()
    case = case or report(town.dispatcher, channel="phone", **more)
    who = {**dict.fromkeys(("sign", "handle", "feedback"), town.handler), "check": town.checker}
    for step in steps:
        extra = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        actor = who.get(step, town.dispatcher)
        case = getattr(actions, f"{step}_case")(actor=actor, case_id=case.pk, opinion="办", now=at, **extra)
    return case
