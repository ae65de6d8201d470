"""What a check is, and what comes of one."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from haitang.runtime.open311_check.peer import Failed, Peer, Skipped
from haitang.runtime.open311_check.reading import Unreadable

PASSED, FAILED, SKIPPED = "ok", "FAILED", "n/a"


@dataclass(frozen=True)
class Check:
    """One thing that a server must do. title: what, in a few words; look: raises Failed or Skipped, or returns."""

    id: str
    title: str
    look: Callable[[Peer], None]


@dataclass(frozen=True)
class Outcome:
    """What came of a check: ok, FAILED or n/a (it does not apply), and why."""

    check: Check
    verdict: str
    why: str = ""


class Register:
    """Collects checks in the order in which they are written."""

    def __init__(self, first: int) -> None:
        self.checks: list[Check] = []
        self._next = first

    def __call__(self, title: str) -> Callable[[Callable[[Peer], None]], Callable[[Peer], None]]:
        """Take the function in as the next check."""

        def take(look: Callable[[Peer], None]) -> Callable[[Peer], None]:
            self.checks.append(Check(f"C{self._next}", title, look))
            self._next += 1
            return look

        return take


def run(peer: Peer, check: Check) -> Outcome:
    """Return what comes of the check; an answer that makes no sense at all is a failure like any other."""
    try:
        check.look(peer)
    except Skipped as reason:
        return Outcome(check, SKIPPED, str(reason))
    except (Failed, Unreadable) as reason:
        return Outcome(check, FAILED, str(reason))
    except httpx.HTTPError as error:
        return Outcome(check, FAILED, f"no answer: {type(error).__name__}: {error}")
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return Outcome(check, FAILED, f"the answer makes no sense: {type(error).__name__}: {error}")
    return Outcome(check, PASSED)
