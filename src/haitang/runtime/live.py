"""Live messages: server-sent events to open pages, from one connection that listens to the database.

Its own small ASGI process on the port after the site's (docs/decisions/0003-live-on-its-own-port.md). A client
is known by the site's session cookie, and hears only of changes that its grants let it see: the news is
{subject type, id, fact}, never content. What it may hear is read again every minute.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from haitang.core.access import Actor

HEARTBEAT_S = 15.0
ACTOR_SECONDS_MAX = 60.0
CLIENTS_MAX = 4000
WAITING_MAX = 100
_RECONNECT_S = 1.0
MISSED = b"event: missed\ndata: {}\n\n"

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ReadActor = Callable[[str], Actor | None]
"""From the value of the session cookie to the actor; None when it belongs to nobody. Called in a thread."""

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Client:
    """One open page. queue: what it is still to be sent; None ends it."""

    actor: Actor
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(WAITING_MAX))
    read_at: float = field(default_factory=time.monotonic)

    def push(self, event: bytes | None) -> None:
        """Hand the event over; a page that does not keep up is told that it missed something."""
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(event if event is None else MISSED)


def may_hear(actor: Actor, news: Message) -> bool:
    """Tell whether it concerns the actor, or they hold its permission over its area or one of its organizations."""
    permission = news["g"]
    if actor.id is not None and actor.id in news["a"]:
        return True
    if news["p"] and actor.holds(permission, area_path=news["p"]):
        return True
    return any(actor.holds(permission, organization_id=organization) for organization in news["o"])


class Application:
    """The ASGI application: `GET /live/` is the stream, `GET /healthz` says whether the database is listened to.

    conninfo: of the database, a direct connection. hosts: names under which the site is reached.
    origins: further origins whose pages may connect, for a site behind a proxy.
    """

    def __init__(
        self, *, conninfo: str, channel: str, cookie: str, read_actor: ReadActor, hosts: list[str], origins: list[str]
    ) -> None:
        self.conninfo, self.channel, self.cookie, self.read_actor = conninfo, channel, cookie, read_actor
        self.hosts, self.origins = hosts, origins
        self.clients: set[Client] = set()
        self.is_listening = False
        self._threads = ThreadPoolExecutor(4, "live-reader")
        self._listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/healthz":
            await _answer(send, 200 if self.is_listening else 503)
            return
        origin = headers.get("origin", "")
        if scope["path"] != "/live/" or scope["method"] != "GET":
            await _answer(send, 404)
        elif origin and not self._is_ours(origin):
            await _answer(send, 403)
        elif len(self.clients) >= CLIENTS_MAX:
            await _answer(send, 503)
        else:
            await self._serve(headers, origin, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._listener = asyncio.create_task(self._listen())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._listener:
                    self._listener.cancel()
                for client in list(self.clients):
                    client.push(None)
                self._threads.shutdown(wait=False, cancel_futures=True)
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _is_ours(self, origin: str) -> bool:
        from django.http.request import validate_host

        name = urlsplit(origin).hostname or ""
        return origin in self.origins or validate_host(f"[{name}]" if ":" in name else name, self.hosts)

    async def _serve(self, headers: dict[str, str], origin: str, receive: Receive, send: Send) -> None:
        session = _cookie(headers.get("cookie", ""), self.cookie)
        actor = await self._actor(session)
        allowed = [(b"access-control-allow-origin", origin.encode("latin-1")),
                   (b"access-control-allow-credentials", b"true")] if origin else []  # fmt: skip
        if actor is None:
            await _answer(send, 401, allowed)
            return
        client = Client(actor)
        gone = asyncio.create_task(_wait_until_gone(client, receive))
        self.clients.add(client)
        try:
            kind = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"),
                    (b"x-accel-buffering", b"no"), (b"vary", b"origin, cookie")]  # fmt: skip
            await send({"type": "http.response.start", "status": 200, "headers": [*kind, *allowed]})
            await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
            await self._stream(client, session, send)
            with suppress(Exception):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.clients.discard(client)
            gone.cancel()

    async def _stream(self, client: Client, session: str, send: Send) -> None:
        while True:
            try:
                event = await asyncio.wait_for(client.queue.get(), HEARTBEAT_S)
            except TimeoutError:
                event = b": \n\n"
            if event is None:
                return
            if time.monotonic() - client.read_at > ACTOR_SECONDS_MAX:
                actor = await self._actor(session)
                if actor is None:
                    return
                client.actor, client.read_at = actor, time.monotonic()
            await send({"type": "http.response.body", "body": event, "more_body": True})

    async def _actor(self, session: str) -> Actor | None:
        if not session:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.read_actor, session)

    async def _listen(self) -> None:
        """Pass on what the database tells, for ever; after a lost connection every page is told to look again."""
        import psycopg

        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
                    await connection.execute(f'LISTEN "{self.channel}"')
                    self.is_listening = True
                    async for notice in connection.notifies():
                        self.spread(notice.payload)
            except psycopg.Error as error:
                log.warning("listening to the database was interrupted: %s", error)
            self.is_listening = False
            await asyncio.sleep(_RECONNECT_S)
            for client in list(self.clients):
                client.push(MISSED)

    def spread(self, payload: str) -> None:
        """Hand one piece of news to every client that may hear it; where it is empty, let all look again."""
        news = json.loads(payload)
        if not news:
            for client in self.clients:
                client.push(MISSED)
            return
        told = json.dumps({"type": news["s"], "id": news["i"], "fact": news["f"]})
        event = f"event: fact\ndata: {told}\n\n".encode()
        for client in self.clients:
            if may_hear(client.actor, news):
                client.push(event)


def _cookie(header: str, name: str) -> str:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


async def _wait_until_gone(client: Client, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.push(None)


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    kind = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *(headers or [])]})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def read_actor(session: str) -> Actor | None:
    """Return who is signed in under the session, as the site itself would find out; None for nobody."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import get_user
    from django.db import close_old_connections
    from django.http import HttpRequest

    from haitang.core import policy
    from haitang.people.queries import get_actor
    from haitang.people.values import STANDING_IN

    close_old_connections()
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    account = get_user(request)
    if not account.is_authenticated:
        return None
    with policy.reading():
        actor = get_actor(account.pk, standing_in_for=request.session.get(STANDING_IN))
    return actor if actor.is_known else None


CONNINFO = (
    "host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "application_name",
    "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
)  # fmt: skip


def application() -> Application:
    """Return the application with the instance's settings, for granian."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    from haitang.core.history import LIVE_CHANNEL

    parameters = {**connection.get_connection_params(), "application_name": "haitang-live"}
    return Application(
        conninfo=make_conninfo(**{key: value for key, value in parameters.items() if key in CONNINFO}),
        channel=LIVE_CHANNEL,
        cookie=settings.SESSION_COOKIE_NAME,
        read_actor=read_actor,
        hosts=settings.ALLOWED_HOSTS,
        origins=settings.CSRF_TRUSTED_ORIGINS,
    )


def command(arguments: list[str]) -> None:
    """Serve live messages until told to stop: `haitang live`."""
    import resource

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from haitang.runtime import home, postgres

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2 * CLIENTS_MAX)), hard))
    with postgres.running():
        Granian(
            "haitang.runtime.live:application",
            factory=True,
            address=home.host(),
            port=home.port() + 1,
            interface=Interfaces.ASGI,
            workers=1,
            backlog=CLIENTS_MAX,
            backpressure=CLIENTS_MAX + 100,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=1,
            log_level=LogLevels.warning,
        ).serve()
