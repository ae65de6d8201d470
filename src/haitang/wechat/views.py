"""Where the platform of WeChat sends to, and the pages of whoever keeps the official account."""

from typing import Any

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from haitang.core import clock
from haitang.core.access import ANYONE, VISITOR, allow
from haitang.core.http import Request
from haitang.core.ui.entering import attempt, form_page, said, sent
from haitang.core.ui.pages import respond
from haitang.core.ui.settings import settings_page
from haitang.wechat import actions, forms, queries
from haitang.wechat.values import (
    BODY_BYTES_MAX,
    EncryptedWrongly,
    Keys,
    Message,
    NoMessage,
    NotFromWechat,
    Permission,
    decrypt,
    encrypt,
    envelope,
    fields_of,
    is_signed,
    read_message,
    reply,
    signature,
)

_NOT_OURS = "not signed for this account"


@require_http_methods(["GET", "HEAD", "POST"])
@allow(ANYONE)
def messages(request: HttpRequest) -> HttpResponse:
    """Prove to the platform that the address is ours (GET), or take in a message and answer it (POST).

    Whoever cannot sign learns nothing: 403 without a word of what was wrong, and the same before an account is entered.
    """
    keys = queries.find_keys()
    if keys is None or not _is_from_wechat(request, keys):
        return _refuse()
    if request.method != "POST":
        return HttpResponse(request.GET.get("echostr", "")[:200], content_type="text/plain; charset=utf-8")
    try:
        message, is_encrypted = _opened(request, keys)
    except (NotFromWechat, NoMessage, EncryptedWrongly, UnicodeDecodeError):
        return _refuse()
    text = actions.take_message(actor=VISITOR, message=message, now=clock.now())
    if not text:
        return HttpResponse("success", content_type="text/plain; charset=utf-8")
    written = reply(message, text, int(clock.now().timestamp()))
    return HttpResponse(_sealed(written, keys) if is_encrypted else written, content_type="text/xml; charset=utf-8")


def _is_from_wechat(request: HttpRequest, keys: Keys) -> bool:
    """Tell whether the address is signed with the token, not long ago."""
    given, at, nonce = (request.GET.get(name, "") for name in ("signature", "timestamp", "nonce"))
    if not (at.isascii() and at.isdigit() and len(at) <= 12):
        return False
    is_fresh = abs(clock.now().timestamp() - int(at)) <= queries.wechat_rules()["fresh_s"]
    return is_signed(given, keys.token, at, nonce) and is_fresh


def _opened(request: HttpRequest, keys: Keys) -> tuple[Message, bool]:
    """Return the message and whether it came encrypted. Raises NotFromWechat, NoMessage, EncryptedWrongly."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_BYTES_MAX:
        raise NoMessage("over-long")
    body = request.body.decode()
    if request.GET.get("encrypt_type") != "aes":
        if not queries.wechat_rules()["plain"]:
            raise NotFromWechat(_NOT_OURS)
        return read_message(body), False
    sealed = fields_of(body).get("Encrypt", "")
    at, nonce = request.GET.get("timestamp", ""), request.GET.get("nonce", "")
    if not is_signed(request.GET.get("msg_signature", ""), keys.token, at, nonce, sealed):
        raise NotFromWechat(_NOT_OURS)
    return read_message(decrypt(sealed, keys)), True


def _sealed(written: str, keys: Keys) -> str:
    sealed, at, nonce = encrypt(written, keys), str(int(clock.now().timestamp())), get_random_string(10, "0123456789")
    return envelope(sealed, signature(keys.token, at, nonce, sealed), at, nonce)


def _refuse() -> HttpResponse:
    return HttpResponse(_NOT_OURS, status=403, content_type="text/plain; charset=utf-8")


@form_page
@allow(Permission.MANAGE)
def account(request: Request) -> HttpResponse:
    """Show and change the official account; secrets are written, and shown to nobody."""
    view = queries.get_account(viewer=request.actor)
    form = forms.AccountForm(sent(request), view=view)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.keep_account(**said(request), **form.cleaned_data))
        if not status:
            flash.success(request, _("已保存"))
            return redirect("wechat:account")
    context: dict[str, Any] = {
        "form": form, "view": view, "address": request.build_absolute_uri(reverse("wechat:messages")),
    }  # fmt: skip
    return respond(request, "wechat/account.html", None, context, status)


@form_page
@allow(Permission.MANAGE)
def rules(request: Request) -> HttpResponse:
    """Show and change the rules; only what was changed is written."""
    form = forms.WechatRulesForm(sent(request), lines=queries.list_wechat_rules(viewer=request.actor))
    return settings_page(request, form, actions.change_wechat_rule, "wechat/rules.html", "wechat:rules")
