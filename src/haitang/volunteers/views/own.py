"""A person's own pages: registering in three steps, the way back, hours, certificate, calendar, leaving."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock, limits
from haitang.core.access import ANYONE, SIGNED_IN, allow
from haitang.core.documents import DOCX, Sheet, write_docx
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, put_on, said, sent
from haitang.core.ui.pages import respond
from haitang.volunteers import actions, forms, queries
from haitang.volunteers.values import (
    CertificateNotFound,
    ItemKind,
    ical,
    slots_in_words,
)
from haitang.volunteers.views.shared import address_of, forget, own, remember

REGISTRATIONS_MAX, HOUR_S = 20, 3600


@require_safe
@never_cache
@allow(ANYONE)
def front(request: Request) -> HttpResponse:
    """Say what it is about, and show the ways in."""
    return respond(request, "volunteers/front.html", None, {"consent": queries.consent(), "own": own(request)})


@form_page
@never_cache
@allow(ANYONE)
def register(request: Request) -> HttpResponse:
    """Register in three steps; what was told travels along, and nothing is kept before the last."""
    if own(request) is not None:
        return redirect("volunteers:mine")
    if request.method != "POST":
        known = {"name": request.actor.name} if request.actor.id else {}
        return _step(request, forms.RegisterForm(initial=known), 1)
    step = {"1": 1, "2": 2, "3": 3}.get(request.POST.get("step", ""), 1)
    form = forms.RegisterForm(request.POST, step=step)
    if "back" in request.POST:
        form.passes()
        form.errors.clear()
        return _step(request, form, max(step - 1, 1))
    if not form.passes():
        return _step(request, form, form.first_wrong(), 422)
    if step < len(forms.STEPS):
        return _step(request, form, step + 1)
    if request.POST.get("consent_version", "") != queries.consent().version:
        form.add_error("consented", _("说明刚刚有更新，请重新阅读"))
        return _step(request, form, step, 422)
    try:
        limits.hit(
            f"volunteers.register:{address_of(request)}", limit=REGISTRATIONS_MAX, window_s=HOUR_S, now=clock.now()
        )
        made = actions.register_volunteer(
            profile=form.profile(), relation=form.relation(), consented=form.cleaned_data["consented"], **said(request)
        )
    except Refusal as refusal:
        put_on(form, refusal)
        return _step(request, form, form.first_wrong(), refusal.status)
    if not made.code:
        messages.success(request, _("登记好了，谢谢您愿意帮忙"))
        return redirect("volunteers:mine")
    remember(request, made.volunteer.pk, made.code)
    return redirect("volunteers:registered")


def _step(request: Request, form: forms.RegisterForm, step: int, status: int = 200) -> HttpResponse:
    context = {
        "form": form, "step": step, "shown": form.shown(step), "carried": form.carried(step),
        "consent": queries.consent(), "is_last": step == len(forms.STEPS),
    }  # fmt: skip
    return respond(request, "volunteers/register.html", None, context, status)


View = Callable[..., HttpResponse]


def _for_own(view: View) -> View:
    """Hand the view the visitor's own entry; who has none is sent to where they get or find one."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        entry = own(request)
        if entry is None:
            return redirect("volunteers:front")
        try:
            return view(request, entry, *args, **kwargs)
        except NotFound:
            if entry["code"]:  # the entry behind the code is gone, or has another code
                forget(request)
            raise

    return guarded


