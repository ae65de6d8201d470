"""Every answer is judged: what was found stands with the request that showed it.

Because all is undone, a thousand hostile requests leave the city as it was: no limit fills up, no account is locked,
and what was found happens again with the same seed.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.fuzz.values import MARKER
from tests.fuzz.web import Answer, Web, body_of

SECONDS_MAX = 5.0
GROWTH_MAX_BYTES = 100 * 2**20
WARM = 0.2
"""Of the requests so many come before memory is looked at: templates, statements and policies are kept once made."""
UNSAFE = ("unsafe-inline", "unsafe-eval")
_SHOWN = 600


@dataclass
class Finding:
    """Something that must not be, with the first request that showed it and how many did."""

    what: str
    request: str
    trace: str = ""
    times: int = 0


@dataclass
class Door:
    """web: the site. budget: how many requests are meant to be sent."""

    web: Web
    budget: int
    asked: int = 0
    findings: dict[str, Finding] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    warm_bytes: int = 0
    _within: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is still something to be sent."""
        return self.asked < self.budget

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Answer as a WSGI application, for whoever brings a client of its own."""
        environ.setdefault("REMOTE_ADDR", "127.0.0.1")
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read())
        answer = self.ask(environ)
        start_response(f"{answer.status} .", list(answer.headers.items()))
        return [answer.body]

    @contextmanager
    def sequence(self) -> Iterator[None]:
        """Let requests build on one another; all of them are undone at the end."""
        self.web.begin()
        self._within = True
        try:
            yield
        finally:
            self._within = False
            self.web.end()

    def ask(self, environ: dict[str, Any]) -> Answer:
        """Return the answer, judged. One that took long is asked for again: the machine may have been busy."""
        self.asked += 1
        line = _line(environ)
        answer = self.web.ask(environ)
        if answer.took_s > SECONDS_MAX and not self._within and answer.failed[0] != "hangs":
            again = self.web.ask(environ)
            answer = again if again.took_s < answer.took_s else answer
        self._judge(str(environ["PATH_INFO"]), line, answer)
        if not self.warm_bytes and self.asked >= self.budget * WARM and not self._within:
            self.warm_bytes = self.web.memory_bytes()
        return answer

    def grown_bytes(self) -> int:
        """Return how much the process has grown since it was warm."""
        return self.web.memory_bytes() - self.warm_bytes if self.warm_bytes else 0

    def find(self, what: str, line: str, trace: str = "") -> None:
        """Note something that must not be."""
        self.findings.setdefault(what, Finding(what, line, trace)).times += 1

    def _judge(self, path: str, line: str, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        self.slowest = max(self.slowest, (answer.took_s, line))
        if answer.status >= 500:
            self.find(answer.failed[0] or f"{answer.status}: {path}", line, answer.failed[1])
        if answer.took_s > SECONDS_MAX:
            self.find(f"takes {answer.took_s:.1f} s: {path}", line)
        if any("\n" in value or "\r" in value for value in answer.headers.values()):
            self.find(f"line break in a header: {path}", line)
        if answer.headers.get("content-type", "").startswith("text/html"):
            policy = answer.headers.get("content-security-policy", "")
            if not policy or any(word in policy for word in UNSAFE):
                self.find(f"page without a strict content policy: {path} {answer.status}", line)
            if MARKER.encode() in answer.body:
                self.find(f"markup comes back as it stands: {path}", line)

    def report(self) -> str:
        """Return all that was found, in words."""
        parts = [f"{each.times} × {each.what}\n    {each.request}\n{each.trace}" for each in self.findings.values()]
        return "\n".join(parts)

    def told(self) -> str:
        """Return in one line what was asked and answered."""
        counts = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        grown = f"{self.grown_bytes() / 2**20:+.0f} MB"
        return f"{self.asked} requests ({counts}); {grown}; slowest {self.slowest[0]:.2f} s: {self.slowest[1][:120]}"


def _line(environ: dict[str, Any]) -> str:
    body, query = body_of(environ), environ.get("QUERY_STRING", "")
    address = ascii(environ["PATH_INFO"] + (f"?{query}" if query else ""))
    return (
        f"{environ['REQUEST_METHOD']} {address} as {environ.get('fuzz.as', '?')} "
        f"{environ.get('CONTENT_TYPE', '')!a} {body[:_SHOWN]!r}{f'… {len(body)} bytes' if len(body) > _SHOWN else ''}"
    )[: 3 * _SHOWN]
