"""A real receiver on loopback, which checks signatures as the guide tells receivers to, and fails as it is told."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any


@dataclass
class Taken:
    """One request as it came in. status: what it was answered."""

    id: str
    at: int
    signatures: list[str]
    body: bytes
    status: int

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def case(self) -> str:
        return self.event["data"]["case_number"]

    @property
    def kind(self) -> str:
        return self.event["type"]

    def is_signed(self, secret: str) -> bool:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = hmac.new(key, f"{self.id}.{self.at}.".encode() + self.body, hashlib.sha256).digest()
        return any(
            hmac.compare_digest(each, "v1," + base64.b64encode(signed).decode()) for each in self.signatures
        )  # fmt: skip


@dataclass
class Receiver:
    """answer: given the number of the request and its event, returns the status; slow_s: how long that takes."""

    answer: Callable[[int, dict[str, Any]], int] = lambda _number, _event: 204
    slow_s: float = 0.0
    taken: list[Taken] = field(default_factory=list)
    url: str = ""
    lock: Any = field(default_factory=Lock)

    @property
    def through(self) -> list[Taken]:
        """What it has answered well, in the order in which it came."""
        return [each for each in self.taken if 200 <= each.status < 300]

    def kinds_of(self, number: str) -> list[str]:
        """What got through of one case, in the order in which it came."""
        return [each.kind for each in self.through if each.case == number]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver; subscriptions may send to it where the settings let loopback through."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with receiver.lock:
                number, event = len(receiver.taken), json.loads(body)
                status = receiver.answer(number, event)
                receiver.taken.append(Taken(
                    self.headers["webhook-id"], int(self.headers["webhook-timestamp"]),
                    self.headers["webhook-signature"].split(" "), body, status,
                ))  # fmt: skip
            if receiver.slow_s:
                time.sleep(receiver.slow_s)
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "1000")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
