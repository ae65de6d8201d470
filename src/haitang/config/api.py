"""The assembly of `/api/v1/`: authentication, refusals as problem+json, and every app's router."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

from allauth.account.adapter import get_adapter
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi import schema as documents
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.schema import NinjaGenerateJsonSchema
from ninja.security import HttpBearer
from pydantic.json_schema import CoreRef, DefsRef, JsonSchemaMode

from haitang.alliances.api import router as alliances
from haitang.callbacks.api import router as callbacks
from haitang.callups.api import router as callups
from haitang.cases.api import router as cases
from haitang.core import access, wall
from haitang.core.characters import typed_in
from haitang.core.errors import NotSignedIn, Refusal, TooMany
from haitang.councils.api import router as councils
from haitang.exchange.api import router as exchange
from haitang.indicators.api import router as indicators
from haitang.merging.api import router as merging
from haitang.office.api import router as office
from haitang.opendata.api import router as opendata
from haitang.opinions.api import router as opinions
from haitang.orders.api import router as orders
from haitang.organizations.api import router as organizations
from haitang.oversight.api import router as oversight
from haitang.owners.api import router as owners
from haitang.patrols.api import router as patrols
from haitang.people.queries import authenticate_token
from haitang.people.values import scope_of
from haitang.points.api import router as points
from haitang.privacy.api import router as privacy
from haitang.projects.api import router as projects
from haitang.rounds.api import router as rounds
from haitang.servicedays.api import router as servicedays
from haitang.surveys.api import router as surveys
from haitang.territory.api import router as areas
from haitang.volunteers.api import router as volunteers
from haitang.voting.api import router as voting
from haitang.webhooks.api import router as webhooks
from haitang.whistles.api import router as whistles
from haitang.wishes.api import router as wishes

PROBLEM = "application/problem+json"


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


class Body(Parser):
    """JSON as RFC 8259 has it: UTF-8, no NaN and no Infinity; its texts as `core.characters.typed` gives them."""

    _decoder = json.JSONDecoder(parse_constant=_refuse_constant)

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return what was sent. Raises ValueError or RecursionError, which ninja answers with 400."""
        sent = request.body
        data = self._decoder.decode(sent.decode())
        return cast("dict[str, Any]", data if sent.isascii() and b"\\u" not in sent else typed_in(data))


class Bearer(HttpBearer):
    """Authorization: Bearer TOKEN, checked in the one query that also reads the policy versions."""

    def authenticate(self, request: HttpRequest, token: str) -> access.Actor | None:
        """Return the actor and remember it on the request; None answers 401.

        Raises NotAllowed for whoever does not hold the operation's permission anywhere, ScopeMissing for a token that
        was not made for it, TooMany past the limits of the token or the address.
        """
        address = str(get_adapter().get_client_ip(request))
        actor = authenticate_token(token, scope=request.token_scope, address=address)  # type: ignore[attr-defined]  # see marked
        request.actor = actor  # type: ignore[attr-defined]  # see core.http.Request
        wall.identify(actor)
        if actor is not None:
            access.check_mark(actor, request.mark)  # type: ignore[attr-defined]  # see marked
        return actor


def app_of(operation: Operation) -> str:
    """Return the app that an operation belongs to: "cases" of haitang.cases.api."""
    return str(operation.view_func.__module__).split(".")[1]


