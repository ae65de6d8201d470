"""Clients that work as programs of other offices do: each deed under a key, asked again until it is answered."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random
from threading import Event, Thread
from typing import Any

ANSWER_S_MAX = 180
"""After so long a client gives a deed up; a deed that was never answered is a fault."""
_THINK_S = 0.1
_AGAIN_S = 0.2
_TIMEOUT_S = 20
_REPEATED = 0.05
"""Of what was answered, so many are sent once more under their key: the answer must be the same."""
_DONE = (200, 201)
_UNAVAILABLE = (429, 503)


@dataclass
class Deed:
    """One deed of a client, and what became of it.

    kind: "create", "accept", "ballot" or "booking". about: what it was done to, or its mark in the description.
    answers: of every attempt that was answered. refusal: status and words of an answer that was none.
    """

    kind: str
    key: str
    path: str
    body: dict[str, Any]
    token: str
    about: Any
    answers: list[dict[str, Any]] = field(default_factory=list)
    attempts: int = 0
    refusal: str = ""
    unclear: list[str] = field(default_factory=list)
    """Answers that say neither yes nor no, nor that one should come again: 500 and the like."""
    taken_s: float = 0.0
    answered_at: float = 0.0
    """When it was answered first: monotonic seconds, 0 where it never was."""

    @property
    def is_acknowledged(self) -> bool:
        """Whether the site has said that it is done."""
        return bool(self.answers)

    @property
    def has_key(self) -> bool:
        """Whether it may be repeated and answered alike; a ballot has none, since nothing may tie it to a person."""
        return self.kind != "ballot"


Send = Callable[[Deed], tuple[int, bytes]]
"""Sends a deed once and returns status and body. Raises OSError or HTTPException where no answer came."""


class Line:
    """A connection to the site that is kept, and opened anew once it has broken."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)

    def send(self, deed: Deed) -> tuple[int, bytes]:
        """Send the deed once; see Send."""
        headers = {"Content-Type": "application/json", "Host": "localhost"}
        if deed.token:
            headers["Authorization"] = f"Bearer {deed.token}"
        if deed.has_key:
            headers["Idempotency-Key"] = deed.key
        try:
            self._connection.request("POST", deed.path, json.dumps(deed.body).encode(), headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except BaseException:
            self._connection.close()
            raise


def ask(deed: Deed, send: Send, *, give_up_after_s: float = ANSWER_S_MAX, again_s: float = _AGAIN_S) -> None:
    """Send the deed until it is answered: done, or refused."""
    began = time.monotonic()
    while True:
        deed.attempts += 1
        try:
            status, body = send(deed)
        except (OSError, http.client.HTTPException):
            status, body = 0, b""
        if status in _DONE:
            deed.answers.append(json.loads(body))
            deed.answered_at = deed.answered_at or time.monotonic()
            break
        if status and status not in _UNAVAILABLE:
            said = f"{status} {body[:300].decode(errors='replace')}"
            if status < 500:
                deed.refusal = said
                break
            deed.unclear.append(said)
        if time.monotonic() - began > give_up_after_s:
            break
        time.sleep(again_s)
    deed.taken_s = time.monotonic() - began


def work(
    number: int, seed: int, port: int, deeds: Callable[[int, Random, list[Deed]], Iterator[Deed]], over: Event
) -> list[Deed]:
    """Do deeds one after the other, as one client, until it is over; return them. The last is still answered."""
    rng, line, done = Random(f"client:{seed}:{number}"), Line(port), list[Deed]()
    for deed in deeds(number, rng, done):
        ask(deed, line.send)
        if deed.is_acknowledged and deed.has_key and rng.random() < _REPEATED:
            ask(deed, line.send)
        done.append(deed)
        if over.wait(rng.uniform(0, 2 * _THINK_S)):
            break
    return done


class Crowd:
    """So many clients at once, each in a thread of its own."""

    def __init__(
        self, count: int, seed: int, port: int, deeds: Callable[[int, Random, list[Deed]], Iterator[Deed]]
    ) -> None:
        self.over, self.done = Event(), list[Deed]()
        self.broken: list[BaseException] = []
        clients = [partial(work, number, seed, port, deeds, self.over) for number in range(count)]
        self._threads = [Thread(target=self._work, args=(client,), daemon=True) for client in clients]

    def start(self) -> None:
        """Let them begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> list[Deed]:
        """Let each finish what it is at, and return all that they did. Raises what broke one of them."""
        self.over.set()
        for thread in self._threads:
            thread.join()
        if self.broken:
            raise self.broken[0]
        return self.done

    def _work(self, client: Callable[[], list[Deed]]) -> None:
        try:
            self.done.extend(client())
        except BaseException as error:  # told of in `end`, in the thread of whoever waits
            self.broken.append(error)
