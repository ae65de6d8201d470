"""The list of cases, and the list as a file."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.queries import CaseFilter
from haitang.cases.values import Permission
from haitang.cases.views.rows import rows
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Actor, allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.replicas import from_replica
from haitang.core.tables import Column, write_csv, write_xlsx
from haitang.core.ui.pages import respond
from haitang.core.ui.panels import CASE_LIST
from haitang.territory.queries import territory

ROWS = (20, 50, 100)
CHOOSERS = (Permission.ACCEPT, Permission.DISPATCH, Permission.HANDLE)
"""Who may do something to several cases at once: they tick them, and apps above say in CASE_LIST what."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@allow(Permission.VIEW)
@from_replica
def case_list(request: Request) -> HttpResponse:
    """Show the cases that the viewer may see, narrowed by what the filter row asks for."""
    form = forms.Filter(request.GET, viewer=request.actor)
    now, limit = clock.now(), _limit(request)
    page = queries.list_cases(
        viewer=request.actor, wanted=form.wanted(), now=now, cursor=request.GET.get("cursor", ""), limit=limit
    )
    asked = request.GET.copy()
    asked.pop("cursor", None)
    context = {
        "form": form, "page": page, "rows": rows(queries.describe(list(page.rows)), now),
        "asked": asked.urlencode(), "limit": limit, "limits": ROWS,
        "narrowed": any(asked.get(name) for name in form.fields if name != "rows"),
        "page_by_priority": form.wanted().by_priority,
        "may_export": bool(request.actor.areas(Permission.EXPORT)),
        "may_unmask": bool(request.actor.areas(Permission.UNMASK)),
        "may_choose": bool(list(CASE_LIST)) and any(map(request.actor.holds, CHOOSERS)),
        "may_report": request.actor.holds(Permission.REPORT),
    }  # fmt: skip
    return respond(request, "cases/list.html", "cases/_list.html", context)


def _limit(request: Request) -> int:
    asked = request.GET.get("rows", "")
    return int(asked) if asked in {str(each) for each in ROWS} else ROWS[0]


@require_POST
@allow(Permission.EXPORT)
def export(request: Request) -> HttpResponseBase:
    """Hand out the list as shown: the filter stands in the address, the format and a reason in the form."""
    form = forms.Filter(request.GET, viewer=request.actor)
    wanted = form.wanted()
    if form.errors:
        raise Invalid(_("筛选条件有误，请改正后再导出"))
    wanted = _within_reach(request.actor, wanted)
    reason = request.POST.get("reason", "").strip() or None
    now = clock.now()
    columns, found = actions.export_cases(actor=request.actor, now=now, wanted=wanted, unmask_reason=reason)
    name = _file_name(request.actor, wanted, now)
    if request.POST.get("format") == "csv":
        return _csv(columns, found, f"{name}.csv")
    return _xlsx(columns, found, f"{name}.xlsx")


def _within_reach(viewer: Actor, wanted: CaseFilter) -> CaseFilter:
    """Narrow a list of everything to the one area over which the viewer may export."""
    reach = viewer.areas(Permission.EXPORT)
    if wanted.area_path or EVERYWHERE in reach:
        return wanted
    if len(reach) != 1:
        raise Invalid(_("您可以导出多个区域的案件，请先在筛选中选择一个区域"))
    return CaseFilter(
        **{name: getattr(wanted, name) for name in CaseFilter.__slots__} | {"area_path": next(iter(reach))}
    )


def _file_name(viewer: Actor, wanted: CaseFilter, now: Any) -> str:
    """Return 标题_单位_日期, as offices file it."""
    area = territory().get(int(wanted.area_path.rstrip("/").rpartition("/")[2] or 0)) if wanted.area_path else None
    whose = area.name if area else viewer.organization_name or _("全部")
    return f"{_('案件')}_{whose}_{clock.local_date(now):%Y%m%d}"


def _csv(columns: Sequence[Column], found: Iterator[tuple[Any, ...]], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(write_csv(found, columns), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _xlsx(columns: Sequence[Column], found: Iterator[tuple[Any, ...]], name: str) -> FileResponse:
    with tempfile.TemporaryDirectory(prefix="haitang-export-") as folder:
        path = Path(folder) / "cases.xlsx"
        write_xlsx(found, columns, path)
        file = path.open("rb")  # it outlives its name
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
