"""The pages of the frame itself: preferences, the web manifest, the gallery of components."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import ANYONE, allow
from haitang.core.errors import NotAllowed, NotFound
from haitang.core.ui import gallery as examples
from haitang.core.ui.context import LARGE_COOKIE

YEAR_S = 365 * 24 * 3600


@require_POST
@allow(ANYONE)
def preference(request: HttpRequest) -> HttpResponse:
    """Keep how the visitor likes pages shown (large mode, language) in a cookie, and go back to the page."""
    after = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        after, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        after = "/"
    response = HttpResponseRedirect(after if after.startswith("/") else "/")  # an address, never the name of a view
    secure = settings.SESSION_COOKIE_SECURE
    large, language = request.POST.get("large"), request.POST.get("language", "")
    if large in ("0", "1"):
        response.set_cookie(LARGE_COOKIE, large, max_age=YEAR_S, samesite="Lax", secure=secure, httponly=True)
    if language and check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_S, samesite="Lax", secure=secure, httponly=True
        )
    return response


@require_safe
@allow(ANYONE)
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web manifest: the name and mark under which a phone keeps the site on its home screen."""
    icon = {"src": static("ui/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    body = {
        "name": settings.HAITANG_NAME,
        "short_name": settings.HAITANG_NAME[:12],
        "start_url": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#8f2f45",
        "icons": [icon],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_safe
@allow(ANYONE)
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in all its states, to whoever is signed in (and to everyone while developing)."""
    _require_gallery(request)
    return render(request, "ui/gallery/gallery.html", examples.context(request))


@require_safe
@allow(ANYONE)
def shapes(request: HttpRequest) -> HttpResponse:
    """Return the gallery's invented GeoJSON."""
    _require_gallery(request)
    return JsonResponse(examples.shapes())


@require_safe
@allow(ANYONE)
def page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one of the layouts that the gallery cannot hold inside itself."""
    _require_gallery(request)
    if name == "public":
        return render(request, "ui/gallery/public.html", examples.context(request))
    if name == "refusal":
        raise NotAllowed(_("您没有此项权限，请联系本单位的系统管理员"))
    raise NotFound(_("没有这个页面"))


def _require_gallery(request: HttpRequest) -> None:
    if not settings.DEBUG and not request.actor.is_known:  # type: ignore[attr-defined]  # see core.http.Request
        raise NotFound(_("没有这个页面"))
