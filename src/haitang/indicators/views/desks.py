"""The indicators of organizations: the table, a figure's explanation, the cases behind it, the table as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.cases.lifecycle import Status
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid, NotFound
from haitang.core.http import Request
from haitang.core.replicas import from_replica
from haitang.core.tables import Column, Kind
from haitang.core.ui.pages import respond
from haitang.indicators import queries
from haitang.indicators.forms import DeskFilter
from haitang.indicators.queries import DeskTable
from haitang.indicators.values import Permission
from haitang.indicators.views.tables import numbers_of, sides, table_file, url_of
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef

CODE_LENGTH_MAX = 40


class _Asked:
    """What a request asks for: the filter as it was sent, and the area; None for the viewer's own organizations."""

    def __init__(self, request: Request) -> None:
        code = request.GET.get("set") or queries.sets()[0].code
        self.area: AreaRef | None = queries.pick_area(request.actor, request.GET.get("area", "")[:CODE_LENGTH_MAX])
        self.form = DeskFilter(
            request.GET, today=clock.local_date(clock.now()), set_code=code, areas=_areas(request, self.area)
        )
        self.is_valid = self.form.is_valid()
        self.period = self.form.period
        own = {"area": self.area.code} if self.area else {}
        self.here = {"set": code, **own, **self.form.asked()}

    @property
    def about(self) -> str:
        """Return whose figures they are, in words."""
        return self.area.name if self.area else _("本单位")

    def narrowed(self, request: Request) -> dict[str, Any]:
        """Return what queries take."""
        return {
            "viewer": request.actor, "area": self.area, "set_code": self.form.set_code, "period": self.period,
            "now": clock.now(),
        }  # fmt: skip

    def table(self, request: Request) -> DeskTable:
        """Return the table asked for."""
        kind = self.form.cleaned_data.get("kind", "") if self.is_valid else ""
        return queries.get_desk_table(**self.narrowed(request), kind=kind)


@require_safe
@allow(Permission.VIEW)
@from_replica
def desks(request: Request) -> HttpResponse:
    """Show the indicators of organizations; each figure leads to how it came about."""
    asked = _Asked(request)
    found = asked.table(request)
    context = {
        "form": asked.form, "table": found, "about": asked.about if asked.area else "",
        "indicators": found.formulas.indicators,
        "rows": [
            {
                "name": row.organization.name,
                "cells": [
                    {"name": each.name, "text": row.texts[each.code],
                     "url": _explained_at(each.code, {**asked.here, "organization": row.organization.code})}
                    for each in found.formulas.indicators
                ],
            }
            for row in found.rows
        ],
        "sides": sides(asked.here, of_desks=True) if asked.area else [],
        "tabs": [
            {"label": each.name, "url": url_of("indicators:desks", {**asked.here, "set": each.code}),
             "current": each.code == asked.form.set_code}
            for each in queries.sets()
        ],
        "xlsx_url": url_of("indicators:desks_export", {**asked.here, "format": "xlsx"}),
        "csv_url": url_of("indicators:desks_export", {**asked.here, "format": "csv"}),
        "reset_url": url_of("indicators:desks", {"set": asked.form.set_code}),
        "is_running": found.until < found.period.last or found.until == clock.local_date(clock.now()),
    }  # fmt: skip
    return respond(
        request, "indicators/desks.html", "indicators/_desks.html", context, status=200 if asked.is_valid else 422
    )  # fmt: skip


@require_safe
@allow(Permission.VIEW)
@from_replica
def desk_explanation(request: Request, indicator: str) -> HttpResponse:
    """Show how one figure of an organization came about; each counter leads to its cases."""
    asked, organization = _Asked(request), _organization(request)
    found = queries.explain_desk(**asked.narrowed(request), organization=organization, indicator=indicator)
    if found is None:
        raise NotFound(_("没有这项指标"))
    here = {**asked.here, "organization": organization.code}
    context = {
        "it": found, "who": organization.name, "back_url": url_of("indicators:desks", asked.here),
        "others": [
            {"indicator": each, "text": text, "url": _explained_at(each.code, here)} for each, text in found.others
        ],
        "cases_url": url_of("indicators:desk_cases", here),
    }  # fmt: skip
    return respond(request, "indicators/explanation.html", None, context)


@require_safe
@allow(Permission.VIEW)
@from_replica
def desk_cases(request: Request) -> HttpResponse:
    """Show the cases that a counter of an organization holds, as far as the viewer may see them."""
    asked, organization = _Asked(request), _organization(request)
    measure = request.GET.get("measure", "")[:CODE_LENGTH_MAX]
    page = queries.list_desk_cases(
        **asked.narrowed(request), organization=organization, measure=measure, cursor=request.GET.get("cursor", "")
    )
    names = [
        each.name
        for each in queries.quantities().values()
        if each.by_desk and measure in {counter for counter, _sign in each.counters}
    ]
    context = {
        "who": organization.name, "page": page, "measure": measure, "names": names, "period": asked.period,
        "back_url": url_of("indicators:desks", asked.here),
        "lines": [
            {
                "number": each.view.case.number, "url": reverse("cases:case", args=[each.view.case.pk]),
                "description": each.view.case.description, "area": each.view.area_name, "n": each.n,
                "status": Status(each.view.case.status).label, "left_out": each.left_out,
                "is_confidential": each.view.case.is_confidential, "reported_at": each.view.case.reported_at,
            }
            for each in page.rows
        ],
    }  # fmt: skip
    return respond(request, "indicators/desk_cases.html", "indicators/_desk_cases.html", context)


@require_safe
@allow(Permission.VIEW)
def desks_export(request: Request) -> HttpResponse:
    """Give what `desks` shows as xlsx or csv (`format`), numerators and denominators beside each figure."""
    asked = _Asked(request)
    if not asked.is_valid:
        raise Invalid(_("统计条件有误，请返回指标页面重新选择"))
    found = asked.table(request)
    names = found.formulas.quantities(queries.quantities())
    columns = [
        Column("code", _("编码"), kind=Kind.CODE, width=18), Column("name", _("承办单位"), width=24),
        *(Column(each.code, each.name) for each in found.formulas.indicators),
        *(Column(name, quantity.name) for name, quantity in names.items()),
    ]  # fmt: skip
    about = _("%(area)s承办单位") % {"area": asked.about}
    return table_file(request, found, about, columns, _cells(found, list(names)))


def _cells(found: DeskTable, names: list[str]) -> Iterator[list[Any]]:
    for row in found.rows:
        yield [
            row.organization.code, row.organization.name,
            *(row.texts[each.code] for each in found.formulas.indicators), *numbers_of(row.quantities, names),
        ]  # fmt: skip


def _organization(request: Request) -> Any:
    return queries.pick_desk(request.GET.get("organization", "")[:CODE_LENGTH_MAX])


def _explained_at(indicator: str, query: dict[str, str]) -> str:
    return f"{reverse('indicators:desk_explanation', args=[indicator])}?{urlencode(query)}"


def _areas(request: Request, area: AreaRef | None) -> list[tuple[str, str]]:
    """Return the areas to choose from: the viewer's own, those directly below, and the one that is shown."""
    choices: dict[str, str] = {}
    for home in queries.list_home_areas(request.actor):
        choices[home.code] = home.name
        choices |= {child.code: f"\u3000{child.name}" for child in territory().children(home.id)}
    if area is not None:
        choices.setdefault(area.code, area.name)
    return list(choices.items())
