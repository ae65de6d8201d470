"""How one's own account is kept; and, for security administrators, the rules, the locks, others' sessions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haitang.core import clock
from haitang.core.access import SIGNED_IN, allow
from haitang.core.http import Request
from haitang.core.ui.entering import sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.people import actions, forms, queries
from haitang.people.values import FACTOR, Permission
from haitang.people.views.shared import form_page


@require_safe
@allow(SIGNED_IN)
def security(request: Request) -> HttpResponse:
    """Show the viewer's second factors and where the account is signed in."""
    page = queries.get_security_page(viewer=request.actor, now=clock.now())
    context = {
        "page": page,
        "session_key": request.session.session_key,
        "is_led": page.must_have_factor and not request.session.get(FACTOR),
    }
    return respond(request, "people/security.html", None, context)


@require_POST
@allow(SIGNED_IN)
def here(request: Request) -> HttpResponse:
    """Somebody is there: the middleware has noted it."""
    return HttpResponse(status=204)


@require_POST
@allow(SIGNED_IN)
def gone(request: Request) -> HttpResponse:
    """Nobody was there for as long as the rule allows: end this session, and destroy nothing that is kept for it."""
    actions.forget_session(actor=request.actor, session_key=request.session.session_key or "", now=clock.now())
    request.session.flush()
    messages.warning(request, _("您很久没有操作，已自动退出登录"))
    return HttpResponse(status=204)


@require_POST
@allow(SIGNED_IN)
def session_end(request: Request, sign_in_id: int) -> HttpResponse:
    """End one of the viewer's own sessions."""
    actions.end_session(actor=request.actor, sign_in_id=sign_in_id, now=clock.now())
    messages.success(request, _("已退出该处登录"))
    return redirect("people:security")


@require_POST
@allow(SIGNED_IN)
def session_end_others(request: Request) -> HttpResponse:
    """End all of the viewer's own sessions but this one."""
    key = request.session.session_key or ""
    count = actions.end_sessions(
        actor=request.actor, account_id=request.actor.id or 0, reason=_("本人结束"), but=key, now=clock.now()
    )
    messages.success(request, _n("已退出其他 %(n)d 处登录", "已退出其他 %(n)d 处登录", count) % {"n": count})
    return redirect("people:security")


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def sign_in_rules(request: Request) -> HttpResponse:
    """Show who is locked out and the rules of signing in; POST changes rules."""
    form = forms.SignInRulesForm(sent(request), lines=queries.list_sign_in_rules(viewer=request.actor))

    def beside() -> dict[str, Any]:
        return {
            "locks": queries.list_locks(viewer=request.actor, now=clock.now()),
            "is_factor_required": queries.is_factor_required(),
        }

    return settings_page(
        request, form, actions.change_sign_in_rule, "people/sign_in.html", "people:sign_in_rules", beside
    )


@require_POST
@allow(Permission.GRANT_MANAGE)
def lock_lift(request: Request, account_id: int) -> HttpResponse:
    """Lift the lock of an account."""
    actions.lift_lock(actor=request.actor, account_id=account_id, now=clock.now())
    messages.success(request, _("已解除锁定"))
    return redirect("people:sign_in_rules")


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def account_sessions_end(request: Request, account_id: int) -> HttpResponse:
    """End every session of another's account."""
    return form_page(
        request,
        forms.ReasonForm(request.POST or None),
        deed=lambda given: actions.end_sessions(actor=request.actor, account_id=account_id, now=clock.now(), **given),
        title=_("结束全部登录"),
        lead=_("该账号在所有设备上立即退出，可以重新登录。要使其不能登录，请由系统管理员停用账号。"),
        submit=_("结束"),
        back=reverse("people:account", args=[account_id]),
        done=_("已结束该账号的全部登录"),
    )


@require_http_methods(["GET", "POST"])
@allow(Permission.GRANT_MANAGE)
def account_factors_reset(request: Request, account_id: int) -> HttpResponse:
    """Take the second factors off another's account."""
    return form_page(
        request,
        forms.ReasonForm(request.POST or None),
        deed=lambda given: actions.reset_factors(actor=request.actor, account_id=account_id, now=clock.now(), **given),
        title=_("清除双因素认证"),
        lead=_("用于本人遗失手机和恢复码。请先核实是本人；清除后只凭密码即可登录，按规定须启用的会被引导重新启用。"),
        submit=_("清除"),
        back=reverse("people:account", args=[account_id]),
        done=_("已清除双因素认证"),
    )