@require_safe
@never_cache
@allow(ANYONE)
@_for_own
def registered(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Show number and code to who has registered without an account."""
    row = queries.get_volunteer(viewer=request.actor, **entry)
    if not entry["code"]:
        return redirect("volunteers:mine")
    return respond(request, "volunteers/registered.html", None, {"volunteer": row, "code": entry["code"]})


@form_page
@never_cache
@allow(ANYONE)
def find(request: Request) -> HttpResponse:
    """Ask for number and code, and open the entry they belong to."""
    form, status = forms.FindForm(sent(request)), 200
    if request.method == "POST":
        found: list[int] = []

        def look() -> None:
            given = form.cleaned_data
            row = actions.find_own_entry(party=address_of(request), **given, **said(request))
            found.append(row.pk)

        status = attempt(form, look)
        if not status:
            remember(request, found[0], form.cleaned_data["code"])
            return redirect("volunteers:mine")
    return respond(request, "volunteers/find.html", None, {"form": form}, status)


@require_safe
@never_cache
@allow(ANYONE)
@_for_own
def mine(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Show somebody their entry, what is coming, their services and hours."""
    return _mine(request, entry)


def _mine(request: Request, entry: dict[str, Any], *, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    page = queries.get_own_page(viewer=request.actor, now=now, **entry)
    row, today = page.volunteer, clock.local_date(now)
    line = queries.describe([row], today)[0]
    context = {
        "page": page, "line": line, "is_by_code": bool(entry["code"]), "times": slots_in_words(row.times),
        "languages": queries.names_of(ItemKind.LANGUAGE, row.languages), "hours": hours_of(page.minutes),
        "hours_year": hours_of(page.minutes_year), "consent": queries.consent(),
        "services": [(each, hours_of(round((each.ended_at - each.began_at).total_seconds() / 60)))
                     for each in page.services.rows],
        "form": forms.CertificateForm(initial={"from_date": today.replace(month=1, day=1), "to_date": today}),
        **more,
    }  # fmt: skip
    return respond(request, "volunteers/mine.html", None, context, status)


def hours_of(minutes: int) -> str:
    """Return minutes as hours with one digit after the point, rounded half up."""
    return f"{(minutes * 10 + 30) // 60 / 10:.1f}"


@require_POST
@allow(SIGNED_IN)
@_for_own
def claim(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Tie the entry that was opened by its code to the account that is signed in."""
    if entry["code"]:
        actions.claim_volunteer(**entry, **said(request))
        forget(request)
        messages.success(request, _("已绑定到您的账号，以后登录就能打开"))
    return redirect("volunteers:mine")


@require_POST
@allow(ANYONE)
@_for_own
def agree(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Take down that somebody agrees to the text as it stands now."""
    actions.consent_again(version=request.POST.get("version", ""), **entry, **said(request))
    messages.success(request, _("已记录您的同意"))
    return redirect("volunteers:mine")


@form_page
@never_cache
@allow(ANYONE)
@_for_own
def change(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Let somebody change their entry."""
    row = queries.get_volunteer(viewer=request.actor, **entry)
    form, status = forms.OwnForm(sent(request), initial=forms.OwnForm.initial_of(row)), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.change_volunteer(profile=form.profile(), **entry, **said(request)))
        if not status:
            messages.success(request, _("已保存"))
            return redirect("volunteers:mine")
    return respond(request, "volunteers/change.html", None, {"form": form}, status)


@require_POST
@allow(ANYONE)
@_for_own
def withdraw(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Erase somebody's entry because they say so."""
    actions.withdraw_volunteer(**entry, **said(request))
    forget(request)
    messages.success(request, _("已撤回登记，您的信息已经删除"))
    return redirect("volunteers:front")


@require_POST
@allow(ANYONE)
@_for_own
def certify(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Issue a certificate for some days."""
    form = forms.CertificateForm(request.POST)
    made: list[int] = []
    status = attempt(
        form, lambda: made.append(actions.issue_certificate(**form.cleaned_data, **entry, **said(request)).pk)
    )
    if status:
        return _mine(request, entry, status=status, form=form)
    return redirect("volunteers:certificate", made[0])


def _certificate(request: Request, certificate_id: int, entry: dict[str, Any]) -> tuple[Any, Sheet]:
    row = queries.get_own_certificate(viewer=request.actor, certificate_id=certificate_id, code=entry["code"])
    said_ = {
        "name": row.name, "from": f"{row.from_date:%Y-%m-%d}", "to": f"{row.to_date:%Y-%m-%d}",
        "services": row.services, "hours": hours_of(row.minutes),
    }  # fmt: skip
    told = _("兹证明 %(name)s 于 %(from)s 至 %(to)s 参加志愿服务 %(services)d 次，服务时长 %(hours)s 小时。") % said_
    check = request.build_absolute_uri(reverse("volunteers:verify"))
    sheet = Sheet(
        title=_("志愿服务证明"), opening=told, day=f"{clock.local_date(row.issued_at):%Y-%m-%d}",
        rows=((_("验证码"), row.code), (_("验证网址"), check)),
    )  # fmt: skip
    return row, sheet


@require_safe
@never_cache
@allow(ANYONE)
@_for_own
def certificate(request: Request, entry: dict[str, Any], certificate_id: int) -> HttpResponse:
    """Show a certificate as it will be printed."""
    row, sheet = _certificate(request, certificate_id, entry)
    return respond(request, "volunteers/certificate.html", None, {"certificate": row, "sheet": sheet})


@require_safe
@never_cache
@allow(ANYONE)
@_for_own
def certificate_docx(request: Request, entry: dict[str, Any], certificate_id: int) -> HttpResponse:
    """Hand a certificate out for Word or WPS."""
    row, sheet = _certificate(request, certificate_id, entry)
    response = HttpResponse(write_docx(sheet), content_type=DOCX)
    name = quote(f"{sheet.title}_{clock.local_date(row.issued_at):%Y%m%d}.docx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@require_safe
@never_cache
@allow(ANYONE)
def verify(request: Request) -> HttpResponse:
    """Say to anybody what the certificate of a code says; `?code=` stands on none of our links."""
    form, found, status = forms.VerifyForm(request.GET or None), None, 200
    if request.GET and form.is_valid():
        try:
            found = actions.verify_certificate(
                code=form.cleaned_data["code"], party=address_of(request), **said(request)
            )
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status if not isinstance(refusal, CertificateNotFound) else 200
    context = {"form": form, "found": found, "hours": hours_of(found.minutes) if found else ""}
    return respond(request, "volunteers/verify.html", None, context, status)


@require_POST
@never_cache
@allow(ANYONE)
@_for_own
def calendar(request: Request, entry: dict[str, Any]) -> HttpResponse:
    """Make a secret address for the calendar, shown this once, or revoke it."""
    if "close" in request.POST:
        actions.close_calendar(**entry, **said(request))
        messages.success(request, _("日历地址已吊销"))
        return redirect(reverse("volunteers:mine") + "#calendar")
    opened = actions.open_calendar(**entry, **said(request))
    address = request.build_absolute_uri(reverse("volunteers:feed", args=[opened.key]))
    return _mine(request, entry, calendar_address=address)


@require_safe
@never_cache
@allow(ANYONE)
def feed(request: Request, key: str) -> HttpResponse:
    """Give a calendar to whatever program knows its secret address."""
    now = clock.now()
    _owner, entries = queries.get_feed(key=key, now=now)
    whole = [replace(entry, url=request.build_absolute_uri(entry.url) if entry.url else "") for entry in entries]
    text = ical(whole, name=_("我的志愿服务"), host=request.get_host().partition(":")[0], made_at=now)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="volunteer.ics"'
    return response
