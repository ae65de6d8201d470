"""The page of one case, and every deed that can be done there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haitang.cases import actions, forms, queries
from haitang.cases.lifecycle import NEXT_DEED, Deed, Status
from haitang.cases.queries import CasePage
from haitang.cases.values import OWN_PHRASES, Permission, photos_in
from haitang.cases.views import telling
from haitang.cases.views.rows import similar_rows
from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.errors import NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond

RUN: dict[Deed, Callable[..., Any]] = {
    Deed.VERIFY: actions.verify_case,
    Deed.ACCEPT: actions.accept_case,
    Deed.REFUSE: actions.refuse_case,
    Deed.REGISTER: actions.register_case,
    Deed.DISPATCH: actions.dispatch_case,
    Deed.SIGN: actions.sign_case,
    Deed.RETURN: actions.return_case,
    Deed.HANDLE: actions.handle_case,
    Deed.FEEDBACK: actions.feedback_case,
    Deed.CHECK: actions.check_case,
    Deed.REWORK: actions.rework_case,
    Deed.CLOSE: actions.close_case,
    Deed.FORCE_CLOSE: actions.force_close_case,
    Deed.VOID: actions.void_case,
    Deed.REOPEN: actions.reopen_case,
}


@require_safe
@allow(SIGNED_IN)
def case(request: Request, case_id: int) -> HttpResponse:
    """Show one case with its timeline and what the viewer may do to it."""
    return _show(request, case_id)


@require_POST
@allow(SIGNED_IN)
def deed(request: Request, case_id: int, name: str) -> HttpResponse:
    """Do the deed with the opinion typed, photos first, both or neither; refused, it stands there as it was typed."""
    if name not in RUN:
        raise NotFound(_("没有这项操作"))
    what = Deed(name)
    asking = _asked(request, case_id, what)
    form = forms.DeedForm(what, request.POST, request.FILES, asking=asking)
    status = 422
    if form.is_valid():
        try:
            _do(request, case_id, what, form)
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已%(deed)s") % {"deed": what.label})
            return redirect("cases:case", case_id) if _is_seen(request, case_id) else redirect("cases:todo")
    return _show(request, case_id, sent=form, status=status)


def _asked(request: Request, case_id: int, what: Deed) -> forms.Asking:
    """Return what the deed asks about the case; at registration by the form of the category that was chosen."""
    if what not in forms.ASKING:
        return forms.Asking()
    case = queries.get_case(viewer=request.actor, case_id=case_id)
    chosen = queries.catalog().by_code.get(request.POST.get("category_code", ""))
    return forms.asking_of(what, case, chosen)


def _is_seen(request: Request, case_id: int) -> bool:
    """Tell whether the viewer still sees the case: one that was given back has left the desk and its sight."""
    try:
        queries.get_case(viewer=request.actor, case_id=case_id)
    except NotFound:
        return False
    return True


@transaction.atomic
def _do(request: Request, case_id: int, what: Deed, form: forms.DeedForm) -> None:
    said: dict[str, Any] = {"actor": request.actor, "case_id": case_id, "now": clock.now()}
    for photo in form.cleaned_data.get("photos") or ():
        actions.add_photo(data=photo.read(), purpose=forms.PHOTOS_AS[what], **said)
    for key, photo in photos_in(form.cleaned_data, form.asking.questions):
        actions.add_photo(data=photo.read(), purpose=forms.PHOTOS_AS.get(what, "place"), question=key, **said)
    RUN[what](**said, **form.given())


@require_POST
@allow(Permission.ACCEPT)
def correct(request: Request, case_id: int) -> HttpResponse:
    """Put the category or the area right; refused, the form stands there as it was filled in."""
    now = clock.now()
    page = queries.get_case_page(viewer=request.actor, case_id=case_id, now=now)
    form = forms.Correct(request.POST, viewer=request.actor, view=page.view)
    status = 422
    if form.is_valid():
        try:
            actions.reclassify_case(actor=request.actor, case_id=case_id, now=now, **form.given())
        except NotFound:
            raise
        except Refusal as refusal:
            put_on(form, refusal)
            status = refusal.status
        else:
            messages.success(request, _("已改正"))
            return redirect("cases:case", case_id)
    return _show(request, case_id, correct_form=form, status=status)


@require_POST
@allow(Permission.UNMASK)
@never_cache
def unmask(request: Request, case_id: int) -> HttpResponse:
    """Show the reporter in full, this once, for the reason given."""
    form = forms.Unmask(request.POST)
    contact = None
    if form.is_valid():
        contact = actions.unmask_reporter(
            actor=request.actor, case_id=case_id, reason=form.cleaned_data["reason"], now=clock.now()
        )
    return _show(request, case_id, unmask_form=form, contact=contact, status=200 if contact else 422)


def put_on(form: Any, refusal: Refusal) -> None:
    """Show a refusal where it belongs: at its fields, else above the form."""
    fields = {name: text for name, text in getattr(refusal, "fields", {}).items() if name in form.fields}
    for field, text in fields.items():
        form.add_error(field, text)
    if not fields:
        form.add_error(None, refusal.message)


def _show(
    request: Request,
    case_id: int,
    *,
    sent: forms.DeedForm | None = None,
    unmask_form: forms.Unmask | None = None,
    correct_form: forms.Correct | None = None,
    contact: Any = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    page = queries.get_case_page(viewer=request.actor, case_id=case_id, now=now)
    offered = [each for each in page.deeds if not (each is Deed.REWORK and Deed.CHECK in page.deeds)]
    own: dict[str, list[str]] = {}
    for keeper in OWN_PHRASES if offered else ():
        own |= keeper(request.actor)
    if sent is not None:
        sent.own = own
    panel = [sent if sent is not None and sent.deed is each else _form(each, page, own) for each in offered]
    expected = NEXT_DEED.get(Status(page.view.case.status))
    missed = sent if sent is not None and sent.deed not in offered else None
    context = {
        "page": page,
        "case": page.view.case,
        **telling.head(page, now),
        "stages": telling.stages(page.view.case, now),
        "steps": telling.steps(page.entries, page.photos),
        "photos": telling.photos(page.photos),
        "similar": similar_rows(page.similar, now),
        "particulars": telling.particulars(page),
        "panel": panel,
        "open": sent.deed if sent is not None and missed is None else expected,
        "missed": missed,
        "unmask_form": unmask_form or forms.Unmask(),
        "correct_form": correct_form or _correction(request, page),
        "contact": contact,
        "now": now,
    }
    return respond(request, "cases/case.html", "cases/_case.html", context, status)


def _correction(request: Request, page: CasePage) -> forms.Correct | None:
    return forms.Correct(viewer=request.actor, view=page.view) if page.may_correct else None


def _form(deed: Deed, page: CasePage, own: dict[str, list[str]]) -> forms.DeedForm:
    view = page.view
    initial = {
        "category_code": view.category.code if view.category else "",
        "organization_code": view.organization.code if view.organization else "",
    }
    asking = forms.asking_of(deed, view.case, view.category)
    return forms.DeedForm(deed, initial=initial, own=own, asking=asking)
