"""Asking: one request as one viewer, undone afterwards, and what its answer shows."""

import contextlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from haitang.core.models import Entry
from haitang.people.queries import get_actor
from haitang.people.queries.actors import as_token
from tests.access.bodies import body
from tests.access.doors import Door
from tests.access.marking import MARK
from tests.access.viewers import Viewer


@dataclass(frozen=True)
class Answer:
    """What came back: the status (500 for a bug), where it leads, the numbers of the marks in it, what was done (the
    fact and the path of its area), the bug, all that was said."""

    status: int
    location: str = ""
    marks: frozenset[int] = frozenset()
    done: frozenset[tuple[str, str]] = frozenset()
    bug: str = ""
    said: bytes = field(default=b"", repr=False, compare=False)


class Asker:
    """Asks as any viewer: pages under a session that was begun once, the API under a token."""

    def __init__(self, place: dict[str, Any]) -> None:
        """Know how forms and schemas name the community that is asked for."""
        self.place = place
        self._clients: dict[int, Client] = {}
        self._sessions: dict[int, str] = {}
        self._last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def ask(self, viewer: Viewer, door: Door, path: str) -> Answer:
        """Ask once; whatever it wrote is undone."""
        client = self.client(viewer)
        given: dict[str, Any] = {"headers": {"Accept": "text/html"}}
        if door.is_operation:
            given["headers"] = {"Authorization": f"Bearer {viewer.account_id}"} if viewer.account_id else {}
            if door.method not in ("GET", "HEAD"):
                given |= {"content_type": "application/json", "data": body(door, self.place)}
        elif door.method == "POST":
            given["data"] = body(door, self.place)
        try:
            with transaction.atomic():
                response = getattr(client, door.method.lower())(path, **given)
                shown = _shown(response)
                done = frozenset(Entry.objects.filter(pk__gt=self._last).values_list("fact", "area_path"))
                transaction.set_rollback(True)
        except Exception as bug:  # whatever it is, it is told beside its door
            return Answer(500, bug=f"{type(bug).__name__}: {bug}")
        marks = frozenset(int(found, 36) for found in MARK.findall(shown))
        bug = "an answer of 500" if response.status_code >= 500 else ""
        return Answer(response.status_code, response.headers.get("Location", ""), marks, done, bug, shown)

    def client(self, viewer: Viewer) -> Client:
        """Return a client under the viewer's session."""
        if viewer.account_id not in self._clients:
            client = self._clients[viewer.account_id] = Client()
            if viewer.account_id:
                client.force_login(get_user_model().objects.get(pk=viewer.account_id))
                self._sessions[viewer.account_id] = client.cookies[settings.SESSION_COOKIE_NAME].value
                client.get("/me/")  # notes in the session that it is in use, once and not in every request
        client = self._clients[viewer.account_id]
        client.cookies = SimpleCookie()
        if viewer.account_id:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[viewer.account_id]
        return client


def authenticate(token: str, **_asked: Any) -> Any:
    """Stand in for the look-up of a token, which is tested elsewhere: here a token is its account's number."""
    return as_token(get_actor(int(token)))


def _shown(response: Any) -> bytes:
    """Return all that was sent, headers that may name something included, and what is packed unpacked."""
    sent = b"".join(response.streaming_content) if response.streaming else response.content
    if sent.startswith(b"PK"):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(sent)) as packed:
            sent = b"\n".join(packed.read(name) for name in packed.namelist())
    told = re.sub(
        r"[\r\n]", " ", f"{response.headers.get('Location', '')} {response.headers.get('Content-Disposition', '')}"
    )
    return sent + b"\n" + told.encode()
