"""The page's picture on a home screen: drawn, for telephones that take no SVG (Safari)."""

import io
from functools import lru_cache
from math import cos, pi, sin

from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw

from haitang.core.access import ANYONE, allow
from haitang.core.errors import NotFound
from haitang.core.http import Request

SIZES = (180, 192, 512)
"""Edges in pixels: iOS asks for the first, web manifests for the others."""
_GROUND, _LINE, _LENS = "#8f2f45", "#ffffff", "#f2c14e"
_UNITS, _FINER = 64, 4
_DAY_S = 86400


@require_safe
@allow(ANYONE)
@cache_control(public=True, max_age=_DAY_S)
def icon(request: Request, size: int) -> HttpResponse:
    """Return the picture of static/field/icon.svg as PNG."""
    if size not in SIZES:
        raise NotFound("")
    return HttpResponse(_draw(size), content_type="image/png")


@lru_cache(maxsize=len(SIZES))
def _draw(size: int) -> bytes:
    edge = size * _FINER
    picture = Image.new("RGB", (edge, edge), _GROUND)
    pen = ImageDraw.Draw(picture)
    scale = edge / _UNITS
    outline = [(x * scale, y * scale) for x, y in _camera()]
    half = 1.5 * scale
    pen.line([*outline, outline[0]], fill=_LINE, width=round(2 * half), joint="curve")
    for x, y in outline:  # round joins
        pen.ellipse((x - half, y - half, x + half, y + half), fill=_LINE)
    pen.ellipse([value * scale for value in (25.5, 27.5, 38.5, 40.5)], fill=_LENS)
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _camera() -> list[tuple[float, float]]:
    """Return the outline of the camera in the units of the SVG, clockwise from the left of its hump."""
    points: list[tuple[float, float]] = [(24, 24), (27, 20), (37, 20), (40, 24)]
    for x, y, start in ((44, 27, -pi / 2), (44, 43, 0), (20, 43, pi / 2), (20, 27, pi)):
        points += [(x + 3 * cos(start + turn * pi / 16), y + 3 * sin(start + turn * pi / 16)) for turn in range(9)]
    return points
