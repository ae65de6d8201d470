"""The photos of a whistle, to those who may know of it."""

from functools import lru_cache

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core import files
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.photos import thumbnail
from haitang.whistles import queries
from haitang.whistles.views.telling import THUMBNAIL_EDGE


@require_safe
@allow(SIGNED_IN)
def photo(request: Request, whistle_id: int, photo_id: int) -> HttpResponse:
    """Return a photo as it is kept, or with `?size=320` its thumbnail; never to a shared cache."""
    size = request.GET.get("size", "")
    if size not in ("", str(THUMBNAIL_EDGE)):
        raise NotFound(_("没有这种大小的照片"))
    kept = queries.get_whistle_photo(viewer=request.actor, whistle_id=whistle_id, photo_id=photo_id)
    data = _thumbnail(kept.digest) if size else files.read(kept.digest)
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@lru_cache(maxsize=256)
def _thumbnail(digest: str) -> bytes:
    return thumbnail(files.read(digest), THUMBNAIL_EDGE)
