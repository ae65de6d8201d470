"""Whether it serves: asked twenty times a second while everything is killed."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

import psycopg

from haitang.chaos.instance import Instance
from haitang.chaos.killing import Blow

SERVICES = {"site": "网站", "live": "实时消息", "worker": "后台任务"}
_EVERY_S = 0.05
_HEARD_S = 0.5
"""So long after a blow an answer may still be one of before: it takes a moment until all feel it."""
_WORKERS = "SELECT coalesce(max(id), 0) FROM procrastinate_workers"


@dataclass
class Watch:
    """Asks each service all the time. answers: for each, when (monotonic seconds) and whether it served."""

    instance: Instance
    conninfo: str
    answers: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: {name: [] for name in SERVICES})
    _gone: int = -1
    """The worker that was killed last, by its number in the database."""
    _seen: int = 0
    _blow_at: float = 0.0
    _over: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin to ask."""
        asked = {
            "site": self.instance.answers,
            "live": lambda: self.instance.answers(live=True),
            "worker": self._works(),
        }
        self._threads = [Thread(target=self._watch, args=each, daemon=True) for each in asked.items()]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask no more."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def note(self, blow: Blow) -> None:
        """Take note of a blow: what was answered before says nothing any more; for a worker, another must sign on."""
        self._blow_at = blow.at
        if blow.kill.victim == "worker":
            self._gone = self._seen

    def is_back(self) -> bool:
        """Tell whether every service served when it was asked last."""
        heard = self._blow_at + _HEARD_S
        return all(given and given[-1][0] > heard and given[-1][1] for given in self.answers.values())

    def reckon(self, blows: list[Blow]) -> None:
        """Write into each blow for how long each service was not there in its wake, until the next blow or beyond."""
        for number, blow in enumerate(blows):
            until = blows[number + 1].at if number + 1 < len(blows) else float("inf")
            for name, given in self.answers.items():
                blow.without_s[name] = sum(
                    end - begin for begin, end in _gaps(given) if blow.at - _EVERY_S <= begin < until - _EVERY_S
                )

    def _watch(self, name: str, serves: Callable[[], bool]) -> None:
        while not self._over.is_set():
            at = time.monotonic()
            self.answers[name].append((at, serves()))
            self._over.wait(_EVERY_S)

    def _works(self) -> Callable[[], bool]:
        """Return what tells whether a worker has signed on since the last was killed."""
        held: list[psycopg.Connection] = []

        def works() -> bool:
            try:
                if not held:
                    held.append(psycopg.connect(self.conninfo, autocommit=True, connect_timeout=2))
                row = held[0].execute(_WORKERS).fetchone()
            except psycopg.Error:
                with suppress(psycopg.Error):
                    for each in held:
                        each.close()
                held.clear()
                return False
            self._seen = row[0] if row else 0
            return self._seen > self._gone

        return works


def _gaps(given: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Return from when to when it did not serve: from the first question in vain to the next that was answered."""
    gaps, since = [], None
    for at, served in given:
        if not served and since is None:
            since = at
        elif served and since is not None:
            gaps.append((since, at))
            since = None
    return gaps
