"""The town with what an open interface needs: questions of every sort, accounts with keys, requests in every state."""

import io
from datetime import timedelta
from typing import Any

import httpx
from django.test import Client
from PIL import Image

from haitang.cases import actions
from haitang.cases.models import Case, Category
from haitang.cases.values import CaseForm, Permission, Question
from haitang.people.actions import create_token
from haitang.runtime.open311_check.peer import Peer
from haitang.testing import people
from haitang.testing.actors import NOW, also
from haitang.testing.cases import FOUNDER, HERE, report

LATER = NOW + timedelta(minutes=20)
LAMP, BUILDING, WATER, DISPUTE = "10305", "20101", "10101", "30401"
QUESTIONS = (
    Question("storeys", "几层", "number", required=True),
    Question("use", "用途", "one", ("住人", "出租", "堆物"), of="resident"),
    Question("trades", "涉及哪些", "many", ("餐饮", "洗车", "棋牌")),
    Question("since", "哪天起", "date"),
    Question("picture", "全景照片", "photo"),
    Question("present", "当事人是否在场", "one", ("在", "不在"), of="staff", at="register"),
)
POINT = {"lat": str(HERE["lat"]), "long": str(HERE["lon"])}


def ask(code: str, *questions: Question) -> None:
    """Have a category ask these questions from now on."""
    category = Category.objects.get(code=code)
    actions.change_form(actor=FOUNDER, now=NOW, category_id=category.pk, form=CaseForm(tuple(questions)))


def set_to(key: str, value: Any) -> None:
    """Change a setting of the interface."""
    actions.change_setting(actor=FOUNDER, now=NOW, key=f"open311_{key}", value=value)


def key_of(account: Any) -> str:
    """Return an API key of the account."""
    return create_token(actor=people.FOUNDER, account_id=account.pk, name="对接", now=NOW)[1]


def refused(town: Any, case: Case) -> Case:
    """Have a case end at its beginning."""
    return actions.refuse_case(actor=town.dispatcher, case_id=case.pk, opinion="不属本市事权", now=LATER)


def closed(town: Any, case: Case, at: Any = LATER) -> Case:
    """Close a case by decision."""
    actor = also(town.dispatcher, Permission.FORCE)
    actions.accept_case(actor=actor, case_id=case.pk, opinion="受理", now=NOW)
    actions.register_case(actor=actor, case_id=case.pk, opinion="立案", now=NOW, demand_answers=False)
    return actions.force_close_case(actor=actor, case_id=case.pk, opinion="另案办理", now=at)


def picture(colour: str = "red") -> io.BytesIO:
    """Return a photo as an upload."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    out.name = f"{colour}.jpg"
    return out


def made(town: Any, **changes: Any) -> Case:
    """Report the lamp, of a class."""
    return report(town.resident, **{"category_code": LAMP, **changes})


class Caller:
    """Asks the interface with a key, or without."""

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.client = Client()

    def get(self, path: str, **asked: str) -> Any:
        """Ask below the interface's address."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        return self.client.get(f"/open311/v2/{path}", asked, headers=headers)

    def post(self, path: str = "requests.json", headers: dict[str, str] | None = None, **sent: Any) -> Any:
        """Send a report, in the first grid unless said otherwise; None leaves an argument away."""
        given = {"api_key": self.key, "service_code": WATER, "description": "井盖缺失", **POINT, **sent}
        if path != "requests.json":
            given = {"api_key": self.key, **sent}
        data = {name: value for name, value in given.items() if value is not None}
        return self.client.post(f"/open311/v2/{path}", data, headers=headers or {})

    def report(self, **sent: Any) -> str:
        """Send a report that is taken; return its number."""
        response = self.post(**sent)
        assert response.status_code == 201, response.content.decode()
        return response.json()[0]["service_request_id"]

    def one(self, number: str, **asked: str) -> dict[str, Any]:
        """Return a request as this caller reads it."""
        response = self.get(f"requests/{number}.json", **asked)
        assert response.status_code == 200, response.content.decode()
        return response.json()[0]

    def listed(self, **asked: str) -> list[str]:
        """Return the numbers of the requests that are listed."""
        response = self.get("requests.json", **asked)
        assert response.status_code == 200, response.content.decode()
        return [one["service_request_id"] for one in response.json()]


def peer_of(key: str, *, jurisdiction: str = "", spoil: Any = None) -> Peer:
    """Return our own server as the conformance program sees any other.

    spoil: makes other answers of ours, from (what was asked, status, text, content type) to the last three.
    """
    ours = Client()

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode()
        kind, prefer = (request.headers.get(name, "") for name in ("Content-Type", "Prefer"))
        response = ours.generic(request.method, path, request.content, kind, headers={"Prefer": prefer})
        told = response.status_code, response.content.decode(), response.headers["Content-Type"]
        status, text, kind = spoil(f"{request.method} {path}", *told) if spoil else told
        return httpx.Response(status, content=text.encode(), headers={"Content-Type": kind})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Peer(client, "http://testserver/open311/v2", key=key, jurisdiction=jurisdiction)
