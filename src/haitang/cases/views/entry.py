"""Entering a case for a caller, a visitor, or from a walk."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.queries.pages import Entering
from haitang.cases.values import (
    DESCRIPTION_LENGTH_MAX,
    ENTERED,
    AskedOf,
    Moment,
    Permission,
    Question,
    Tree,
    photos_in,
)
from haitang.cases.views.page import put_on
from haitang.cases.views.rows import similar_rows
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import NotSignedIn, Refusal
from haitang.core.http import Request
from haitang.core.ui import panels
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
        typed = _typed(form.cleaned_data)
        near = _similar(request, typed)
        if _to_be_seen(request, near, typed) - set(request.POST.getlist("seen")):
            return _page(request, form, area, near=near, typed=typed, category=category)
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
    for follow in ENTERED:
        follow(actor=actor, case_id=case.pk, phone=form.cleaned_data["reporter_phone"], now=now)
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
    """Show what may be the same matter as what has been typed so far."""
    typed = _typed(request.GET)
    context = {"near": _similar(request, typed), "typed": typed}
    return render(request, "cases/_similar.html", context)


def _typed(given: Mapping[str, Any]) -> Entering:
    """Return what has been typed so far, checked or not; what cannot be read is not there."""

    def number(name: str, most: int) -> float | None:
        try:
            value = float(given.get(name) or "")
        except (TypeError, ValueError):
            return None
        return value if -most <= value <= most else None

    lon, lat = number("lon", 180), number("lat", 90)
    category = queries.catalog().by_code.get(str(given.get("category_code") or ""))
    description = str(given.get("description") or "")[:DESCRIPTION_LENGTH_MAX].strip()
    return Entering(
        description=description,
        category=category or queries.catalog().suggest(description),
        lon=lon if lat is not None else None,
        lat=lat if lon is not None else None,
        phone=str(given.get("reporter_phone") or "")[:30].strip(),
    )


def _similar(request: Request, typed: Entering) -> list[Any]:
    if typed.lon is None or typed.lat is None:
        return []
    now = clock.now()
    found = queries.list_similar(
        viewer=request.actor, lon=typed.lon, lat=typed.lat, now=now, description=typed.description,
        category_id=typed.category.id if typed.category else None,
    )  # fmt: skip
    return similar_rows(queries.describe_similar(found), now)


def _to_be_seen(request: Request, near: list[Any], typed: Entering) -> set[str]:
    """Return the numbers of the cases that are to be looked at once before a new one is saved."""
    numbers = {line.number for line in near}
    for provider in panels.CASE_ENTRY:
        panel = provider(request, typed)
        numbers |= set(panel.context["numbers"]) if panel else set()
    return numbers


def _own_area(request: Request) -> Any:
    """Return the one area over which the viewer may report, or None where there are several or it is the city."""
    paths = request.actor.areas(Permission.REPORT)
    ids = [int(path.rstrip("/").rpartition("/")[2] or 0) for path in paths]
    return territory().get(ids[0]) if len(ids) == 1 else None


def _page(
    request: Request, form: forms.NewCase, area: Any, *, near: Any = (), typed: Entering | None = None,
    category: Any = None, first_asked: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    top = area or next(iter(territory().children(None)), None)
    areas_url = f"{reverse('territory:geojson')}?parent={top.code}" if top else ""
    context = {"form": form, "near": near, "typed": typed, "asking": typed is not None, "areas_url": areas_url}
    context |= {"category": category, "first_asked": first_asked}
    return respond(request, "cases/new.html", None, context, status)
