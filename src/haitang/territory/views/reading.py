"""Pages and outlines that are read."""

import hashlib
import json
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from haitang.core.access import SIGNED_IN, allow, allows
from haitang.core.errors import Invalid, NotFound
from haitang.core.http import Request
from haitang.core.policy import read_versions
from haitang.core.ui.pages import respond
from haitang.territory import forms, policies, queries
from haitang.territory.values import LEVELS, AreaRef, Kind, Permission, read_box

GEOJSON = "application/geo+json"
ID_MAX = 2**63 - 1


@require_safe
@allow(Permission.VIEW)
def index(request: Request) -> HttpResponse:
    """Show the roots of the tree, or the one root's page where there is but one."""
    return _browse(request, None)


@require_safe
@allow(Permission.VIEW)
def area(request: Request, area_id: int) -> HttpResponse:
    """Show one area and what stands directly below it."""
    return _browse(request, known(area_id))


def known(area_id: int) -> AreaRef:
    """Return the area of an address. Raises AreaNotFound."""
    return queries.territory().area(area_id)


def _browse(request: Request, here: AreaRef | None) -> HttpResponse:
    form = forms.Filter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    everywhere = bool(wanted.get("q") or wanted.get("kind"))
    page = queries.list_areas(
        parent_id=here.id if here and not everywhere else None,
        under=here if everywhere else None,
        roots=here is None and not everywhere,
        kind=wanted.get("kind", ""),
        text=wanted.get("q", ""),
        closed=bool(wanted.get("closed")),
        cursor=request.GET.get("cursor", ""),
    )
    context: dict[str, Any] = {
        "here": here,
        "form": form,
        "page": page,
        "rows": _rows(page.rows, everywhere),
        "everywhere": everywhere,
        "can_manage": allows(policies.check_can_manage, request.actor, here.path if here else "/"),
    }
    if here is not None and not request.headers.get("HX-Request"):
        record = queries.get_area(here.id)
        context |= {
            "area": record,
            "kind": Kind(here.kind).label,
            "chain": queries.territory().chain(here.id)[:-1],
            "heir": queries.territory().get(record.replaced_by_id),
            "figures": queries.list_populations(here.id)[:12],
            "versions": queries.list_versions(here.id),
            "map_url": f"{reverse('territory:geojson')}?parent={here.code}&links=1" if here.open else "",
            "warnings": queries.code_warnings(kind=here.kind, code=here.code, parent_id=here.parent_id),
        }
    return respond(request, "territory/areas.html", "territory/_areas.html", context)


def _rows(areas: Any, everywhere: bool) -> list[dict[str, Any]]:
    ids = [area.pk for area in areas]
    children, figures, tree = queries.count_children(ids), queries.latest_populations(ids), queries.territory()
    return [
        {
            "area": area,
            "children": children[area.pk],
            "resident": figures.get(area.pk, {}).get("resident"),
            "above": " / ".join(tree.names(area.pk)[:-1]) if everywhere else "",
        }
        for area in areas
    ]


def _geojson_etag(request: Request) -> str:
    versions = read_versions()
    state = [versions.get("territory.tree", 0), versions.get("territory.boundaries", 0), request.GET.urlencode()]
    return f'"{hashlib.sha256(json.dumps(state).encode()).hexdigest()[:32]}"'


@require_safe
@allow(SIGNED_IN)
@condition(etag_func=_geojson_etag)
def geojson(request: Request) -> HttpResponse:
    """Give outlines as GeoJSON: `parent` (code; left out, everywhere), `level` (a kind: all of its level), `bbox`.

    Without a level: the parent itself and what stands directly below it. bbox: west,south,east,north in degrees.
    links=1 adds the address of each area's page. Outlines are public data; nobody's name is in them.
    """
    code, level = request.GET.get("parent", ""), request.GET.get("level", "")
    parent = queries.territory().by_code(code) if code else None
    if code and parent is None:
        raise NotFound(_("没有编码为“%(code)s”的区域") % {"code": code[:40]})
    if level and level not in Kind.values:
        raise Invalid(_("没有这种区域类型"))
    kinds = [kind.value for kind in Kind if not level or kind.level == LEVELS[Kind(level)]]
    link = (lambda area_id: reverse("territory:area", args=[area_id])) if request.GET.get("links") == "1" else None
    text = queries.outlines(
        parent=parent, kinds=kinds, direct=not level, box=read_box(request.GET.get("bbox", "")), link=link
    )
    response = HttpResponse(text, content_type=GEOJSON)
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
@allow(Permission.VIEW)
def findings(request: Request, area_id: int) -> HttpResponse:
    """Give what is wrong with the boundaries below an area, as points for the map."""
    found = [finding for finding in queries.boundary_report(known(area_id).id) if finding.lon is not None]
    features = [
        {
            "type": "Feature",
            "properties": {"title": finding.text, "colour": "orange" if finding.what == "gap" else "red"},
            "geometry": {"type": "Point", "coordinates": [finding.lon, finding.lat]},
        }
        for finding in found
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return HttpResponse(body, content_type=GEOJSON)
