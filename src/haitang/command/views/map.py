"""The territory on a map with its open cases, and the same as a list."""

from datetime import datetime
from typing import Any

import shapely
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases.queries import CaseFilter, describe
from haitang.cases.queries.points import POINTS_MAX, list_points
from haitang.cases.values import Permission
from haitang.command import queries, values
from haitang.command.forms import MapFilter
from haitang.command.views.links import OPEN, cases_url
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.replicas import from_replica
from haitang.core.ui.pages import respond
from haitang.territory.queries import shapes_of, territory
from haitang.territory.values import LEVELS, AreaRef, read_box
from haitang.territory.values import Kind as AreaKind
from haitang.worktime.values import remaining_text

LIST_ROWS = 20
GEOJSON = "application/geo+json"


@require_safe
@allow(Permission.VIEW)
@from_replica
def case_map(request: Request) -> HttpResponse:
    """Show the open cases of an area on the map, and below it the same as tables."""
    now = clock.now()
    form, area, wanted = _asked(request)
    cases, is_more = list_points(viewer=request.actor, wanted=wanted, now=now, limit=LIST_ROWS)
    below = _below(request, form, area, now)
    is_wide = area is not None and area.level < LEVELS[AreaKind.STREET]  # a street and less shows every case
    outline = area or next(iter(territory().children(None)), None)
    asked = request.GET.copy()
    asked["area"] = area.code if area else ""
    context: dict[str, Any] = {
        "form": form,
        "area": area,
        "crumbs": queries.list_crumbs(request.actor, area)[:-1] if area else [],
        "homes": queries.list_home_areas(request.actor),
        "below": [
            {"area": child, "count": count, "url": f"{reverse('command:map')}?area={child.code}",
             "list_url": cases_url(area=child.code, status=OPEN)}
            for child, count in below
        ],
        "rows": [_row(view, now) for view in describe(cases)],
        "is_more": is_more,
        "limit": LIST_ROWS,
        "points_max": POINTS_MAX,
        "list_url": cases_url(
            area=area.code if area else "", status=form.data.get("status") or OPEN,
            **{name: form.data.get(name) for name in ("category", "channel", "overdue")},
        ),
        "reset_url": f"{reverse('command:map')}?area={area.code}" if area else reverse("command:map"),
        "legend": values.LEGEND,
        "outlines_url": f"{reverse('territory:geojson')}?parent={outline.code if outline else ''}",
        "points_url": f"{reverse('command:map_cases')}?{asked.urlencode()}",
        "counts_url": f"{reverse('command:map_counts')}?area={area.code}" if area and below and is_wide else "",
    }  # fmt: skip
    return respond(request, "command/map.html", "command/_map_list.html", context)


@require_safe
@allow(Permission.VIEW)
@from_replica
def map_cases(request: Request) -> HttpResponse:
    """Give open cases as points: `bbox` (west,south,east,north in degrees) and what the map is filtered by.

    At most POINTS_MAX, those due first; `is_more` says that there are others. Nothing of the reporter is in them.
    """
    now = clock.now()
    _form, _area, wanted = _asked(request)
    box = read_box(request.GET.get("bbox", ""))
    cases, is_more = list_points(viewer=request.actor, wanted=wanted, box=box, now=now)
    return _collection([_feature(_row(view, now)) for view in describe(cases)], is_more=is_more)


@require_safe
@allow(Permission.VIEW)
@from_replica
def map_counts(request: Request) -> HttpResponse:
    """Give, for each area below one, a point inside it with the number of its open cases, by the counters."""
    area = queries.pick_area(request.actor, request.GET.get("area", ""))
    if area is None:
        return _collection([])
    counted = [
        (child, n) for child, n in queries.count_open_below(viewer=request.actor, area=area, now=clock.now()) if n
    ]
    shapes = shapes_of(child.id for child, _n in counted)
    features = []
    for child, count in counted:
        if child.id not in shapes:
            continue
        inside = shapely.point_on_surface(shapes[child.id])
        told = {
            "count": count, "title": child.name, "text": _("在办 %(n)s 件") % {"n": f"{count:,}"},
            "url": f"{reverse('command:map')}?area={child.code}",
        }  # fmt: skip
        features.append(_point(inside.x, inside.y, told))
    return _collection(features)


def _asked(request: Request) -> tuple[MapFilter, AreaRef | None, CaseFilter]:
    form = MapFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    area = queries.pick_area(request.actor, given.get("area", ""))
    return form, area, CaseFilter(
        area_path=area.path if area else "",
        category=given.get("category", ""),
        channel=given.get("channel", ""),
        statuses=(given["status"],) if given.get("status") else (),
        overdue={"1": True, "0": False}.get(given.get("overdue", "")),
    )  # fmt: skip


def _below(request: Request, form: MapFilter, area: AreaRef | None, now: datetime) -> list[tuple[AreaRef, int]]:
    """Return the areas below with their counts: the counters know areas, not what else is filtered by."""
    if area is None or not form.is_valid() or form.narrows:
        return []
    return queries.count_open_below(viewer=request.actor, area=area, now=now)


def _row(view: Any, now: datetime) -> dict[str, Any]:
    case = view.case
    return {
        "lon": case.lon, "lat": case.lat, "number": case.number, "status": case.get_status_display(),
        "colour": values.colour_of(case.stage, case.due_at, now, is_due_soon=case.is_due_soon),
        "category": queries.name_of(view.category) if view.category else _("未分类"),
        "remaining": remaining_text(case.due_at, now), "text": values.shorten(case.description),
        "area_name": view.area_name, "url": reverse("cases:case", args=[case.pk]),
    }  # fmt: skip


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    told = {
        "title": f"{row['category']} {row['number']}", "tag": row["status"], "colour": row["colour"],
        "text": row["text"], "remaining": row["remaining"], "url": row["url"],
    }  # fmt: skip
    return _point(row["lon"], row["lat"], told)


def _point(lon: float, lat: float, told: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": [lon, lat]}}


def _collection(features: list[dict[str, Any]], *, is_more: bool = False) -> JsonResponse:
    answer = JsonResponse(
        {"type": "FeatureCollection", "features": features, "is_more": is_more},
        content_type=GEOJSON,
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
