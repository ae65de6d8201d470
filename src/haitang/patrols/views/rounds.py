"""Pages of checklists: the month's list, one on a phone, progress by area."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import EVERYWHERE, allow
from haitang.core.clock import local_date
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, said
from haitang.core.ui.pages import respond
from haitang.patrols import actions, forms, queries
from haitang.patrols.values import Permission, PlaceKind, Result
from haitang.territory.queries import territory


def _months(shown: date, today: date) -> list[dict[str, Any]]:
    """Return tabs of the last three months and this one."""
    url, found = reverse("patrols:rounds"), []
    month = today.replace(day=1)
    for _each in range(4):
        label = _("本月") if month == today.replace(day=1) else _("%(m)d月") % {"m": month.month}
        found.append({"label": label, "url": f"{url}?month={month}", "current": month == shown})
        month = (month - timedelta(days=1)).replace(day=1)
    return found


@require_safe
@allow(Permission.VIEW)
def rounds(request: Request) -> HttpResponse:
    """Show the month's checklists within the viewer's reach, those still to be done first."""
    today = local_date(clock.now())
    form = forms.RoundFilter(request.GET, viewer=request.actor)
    month, path, finished = form.wanted()
    month = month or today.replace(day=1)
    views = queries.list_rounds(viewer=request.actor, month=month, area_path=path, finished=finished)
    context = {
        "form": form, "views": views, "month": month, "tabs": _months(month, today),
        "done": sum(view.is_finished for view in views), "late": today,
    }  # fmt: skip
    return respond(request, "patrols/rounds.html", "patrols/_rounds.html", context)


def _round(
    request: Request, round_id: int, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    page = queries.get_round_page(viewer=request.actor, round_id=round_id)
    refused, lines, is_open = refused or {}, [], local_date(clock.now()) <= page.view.round.due_on
    waiting = next((line.item.key for line in page.lines if line.result is None), "")
    for line in page.lines:
        key, stands = line.item.key, line.result.result if line.result else ""
        form = refused.get(key)
        plain = form if isinstance(form, forms.ItemForm) else None
        found = form if isinstance(form, forms.FoundForm) else None
        words = line.result.words if line.result else ""
        lines.append({
            "line": line, "form": plain or forms.ItemForm(key=key, initial={"seen": stands, "words": words}),
            "found": found or forms.FoundForm(key=key, level=line.item.level, initial={"seen": stands}),
            "refused": plain is not None, "refused_hazard": found is not None, "is_next": key == waiting,
        })  # fmt: skip
    context = {
        "page": page, "round": page.view.round, "lines": lines, "is_open": is_open and page.may_do,
        "place": PlaceKind(page.view.checklist.place_kind).label, "Result": Result,
    }  # fmt: skip
    return respond(request, "patrols/round.html", None, context, status)


@require_safe
@allow(Permission.VIEW)
def round_page(request: Request, round_id: int) -> HttpResponse:
    """Show one checklist with what was found about each item."""
    return _round(request, round_id)


@require_POST
@allow(Permission.PATROL)
def check_item(request: Request, round_id: int, key: str) -> HttpResponse:
    """Fill in one item; a hazard with its photos in the same step."""
    result = request.POST.get("result", "")
    form: forms.FoundForm | forms.ItemForm
    if result == Result.HAZARD:
        form = found = forms.FoundForm(request.POST, request.FILES, key=key)
        status = attempt(form, lambda: _write_found(request, round_id, key, found), {"words": "hazard_words"})
    else:
        form = plain = forms.ItemForm(request.POST, key=key)
        what: dict[str, Any] = {"round_id": round_id, "key": key, "result": result}
        status = attempt(form, lambda: actions.check_item(**what, **plain.cleaned_data, **said(request)))
    if status:
        return _round(request, round_id, refused={key: form}, status=status)
    page = queries.get_round_page(viewer=request.actor, round_id=round_id)
    if page.view.is_finished:
        messages.success(request, _("这份清单已全部查完"))
    following = next((line.item.key for line in page.lines if line.result is None), "")
    return redirect(f"{reverse('patrols:round', args=[round_id])}{'#item_' + following if following else ''}")


@transaction.atomic
def _write_found(request: Request, round_id: int, key: str, form: forms.FoundForm) -> None:
    row = actions.check_item(
        round_id=round_id, key=key, result=Result.HAZARD, hazard=form.new(), seen=form.cleaned_data["seen"],
        **said(request),
    )  # fmt: skip
    assert row.hazard_id is not None
    for photo in form.cleaned_data["photos"] or ():
        actions.add_hazard_photo(hazard_id=row.hazard_id, data=photo.read(), **said(request))


@require_safe
@allow(Permission.VIEW)
def progress(request: Request) -> HttpResponse:
    """Show how far a month's tasks are by area, one level down; of persons nothing is shown."""
    today, tree = local_date(clock.now()), territory()
    month = forms.RoundFilter({"month": request.GET.get("month", "")}, viewer=request.actor).wanted()[0]
    month = month or today.replace(day=1)
    code = request.GET.get("area", "")
    area = tree.by_code(code) if code else _top(request)
    if area is None:
        raise NotFound(_("没有这个区域"))
    lines = queries.progress_of(viewer=request.actor, month=month, area=area)
    context = {
        "lines": [(line, bool(tree.children(line.area.id)) and line.area.id != area.id) for line in lines],
        "area": area, "month": month,
        "above": [each for each in tree.chain(area.id)[:-1] if _reaches(request, each.path)],
    }  # fmt: skip
    return respond(request, "patrols/progress.html", None, context)


def _reaches(request: Request, path: str) -> bool:
    return request.actor.holds(Permission.VIEW, area_path=path)


def _top(request: Request) -> Any:
    """Return the widest area over which the viewer sees patrols."""
    tree, paths = territory(), request.actor.areas(Permission.VIEW)
    if EVERYWHERE in paths:
        return next(iter(tree.children(None)), None)
    return tree.get(int(min(paths, key=len).strip("/").rpartition("/")[2])) if paths else None
