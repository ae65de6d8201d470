"""Answers to the page's scripts: JSON, refusals included."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from pydantic import ValidationError

from haitang.core.errors import Invalid, Refusal, TooMany
from haitang.core.http import Request
from haitang.core.schemas import Schema

Shape = TypeVar("Shape", bound=Schema)


def in_json(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """Turn what the view returns into JSON that nobody keeps, and a refusal into a problem (RFC 9457)."""

    @wraps(view)
    def answer(request: Request, *args: Any, **more: Any) -> HttpResponse:
        try:
            response = JsonResponse(_of_json(view, request, *args, **more))
        except Refusal as refusal:
            body = {
                "title": refusal.code, "status": refusal.status, "detail": refusal.message,
                "fields": dict(refusal.fields),
            }  # fmt: skip
            response = JsonResponse(body, status=refusal.status, content_type="application/problem+json")
            if isinstance(refusal, TooMany):
                response["Retry-After"] = str(refusal.retry_after_s)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def _of_json(view: Callable[..., dict[str, Any]], request: Request, *args: Any, **more: Any) -> dict[str, Any]:
    """Return what the view returns. Raises Invalid where a form was sent: it has been read, and is gone."""
    try:
        return view(request, *args, **more)
    except RawPostDataException as error:
        raise Invalid(_("内容有误：%(words)s") % {"words": "JSON"}) from error


def parse(shape: type[Shape], body: str | bytes) -> Shape:
    """Return the body in that shape. Raises Invalid with a sentence for each field."""
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        fields = {".".join(map(str, each["loc"])) or "body": each["msg"] for each in error.errors()}
        words = "；".join(f"{name}：{text}" for name, text in fields.items())
        raise Invalid(_("内容有误：%(words)s") % {"words": words}, fields) from error
