"""The pages of those who keep providers: system administrators, and for what is believed of them, security ones."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.people.values import Permission as People
from haitang.sso import actions, forms, queries
from haitang.sso.values import Permission


@require_safe
@allow(Permission.MANAGE)
def providers(request: Request) -> HttpResponse:
    """Show whose identities are taken here."""
    return respond(request, "sso/providers.html", None, {"lines": queries.list_providers(viewer=request.actor)})


@form_page
@allow(Permission.MANAGE)
def new(request: Request) -> HttpResponse:
    """Take the identities of another system."""
    form = forms.ProviderForm(sent(request))
    status = 200
    if request.method == "POST":
        made = []
        status = attempt(form, lambda: made.append(actions.add_provider(**said(request), **form.cleaned_data)))
        if not status:
            messages.success(request, _("已读取对方公布的配置和公钥"))
            return redirect("sso:one", made[0].pk)
    context = {"form": form, "title": _("新建统一登录"), "back": reverse("sso:providers")}
    return respond(request, "sso/form.html", None, context, status)


@require_safe
@allow(Permission.MANAGE)
def one(request: Request, provider_id: int) -> HttpResponse:
    """Show a provider, and whom it lets in."""
    line = queries.get_provider(viewer=request.actor, provider_id=provider_id)
    context = {
        "row": line.row,
        "callback": request.build_absolute_uri(reverse("sso:back", args=[line.row.code])),
        "identities": queries.list_identities(viewer=request.actor, provider_id=provider_id),
        "count": line.identities,
    }
    return respond(request, "sso/provider.html", None, context)


@form_page
@allow(Permission.MANAGE)
def change(request: Request, provider_id: int) -> HttpResponse:
    """Change what of a provider may change."""
    row = queries.get_provider(viewer=request.actor, provider_id=provider_id).row
    form = forms.ProviderChangeForm(sent(request), row=row)
    back = reverse("sso:one", args=[provider_id])
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.change_provider(**said(request), provider_id=provider_id, **form.cleaned_data)
        )  # fmt: skip
        if not status:
            messages.success(request, _("已保存"))
            return redirect(back)
    return respond(request, "sso/form.html", None, {"form": form, "title": _("修改统一登录"), "back": back}, status)


@form_page
@allow(Permission.MANAGE)
def identity_enter(request: Request, provider_id: int) -> HttpResponse:
    """Tie an identity to somebody's account in advance."""
    row = queries.get_provider(viewer=request.actor, provider_id=provider_id).row
    form = forms.IdentityForm(sent(request))
    back = reverse("sso:one", args=[provider_id])
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda: actions.enter_identity(**said(request), provider_id=provider_id, **form.cleaned_data)
        )  # fmt: skip
        if not status:
            messages.success(request, _("已关联，并已告知账号本人"))
            return redirect(back)
    context = {"form": form, "title": _("关联身份：%(name)s") % {"name": row.name}, "back": back}
    return respond(request, "sso/form.html", None, context, status)


@require_POST
@allow(Permission.MANAGE)
def identity_remove(request: Request, identity_id: int) -> HttpResponse:
    """Untie an identity from somebody's account, and end its sessions."""
    provider_id = actions.unlink_identity(**said(request), identity_id=identity_id)
    messages.success(request, _("已解除关联，该账号的登录已结束"))
    return redirect("sso:one", provider_id)


@form_page
@allow(Permission.MANAGE)
def rules(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    form = forms.SingleSignOnRulesForm(
        sent(request), lines=queries.list_single_sign_on_rules(viewer=request.actor)
    )  # fmt: skip
    return settings_page(request, form, actions.change_single_sign_on_rule, "sso/rules.html", "sso:rules")


@form_page
@allow(People.GRANT_MANAGE)
def trust(request: Request) -> HttpResponse:
    """Say which words of each provider stand for a second factor."""
    rows = queries.list_trusted(viewer=request.actor)
    form = forms.TrustForm(sent(request), rows=rows)

    def write() -> None:
        with transaction.atomic():
            for row in rows:
                actions.trust_assurances(
                    **said(request), provider_id=row.pk, trusted=form.cleaned_data[f"trusted_{row.pk}"]
                )  # fmt: skip

    status = 200
    if request.method == "POST":
        status = attempt(form, write)
        if not status:
            messages.success(request, _("已保存"))
            return redirect("sso:trust")
    return respond(request, "sso/trust.html", None, {"form": form, "rows": rows}, status)
