"""Entering a case for a caller, a visitor, or from a walk."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.values import AskedOf, Moment, Permission, Question, Tree, photos_in
from haitang.cases.views.page import put_on
from haitang.cases.views.rows import rows
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import NotSignedIn, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.territory.queries import territory


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Permission.REPORT)
def new(request: Request) -> HttpResponse:
    """Take in a case; what may be the same matter is shown once before it is saved."""
    area = _own_area(request)
    if request.method != "POST":
        form = forms.NewCase(viewer=request.actor, initial={"area_code": area.code if area else ""})
        return _page(request, form, area)
    category = _category(request.POST)
    questions = _questions(category)
    form = forms.NewCase(request.POST, request.FILES, viewer=request.actor, questions=questions)
    status = 422
    if questions and request.POST.get("asked") != str(category.current.version_id):
        form.is_valid()
        form.errors.clear()
        return _page(request, form, area, category=category, first_asked=True, status=422)
    if form.is_valid():
        near = _similar(request, form.cleaned_data["lon"], form.cleaned_data["lat"])
        if {line.number for line in near} - set(request.POST.getlist("seen")):
            return _page(request, form, area, near=near, category=category)
        try:
            case = _report(request, form)
        except NotSignedIn:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            said = {"number": case.number, "code": case.query_code}
            messages.success(request, _("已登记，编号 %(number)s，查询码 %(code)s，请告知诉求人") % said)
            return redirect("cases:case", case.pk)
    return _page(request, form, area, category=category, status=status)


def _category(typed: Any) -> Any:
    """Return the category chosen, or the one that the words suggest; None for neither."""
    known = queries.catalog()
    return known.by_code.get(typed.get("category_code", "")) or known.suggest(typed.get("description", "")[:2000])


def _questions(category: Any) -> tuple[Question, ...]:
    return category.current.form.asked(Moment.REPORT, AskedOf.STAFF) if category else ()


@require_safe
@allow(Permission.REPORT)
def questions(request: Request) -> HttpResponse:
    """Show what the category chosen, or suggested by the words so far, asks: a fragment of the page of entry."""
    category = _category(request.GET)
    form = forms.NewCase(viewer=request.actor, questions=_questions(category))
    return render(request, "cases/_questions.html", {"form": form, "category": category})


@transaction.atomic
def _report(request: Request, form: forms.NewCase) -> Any:
    now, actor = clock.now(), request.actor
    answering = photos_in(form.cleaned_data, form.questions)
    given = form.given()
    if form.questions and not given["category_code"]:
        given["category_code"] = _category(request.POST).code
    case = actions.report_case(actor=actor, now=now, photographed={key for key, _photo in answering}, **given)
    for photo in form.cleaned_data["photos"]:
        actions.add_photo(actor=actor, case_id=case.pk, data=photo.read(), now=now)
    for key, photo in answering:
        actions.add_photo(actor=actor, case_id=case.pk, data=photo.read(), now=now, question=key)
    return case


@require_safe
@allow(Permission.REPORT)
def suggest(request: Request) -> HttpResponse:
    """Say under which category the words typed so far would be filed."""
    found = queries.catalog().suggest(request.GET.get("description", "")[:2000])
    tree = Tree(found.tree).label if found else ""
    context = {"suggested": forms.category_name(found) if found else "", "tree": tree}
    return render(request, "cases/_suggested.html", context)


@require_safe
@allow(Permission.REPORT)
def similar(request: Request) -> HttpResponse:
    """Show what was reported near the point chosen, lately."""
    try:
        lon, lat = float(request.GET.get("lon", "")), float(request.GET.get("lat", ""))
    except ValueError:
        return render(request, "cases/_similar.html", {"near": []})
    return render(request, "cases/_similar.html", {"near": _similar(request, lon, lat)})


def _similar(request: Request, lon: float | None, lat: float | None) -> list[Any]:
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return []
    now = clock.now()
    found = queries.list_similar(viewer=request.actor, lon=lon, lat=lat, now=now)
    return rows(queries.describe(found), now)


def _own_area(request: Request) -> Any:
    """Return the one area over which the viewer may report, or None where there are several or it is the city."""
    paths = request.actor.areas(Permission.REPORT)
    ids = [int(path.rstrip("/").rpartition("/")[2] or 0) for path in paths]
    return territory().get(ids[0]) if len(ids) == 1 else None


def _page(
    request: Request, form: forms.NewCase, area: Any, *, near: Any = None, category: Any = None,
    first_asked: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    top = area or next(iter(territory().children(None)), None)
    areas_url = f"{reverse('territory:geojson')}?parent={top.code}" if top else ""
    context = {"form": form, "near": near, "asking": bool(near), "areas_url": areas_url}
    context |= {"category": category, "first_asked": first_asked}
    return respond(request, "cases/new.html", None, context, status)
