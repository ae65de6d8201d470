"""Pages of administration: the registry, the three trees, one organization, and what can be done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow, allows
from haitang.core.errors import Conflict, Invalid, NotFound, Refusal
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.organizations import actions, forms, policies, queries
from haitang.organizations.values import Hierarchy, LinkUnknown, NewOrganization, Permission


@allow(SIGNED_IN)
@require_safe
def organization_list(request: Request) -> HttpResponse:
    """Show the registry, filtered, a page at a time."""
    form = forms.Filter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = queries.list_organizations(
        viewer=request.actor, on=clock.local_date(clock.now()), kind=wanted.get("kind", ""), q=wanted.get("q", ""),
        area_id=wanted.get("area"), cursor=request.GET.get("cursor", ""),
    )  # fmt: skip
    context = {
        "form": form, "page": page, "tabs": _tabs("list"), "may_create": request.actor.holds(Permission.MANAGE),
    }  # fmt: skip
    return respond(request, "organizations/list.html", "organizations/_list.html", context)


@allow(SIGNED_IN)
@require_safe
def organization_tree(request: Request, hierarchy: str) -> HttpResponse:
    """Show one hierarchy as of today."""
    if hierarchy not in Hierarchy.values:
        raise NotFound(_("没有这种体系"))
    branches = queries.organizations().tree(hierarchy, clock.local_date(clock.now()))
    for_page = [(branch, range(branch.closes)) for branch in branches]
    context = {"branches": for_page, "tabs": _tabs(hierarchy), "hierarchy": Hierarchy(hierarchy).label}
    return respond(request, "organizations/tree.html", None, context)


@allow(SIGNED_IN)
@require_safe
def organization(request: Request, organization_id: int) -> HttpResponse:
    """Show one organization with all that hangs on it."""
    today = clock.local_date(clock.now())
    page = queries.get_organization_page(viewer=request.actor, key=organization_id, on=today)
    may = allows(policies.check_can_manage, request.actor, organization_id, page.area_paths)
    context = {"page": page, "organization": page.organization, "today": today, "may_manage": may}
    return respond(request, "organizations/organization.html", None, context)


@allow(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Enter an organization."""
    form = forms.Create(_posted(request))
    made: list[int] = []
    if request.method == "POST" and _done(form, lambda: made.append(_create(request, form.cleaned_data))):
        messages.success(request, _("单位已建立"))
        return redirect("organizations:organization", made[0])
    context = {"form": form, "title": _("新建单位"), "back": reverse("organizations:list")}
    return _form_page(request, form, context)


def _create(request: Request, given: dict[str, Any]) -> int:
    parent = queries.organizations().by_id(given.pop("parent_id"))
    relation, area_id = given.pop("relation"), given.pop("area_id")
    new = NewOrganization(
        **given, parents={Hierarchy.ADMINISTRATIVE: parent.code} if parent else {},
        areas=((relation, area_id),) if area_id else (),
    )  # fmt: skip
    return actions.create_organization(actor=request.actor, new=new, now=clock.now()).pk


@allow(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def change(request: Request, organization_id: int) -> HttpResponse:
    """Change an organization's base facts."""
    page = queries.get_organization_page(viewer=request.actor, key=organization_id, on=clock.local_date(clock.now()))
    me = page.organization
    policies.check_can_manage(request.actor, me.pk, page.area_paths)
    form = forms.Base(_posted(request), initial={name: getattr(me, name) for name in forms.Base.base_fields})

    def deed() -> None:
        actions.change_organization(
            actor=request.actor, organization_id=organization_id, now=clock.now(), **form.cleaned_data
        )

    if request.method == "POST" and _done(form, deed):
        messages.success(request, _("已保存"))
        return redirect("organizations:organization", organization_id)
    back = reverse("organizations:organization", args=[organization_id])
    return _form_page(request, form, {"form": form, "title": _("修改“%(name)s”") % {"name": me}, "back": back})


@dataclass(frozen=True)
class Deed:
    """Something that a form does to one organization. run: an action that takes the form's fields."""

    title: Any
    form: type[django_forms.Form]
    run: Callable[..., Any]
    submit: Any = None


DEEDS = {
    "parent": Deed(gettext_lazy("调整上级"), forms.Place, actions.set_parent),
    "area": Deed(gettext_lazy("关联区域"), forms.TieArea, actions.link_area),
    "link": Deed(gettext_lazy("关联单位"), forms.Link, actions.link_organizations),
    "post": Deed(gettext_lazy("增设岗位"), forms.CreatePost, actions.create_post),
    "close": Deed(gettext_lazy("停用单位"), forms.Close, actions.close_organization, pgettext_lazy("deed", "停用")),
}
ENDINGS = {
    "area": Deed(gettext_lazy("终止区域关联"), forms.End, actions.unlink_area, gettext_lazy("终止")),
    "link": Deed(gettext_lazy("终止单位关联"), forms.End, actions.end_link, gettext_lazy("终止")),
    "post": Deed(gettext_lazy("撤销岗位"), forms.End, actions.close_post, gettext_lazy("撤销")),
}


@allow(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def deed(request: Request, organization_id: int, what: str) -> HttpResponse:
    """Do one of the deeds to an organization."""
    return _do(request, organization_id, DEEDS.get(what), {"organization_id": organization_id})


@allow(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def end(request: Request, organization_id: int, what: str, row_id: int) -> HttpResponse:
    """End a tie or a post of an organization."""
    return _do(request, organization_id, ENDINGS.get(what), {"post_id" if what == "post" else "link_id": row_id})


def _do(request: Request, organization_id: int, what: Deed | None, ids: dict[str, int]) -> HttpResponse:
    if what is None:
        raise LinkUnknown(_("没有这项操作"))
    me = queries.get_organization(viewer=request.actor, key=organization_id)
    form = what.form(_posted(request))
    if request.method == "POST" and _done(
        form, lambda: what.run(actor=request.actor, now=clock.now(), **ids, **form.cleaned_data)
    ):
        messages.success(request, _("已保存"))
        return redirect("organizations:organization", organization_id)
    context = {
        "form": form, "title": f"{what.title}：{me}", "submit": what.submit,
        "back": reverse("organizations:organization", args=[organization_id]),
    }  # fmt: skip
    return _form_page(request, form, context)


def _done(form: django_forms.Form, run: Callable[[], Any]) -> bool:
    """Run the deed if the form is valid; what it refuses stands in the form. NotAllowed goes on to its own page."""
    if not form.is_valid():
        return False
    try:
        run()
    except (Invalid, Conflict, NotFound) as refusal:
        _show(form, refusal)
        return False
    return True


def _show(form: django_forms.Form, refusal: Refusal) -> None:
    faults = getattr(refusal, "fields", None) or {}
    for name, words in faults.items():
        form.add_error(name if name in form.fields else None, words)
    if not faults:
        form.add_error(None, refusal.message)


def _form_page(request: Request, form: django_forms.Form, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return respond(request, "organizations/form.html", None, context, status)


def _tabs(current: str) -> list[dict[str, Any]]:
    tabs = [{"label": _("单位列表"), "url": reverse("organizations:list"), "current": current == "list"}]
    for each in Hierarchy:
        url = reverse("organizations:tree", args=[each.value])
        tabs.append({"label": _("%(hierarchy)s树") % {"hierarchy": each.label}, "url": url, "current": current == each})
    return tabs


def _posted(request: Request) -> Any:
    """Return what was posted, also if that is nothing; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None
