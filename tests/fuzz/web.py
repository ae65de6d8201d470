"""The site in a process of its own, asked through WSGI: what it holds in memory is its own, and it can be ended.

Whatever a request did is undone again, or what a sequence of them did.
"""

import gc
import io
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, connection, connections, transaction
from django.db.utils import Error as DatabaseError

HANG_SECONDS = 30
Application = Callable[..., Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    """What came back. failed: what the site raised, in few words, and the end of its trace; "" where it did not."""

    status: int
    headers: dict[str, str]
    body: bytes
    took_s: float
    failed: tuple[str, str] = ("", "")


class Hung(BaseException):
    """A request did not come to an end; not an Exception, so that nothing in between takes it for one."""


class Web:
    """The other process, seen from here."""

    def __init__(self, application: Application) -> None:
        connections.close_all()
        self._pipe, theirs = Pipe()
        self._process = os.fork()
        if not self._process:
            self._pipe.close()
            status = 1
            try:
                _Child(application, theirs).serve()
                status = 0
            finally:
                os._exit(status)
        theirs.close()

    def ask(self, environ: dict[str, Any]) -> Answer:
        """Return the answer to a request."""
        return self._call(
            "ask", ({key: text for key, text in environ.items() if isinstance(text, str)}, body_of(environ))
        )

    def begin(self) -> None:
        """Begin a sequence: from now on requests build on one another."""
        self._call("begin")

    def end(self) -> None:
        """End the sequence; all of it is undone."""
        self._call("end")

    def memory_bytes(self) -> int:
        """Return what the process holds in memory now."""
        return self._call("memory")

    def stop(self) -> None:
        """End the process."""
        self._pipe.send(("stop", None))
        os.waitpid(self._process, 0)
        self._pipe.close()

    def _call(self, what: str, given: Any = None) -> Any:
        self._pipe.send((what, given))
        if not self._pipe.poll(2 * HANG_SECONDS):
            os.kill(self._process, signal.SIGKILL)
            raise AssertionError(f"the site hangs and had to be killed: {given!a:.3000}")
        return self._pipe.recv()


def body_of(environ: dict[str, Any]) -> bytes:
    """Return what is sent with a request, which stays unread."""
    stream = environ.get("wsgi.input")
    return stream.getvalue() if isinstance(stream, io.BytesIO) else b""


class _Back(Exception):
    """Ends a transaction without keeping it."""


class _Child:
    """The site's process from within."""

    def __init__(self, application: Application, pipe: Connection) -> None:
        self._application, self._pipe = application, pipe
        self._failed = ("", "")
        # Between requests a connection that stands in a transaction would be closed: here they stand inside of ours.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        got_request_exception.connect(self._note, weak=False)

    def serve(self) -> None:
        """Answer until told to stop."""
        while (call := self._pipe.recv())[0] != "stop":
            if call[0] == "begin":
                with _undone():
                    self._pipe.send(None)
                    while (call := self._pipe.recv())[0] != "end":
                        self._pipe.send(self._ask(*call[1], within=True))
                self._pipe.send(None)
            else:
                self._pipe.send(_memory() if call[0] == "memory" else self._ask(*call[1], within=False))

    def _ask(self, environ: dict[str, Any], body: bytes, *, within: bool) -> Answer:
        self._failed = ("", "")
        given = environ | {
            "wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        began = time.perf_counter()
        try:
            with _alarm(), transaction.atomic() if within else _undone():
                answer = self._answer(given, began)
                connection.check_constraints()
                return answer
        except DatabaseError as error:
            self._failed = (f"{type(error).__name__} at the end of the transaction", str(error))
        except Exception as error:
            self._failed = (f"{type(error).__name__} leaves the site", traceback.format_exc())
        except Hung:
            self._failed = ("hangs", traceback.format_exc())
        return Answer(500, {}, b"", time.perf_counter() - began, self._failed)

    def _answer(self, environ: dict[str, Any], began: float) -> Answer:
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], None]:
            told.update(status=int(status.split()[0]), headers={name.lower(): value for name, value in headers})
            return lambda _piece: None

        pieces = self._application(environ, start)
        try:
            body = b"".join(pieces)
        finally:
            if hasattr(pieces, "close"):
                pieces.close()
        return Answer(told["status"], told["headers"], body, time.perf_counter() - began, self._failed)

    def _note(self, **_given: Any) -> None:
        """Remember what the site raised: the kind, and the innermost of our own lines."""
        kind, error, trace = sys.exc_info()
        frames = [frame for frame in traceback.extract_tb(trace) if "/haitang/" in frame.filename]
        where = "/".join(Path(frames[-1].filename).parts[-3:]) + f":{frames[-1].lineno}" if frames else "?"
        said = traceback.format_exception(kind, error, trace)
        self._failed = (f"{kind.__name__ if kind else '?'} in {where}", "".join(said[-8:]))


def _memory() -> int:
    gc.collect()
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


@contextmanager
def _undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise _Back
    except _Back:
        pass


@contextmanager
def _alarm() -> Iterator[None]:
    def ring(_number: int, _frame: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(HANG_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
