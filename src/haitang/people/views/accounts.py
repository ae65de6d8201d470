"""Accounts: who can sign in, and which programs act for whom."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, Actor, allow
from haitang.core.http import Request
from haitang.core.ui.pages import respond
from haitang.people import actions, forms
from haitang.people.queries import get_person, get_security_of, pages
from haitang.people.values import Permission
from haitang.people.views.shared import form_page


@require_safe
@allow(SIGNED_IN)
def account_list(request: Request) -> HttpResponse:
    """List the accounts, to system and security administrators."""
    form = forms.AccountSearch(request.GET)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {"q": "", "active": None}
    page = pages.list_accounts(
        viewer=request.actor, search=given["q"], active=given["active"], cursor=request.GET.get("cursor", "")
    )
    context = {"form": form, "page": page, "may_create": request.actor.holds(Permission.ACCOUNT_MANAGE)}
    return respond(request, "people/account_list.html", "people/_account_list.html", context)


@require_http_methods(["GET", "POST"])
@allow(Permission.ACCOUNT_MANAGE)
def account_create(request: Request) -> HttpResponse:
    """Create an account, for the person named in the address if there is one."""
    given = request.GET.get("person", "")
    person_id = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
    person = get_person(person_id) if person_id is not None else None
    return form_page(
        request,
        forms.AccountForm(request.POST or None, initial={"name": person.name if person else ""}),
        deed=lambda given: actions.create_account(actor=request.actor, person_id=person_id, now=clock.now(), **given),
        title=_("新建账号"),
        lead=_("新账号没有任何权限，由安全管理员另行授权。"),
        submit=_("建立"),
        back=reverse("people:account_list"),
        done=_("账号已建立"),
        after=lambda made: reverse("people:account", args=[made.pk]),
    )


@require_safe
@allow(SIGNED_IN)
def account(request: Request, account_id: int) -> HttpResponse:
    """Show an account, to system and security administrators."""
    page = pages.get_account_page(viewer=request.actor, account_id=account_id, now=clock.now())
    may_grant = request.actor.holds(Permission.GRANT_MANAGE)
    kept = get_security_of(viewer=request.actor, account_id=account_id, now=clock.now()) if may_grant else None
    return respond(request, "people/account.html", None, {"page": page, "may_grant": may_grant, "kept": kept})


@require_http_methods(["GET", "POST"])
@allow(Permission.ACCOUNT_MANAGE)
def account_off(request: Request, account_id: int) -> HttpResponse:
    """Switch an account off."""
    return form_page(
        request,
        forms.ReasonForm(request.POST or None),
        deed=lambda given: actions.switch_account_off(
            actor=request.actor, account_id=account_id, now=clock.now(), **given
        ),
        title=_("停用账号"),
        lead=_("停用后立即不能登录，接口令牌也同时失效。"),
        submit=pgettext("deed", "停用"),
        back=reverse("people:account", args=[account_id]),
        done=_("账号已停用"),
    )


@require_POST
@allow(Permission.ACCOUNT_MANAGE)
def account_on(request: Request, account_id: int) -> HttpResponse:
    """Switch an account on."""
    actions.switch_account_on(actor=request.actor, account_id=account_id, now=clock.now())
    messages.success(request, _("账号已启用"))
    return redirect("people:account", account_id)


@require_http_methods(["GET", "POST"])
@allow(Permission.ACCOUNT_MANAGE)
def account_password(request: Request, account_id: int) -> HttpResponse:
    """Set another's password."""
    return form_page(
        request,
        forms.PasswordResetForm(request.POST or None),
        deed=lambda given: actions.reset_password(actor=request.actor, account_id=account_id, now=clock.now(), **given),
        title=_("重设密码"),
        submit=_("重设"),
        back=reverse("people:account", args=[account_id]),
        done=_("密码已重设，本人下次登录时须修改"),
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.ACCOUNT_MANAGE)
def account_token_create(request: Request, account_id: int) -> HttpResponse:
    """Make a token for an account."""
    return token_page(request, account_id, reverse("people:account", args=[account_id]))


@require_POST
@allow(Permission.ACCOUNT_MANAGE)
def account_token_revoke(request: Request, account_id: int, token_id: int) -> HttpResponse:
    """Revoke a token of an account."""
    actions.revoke_token(actor=request.actor, token_id=token_id, now=clock.now())
    messages.success(request, _("令牌已吊销"))
    return redirect("people:account", account_id)


def token_page(request: Request, account_id: int, back: str) -> HttpResponse:
    """Make a token and show it, once."""

    def show(made: tuple[Any, str]) -> HttpResponse:
        response = respond(request, "people/token.html", None, {"token": made[1], "name": made[0].name, "back": back})
        response["Cache-Control"] = "no-store"
        return response

    form = forms.TokenForm(request.POST or None)
    return form_page(
        request,
        form,
        deed=lambda given: _create_token(request.actor, account_id, given, form.chosen()),
        title=_("新建接口令牌"),
        lead=_("令牌代表账号本人调用接口，只显示一次，请妥善保管。"),
        submit=_("生成"),
        back=back,
        then=show,
    )


def _create_token(actor: Actor, account_id: int, given: dict[str, Any], scopes: list[str] | None) -> tuple[Any, str]:
    now = clock.now()
    return actions.create_token(
        actor=actor, account_id=account_id, name=given["name"], expires_at=now + timedelta(days=given["days"]),
        scopes=scopes, now=now,
    )  # fmt: skip
