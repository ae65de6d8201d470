"""The server that is asked: what it has answered, and what of it a check can build upon."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from haitang.runtime.open311_check.reading import JSON, XML, Answer, Unreadable

T = TypeVar("T")
DEFINITIONS_MAX = 30
LISTS = {"singlevaluelist", "multivaluelist"}


class Failed(Exception):
    """The server does not do what the check asks; the message says what it did."""


class Skipped(Exception):
    """The check does not apply to this server, or not to what is in it now; the message says why."""


def expect(holds: object, otherwise: str) -> None:
    """Raise Failed with the sentence unless it holds."""
    if not holds:
        raise Failed(otherwise)


@dataclass
class Peer:
    """A server with the endpoint at `base`. key: an api_key, without which nothing is written there.

    jurisdiction: named in every request, "" for none. point: (lat, long) of a place that it serves, None to take one
    from the requests that it lists.
    """

    client: httpx.Client
    base: str
    key: str = ""
    jurisdiction: str = ""
    point: tuple[float, float] | None = None
    _known: dict[str, Any] = field(default_factory=dict)

    def get(self, path: str, form: str, *, at: str = "", **asked: str) -> Answer:
        """Ask for BASE/PATH.FORM; `jurisdiction_id=""` leaves the jurisdiction away. at: another base."""
        named = {"jurisdiction_id": self.jurisdiction, **asked}
        given = {name: value for name, value in named.items() if value or name != "jurisdiction_id"}
        with self.client.stream("GET", f"{at or self.base}/{path}.{form}", params=given) as response:
            return Answer.of(form, response)

    def post(self, path: str, form: str, sent: dict[str, Any], **headers: str) -> Answer:
        """Send a form; a list as a value is sent once for each of its items, None not at all."""
        named = {"jurisdiction_id": self.jurisdiction or None, **sent}
        data = {name: value for name, value in named.items() if value is not None}
        with self.client.stream("POST", f"{self.base}/{path}.{form}", data=data, headers=headers) as response:
            return Answer.of(form, response)

    def once(self, name: str, find: Callable[[], T]) -> T:
        """Return what was found under that name before, else find it now."""
        if name not in self._known:
            self._known[name] = find()
        found: T = self._known[name]
        return found

    def asked_once(self, path: str, form: str, **asked: str) -> Answer:
        """Return the answer to a question that several checks ask; it must be 200."""
        answer = self.once(f"{path}.{form}?{sorted(asked.items())}", lambda: self.get(path, form, **asked))
        expect(answer.status == 200, f"{answer.asked} answers {answer.status}")
        return answer

    @property
    def is_split(self) -> bool:
        """Whether it serves several jurisdictions: then it answers nothing without one being named."""
        return self.once("split", lambda: self.get("services", XML, jurisdiction_id="").status == 400)

    def services(self, form: str = JSON) -> list[dict[str, Any]]:
        """Return the services."""
        return self.asked_once("services", form).records("services")

    def definitions(self) -> dict[str, dict[str, Any]]:
        """Return definitions of services that say that they have one, by code: so many at most. Read from the XML."""
        asking = [one for one in self.services(XML) if one.get("metadata") == "true"][:DEFINITIONS_MAX]
        codes = [str(one["service_code"]) for one in asking]
        return {code: self.asked_once(f"services/{code}", XML).record("service_definition") for code in codes}

    def attributes(self, code: str) -> list[dict[str, Any]]:
        """Return the attributes of a service, none where it has no definition."""
        found = self.definitions().get(code, {}).get("attributes")
        return found if isinstance(found, list) else []

    def find_service(self, fits: Callable[[list[dict[str, Any]]], bool], lacking: str) -> str:
        """Return the code of a service with attributes that fit; raise Skipped, saying what is lacking."""
        for code in self.definitions():
            if fits(self.attributes(code)):
                return code
        raise Skipped(lacking)

    def listed(self, **asked: str) -> list[dict[str, Any]]:
        """Return requests as JSON tells them."""
        return self.asked_once("requests", JSON, **asked).records("service_requests")

    def sample(self, **asked: str) -> dict[str, Any]:
        """Return one of the requests that it lists; raise Skipped where there is none."""
        found = self.listed(**asked)
        if not found:
            raise Skipped("the server lists no request" + (f" with {asked}" if asked else ""))
        return found[0]

    def place(self) -> tuple[float, float]:
        """Return (lat, long) of a place that it serves."""
        if self.point is not None:
            return self.point
        for one in self.listed():
            if one.get("lat") is not None and one.get("long") is not None:
                return float(one["lat"]), float(one["long"])
        raise Skipped("no place is known that it serves: name one with --lat and --long")

    def answers(self, code: str) -> dict[str, Any]:
        """Return an answer to each required attribute of a service."""
        return {
            name: value
            for attribute in self.attributes(code)
            if attribute.get("required") == "true"
            for name, value in [answer_to(attribute)]
        }

    def report(self, code: str = "", **changes: Any) -> dict[str, Any]:
        """Return a report that should be taken, with the changes; None leaves an argument away."""
        if not self.key:
            raise Skipped("nothing is written without --token")
        if not code:
            easy = [str(one["service_code"]) for one in self.services(XML) if one.get("metadata") == "false"]
            code = easy[0] if easy else str(self.services(XML)[0]["service_code"])
        lat, lon = self.place()
        given = {
            "api_key": self.key, "service_code": code, "lat": f"{lat}", "long": f"{lon}",
            "description": f"Open311 conformance check {uuid.uuid4()}", **self.answers(code),
        }  # fmt: skip
        return {**given, **changes}

    def taken(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Send a report that must be taken, and return what is answered of it."""
        answer = self.post("requests", JSON, sent)
        expect(answer.status in (200, 201), f"a sound report is answered {answer.status}: {answer.body[:300]!r}")
        found = answer.records("service_requests")
        expect(len(found) == 1, f"one report is answered with {len(found)} requests")
        return found[0]

    def made(self, sent: dict[str, Any]) -> str:
        """Send a report that must be taken, and return its request's id."""
        told = self.taken(sent)
        if told.get("service_request_id"):
            return str(told["service_request_id"])
        return self.resolved(str(told["token"]))

    def resolved(self, token: str) -> str:
        """Return the id behind a token; raise Failed where there is none."""
        answer = self.get(f"tokens/{token}", JSON)
        expect(answer.status == 200, f"the token is answered {answer.status}")
        found = answer.records("service_requests")
        expect(len(found) == 1 and found[0].get("service_request_id"), "the token has no id")
        return str(found[0]["service_request_id"])

    def read(self, request_id: str) -> dict[str, Any]:
        """Return a request just made, as its sender reads it; raise Skipped where the server shows it to nobody yet."""
        answer = self.get(f"requests/{request_id}", JSON, api_key=self.key, extensions="true")
        if answer.status == 404:
            raise Skipped("a new request is not to be read yet")
        expect(answer.status == 200, f"a new request is answered {answer.status}")
        found = answer.records("service_requests")
        expect(len(found) == 1, "a single request is no list of one")
        return found[0]

    def refused(self, sent: dict[str, Any], status: int) -> list[dict[str, Any]]:
        """Send a report that must be refused with that status, in both formats; return the errors."""
        found: list[dict[str, Any]] = []
        for form in (JSON, XML):
            answer = self.post("requests", form, sent)
            expect(answer.status == status, f"it is answered {answer.status}, not {status} ({form})")
            found = errors_of(answer)
        return found


def errors_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the errors that are told; raise Failed where they have not the standard's shape."""
    try:
        found = answer.records("errors")
    except Unreadable as error:
        raise Failed(f"{answer.asked}: no errors in the standard's shape: {error}") from error
    expect(found, f"{answer.asked}: no error is told")
    for one in found:
        expect(str(one.get("code", "")).isdecimal(), f"an error has no code: {one}")
        expect(one.get("description"), f"an error has no description: {one}")
    return found


def answer_to(attribute: dict[str, Any]) -> tuple[str, Any]:
    """Return the argument and the value by which an attribute is answered."""
    code, kind = attribute["code"], attribute["datatype"]
    if kind in LISTS:
        first = attribute["values"][0]["key"]
        return (f"attribute[{code}][]", [first]) if kind == "multivaluelist" else (f"attribute[{code}]", first)
    return f"attribute[{code}]", {"number": "1", "datetime": "2026-05-06T08:00:00Z"}.get(str(kind), "conformance check")
