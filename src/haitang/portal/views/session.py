"""What a visitor's session holds: an unfinished report, and the cases opened with their codes. All of it sealed.

The session table is none of the tables whose personal fields are kept by rule, so what lies there must not be
readable: a description, a name and a telephone before they are sent, and query codes.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from django.conf import settings

from haitang.cases.queries import form_shown
from haitang.cases.values import AskedOf, KeptPhoto, Moment, Question
from haitang.core import clock, crypto
from haitang.core.http import Request
from haitang.portal.values import FOLLOWED_MAX, RAW_LENGTH_MAX

_DRAFT, _FOLLOWED = "portal.draft", "portal.followed"


def address_of(request: Request) -> str:
    """Return where the request comes from, by which visitors are told apart for limits."""
    return str(get_adapter().get_client_ip(request))


class Draft:
    """The report that this visitor is writing; forgotten DRAFT_HOURS after its last change.

    id: names this one report, so that sending it twice reports once. photos: kept, and not yet of any case.
    asked_for, form_version_id: the category whose questions were shown, and which version of them; answers, answering:
        what was answered by their keys, in words and with a photo.
    """

    def __init__(self, request: Request) -> None:
        self._session = request.session
        held = _open(request, _DRAFT)
        if held and datetime.fromisoformat(held["at"]) < clock.now() - timedelta(hours=settings.DRAFT_HOURS):
            held = {}
        self.id: str = held.get("id") or uuid4().hex
        self.typed: dict[str, str] = held.get("typed", {})
        self.photos: list[KeptPhoto] = [KeptPhoto(**photo) for photo in held.get("photos", [])]
        self.steps: list[str] = held.get("steps", [])
        self.asked_for: str = held.get("asked_for", "")
        self.form_version_id: int | None = held.get("form_version_id")
        self.answers: dict[str, Any] = held.get("answers", {})
        self.answering = {key: KeptPhoto(**photo) for key, photo in held.get("answering", {}).items()}
        self.questions: tuple[Question, ...] = ()

    def ask(self, category: Any) -> tuple[Question, ...]:
        """Return the category's questions to a resident, as they were first shown for this report.

        Another category than before asks anew: its answers are not those of the former.
        """
        code = category.code if category is not None else ""
        if code != self.asked_for or (self.form_version_id is None and category is not None):
            if code != self.asked_for:
                self.answers, self.answering = {}, {}
                self.pass_step("place", passed=False)
            self.asked_for = code
            self.form_version_id = category.current.version_id if category is not None else None
        form = form_shown(category, self.form_version_id).form
        self.questions = form.asked(Moment.REPORT, AskedOf.RESIDENT)
        keys = {question.key for question in self.questions}
        self.answers = {key: value for key, value in self.answers.items() if key in keys}
        self.answering = {key: photo for key, photo in self.answering.items() if key in keys}
        return self.questions

    def take(self, sent: Mapping[str, Any], names: Iterable[str]) -> None:
        """Hold what was typed, accepted or not."""
        for name in names:
            self.typed[name] = str(sent.get(name, ""))[:RAW_LENGTH_MAX]

    def pass_step(self, step: str, *, passed: bool = True) -> None:
        """Note whether a step is complete as it stands."""
        self.steps = [other for other in self.steps if other != step] + ([step] if passed else [])

    def hold(self) -> None:
        """Put the draft into the session, sealed."""
        held = {
            "id": self.id, "at": clock.now().isoformat(), "typed": self.typed, "steps": self.steps,
            "photos": [asdict(photo) for photo in self.photos],
            "asked_for": self.asked_for, "form_version_id": self.form_version_id, "answers": self.answers,
            "answering": {key: asdict(photo) for key, photo in self.answering.items()},
        }  # fmt: skip
        _seal(self._session, _DRAFT, held)

    def forget(self) -> None:
        """Remove the draft; its photos are the case's now, or are removed when their time is up."""
        self._session.pop(_DRAFT, None)


def remember(request: Request, number: str, query_code: str) -> None:
    """Let this session follow a case whose code was right, or which it has just reported."""
    held = {other: code for other, code in _open(request, _FOLLOWED).items() if other != number}
    held[number] = query_code
    _seal(request.session, _FOLLOWED, dict(list(held.items())[-FOLLOWED_MAX:]))


def code_for(request: Request, number: str) -> str:
    """Return the query code with which this session may follow the case, or ""."""
    return str(_open(request, _FOLLOWED).get(number, ""))


def _seal(session: Any, key: str, value: dict[str, Any]) -> None:
    session[key] = base64.b64encode(crypto.seal(json.dumps(value), key)).decode()


def _open(request: Request, key: str) -> dict[str, Any]:
    sealed = request.session.get(key)
    if not sealed:
        return {}
    try:
        return dict(json.loads(crypto.open_(base64.b64decode(sealed), key)))
    except crypto.Unreadable:  # the key was changed meanwhile: the draft is gone, the page is not
        return {}
