"""The photos of a case, to those who may see it."""

from functools import lru_cache

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases import queries
from haitang.cases.views.telling import THUMBNAIL_EDGE
from haitang.core import files
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.photos import thumbnail


@require_safe
@allow(SIGNED_IN)
def photo(request: Request, case_id: int, photo_id: int) -> HttpResponse:
    """Return a photo as it is kept, or with `?size=320` its thumbnail; never to a shared cache."""
    size = request.GET.get("size", "")
    if size not in ("", str(THUMBNAIL_EDGE)):
        raise NotFound(_("没有这种大小的照片"))
    kept = queries.get_photo(viewer=request.actor, case_id=case_id, photo_id=photo_id)
    etag = f'"{kept.digest[:32]}-{size}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        data = _thumbnail(kept.digest) if size else files.read(kept.digest)
        response = HttpResponse(data, content_type="image/jpeg")
        response["Content-Disposition"] = "inline"
        response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=3600"
    return response


@lru_cache(maxsize=256)
def _thumbnail(digest: str) -> bytes:
    """Some 15 kB each: the photos of the pages looked at most recently."""
    return thumbnail(files.read(digest), THUMBNAIL_EDGE)
