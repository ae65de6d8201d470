"""我也遇到: whoever is about to report what others have reported says so instead, and follows it with a code."""

from uuid import uuid4

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.core import clock
from haitang.core.access import ANYONE, allow
from haitang.core.errors import Conflict, NotFound, Refusal, TooMany
from haitang.core.http import Request
from haitang.merging.actions import repeat_own, say_me_too
from haitang.merging.queries import find_voice, find_voice_of, follow_voice
from haitang.portal.forms import MeTooForm
from haitang.portal.values import AGAIN_SALT, STATUS_COLOURS, STATUS_WORDS, VOICE_SALT
from haitang.portal.views.reporting import category_name
from haitang.portal.views.session import Draft, address_of, code_for, remember

_VALID_S, _BROWSER = 3600, "portal.browser"


@never_cache
@require_POST
@allow(ANYONE)
def me_too(request: Request) -> HttpResponse:
    """Add the visitor, or their account, to those who meet with the same; then show number and code."""
    if "again" in request.POST:
        return _again(request)
    form = MeTooForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("portal:report_contact")
    try:
        case_id = signing.loads(form.cleaned_data["same"], salt=VOICE_SALT, max_age=_VALID_S)
        voice = say_me_too(
            actor=request.actor, case_id=case_id, party=address_of(request), phone=form.cleaned_data["phone"],
            browser="" if request.actor.is_known else _token(request), now=clock.now(),
        )  # fmt: skip
    except signing.BadSignature:
        messages.error(request, _("这个页面放得太久了，请再试一次"))
        return redirect("portal:report_contact")
    except (Conflict, NotFound, TooMany) as refusal:
        messages.error(request, refusal.message)
        return redirect("portal:report_contact")
    told = follow_voice(voice=voice)
    Draft(request).forget()
    remember(request, told.number, voice.query_code)
    return redirect("portal:voiced", told.number)


@never_cache
@require_safe
@allow(ANYONE)
def voiced(request: Request, number: str) -> HttpResponse:
    """Show how the matter stands that the visitor said "me too" on, in this session or with number and code."""
    code = code_for(request, number)
    voice = find_voice(number=number, query_code=code) if code else None
    if voice is None and request.actor.id is not None:
        voice = find_voice_of(account_id=request.actor.id, number=number)
    if voice is None:
        return redirect("portal:track")
    told = follow_voice(voice=voice)
    context = {
        "told": told, "query_code": voice.query_code, "status": STATUS_WORDS[told.status],
        "colour": STATUS_COLOURS.get(told.status, "blue"), "category": category_name(told.category),
    }  # fmt: skip
    return render(request, "portal/voiced.html", context)


def _again(request: Request) -> HttpResponse:
    """Link what the account has written to the case that it reported before, instead of opening another."""
    draft = Draft(request)
    try:
        case_id = signing.loads(request.POST["again"], salt=AGAIN_SALT, max_age=_VALID_S)
        case = repeat_own(
            actor=request.actor, case_id=case_id, text=draft.typed.get("description", ""), party=address_of(request),
            now=clock.now(),
        ).case  # fmt: skip
    except signing.BadSignature:
        messages.error(request, _("这个页面放得太久了，请再试一次"))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        draft.forget()
        messages.success(request, _("已记到您原来的案件，没有另立新案：%(number)s") % {"number": case.number})
        return redirect("portal:followed", case.number)
    return redirect("portal:report_contact")


def _token(request: Request) -> str:
    """Return what tells this browser from others as long as its session lasts."""
    return str(request.session.setdefault(_BROWSER, uuid4().hex))
