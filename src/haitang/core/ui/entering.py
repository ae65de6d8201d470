"""What pages that write something share: who acts and when, a form tried, a refusal shown where it belongs, a photo."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haitang.core import files
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.http import said as said  # pages take it from here, with the rest
from haitang.core.photos import thumbnail

form_page = require_http_methods(["GET", "HEAD", "POST"])
THUMBNAIL_EDGE = 320


def sent(request: Request) -> Any:
    """Return what was posted, None for a look."""
    return request.POST if request.method == "POST" else None


def put_on(form: Form, refusal: Refusal, names: Mapping[str, str] = MappingProxyType({})) -> None:
    """Show a refusal where it belongs: at its fields, else above the form. names: of fields called otherwise here."""
    fields = {names.get(name, name): text for name, text in refusal.fields.items()}
    known = {name: text for name, text in fields.items() if name in form.fields}
    for name, text in known.items():
        form.add_error(name, text)
    if not known:
        form.add_error(None, refusal.message)


def attempt(form: Form, write: Callable[[], Any], names: Mapping[str, str] = MappingProxyType({})) -> int:
    """Write what a form says and return 0; the status to answer with where the form or the action refuses it."""
    if not form.is_valid():
        return 422
    try:
        write()
    except NotFound:
        raise
    except Refusal as refusal:
        put_on(form, refusal, names)
        return refusal.status
    return 0


def keep_photos(request: Request, uploads: Iterable[UploadedFile], keep: Callable[[bytes], object]) -> None:
    """Hand on what was uploaded, each by itself; of every one that is refused a message says why."""
    for upload in uploads:
        try:
            keep(upload.read())
        except NotFound:
            raise
        except Refusal as refusal:
            told = {"name": (upload.name or "")[-40:], "why": refusal.message}
            messages.warning(request, _("“%(name)s”没有添加：%(why)s") % told)


def photo_response(request: Request, digest: str) -> HttpResponse:
    """Return a photo as it is kept, or with `?size=320` its thumbnail; never to a shared cache."""
    small = request.GET.get("size") == str(THUMBNAIL_EDGE)
    response = HttpResponse(_thumbnail(digest) if small else files.read(digest), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@lru_cache(maxsize=128)
def _thumbnail(digest: str) -> bytes:
    return thumbnail(files.read(digest), THUMBNAIL_EDGE)
