"""Around every request: who asks, under which request id, and refusals turned into pages."""

import logging
import re
import uuid
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver, resolve
from django.utils.http import urlencode

from haitang.core import access, history, policy, wall
from haitang.core.characters import typed
from haitang.core.errors import NotSignedIn, Refusal, TooMany
from haitang.core.http import Request
from haitang.open311.values import PREFIX as OPEN311
from haitang.people.queries import get_actor
from haitang.people.values import STANDING_IN
from haitang.privacy.queries import shown_notice
from haitang.wechat.values import PREFIX as WECHAT

API_PREFIX = "/api/"
FOR_PROGRAMS = (API_PREFIX, OPEN311, WECHAT)
"""Where programs ask and no page is: they bear their keys themselves, and are answered in their own shapes."""
NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
_log = logging.getLogger(__name__)
_LENGTH_DIGITS_MAX = 18
_PASSWORD = re.compile("password|^present$|^again$")
"""Fields whose text is compared with a digest alone."""
GetResponse = Callable[[HttpRequest], HttpResponse]


def check_size(request: HttpRequest) -> None:
    """Refuse a request by the length that it says it has, before anything of it is read.

    Raises RequestDataTooBig for more than anybody has a reason to send, BadRequest for what is no length.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise BadRequest("no length")
    if len(length) > _LENGTH_DIGITS_MAX or int(length) > settings.REQUEST_BYTES_MAX:
        raise RequestDataTooBig(f"more than {settings.REQUEST_BYTES_MAX} bytes")


def _note_refused(request: Request) -> None:
    """Log that somebody was refused what they may not do: where and as what they came, not who they are.

    The request's id leads on to what else they asked. How often: `haitang_http_requests_total` by status.
    """
    actor = getattr(request, "actor", access.VISITOR)
    match = request.resolver_match
    mark = str(getattr(match.func, "permission", "")) if match else ""
    told = {
        "method": request.method,
        "route": f"/{match.route}" if match else "",
        "permission": mark or str(getattr(request, "mark", "")),
        "asker": actor.kind.value,
    }
    _log.info("refused", extra={"told": told})


class WallMiddleware:
    """Answer every request before the second wall (core.wall): as nobody, until it is known who asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with wall.before_the_wall():
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = wall.kept(response.streaming_content)
        return response


class RequestIdMiddleware:
    """Give the request an id, taken over from a proxy where it sends a sane one, and answer with it.

    What is no page (answers to programs, files) gets a content policy here that lets nothing happen in it.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        sent = request.headers.get("X-Request-Id", "")
        given = (
            sent if 8 <= len(sent) <= 64 and sent.replace("-", "").isalnum() and sent.isascii() else uuid.uuid4().hex
        )
        token = history.request_id.set(given)
        try:
            response = self.get_response(request)
            if response.status_code == HTTPStatus.FORBIDDEN:
                _note_refused(request)
        finally:
            history.request_id.reset(token)
        response["X-Request-Id"] = given
        response.headers.setdefault("Content-Security-Policy", NOTHING)
        return response


class ApiMiddleware:
    """Answer the API here, before what only pages need: sessions, cookies, form tokens, messages, content policy.

    It identifies its callers itself (config.api, open311); an address that there is not, and a bug, are answered by
    config.failures like everywhere else. Policy is read once a request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(FOR_PROGRAMS):
            return self.get_response(request)
        request.get_host()  # raises DisallowedHost, which Django answers with 400
        check_size(request)
        with policy.reading():
            match = _resolve(request.path_info)
            request.resolver_match = match
            response = match.func(request, *match.args, **match.kwargs)
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


def _resolve(path: str) -> ResolverMatch:
    """Find an operation among those that share the first word of its address: trying all of them costs more than the
    operation's own work in the office's most frequent requests. Raises Resolver404, as for pages."""
    prefix, by_word = _operations()
    if path.startswith(prefix):
        rest = path[len(prefix) :]
        for pattern in by_word.get(rest.partition("/")[0], ()):
            if match := pattern.resolve(rest):
                return match
    return resolve(path)


@cache
def _operations() -> tuple[str, dict[str, list[URLPattern | URLResolver]]]:
    """Return the API's prefix, and in their order its addresses by their first word."""
    (api,) = (each for each in get_resolver().url_patterns if isinstance(each, URLResolver) and each.namespace == "api")
    by_word: dict[str, list[URLPattern | URLResolver]] = defaultdict(list)
    for pattern in api.url_patterns:
        by_word[str(pattern.pattern).partition("/")[0]].append(pattern)
    return f"/{api.pattern}", by_word


def _typed(sent: QueryDict) -> Any:
    """Return what was sent, its texts as `core.characters.typed` gives them; passwords stay as they were chosen."""
    if all(each.isascii() for _name, values in sent.lists() for each in values):
        return sent
    taken = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        taken.setlist(name, values if _PASSWORD.search(name) else [typed(each) for each in values])
    taken._mutable = False
    return taken


class PageMiddleware:
    """Around pages: policy is read once, who asks is known, entrances are guarded, refusals become pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        check_size(request)
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "ui/refusal.html", {"status": 400, "message": "地址中含有无效字符"}, status=400)
        with policy.reading():
            request.actor = access.VISITOR
            if request.user.is_authenticated:
                request.actor = get_actor(request.user.pk, standing_in_for=request.session.get(STANDING_IN))
            wall.identify(request.actor)
            shown = history.notice.set("")
            try:
                return self.get_response(request)
            finally:
                history.notice.reset(shown)

    def process_view(self, request: Request, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Turn away whoever does not hold the entrance's permission anywhere at all."""
        try:
            access.check_mark(request.actor, getattr(view, "permission", access.ANYONE))
        except Refusal as refusal:
            return self.process_exception(request, refusal)
        request.GET = _typed(request.GET)
        if request.method == "POST":
            request.POST = _typed(request.POST)
            history.notice.set(shown_notice(request.POST) if history.NOTICE in request.POST else "")
        return None

    def process_exception(self, request: Request, exc: Exception) -> HttpResponse | None:
        """Show a refusal as a page (or fragment) with its status; anything else is a bug and goes on."""
        if not isinstance(exc, Refusal):
            return None
        if isinstance(exc, NotSignedIn) and request.method == "GET":
            return redirect("/accounts/login/?" + urlencode({"next": request.get_full_path()}))
        template = "ui/_refusal.html" if request.headers.get("HX-Request") else "ui/refusal.html"
        response = render(request, template, {"status": exc.status, "message": exc.message}, status=exc.status)
        if isinstance(exc, TooMany):
            response["Retry-After"] = str(exc.retry_after_s)
        return response
