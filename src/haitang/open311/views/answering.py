"""What all entrances share: who asks, in which format, and refusals in the standard's shape."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from haitang.core import clock, wall
from haitang.core.access import ANYONE, VISITOR, Actor, allow
from haitang.core.errors import Refusal, TooMany
from haitang.open311.schemas import faults_written, written
from haitang.open311.values import KEY_LENGTH_MAX, Fault, Faulty, Format
from haitang.people.queries import authenticate_token, count_visit

_BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Answer:
    """What an entrance answers: a value under its outermost name."""

    name: str
    value: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


View = Callable[..., Answer]


def answers(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Turn what a function answers or refuses into a response in the format of the address. It names no account's
    permission: what may be done without a key, and what with which, the function and the action decide."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @allow(ANYONE)
        @wraps(view)
        def run(request: HttpRequest, *, form: str, **given: Any) -> HttpResponse:
            shape = Format(form)
            if request.method not in methods:
                return _wrong_method(shape, methods)
            try:
                answer = view(request, **given)
            except Refusal as refusal:
                return refused(shape, refusal)
            response = written(shape, answer.name, answer.value, status=answer.status)
            for name, value in answer.headers.items():
                response[name] = value
            return response

        return run

    return wrap


def refused(shape: Format, refusal: Refusal) -> HttpResponse:
    """Return a refusal as the standard tells it: 403 and 404 as they are, 400 for everything else.

    The code in the body says more exactly what it was.
    """
    if isinstance(refusal, Faulty):
        return faults_written(shape, *refusal.faults)
    code = {422: 400, 401: 403}.get(refusal.status, refusal.status)
    sentences = list(refusal.fields.values()) or [refusal.message]
    response = faults_written(shape, *(Fault(code, sentence) for sentence in sentences))
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after_s)
    return response


def _wrong_method(shape: Format, methods: Iterable[str]) -> HttpResponse:
    allowed = ", ".join(methods)
    response = faults_written(shape, Fault(405, _("此地址只接受 %(methods)s") % {"methods": allowed}), status=405)
    response["Allow"] = allowed
    return response


@allow(ANYONE)
def unknown(request: HttpRequest) -> HttpResponse:
    """Answer an address below the interface's that there is not."""
    shape = Format.JSON if request.path.endswith(".json") else Format.XML
    return faults_written(shape, Fault(404, _("没有这个地址；可用的地址见 discovery.xml")))


def address_of(request: HttpRequest) -> str:
    """Return where the request comes from, by which visitors are told apart for limits."""
    return str(get_adapter().get_client_ip(request))


def actor_for(request: HttpRequest) -> Actor:
    """Return whose key the request bears (argument `api_key`, or Authorization: Bearer); a visitor for none.

    Requests count against the limits of the token and of the address, across processes. Raises Faulty (403) for a key
    that is none, TooMany.
    """
    key = request.POST.get("api_key") or request.GET.get("api_key") or ""
    header = request.headers.get("Authorization", "")
    if not key and header.lower().startswith(_BEARER):
        key = header[len(_BEARER) :]
    if not key.strip():
        count_visit(address=address_of(request), now=clock.now())
        return VISITOR
    sound, address = len(key) <= KEY_LENGTH_MAX, address_of(request)
    actor = authenticate_token(key.strip(), address=address) if sound else None
    if actor is None:
        raise Faulty([Fault(403, _("密钥 api_key 无效、已过期或已停用"))])
    wall.identify(actor)
    return actor


def private(answer: Answer) -> Answer:
    """Return the answer with the request not to keep it: it may hold what one account alone may read."""
    return replace(answer, headers={**answer.headers, "Cache-Control": "private, no-store"})
