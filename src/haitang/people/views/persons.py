"""Persons and the posts they hold."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.errors import NotFound
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.people import actions, forms, policies, queries
from haitang.people.queries import pages
from haitang.people.values import Permission
from haitang.people.views.shared import form_page

FIELDS = {"phone": "电话", "address": "住址"}


@require_safe
@allow(Permission.PERSON_MANAGE)
def person_list(request: Request) -> HttpResponse:
    """List the persons within reach."""
    form = forms.Search(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    page = pages.list_persons(
        viewer=request.actor, search=search, cursor=request.GET.get("cursor", ""), now=clock.now()
    )
    return respond(request, "people/person_list.html", "people/_person_list.html", {"form": form, "page": page})


@require_http_methods(["GET", "POST"])
@allow(Permission.PERSON_MANAGE)
def person_create(request: Request) -> HttpResponse:
    """Enter a person."""
    return form_page(
        request,
        forms.PersonForm(request.POST or None),
        deed=lambda given: actions.create_person(actor=request.actor, now=clock.now(), **given),
        title=_("新增人员"),
        lead=_("电话和住址加密保存，页面上只显示一部分。"),
        submit=_("保存"),
        back=reverse("people:person_list"),
        done=_("人员已保存"),
        after=lambda made: reverse("people:person", args=[made.pk]),
    )


@require_safe
@allow(Permission.PERSON_MANAGE)
def person(request: Request, person_id: int) -> HttpResponse:
    """Show a person with the posts held."""
    return _person_page(request, person_id)


def _person_page(request: Request, person_id: int, **unmasked: str) -> HttpResponse:
    now = clock.now()
    today = clock.local_date(now)
    context = {
        "page": pages.get_person_page(viewer=request.actor, person_id=person_id, now=now),
        "today": today,
        "may_unmask": policies.allows_unmasking(request.actor, queries.list_holdings_of(person_id, today)),
        "may_see_account": request.actor.holds(Permission.ACCOUNT_MANAGE),
        "unmasked": unmasked,
    }
    return respond(request, "people/person.html", None, context)


@require_http_methods(["GET", "POST"])
@allow(Permission.PERSON_MANAGE)
def person_change(request: Request, person_id: int) -> HttpResponse:
    """Change a person."""
    page = pages.get_person_page(viewer=request.actor, person_id=person_id, now=clock.now())
    return form_page(
        request,
        forms.PersonChangeForm(request.POST or None, initial={"name": page.person.name}),
        deed=lambda given: actions.change_person(
            actor=request.actor,
            person_id=person_id,
            name=given["name"],
            phone=given["phone"] or None,
            address=given["address"] or None,
            now=clock.now(),
        ),
        title=_("修改人员"),
        submit=_("保存"),
        back=reverse("people:person", args=[person_id]),
        done=_("人员已保存"),
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.PERSON_UNMASK)
def person_unmask(request: Request, person_id: int, field: str) -> HttpResponse:
    """Ask for the reason, and show the full telephone number or address once."""
    if field not in FIELDS:
        raise NotFound(_("没有找到该页面"))

    def show(plain: str) -> HttpResponse:
        # Answered at once and kept nowhere: neither in the session, nor in an address, nor by the browser.
        response = _person_page(request, person_id, **{field: plain})
        response["Cache-Control"] = "no-store"
        return response

    return form_page(
        request,
        forms.ReasonForm(request.POST or None),
        deed=lambda given: actions.unmask_person(
            actor=request.actor, person_id=person_id, field=field, reason=given["reason"], now=clock.now()
        ),
        title=_("查看完整%(field)s") % {"field": _(FIELDS[field])},
        lead=_("查看会被记录：谁、何时、为什么。"),
        submit=_("查看"),
        back=reverse("people:person", args=[person_id]),
        then=show,
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.PERSON_MANAGE)
def person_appoint(request: Request, person_id: int) -> HttpResponse:
    """Give the person a post."""
    page = pages.get_person_page(viewer=request.actor, person_id=person_id, now=clock.now())
    return form_page(
        request,
        forms.AppointForm(request.POST or None),
        deed=lambda given: actions.appoint_person(actor=request.actor, person_id=person_id, now=clock.now(), **given),
        title=_("任职：%(name)s") % {"name": page.person.name},
        submit=_("任职"),
        back=reverse("people:person", args=[person_id]),
        done=_("任职已登记"),
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.PERSON_MANAGE)
def person_dismiss(request: Request, person_id: int, holding_id: int) -> HttpResponse:
    """End a holding."""
    return form_page(
        request,
        forms.DismissForm(request.POST or None),
        deed=lambda given: actions.dismiss_person(actor=request.actor, holding_id=holding_id, now=clock.now(), **given),
        title=_("离任"),
        submit=_("确认离任"),
        back=reverse("people:person", args=[person_id]),
        done=_("离任已登记"),
    )
