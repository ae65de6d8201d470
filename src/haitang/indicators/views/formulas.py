"""Where the formulas stand, are tried and changed; and the numbers that only the office knows."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid, NotFound
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.indicators import actions, queries
from haitang.indicators.forms import GivenForm, IndicatorForm
from haitang.indicators.queries import Table
from haitang.indicators.values import Formulas, Permission, month_of, period_of, read_set
from haitang.territory.queries import territory

NEW = "new"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@allow(Permission.MANAGE)
def formulas(request: Request) -> HttpResponse:
    """Show a set's formulas as they hold, the versions before, and everything that a formula may name."""
    code = request.GET.get("set") or queries.sets()[0].code
    latest = queries.versions_of(code)[-1]
    names = latest.formulas.names(queries.quantities())
    context = {
        "set": latest.formulas, "valid_from": latest.valid_from,
        "tabs": [
            {"label": each.name, "url": f"{reverse('indicators:formulas')}?set={each.code}",
             "current": each.code == code}
            for each in queries.sets()
        ],
        "lines": [
            {
                "indicator": each, "numerator": each.numerator.shown(names.__getitem__),
                "denominator": each.denominator.shown(names.__getitem__) if each.denominator else "",
                "url": reverse("indicators:formula", args=[code, each.code]),
            }
            for each in latest.formulas.indicators
        ],
        "new_url": reverse("indicators:formula", args=[code, NEW]),
        "versions": [
            {"row": row} for row in queries.list_versions(viewer=request.actor, code=code)
        ],
        "quantities": queries.quantities().values(),
    }  # fmt: skip
    return respond(request, "indicators/formulas.html", None, context)


@form_page
@allow(Permission.MANAGE)
def formula(request: Request, set_code: str, code: str) -> HttpResponse:
    """Change one indicator: try the formula on an area and a period first, then save it as a new version."""
    latest = queries.versions_of(set_code)[-1].formulas
    each = latest.by_code.get(code)
    if each is None and code != NEW:
        raise NotFound(_("没有这项指标"))
    today = clock.local_date(clock.now())
    running = month_of(today, latest.month_start_day)
    begins = period_of(running, latest.month_start_day).first
    form = IndicatorForm(
        request.POST if request.method == "POST" else None,
        initial=IndicatorForm.initial_of(each, latest, begins),
    )
    form.fields["try_area"] = _area_field(request)
    form.fields["try_month"] = _month_field(running)
    status, tried = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            own = each.code if each else f"own_{len(latest.indicators) + 1}_{int(clock.now().timestamp())}"
            definition = _with(latest, own, form.row(own), form.cleaned_data["month_start_day"])
            try:
                if "try" in request.POST:
                    tried = _try(request, form, definition, latest, own)
                    status = 200
                else:
                    actions.change_formulas(
                        actor=request.actor, definition=definition, valid_from=form.cleaned_data["valid_from"],
                        note=form.cleaned_data["note"], now=clock.now(),
                    )  # fmt: skip
                    messages.success(request, _("公式已保存为新版本"))
                    return redirect(f"{reverse('indicators:formulas')}?set={set_code}")
            except Invalid as refusal:
                fields = {name: text for name, text in refusal.fields.items() if name in form.fields}
                for name, text in fields.items():
                    form.add_error(name, text)
                if not fields:
                    form.add_error(None, refusal.message)
    context = {
        "form": form, "set": latest, "indicator": each, "tried": tried,
        "back_url": f"{reverse('indicators:formulas')}?set={set_code}", "quantities": queries.quantities().values(),
    }  # fmt: skip
    return respond(request, "indicators/formula.html", None, context, status)


@form_page
@allow(Permission.MANAGE)
def given(request: Request) -> HttpResponse:
    """Show and enter what no counter holds: size and people of an area and of those directly below it."""
    roots = territory().children(None)
    area = territory().by_code(request.GET.get("area", "")[:40]) or (roots[0] if roots else None)
    if area is None:
        raise NotFound(_("没有可统计的区域"))
    sent = GivenForm(request.POST) if request.method == "POST" else None
    status = 200
    if sent is not None:
        status = 422
        if sent.is_valid():
            typed = sent.cleaned_data
            actions.give_figure(
                actor=request.actor, area_id=typed["area"], code=typed["code"], value=typed["value"],
                source=typed["source"], now=clock.now(),
            )  # fmt: skip
            messages.success(request, _("已保存"))
            return redirect(f"{reverse('indicators:given')}?area={area.code}")
    lines = []
    for each, quantity, value, source in queries.list_given(viewer=request.actor, area=area):
        mine = sent is not None and (sent["area"].value(), sent["code"].value()) == (str(each.id), quantity.code)
        form = sent if mine else GivenForm(
            initial={"area": each.id, "code": quantity.code, "value": value, "source": source},
            prefix=None, auto_id=f"id_{each.id}_{quantity.code}_%s",
        )  # fmt: skip
        lines.append({"area": each, "quantity": quantity, "form": form, "value": value})
    return respond(request, "indicators/given.html", None, {"area": area, "lines": lines}, status)


def _area_field(request: Request) -> Any:
    from django import forms

    choices = []
    for home in queries.list_home_areas(request.actor):
        choices.append((home.code, home.name))
        choices += [(child.code, f"\u3000{child.name}") for child in territory().children(home.id)]
    return forms.ChoiceField(label=_("试算区域"), choices=choices, required=False)


def _month_field(running: date) -> Any:
    from django import forms

    months = [running]
    for _n in range(12):
        months.append((months[-1].replace(day=1) - date.resolution).replace(day=1))
    return forms.ChoiceField(
        label=_("试算考核月"), choices=[(each.isoformat(), each.isoformat()[:7]) for each in months], required=False
    )


def _with(latest: Formulas, code: str, row: dict[str, Any], start_day: int) -> dict[str, Any]:
    """Return the set's document with one indicator put in its place, or at the end."""
    data = latest.as_data()
    rows = data["indicators"]
    places = [index for index, each in enumerate(rows) if each["code"] == code]
    if places:
        rows[places[0]] = row
    else:
        rows.append(row)
    return {**data, "month_start_day": start_day}


def _try(
    request: Request, form: IndicatorForm, definition: dict[str, Any], latest: Formulas, code: str
) -> dict[str, Any] | None:
    area = queries.pick_area(request.actor, form.cleaned_data.get("try_area") or "")
    if area is None:
        return None
    new = read_set(definition, queries.quantities())
    month = date.fromisoformat(form.cleaned_data["try_month"])
    period = period_of(month, new.month_start_day)
    asked: dict[str, Any] = {"viewer": request.actor, "area": area, "period": period, "now": clock.now()}
    after: Table = queries.try_formulas(formulas=new, **asked)
    before: Table = queries.try_formulas(formulas=latest, **asked)
    rows = [
        {"name": row.name, "before": old.texts.get(code, "—"), "after": row.texts[code]}
        for row, old in zip((*after.rows, after.total), (*before.rows, before.total), strict=False)
    ]
    return {"area": area, "period": period, "rows": rows}