def marked(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell the authentication, which comes before anything that was sent is read, how the operation is marked.

    The scope that it asks of a token follows from the app, from whether it reads or writes, and from its mark.
    """
    operation = run.__self__  # type: ignore[attr-defined]  # the operation whose method it is
    mark = operation.view_func.permission
    scope = scope_of(app_of(operation), operation.methods, mark)

    def run_marked(request: HttpRequest, **given: Any) -> HttpResponse:
        request.mark, request.token_scope = mark, scope  # type: ignore[attr-defined]  # for Bearer alone
        return run(request, **given)

    return run_marked


@cache
def _names_of_several() -> frozenset[str]:
    """Return the names that schemas of more than one app bear."""
    apps: dict[str, set[str]] = defaultdict(set)
    waiting: list[type] = [Schema]
    while waiting:
        waiting += (found := waiting.pop()).__subclasses__()
        apps[found.__name__].add(".".join(found.__module__.split(".")[:2]))
    return frozenset(name for name, modules in apps.items() if len(modules) > 1)


class _Names(NinjaGenerateJsonSchema):
    """Names of schemas in the document: where two apps have one of the same name, each bears its app's name before it.

    Of two that are called the same ninja keeps one, and describes the other's operations by it.
    """

    def get_defs_ref(self, core_mode_ref: tuple[CoreRef, JsonSchemaMode]) -> DefsRef:
        """Return the name."""
        core_ref, mode = core_mode_ref
        return super().get_defs_ref((CoreRef(_PLACE.sub(_with_app, core_ref)), mode))


_PLACE = re.compile(r"haitang\.(\w+)\.([\w.]+)\.(\w+)(?=[:\]\[,]|$)")
documents.NinjaGenerateJsonSchema = _Names  # type: ignore[misc]  # where ninja makes the document; it takes no other


def _with_app(found: re.Match[str]) -> str:
    app, module, name = found.groups()
    return f"haitang.{app}.{module}.{app.capitalize() if name in _names_of_several() else ''}{name}"


class Api(NinjaAPI):
    """The API, whose schema names the content type in which refusals really come."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        """Return the OpenAPI document."""
        schema = super().get_openapi_schema(**asked)
        for told in (each for methods in schema["paths"].values() for each in methods.values()):
            for status, response in told["responses"].items():
                if int(status) >= 400 and "application/json" in response.get("content", {}):
                    response["content"][PROBLEM] = response["content"].pop("application/json")
        return schema


api = Api(
    title="海棠 Haitang",
    version="1",
    description="社区治理平台开放接口。时间为带时区的 ISO 8601；坐标为 WGS84 经纬度；金额以分计。",
    auth=Bearer(),
    parser=Body(),
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
)
api.add_decorator(marked, mode="view")
api.add_router("/areas", areas)
api.add_router("/organizations", organizations)
api.add_router("/whistles", whistles)
api.add_router("", callups)
api.add_router("", councils)
api.add_router("", alliances)
api.add_router("", exchange)
api.add_router("", orders)
api.add_router("", owners)
api.add_router("", patrols)
api.add_router("", opendata)
api.add_router("", opinions)
api.add_router("", projects)
api.add_router("", servicedays)

api.add_router("", merging)  # before cases, whose /cases/{id} would take /cases/similar for an id
api.add_router("", office)
api.add_router("", cases)
api.add_router("", callbacks)
api.add_router("", indicators)
api.add_router("", oversight)
api.add_router("", surveys)
api.add_router("", volunteers)
api.add_router("", points)
api.add_router("", privacy)
api.add_router("", rounds)
api.add_router("", voting)
api.add_router("", webhooks)
api.add_router("", wishes)


def operations() -> Iterator[Operation]:
    """Yield every operation once, those of routers within routers too, which ninja mounts only when it is asked to."""
    waiting: dict[int, Router] = {id(router): router for _, router in api._routers}
    seen: set[int] = set()
    while waiting:
        key, router = waiting.popitem()
        seen.add(key)
        for view in router.path_operations.values():
            yield from view.operations
        waiting |= {id(below): below for _, below, *_rest in router._routers if id(below) not in seen}


def problem(status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return an RFC 9457 problem document."""
    body = {"type": f"urn:haitang:problem:{code}", "title": code, "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type=PROBLEM)


@api.exception_handler(Refusal)
def refuse(request: HttpRequest, exc: Refusal) -> HttpResponse:
    """Print a refusal."""
    more = {"fields": exc.fields} if exc.fields else {}
    response = problem(exc.status, exc.code, exc.message, **more)
    if isinstance(exc, TooMany):
        response["Retry-After"] = str(exc.retry_after_s)
    if isinstance(exc, NotSignedIn):
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def refuse_invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """Print what the schema refused, a sentence for each field."""
    fields = {".".join(str(part) for part in error["loc"][1:]) or "body": error["msg"] for error in exc.errors}
    return problem(422, "Invalid", "请求内容有误：" + "；".join(f"{k}：{v}" for k, v in fields.items()), fields=fields)


@api.exception_handler(HttpError)
def refuse_http(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """Print the framework's own refusals: of a body that is no JSON, or holds more than is read."""
    if isinstance(exc.__cause__, RequestDataTooBig):
        return problem(413, "TooLarge", _("发送的内容过大，请分几次发送"))
    unread = exc.status_code == 400 and exc.__cause__ is not None
    return problem(exc.status_code, "BadRequest", "请求内容不是有效的 JSON" if unread else str(exc))
