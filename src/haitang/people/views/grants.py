"""Roles, and who was given which where."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from haitang.core import clock
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.people import actions, forms
from haitang.people.queries import get_role, pages, permissions_of
from haitang.people.values import Permission, permission_names
from haitang.people.views.shared import form_page


@require_safe
@allow(Permission.GRANT_MANAGE)
def grant_list(request: Request) -> HttpResponse:
    """List the grants within the viewer's scope."""
    form = forms.GrantSearch(request.GET)
    given = form.cleaned_data if form.is_valid() else {"q": "", "role": ""}
    page = pages.list_grants(
        viewer=request.actor,
        search=given["q"],
        role=given["role"],
        cursor=request.GET.get("cursor", ""),
        now=clock.now(),
    )
    return respond(request, "people/grant_list.html", "people/_grant_list.html", {"form": form, "page": page})


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def grant_give(request: Request, account_id: int) -> HttpResponse:
    """Give an account a role."""
    page = pages.get_account_page(viewer=request.actor, account_id=account_id, now=clock.now())
    return form_page(
        request,
        forms.GrantForm(request.POST or None),
        deed=lambda given: actions.give_grant(actor=request.actor, account_id=account_id, now=clock.now(), **given),
        title=_("授权：%(name)s") % {"name": page.account},
        submit=_("授权"),
        back=reverse("people:account", args=[account_id]),
        done=_("授权已生效"),
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def grant_revoke(request: Request, grant_id: int) -> HttpResponse:
    """Revoke a grant."""
    return form_page(
        request,
        forms.ReasonForm(request.POST or None),
        deed=lambda given: actions.revoke_grant(actor=request.actor, grant_id=grant_id, now=clock.now(), **given),
        title=_("收回授权"),
        lead=_("收回后立即失效。"),
        submit=_("收回"),
        back=reverse("people:grant_list"),
        done=_("授权已收回"),
    )


@require_safe
@allow(Permission.GRANT_MANAGE)
def role_list(request: Request) -> HttpResponse:
    """List the roles with what each may do."""
    names = {code: _(name) for code, name in permission_names().items()}
    roles = [
        (role, [names.get(each.permission, each.permission) for each in role.permissions.all()])
        for role in pages.list_roles()
    ]
    return respond(request, "people/role_list.html", None, {"roles": roles})


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def role_create(request: Request) -> HttpResponse:
    """Add a role."""
    return form_page(
        request,
        forms.NewRoleForm(request.POST or None),
        deed=lambda given: actions.create_role(actor=request.actor, now=clock.now(), **given),
        title=_("新建角色"),
        submit=_("建立"),
        back=reverse("people:role_list"),
        done=_("角色已建立"),
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def role_change(request: Request, code: str) -> HttpResponse:
    """Change a role."""
    role = get_role(code)
    initial = {"name": role.name, "description": role.description, "permissions": sorted(permissions_of(role))}
    return form_page(
        request,
        forms.RoleForm(request.POST or None, initial=initial),
        deed=lambda given: actions.change_role(actor=request.actor, role=code, now=clock.now(), **given),
        title=_("修改角色：%(name)s") % {"name": _(role.name)},
        lead=_("保存后对所有持有该角色的账号立即生效。"),
        submit=_("保存"),
        back=reverse("people:role_list"),
        done=_("角色已保存"),
    )
