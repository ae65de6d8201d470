"""Open pages: a real `haitang live` on a port of its own, many listeners, and the bound, a bare asyncio server."""

import asyncio
import os
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from threading import Thread

from haitang.bench.database import conninfo
from haitang.bench.site import Failed, Site, free_port, wait_until_ready

PAGES = 1000
_GREETING, _NEWS = b"retry: 3000\n\n", b"event: fact"
_PLAIN = _NEWS + b'\ndata: {"type": "case", "id": 1000001, "fact": "CaseReported"}\n\n'
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
_SECONDS_MAX = 60
_QUIET_S = 0.5
_FILES = 2 * PAGES + 500


class Pages:
    """Connections that stay open, read by one thread, light enough not to be what is measured."""

    def __init__(self, port: int, request: bytes) -> None:
        """Open PAGES of them with the same request; ready when each has been greeted."""
        self._selector = selectors.DefaultSelector()
        for _ in range(PAGES):
            connection = socket.create_connection(("127.0.0.1", port), timeout=_SECONDS_MAX)
            connection.sendall(request)
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ)
        self._read_until(_GREETING)

    def hear(self, tell: Callable[[], object]) -> float:
        """Return the seconds from the beginning of `tell` until the last page has the news."""
        telling = Thread(target=tell)
        begun = time.perf_counter()
        telling.start()
        self._read_until(_NEWS)
        seconds = time.perf_counter() - begun
        telling.join()
        for key, _events in iter(lambda: next(iter(self._selector.select(_QUIET_S)), None), None):
            key.fileobj.recv(65536)  # type: ignore[union-attr]  # a socket, as registered
        return seconds

    def close(self) -> None:
        """Close them all."""
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # a socket, as registered
        self._selector.close()

    def _read_until(self, word: bytes) -> None:
        waiting = {key.fd: b"" for key in self._selector.get_map().values()}
        deadline = time.monotonic() + _SECONDS_MAX
        while waiting:
            if time.monotonic() > deadline:
                raise Failed(f"{len(waiting)} of {PAGES} pages did not read {word.decode()} in time")
            for key, _events in self._selector.select(1):
                received = key.fileobj.recv(65536)  # type: ignore[union-attr]  # a socket, as registered
                if not received:
                    raise Failed("the connection of a page was closed")
                if key.fd in waiting:
                    waiting[key.fd] += received
                    if b" 200 " not in waiting[key.fd][:16] and waiting[key.fd].startswith(b"HTTP"):
                        raise Failed(waiting[key.fd].decode(errors="replace"))
                    if word in waiting[key.fd]:
                        del waiting[key.fd]


@contextmanager
def running_live(cookies: dict[str, str]) -> Iterator[tuple[Site, Pages]]:
    """Have the live process of the database at work inside, with PAGES pages open on it."""
    _allow_files()
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": conninfo(), "PORT": str(port - 1), "HAITANG_HOST": "127.0.0.1"}
    server = subprocess.Popen([sys.executable, "-m", "haitang", "live"], env=environment)
    site = Site(port, server.pid)
    try:
        wait_until_ready(site, server)
        pages = Pages(port, site.request("GET", "/live/", cookies))
        try:
            yield site, pages
        finally:
            pages.close()
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def bare_pages() -> Iterator[tuple[int, Pages]]:
    """Have the pages open inside on a server that only writes the same bytes to all; yields its port too."""
    _allow_files()
    with socket.create_server(("127.0.0.1", 0), backlog=PAGES) as listening:
        server = get_context("fork").Process(target=_serve_bare, args=(listening,), daemon=True)
        server.start()
        try:
            port = listening.getsockname()[1]
            pages = Pages(port, b"GET / HTTP/1.1\r\n\r\n")
            try:
                yield port, pages
            finally:
                pages.close()
        finally:
            server.terminate()
            server.join()


def _serve_bare(listening: socket.socket) -> None:
    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if asked.startswith(b"POST"):
            for each in writers:
                each.write(_PLAIN)
            writer.write(_HEAD)
        else:
            writers.append(writer)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + _GREETING)

    async def serve() -> None:
        server = await asyncio.start_server(answer, sock=listening, backlog=PAGES)
        await server.serve_forever()

    asyncio.run(serve())


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _FILES)), hard))
