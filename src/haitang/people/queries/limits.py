"""How often a token, or an address, may ask the API: a count that holds across processes and costs no query.

A process takes requests of the running minute in advance, a twentieth of the limit at a time, in the very statement
that looks the token up (actors.authenticate_token): some twenty small writes a minute for each token and address,
however many requests there are, and none past the limit. What a process has taken and not used goes with the minute,
so a limit is never passed, and with several processes may be reached a little early.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.errors import TooMany

SHARE = 20
_KEYS_MAX = 20_000
Key = bytes | str


@dataclass(slots=True)
class _Taken:
    minute: int
    left: int
    is_over: bool = False


class Allowance:
    """What this process may still let through in the running minute, by token (its digest) and by address."""

    def __init__(self) -> None:
        self._held: dict[Key, _Taken] = {}
        self._lock = Lock()
        self._limits: tuple[int, int] = (1, 1)
        """Of a token and of an address, as last read: the first request of a process takes one, and learns them."""

    def learn(self, rules: Mapping[str, Any]) -> None:
        """Take over the limits in force."""
        self._limits = (rules["token_requests_per_minute"], rules["address_requests_per_minute"])

    def spend(self, digest: bytes, address: str, now: datetime) -> tuple[int, int]:
        """Count a request, and return how many to take from the database for the token and for the address.

        0 and 0 as a rule. Raises TooMany where the minute's number is used up, without asking the database.
        """
        minute = minute_of(now)
        with self._lock:
            if len(self._held) > _KEYS_MAX:
                self._held.clear()
            return self._spend(digest, minute, self._limits[0], now), self._spend(address, minute, self._limits[1], now)

    def spend_address(self, address: str, now: datetime) -> int:
        """Count a request that bears no token, and return how many to take for its address. Raises TooMany."""
        with self._lock:
            if len(self._held) > _KEYS_MAX:
                self._held.clear()
            return self._spend(address, minute_of(now), self._limits[1], now)

    def take_in(self, key: Key, taken: int, total: int, limit: int, now: datetime) -> None:
        """Note what the database has given: of `total` requests promised so far, the last `taken` to this process.

        One of them is the request that is under way. Raises TooMany if it is past the limit.
        """
        left = min(taken, limit - (total - taken))
        with self._lock:
            held = self._held.setdefault(key, _Taken(minute_of(now), 0))
            held.minute, held.left, held.is_over = minute_of(now), held.left + max(left, 0) - 1, left <= 0
        if left <= 0:
            raise refusal(now)

    def _spend(self, key: Key, minute: int, limit: int, now: datetime) -> int:
        held = self._held.get(key)
        if held is None or held.minute != minute:
            held = self._held[key] = _Taken(minute, 0)
        if held.is_over:
            raise refusal(now)
        if held.left > 0:
            held.left -= 1
            return 0
        return max(limit // SHARE, 1)


ALLOWANCE = Allowance()


def minute_of(now: datetime) -> int:
    """Return the number of the minute since 1970."""
    return int(now.timestamp()) // 60


def refusal(now: datetime) -> TooMany:
    """Return the refusal that holds for the rest of the minute."""
    left = 60 - int(now.timestamp()) % 60
    return TooMany(_("请求过于频繁，请在 %(n)d 秒后再试") % {"n": left}, retry_after_s=left)
