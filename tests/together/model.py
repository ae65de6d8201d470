"""A second opinion: what a case, its whistle, its parts, its standing clock and its call-back allow, in plain words.

Written from the rules of the office and not from the product's tables, so that a slip in either shows. It knows no
database, no deadlines by the minute and no permissions: whoever acts in the test is the one whose deed it is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

DONE = {"closed", "rated", "refused", "voided"}
CHAIN = {
    "accept": ({"verifying", "reported"}, "accepted"),
    "refuse": ({"verifying", "reported", "accepted"}, "refused"),
    "register": ({"accepted"}, "registered"),
    "dispatch": ({"registered", "dispatched"}, "dispatched"),
    "sign": ({"dispatched"}, "handling"),
    "return": ({"dispatched", "handling"}, "registered"),
    "handle": ({"handling"}, "handled"),
    "feedback": ({"handled"}, "checking"),
    "check": ({"checking"}, "checked"),
    "rework": ({"checking", "checked"}, "handling"),
    "close": ({"checked"}, "closed"),
    "force_close": ({"registered", "dispatched", "handling", "handled", "checking", "checked"}, "closed"),
    "reopen": ({"closed", "rated"}, "handling"),
}
ENDS = {"refuse", "close", "force_close", "void"}
CALL = {
    "sign_call": ({"called"}, "signed"),
    "contact_street": ({"called", "signed"}, "contacted"),
    "report_arrival": ({"called", "signed", "contacted"}, "arrived"),
    "handle_call": ({"arrived"}, "handled"),
    "sign_off_call": ({"handled"}, "signed_off"),
    "refuse_call": ({"called", "signed", "contacted"}, "refusing"),
    "release_call": ({"refusing"}, "released"),
    "insist_on_call": ({"refusing"}, "signed"),
    "waive_call": ({"called", "signed", "contacted", "arrived", "handled", "refusing"}, "waived"),
    "evaluate_call": ({"signed_off"}, "evaluated"),
    "rework_call": ({"signed_off"}, "arrived"),
}
CALL_IS_OUT = {"called", "signed", "contacted", "arrived", "handled", "refusing"}
RETURNS_MAX, RETURN_HOURS, REOPENINGS_MAX, EXTENSIONS_MAX = 1, 24, 1, 1


@dataclass
class Matter:
    """One case as the model knows it. calls: of its blown whistle, by desk. drafted: a whistle waits for approval.

    main: what it goes along with, or went along with until both ended.
    """

    pk: int
    status: str = "reported"
    parent: "Matter | None" = None
    calls: dict[str, str] = field(default_factory=dict)
    drafted: bool = False
    paused_until: datetime | None = None
    dispatched_at: datetime | None = None
    returns: int = 0
    reopenings: int = 0
    main: "Matter | None" = None

    @property
    def is_open(self) -> bool:
        """Whether anything is still waited for."""
        return self.status not in DONE

    @property
    def is_whistled(self) -> bool:
        """Whether a department is still out, or about to be called."""
        return self.drafted or any(standing in CALL_IS_OUT for standing in self.calls.values())


def joined_to(matter: Matter, everything: list[Matter]) -> list[Matter]:
    """Return what goes along with the case, or has ended along with it."""
    return [each for each in everything if each.main is matter]


def may_join(main: Matter, other: Matter, everything: list[Matter]) -> bool:
    """Tell whether the other case may go along with this one from now on, or does already."""
    if main is other or main.main is not None or not (main.is_open and other.is_open):
        return False
    if main.paused_until is not None or other.paused_until is not None:
        return False
    if other.main is main:
        return True
    free = other.main is None and not joined_to(other, everything)
    return free and not other.is_whistled and not has_open_part(other, everything)


def has_open_part(matter: Matter, everything: list[Matter]) -> bool:
    """Tell whether the case has a part that is open, or a part of a part, at any depth."""
    parts = [each for each in everything if each.parent is matter]
    return any(each.is_open or has_open_part(each, everything) for each in parts)


def allows(matter: Matter, deed: str, now: datetime, everything: list[Matter]) -> bool:
    """Tell whether the deed may be done to the case now."""
    fits = matter.is_open if deed == "void" else matter.status in CHAIN[deed][0]
    if not fits or matter.paused_until is not None:
        return False
    if matter.is_open and matter.main is not None:
        return False
    if deed == "void" and any(each.is_open for each in joined_to(matter, everything)):
        return False
    if deed in ENDS and (matter.is_whistled or has_open_part(matter, everything)):
        return False
    if deed == "return":
        soon = matter.dispatched_at is not None and now <= matter.dispatched_at + timedelta(hours=RETURN_HOURS)
        return matter.returns < RETURNS_MAX and soon
    if deed == "reopen":
        return matter.reopenings < REOPENINGS_MAX and matter.dispatched_at is not None
    return True


def do(matter: Matter, deed: str, now: datetime, everything: list[Matter]) -> None:
    """Do it, and what follows from it: those that go along end along, and whoever is done over goes alone."""
    matter.status = "voided" if deed == "void" else CHAIN[deed][1]
    if deed == "dispatch":
        matter.dispatched_at = now
    elif deed == "return":
        matter.returns += 1
        matter.dispatched_at = None
    elif deed == "reopen":
        matter.reopenings += 1
        matter.main = None
    if matter.status in ("closed", "refused"):
        for each in joined_to(matter, everything):
            if each.is_open:
                each.status, each.dispatched_at = matter.status, matter.dispatched_at
