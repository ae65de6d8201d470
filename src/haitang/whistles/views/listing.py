"""The lists of whistles."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.whistles import forms, queries
from haitang.whistles.values import Permission
from haitang.whistles.views import telling


@require_safe
@allow(Permission.VIEW)
def whistle_list(request: Request) -> HttpResponse:
    """Show one of the viewer's boxes of whistles, newest first."""
    viewer, now = request.actor, clock.now()
    boxes = _boxes(request)
    asked = request.GET.get("box", "")
    box = asked if asked in boxes else next(iter(boxes))
    form = forms.ListFilter(request.GET)
    status = form.cleaned_data["status"] if form.is_valid() else ""
    page = queries.list_whistles(viewer=viewer, box=box, status=status, cursor=request.GET.get("cursor", ""))
    url = reverse("whistles:list")
    tabs = [
        {
            "label": label, "url": f"{url}?box={name}", "current": name == box,
            "count": queries.count_whistles_todo(viewer=viewer) if name == "todo" else None,
        }
        for name, label in boxes.items()
    ]  # fmt: skip
    tasks = queries.count_open_tasks(viewer=viewer, whistles=list(page.rows)) if "todo" in boxes else {}
    rows = [
        telling.row(each, now) | {"tasks": tasks.get(each.whistle.pk, 0)}
        for each in queries.describe_whistles(list(page.rows))
    ]
    mine = queries.list_open_tasks(viewer=viewer) if box == "todo" and "cursor" not in request.GET else []
    context = {
        "form": form, "tabs": tabs, "box": box, "page": page, "rows": rows,
        "tasks": [telling.open_task(task, desk, now) for task, desk in mine],
    }  # fmt: skip
    return respond(request, "whistles/list.html", "whistles/_list.html", context)


def _boxes(request: Request) -> dict[str, str]:
    """Return the boxes that this viewer has a use for."""
    viewer = request.actor
    boxes = {}
    responds = viewer.holds(Permission.RESPOND)
    answering = (Permission.APPROVE, Permission.EVALUATE, Permission.DRAFT)
    if responds or any(viewer.holds(each) for each in answering):
        boxes["todo"] = _("待我办理")
    if viewer.areas(Permission.DRAFT) or viewer.areas(Permission.EVALUATE) or viewer.areas(Permission.APPROVE):
        boxes["street"] = _("本辖区吹的哨")
    if responds:
        boxes["called"] = _("召集本单位的哨")
    return {**boxes, "all": _("全部")}
