"""统计: the counters as a chart and a table, to be opened further and taken along as a file."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from haitang.cases.queries import catalog
from haitang.cases.queries.counting import By
from haitang.command import queries, values
from haitang.command.forms import FiguresFilter
from haitang.command.values import Permission
from haitang.command.views.links import cases_url
from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.replicas import from_replica
from haitang.core.tables import Column, Kind, file_name, write_csv, write_xlsx
from haitang.core.ui.pages import respond

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@allow(Permission.VIEW_DASHBOARD)
@from_replica
def figures(request: Request) -> HttpResponse:
    """Show the figures of an area over a period by one dimension; every number leads to the cases behind it."""
    form = FiguresFilter(request.GET, today=clock.local_date(clock.now()))
    valid = form.is_valid()
    area = queries.pick_area(request.actor, form.cleaned_data.get("area", ""), Permission.VIEW_DASHBOARD)
    if area is None:
        return respond(request, "command/figures.html", "command/_figures.html", {"form": form, "table": None})
    by, period = form.by_value, form.period
    category = form.cleaned_data.get("category", "") if by is By.CATEGORY else ""
    table = queries.get_table(viewer=request.actor, area=area, by=by, period=period, category=category)
    asked = {"area": area.code, "from": period.first, "to": period.last}
    top = max((row.figures.reported for row in table.rows), default=0)
    context = {
        "form": form,
        "table": table,
        "rows": [_row(table, row, asked, top) for row in table.rows],
        "total": _row(table, table.total, asked, top) | {"list_url": _list_url(table, table.total)},
        "chart": _chart(table) if by is By.DAY else None,
        "tabs": [
            {"label": choice.label, "url": _here(asked, by=choice.value), "current": choice is by} for choice in By
        ],
        "periods": [
            {"label": name, "url": _here({**asked, "from": p.first, "to": p.last}, by=by.value, category=category),
             "current": p == period}
            for name, p in values.usual_periods(form.today)
        ],
        "crumbs": [
            {"label": each.name, "url": _here({**asked, "area": each.code}, by=by.value)}
            for each in queries.list_crumbs(request.actor, area, Permission.VIEW_DASHBOARD)[:-1]
        ],
        "homes": [
            {"label": home.name, "url": _here({**asked, "area": home.code}, by=by.value), "current": home is area}
            for home in queries.list_home_areas(request.actor, Permission.VIEW_DASHBOARD)
        ],
        "category_crumbs": _category_crumbs(category, asked),
        "key_name": _key_name(table),
        "csv_url": _export(asked, by, category, "csv"),
        "xlsx_url": _export(asked, by, category, "xlsx"),
        "reset_url": f"{reverse('command:figures')}?area={area.code}&by={by.value}",
    }  # fmt: skip
    return respond(request, "command/figures.html", "command/_figures.html", context, status=200 if valid else 422)


@require_safe
@allow(Permission.VIEW_DASHBOARD)
def export(request: Request) -> HttpResponse:
    """Give what `figures` shows, with every stage, as csv or xlsx (`format`)."""
    form = FiguresFilter(request.GET, today=clock.local_date(clock.now()))
    if not form.is_valid():
        raise Invalid(
            _("统计条件有误，请返回统计页面重新选择"), {name: str(errors[0]) for name, errors in form.errors.items()}
        )
    area = queries.pick_area(request.actor, form.cleaned_data["area"], Permission.VIEW_DASHBOARD)
    if area is None:
        raise Invalid(_("没有可统计的区域"))
    category = form.cleaned_data["category"] if form.by_value is By.CATEGORY else ""
    table = queries.get_table(
        viewer=request.actor, area=area, by=form.by_value, period=form.period, category=category
    )  # fmt: skip
    is_csv = request.GET.get("format") == "csv"
    title = _("案件统计（按%(by)s）") % {"by": _key_name(table)}
    name = file_name(title, area.name, form.today, "csv" if is_csv else "xlsx")
    if is_csv:
        content, kind = b"".join(write_csv(_cells(table), _columns(table))), "text/csv; charset=utf-8"
    else:
        content, kind = _workbook(table, title), XLSX
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _workbook(table: queries.Table, title: str) -> bytes:
    span = _("%(area)s　统计时段：%(first)s 至 %(last)s") % {
        "area": table.area.name, "first": table.period.first, "last": table.period.last,
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.xlsx"
        write_xlsx(_cells(table), _columns(table), path, title=title, subtitle=span)
        return path.read_bytes()


def _columns(table: queries.Table) -> list[Column]:
    numbers = [
        ("reported", pgettext("count", "上报")), ("open", _("其中在办")), ("done", _("其中已结案")),
        ("accepted", pgettext("count", "受理")), ("closed", pgettext("count", "结案")),
    ]  # fmt: skip
    for share in table.total.figures.stages:
        numbers += [
            (f"in_time_{share.stage.value}", _("%(stage)s按时") % {"stage": share.name}),
            (f"late_{share.stage.value}", _("%(stage)s超时") % {"stage": share.name}),
        ]
    numbers += [("solved", _("已解决")), ("unsolved", _("未解决")), ("score", _("评分合计"))]
    numbers += [
        (f"solved_at_{share.level.value}", _("%(level)s解决") % {"level": share.name})
        for share in table.total.figures.levels
    ]
    return [
        Column("key", _("编码"), kind=Kind.CODE, width=18),
        Column("name", _key_name(table), width=24),
        *(Column(name, title, kind=Kind.INTEGER) for name, title in numbers),
        Column("handled_in_time", _("按时处置率")),
        Column("solved_rate", _("解决率")),
        Column("average_score", _("平均评分")),
        Column("solved_below_rate", _("网格、社区解决占比")),
    ]


def _cells(table: queries.Table) -> Iterator[list[Any]]:
    for row in (*table.rows, table.total):
        f = row.figures
        stages = [n for share in f.stages for n in (share.in_time, share.late)]
        yield [
            row.key, row.name, f.reported, f.open_, f.done, f.accepted, f.closed, *stages,
            f.solved, f.unsolved, f.score, *(share.solved for share in f.levels), f.handling.rate, f.solved_rate,
            f.average_score, f.solved_below_rate,
        ]  # fmt: skip


def _row(table: queries.Table, row: queries.Row, asked: dict[str, Any], top: int) -> dict[str, Any]:
    finer = ""
    if row.finer and table.by is By.AREA:
        finer = _here({**asked, "area": row.key}, by=By.AREA.value)
    elif row.finer and table.by is By.CATEGORY:
        finer = _here(asked, by=By.CATEGORY.value, category=row.key)
    reported = row.figures.reported
    return {
        "key": row.key,
        "name": row.name,
        "figures": row.figures,
        "finer_url": finer,
        "list_url": _list_url(table, row),
        "share": values.percent(reported, table.total.figures.reported),
        "bar": round(100 * reported / top, 1) if top else 0,
    }


def _list_url(table: queries.Table, row: queries.Row) -> str:
    """Return the address of the cases reported that a row counts; "" where no filter of the list means just these."""
    narrowed: dict[str, Any] = {"area": table.area.code, "from_date": row.period.first, "to_date": row.period.last}
    if row is table.total:
        return cases_url(**narrowed) if table.by is not By.CATEGORY else ""
    if table.by is By.AREA:
        return cases_url(**{**narrowed, "area": row.key}) if row.key != table.area.code else ""
    if table.by in (By.CATEGORY, By.CHANNEL, By.STATUS):
        return cases_url(**narrowed, **{table.by.value: row.key}) if row.key else ""
    return cases_url(**narrowed)


def _chart(table: queries.Table) -> values.Chart:
    return values.daily_chart([(row.period.first, row.figures) for row in table.rows], by_month=table.by_month)


def _category_crumbs(code: str, asked: dict[str, Any]) -> list[dict[str, str]]:
    if not code:
        return []
    known = catalog()
    chain = [known.by_id[category_id] for category_id in known.category(code).ids]
    return [
        {"label": _("全部类别"), "url": _here(asked, by=By.CATEGORY.value)},
        *({"label": each.name, "url": _here(asked, by=By.CATEGORY.value, category=each.code)} for each in chain[:-1]),
        {"label": chain[-1].name, "url": ""},
    ]


def _key_name(table: queries.Table) -> str:
    return _("月份") if table.by_month else str(table.by.label)


def _here(asked: dict[str, Any], **more: str) -> str:
    query = {name: value for name, value in {**asked, **more}.items() if value not in ("", None)}
    return f"{reverse('command:figures')}?{urlencode(query)}"


def _export(asked: dict[str, Any], by: By, category: str, kind: str) -> str:
    query = {**asked, "by": by.value, "format": kind, **({"category": category} if category else {})}
    return f"{reverse('command:export')}?{urlencode(query)}"
