"""The list of what is open, its files, and the rules. What is shown was counted by night; here nothing is."""

import re
from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import http_date, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import ANYONE, allow
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.opendata import actions, forms, queries
from haitang.opendata.values import COLUMNS, MEDIA, PREFIX, Format, NothingPublished, Permission

_NAME = re.compile(rf"{PREFIX}(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])\.(?P<form>{'|'.join(Format.values)})")
_KEPT_S = 3600
"""How long whoever took a file need not ask again."""


@require_safe
@allow(ANYONE)
def front(request: Request) -> HttpResponse:
    """Show what is open: months, files, columns, licence."""
    months, rules = queries.by_month(queries.list_files()), queries.open_data_rules()
    context = {
        "lines": [_line(month) for month in months], "columns": COLUMNS.items(), "rules": rules,
        "publisher": queries.publisher(), "updated": max((month.changed_at for month in months), default=None),
    }  # fmt: skip
    return respond(request, "opendata/front.html", None, context)


@require_safe
@allow(ANYONE)
def data(request: Request) -> HttpResponse:
    """Tell programs what is open."""
    address = request.build_absolute_uri(reverse("opendata:front"))
    told = queries.catalogue(address, queries.list_files())
    return _open_to_all(JsonResponse(told, json_dumps_params={"ensure_ascii": False}))


@require_safe
@allow(ANYONE)
def file(request: Request, name: str) -> HttpResponse | FileResponse:
    """Give a file, as it was made; 304 to whoever has it."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise NothingPublished(_("没有这个数据文件"))
    month = date(int(found["year"]), int(found["month"]), 1)
    row, path = queries.get_file(month=month, form=found["form"])
    etag = f'"{row.digest}"'
    response: HttpResponse | FileResponse
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        content_type = MEDIA[Format(row.form)]
        response = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=content_type)
    response["ETag"], response["Last-Modified"] = etag, http_date(row.changed_at.timestamp())
    return _open_to_all(response)


@form_page
@allow(Permission.MANAGE)
def rules(request: Request) -> HttpResponse:
    """Show and change the rules; what is published follows at once."""
    lines = queries.list_open_data_rules(viewer=request.actor)
    form = forms.OpenDataRulesForm(sent(request), lines=lines)

    def context() -> dict[str, Any]:
        return {"is_on": queries.is_on()}

    return settings_page(
        request, form, actions.change_open_data_rule, "opendata/rules.html", "opendata:rules", context
    )  # fmt: skip


def _line(month: queries.Month) -> dict[str, Any]:
    return {
        "month": month.month, "rows": month.rows, "left_out": month.left_out, "changed_at": month.changed_at,
        "files": [
            {"label": Format(form).label, "size": row.size, "url": reverse("opendata:file", args=[queries.named(row)])}
            for form, row in month.files.items()
        ],
    }  # fmt: skip


def _open_to_all(response: Any) -> Any:
    """Let pages of other sites read it, too: it is for everybody, and nobody is known by what they send along."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={_KEPT_S}"
    return response
