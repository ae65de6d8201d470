"""What tests of webhooks do again and again: subscribe, let the worker have its turn, move a case on."""

from datetime import timedelta
from typing import Any

from haitang.cases import actions as cases
from haitang.cases.facts import CaseAnswered
from haitang.cases.models import Case
from haitang.core.access import Actor, system
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.webhooks import actions
from haitang.webhooks.models import Subscription
from haitang.webhooks.values import kinds

WORKER = system("事件推送")


def subscribe(owner: Any, url: str, **changes: Any) -> tuple[Subscription, str]:
    """Make a subscription to everything there is to tell; return its row and its secret."""
    given = {"name": "数据平台", "area_code": "", "level": "internal", "chosen": list(kinds()), **changes}
    return actions.make_subscription(actor=get_actor(owner.pk), url=url, now=NOW, **given)


def work(after: timedelta = timedelta(), for_s: float = 20.0) -> int:
    """Give the worker a turn so long after NOW; return how much got through."""
    now = NOW + after
    actions.read_events(actor=WORKER, now=now)
    return actions.deliver_events(actor=WORKER, now=now, for_s=for_s)


def note(case: Case, actor: Actor, words: str = "已安排") -> None:
    """Have something happen to a case that moves no state."""
    cases.note_on_case(actor=actor, fact=CaseAnswered(case.pk, words), now=NOW)


__all__ = ["NOW", "WORKER", "note", "report", "subscribe", "work"]
