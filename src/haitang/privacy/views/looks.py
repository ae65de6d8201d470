"""Who looked at what is masked: the list for those who watch over it, and the sheet of it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow
from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.ui.entering import said
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.privacy import actions, forms, queries
from haitang.privacy.values import Permission


@require_safe
@allow(Permission.LOOKS)
def looks(request: Request) -> HttpResponse:
    """List every look at what is masked: who, of which office, at what, why."""
    form = forms.LookFilterForm(request.GET)
    page = queries.list_looks(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    return respond(request, "privacy/looks.html", "privacy/_looks.html", {"form": form, "page": page})


@require_POST
@allow(Permission.LOOKS)
def looks_export(request: Request) -> HttpResponse:
    """Hand out the list as shown as a sheet: the filter stands in the address."""
    form = forms.LookFilterForm(request.GET)
    wanted = form.wanted()
    if form.errors:
        raise Invalid(_("筛选条件有误，请改正后再导出"))
    found = actions.export_looks(wanted=wanted, **said(request))
    rows = (
        [
            f"{look.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}", look.who, look.organization_name, look.what, look.whose,
            look.area_name, look.rows, look.reason,
        ]
        for look in found
    )  # fmt: skip
    return workbook(_("查看记录"), queries.look_columns(), rows)
