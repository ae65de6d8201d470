"""Pages of the working calendars, for administrators."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.worktime import actions, forms, queries, values

MANAGE = values.Permission.MANAGE_CALENDARS


@require_safe
@allow(MANAGE)
def calendar_list(request: Request) -> HttpResponse:
    """Show all calendars, what is missing in them, and a calculator for deadlines."""
    now = clock.now()
    calendars = queries.list_calendars()
    asked = "limit" in request.GET
    form = forms.CalculatorForm(
        request.GET if asked else forms.CalculatorForm.initial_at(now, calendars[0].id if calendars else None),
        calendars=[(row.id, row.name) for row in calendars],
    )
    context = {
        "calendars": calendars,
        "warnings": queries.list_calendar_warnings(now),
        "form": form,
        "due_at": _calculate(form) if calendars and form.is_valid() else None,
        "now": now,
        "year": clock.local_date(now).year,
    }
    status = 422 if asked and form.errors else 200
    return respond(request, "worktime/calendar_list.html", "worktime/_calculator.html", context, status)


def _calculate(form: forms.CalculatorForm) -> object:
    cleaned = form.cleaned_data
    try:
        return values.deadline(cleaned["start"], cleaned["limit"], queries.get_calendar(cleaned["calendar"]))
    except values.OutsideCalendar as refusal:
        form.add_error("start", refusal.message)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE)
def calendar_new(request: Request) -> HttpResponse:
    """Create a calendar."""
    default = forms.CalendarForm.initial_of(
        "", tuple(map(values.hours_text, values.Calendar.week)), values.DayEnd.OFFICE, values.RollRule.HOLIDAY
    )
    form = forms.CalendarForm(request.POST if request.method == "POST" else None, initial=default)
    if request.method == "POST" and form.is_valid():
        try:
            calendar_id = actions.create_calendar(actor=request.actor, calendar=form.spec(), now=clock.now())
            messages.success(request, _("工作日历已新增"))
            return redirect("worktime:calendar", calendar_id)
        except values.CalendarNameTaken as refusal:
            form.add_error("name", refusal.message)
    return _form_page(request, form, _("新增工作日历"))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE)
def calendar_edit(request: Request, calendar_id: int) -> HttpResponse:
    """Change a calendar's name, hours and rules."""
    row = queries.get_calendar_row(calendar_id)
    initial = forms.CalendarForm.initial_of(row.name, row.week, row.day_end, row.roll_rule)
    form = forms.CalendarForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_calendar(actor=request.actor, calendar_id=calendar_id, calendar=form.spec(), now=clock.now())
            messages.success(request, _("工作日历已保存，此后计算的时限按新的办公时间"))
            return redirect("worktime:calendar", calendar_id)
        except values.CalendarNameTaken as refusal:
            form.add_error("name", refusal.message)
    return _form_page(request, form, _("修改%(name)s") % {"name": row.name})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE)
def days_import(request: Request) -> HttpResponse:
    """Declare a year's published days for all calendars, pasted line by line."""
    form = forms.ImportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["rows"]
        try:
            actions.set_days(
                actor=request.actor, calendar_id=None, days=days, source=form.cleaned_data["source"], now=clock.now()
            )
            messages.success(request, _("已录入%(count)d天") % {"count": len(days)})
            return redirect("worktime:calendars")
        except Invalid as refusal:
            form.add_error("rows", refusal.message)
    return _form_page(request, form, _("录入节假日安排"))


def _form_page(request: Request, form: Form, heading: str) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "worktime/calendar_form.html", {"form": form, "heading": heading}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(MANAGE)
def calendar_year(request: Request, calendar_id: int) -> HttpResponse:
    """Show a year of the calendar, and declare a day in it."""
    form = forms.DayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        day, scope = form.spec(), form.cleaned_data["scope"]
        try:
            actions.set_days(
                actor=request.actor,
                calendar_id=None if scope == forms.EVERY_CALENDAR else calendar_id,
                days=[day],
                source=form.cleaned_data["source"],
                now=clock.now(),
            )
            messages.success(request, _("%(day)s已设定") % {"day": day.date})
            return _to_year(calendar_id, day.date.year)
        except values.DayUnusable as refusal:
            form.add_error("date", refusal.message)
    page = queries.get_year(calendar_id, _year(request))
    context = {"page": page, "form": form, "weekdays": values.WEEKDAYS_SHORT}
    return render(request, "worktime/calendar.html", context, status=422 if form.errors else 200)


def _year(request: Request) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if len(asked) == 4 and asked.isdecimal() else clock.local_date(clock.now()).year


def _to_year(calendar_id: int, year: int) -> HttpResponse:
    response = redirect("worktime:calendar", calendar_id)
    response["Location"] += f"?year={year}"
    return response


@require_POST
@allow(MANAGE)
def calendar_default(request: Request, calendar_id: int) -> HttpResponse:
    """Make the calendar that of all who have none of their own."""
    actions.choose_default_calendar(actor=request.actor, calendar_id=calendar_id, now=clock.now())
    messages.success(request, _("已设为默认日历"))
    return redirect("worktime:calendars")


@require_POST
@allow(MANAGE)
def day_clear(request: Request, calendar_id: int) -> HttpResponse:
    """Take a declared day back."""
    form = forms.ClearForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("没有说明要取消哪一天"))
    day, scope = form.cleaned_data["date"], form.cleaned_data["scope"]
    actions.clear_day(
        actor=request.actor,
        calendar_id=None if scope == forms.EVERY_CALENDAR else calendar_id,
        day=day,
        now=clock.now(),
    )
    messages.success(request, _("%(day)s的设定已取消") % {"day": day})
    return _to_year(calendar_id, day.year)
