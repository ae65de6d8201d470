"""Pages of files of people: bring one, look at what was found, take it in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.sheets import workbook
from haitang.volunteers import actions, forms, queries
from haitang.volunteers.forms.fields import name_of
from haitang.volunteers.values import ImportState, Permission

REASONS_SHOWN = 200


@form_page
@allow(Permission.MANAGE)
def import_new(request: Request) -> HttpResponse:
    """Take a file and check it; nobody is entered yet."""
    form = forms.ImportForm(
        sent(request), request.FILES or None, initial={"unit": name_of(request.actor.organization_id)}
    )
    status = 200
    if request.method == "POST":
        made: list[int] = []

        def write() -> None:
            file = form.cleaned_data["file"]
            made.append(
                actions.bring_volunteer_file(
                    file_name=file.name, data=file.read(), unit_id=form.cleaned_data["unit"], **said(request)
                ).pk
            )

        status = attempt(form, write)
        if not status:
            return redirect("volunteers:import_file", made[0])
    context = {"form": form, "rows": queries.list_imports(viewer=request.actor)}
    return respond(request, "volunteers/import.html", None, context, status)


@form_page
@allow(Permission.MANAGE)
def import_file(request: Request, import_id: int) -> HttpResponse:
    """Show what was found in a file, and enter its sound rows once that is said."""
    row = queries.get_import(viewer=request.actor, import_id=import_id)
    if request.method == "POST":
        done = actions.take_in_volunteer_file(import_id=row.pk, **said(request))
        messages.success(request, _("已登记 %(n)d 人") % {"n": done.sound})
        return redirect("volunteers:import_file", row.pk)
    context = {
        "row": row, "is_done": row.state == ImportState.DONE, "reasons": row.reasons[:REASONS_SHOWN],
        "more": row.refused > REASONS_SHOWN,
    }  # fmt: skip
    return respond(request, "volunteers/import_file.html", None, context)


@require_safe
@allow(Permission.MANAGE)
def import_template(request: Request) -> HttpResponse:
    """Hand out an empty file with the headers and one line that shows how it is filled."""
    example = (
        "（示例）王小明", "13800000000", "320585001001001", True, "", "employed", "two_way", "", "", "家电维修、急救",
        "", "", queries.rules().setting("reach_default_m"), True,
    )  # fmt: skip
    return workbook(_("志愿登记导入模板"), queries.import_columns(), [example])
