"""The table of indicators by area, each figure's explanation, and the table as a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid, NotFound
from haitang.core.http import Request
from haitang.core.replicas import from_replica
from haitang.core.tables import Column, Kind, file_name, write_csv
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.indicators import queries
from haitang.indicators.forms import TableFilter
from haitang.indicators.queries import DeskTable, Row, Table
from haitang.indicators.values import Permission
from haitang.territory.queries import territory


def asked(request: Request) -> tuple[TableFilter, Any]:
    """Return the filter as it was sent, and the area that it names; None where the viewer has none."""
    code = request.GET.get("set") or queries.sets()[0].code
    form = TableFilter(request.GET, today=clock.local_date(clock.now()), set_code=code)
    return form, queries.pick_area(request.actor, request.GET.get("area", "")[:40])


@require_safe
@allow(Permission.VIEW)
@from_replica
def table(request: Request) -> HttpResponse:
    """Show the indicators of an area and of those directly below it; each figure leads to how it came about."""
    form, area = asked(request)
    valid = form.is_valid()
    if area is None and queries.list_own_desks(request.actor):
        return redirect("indicators:desks")
    if area is None:
        return respond(request, "indicators/table.html", "indicators/_table.html", {"form": form, "table": None})
    found = queries.get_table(
        viewer=request.actor, area=area, set_code=form.set_code, period=form.period, now=clock.now()
    )  # fmt: skip
    here = {"set": form.set_code, "area": area.code, **form.asked()}
    context = {
        "form": form, "table": found,
        "indicators": found.formulas.indicators,
        "rows": [_line(row, found, here) for row in found.rows],
        "total": _line(found.total, found, here),
        "tabs": [
            {"label": each.name, "url": url_of("indicators:table", {"set": each.code, "area": area.code}),
             "current": each.code == form.set_code}
            for each in queries.sets()
        ],
        "crumbs": [
            {"label": each.name, "url": url_of("indicators:table", {**here, "area": each.code})}
            for each in territory().chain(area.id)[:-1]
            if request.actor.holds(Permission.VIEW, area_path=each.path)
        ],
        "sides": sides(here, of_desks=False),
        "homes": [
            {"label": home.name, "url": url_of("indicators:table", {**here, "area": home.code}),
             "current": home.id == area.id}
            for home in queries.list_home_areas(request.actor)
        ],
        "xlsx_url": url_of("indicators:export", {**here, "format": "xlsx"}),
        "csv_url": url_of("indicators:export", {**here, "format": "csv"}),
        "reset_url": url_of("indicators:table", {"set": form.set_code, "area": area.code}),
        "is_running": found.until < found.period.last or found.until == clock.local_date(clock.now()),
    }  # fmt: skip
    return respond(
        request, "indicators/table.html", "indicators/_table.html", context, status=200 if valid else 422
    )  # fmt: skip


@require_safe
@allow(Permission.VIEW)
@from_replica
def explanation(request: Request, indicator: str) -> HttpResponse:
    """Show how one figure came about: formula, numbers put in, counters, what was left out, and the source."""
    form, area = asked(request)
    found = None
    if area is not None:
        found = queries.explain(
            viewer=request.actor, area=area, set_code=form.set_code, indicator=indicator, period=form.period,
            now=clock.now(),
        )  # fmt: skip
    if found is None or area is None:
        raise NotFound(_("没有这项指标"))
    here = {"set": form.set_code, "area": area.code, **form.asked()}
    context = {
        "it": found, "who": area.name, "back_url": url_of("indicators:table", here),
        "others": [
            {"indicator": each, "text": text,
             "url": f"{reverse('indicators:explanation', args=[each.code])}?{urlencode(here)}"}
            for each, text in found.others
        ],
    }  # fmt: skip
    return respond(request, "indicators/explanation.html", None, context)


@require_safe
@allow(Permission.VIEW)
def export(request: Request) -> HttpResponse:
    """Give what `table` shows as xlsx or csv (`format`), numerators and denominators beside each figure."""
    form, area = asked(request)
    if area is None or not form.is_valid():
        raise Invalid(_("统计条件有误，请返回指标页面重新选择"))
    found = queries.get_table(
        viewer=request.actor, area=area, set_code=form.set_code, period=form.period, now=clock.now()
    )  # fmt: skip
    columns = [
        Column("code", _("编码"), kind=Kind.CODE, width=18), Column("name", _("区域"), width=24),
        *(Column(each.code, each.name) for each in found.formulas.indicators),
        *(Column(name, quantity.name) for name, quantity in found.formulas.quantities(queries.quantities()).items()),
    ]  # fmt: skip
    return table_file(request, found, area.name, columns, _cells(found))


def table_file(
    request: Request, found: Table | DeskTable, about: str, columns: list[Column], rows: Iterator[list[Any]]
) -> HttpResponse:
    """Return a table as xlsx, or csv where the request asks for that. about: the area's name, or that of organizations.

    The rows are those of the columns.
    """
    is_csv = request.GET.get("format") == "csv"
    if not is_csv:
        span = _("%(area)s　统计时段：%(first)s 至 %(last)s") % {
            "area": about, "first": found.period.first, "last": found.until,
        }  # fmt: skip
        return workbook(found.formulas.name, columns, rows, scope=about, subtitle=span)
    name = file_name(found.formulas.name, about, clock.local_date(clock.now()), "csv")
    response = HttpResponse(b"".join(write_csv(rows, columns)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def sides(here: dict[str, str], *, of_desks: bool) -> list[dict[str, Any]]:
    """Return the two ways to look at figures: by area, by organization."""
    kept = {key: value for key, value in here.items() if key != "kind"}
    return [
        {"label": _("按区域"), "url": url_of("indicators:table", kept), "current": not of_desks},
        {"label": _("按承办单位"), "url": url_of("indicators:desks", kept), "current": of_desks},
    ]


def numbers_of(quantities: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield quantities as a file prints them."""
    for name in names:
        n = quantities[name]
        yield "—" if n is None else str(n if n.denominator == 1 else float(n))


def _cells(found: Table) -> Iterator[list[Any]]:
    names = list(found.formulas.quantities(queries.quantities()))
    for row in (*found.rows, found.total):
        yield [
            row.area.code if row.area else "", row.name if row is not found.total else _("合计"),
            *(row.texts[each.code] for each in found.formulas.indicators),
            *numbers_of(row.quantities, names),
        ]  # fmt: skip


def _line(row: Row, found: Table, here: dict[str, str]) -> dict[str, Any]:
    to = {**here, "area": row.area.code} if row.area else None
    finer = row.area is not None and row is not found.total and bool(territory().children(row.area.id))
    return {
        "name": row.name, "url": url_of("indicators:table", to) if to and finer else "",
        "cells": [
            {
                "name": each.name, "text": row.texts[each.code],
                "url": f"{reverse('indicators:explanation', args=[each.code])}?{urlencode(to)}" if to else "",
            }
            for each in found.formulas.indicators
        ],
    }  # fmt: skip


def url_of(name: str, query: dict[str, str]) -> str:
    """Return the address of a page with these parameters."""
    return f"{reverse(name)}?{urlencode(query)}"
