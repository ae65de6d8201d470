"""Signing in, on top of allauth: accounts are opened by administrators, guessing locks, second factors are sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock, crypto, limits, qr
from haitang.core.access import VISITOR
from haitang.core.errors import TooMany
from haitang.people import actions
from haitang.people.values import FACTOR_SECRETS, Locked
from haitang.sso.queries import open_doors
from haitang.sso.values import SIGNED_IN_BY

_CODE_USED_S = 180
"""So long a code that was accepted is not accepted again: longer than it is right, clocks that differ included."""


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, and a lock-out that holds across processes (people.actions.locks)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "invalid_login": gettext_lazy("账号或密码不正确，请检查后重试"),
        "username_password_mismatch": gettext_lazy("账号或密码不正确，请检查后重试"),
        "enter_current_password": gettext_lazy("当前密码不正确"),
        "incorrect_password": gettext_lazy("密码不正确"),
        "account_inactive": gettext_lazy("这个账号已停用，请联系本单位管理员"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that nobody opens an account for themselves."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt against the name and the address. Raises ValidationError, for the form, while locked."""
        try:
            actions.begin_attempt(**self._said(request, credentials))
        except Locked as refusal:
            raise ValidationError(refusal.message) from refusal

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the account the credentials open, or None; a good attempt does not count."""
        user = super().authenticate(request, **credentials)
        deed = actions.attempt_failed if user is None else actions.attempt_succeeded
        deed(**self._said(request, credentials))
        return user

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return where signing out leads: to the provider's own sign-out, for who came through one."""
        through = request.session.get(SIGNED_IN_BY)
        for door in open_doors() if through else ():
            if door.id == through:
                return reverse("sso:out", args=[door.code])
        return str(super().get_logout_redirect_url(request))

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Return how somebody who is signed in shows once more who they are: by the password."""
        return [{"id": "reauthenticate", "description": _("密码"), "url": reverse("account_reauthenticate")}]

    def _rollback_login_failed_rl_usage(self) -> None:
        """Do nothing: allauth's own counter, which every process would keep for itself, is not used."""

    def _said(self, request: HttpRequest, credentials: dict[str, Any]) -> dict[str, Any]:
        return {
            "actor": VISITOR, "username": str(credentials.get("username", "")),
            "address": str(self.get_client_ip(request)), "now": clock.now(),
        }  # fmt: skip


class FactorAdapter(DefaultMFAAdapter):
    """Second factors in the words of this site; the secrets behind them are sealed in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy("不能停用双因素认证"),
        "cannot_generate_recovery_codes": gettext_lazy("请先启用动态口令或通行密钥"),
        "incorrect_code": gettext_lazy("验证码不正确"),
    }

    def get_totp_issuer(self) -> str:
        """Return the name under which the telephone lists the code."""
        return _(settings.HAITANG_NAME)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code that the telephone scans."""
        return qr.as_svg(url).decode()

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return base64.b64encode(crypto.seal(text, FACTOR_SECRETS)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret."""
        return crypto.open_(base64.b64decode(encrypted_text), FACTOR_SECRETS)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's word
        """Return a name for a new passkey."""
        return _("通行密钥")

    def _get_site_name(self) -> str:
        return _(settings.HAITANG_NAME)


class _Counted:
    """A code is guessed a few times at most, over all processes, and a right one is used once."""

    user: Any
    fields: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = _("验证码")
        field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError."""
        account_id, now = self.user.pk, clock.now()
        try:
            actions.begin_code(actor=VISITOR, account_id=account_id, now=now)
        except Locked as refusal:
            raise ValidationError(refusal.message) from refusal
        try:
            code = str(super().clean_code())  # type: ignore[misc]  # of the form that is mixed in
        except ValidationError:
            address = str(get_adapter().get_client_ip(context.request))
            actions.code_refused(actor=VISITOR, account_id=account_id, address=address, now=now)
            raise
        try:
            limits.hit(f"code:{account_id}:{code}", limit=1, window_s=_CODE_USED_S, now=now)
        except TooMany as refusal:
            raise ValidationError(_("这个验证码已经用过，请等待下一个")) from refusal
        actions.code_accepted(actor=VISITOR, account_id=account_id, now=now)
        return code


class CodeForm(_Counted, base.AuthenticateForm):
    """The code of the telephone, or a recovery code, after the password."""


class ActivateForm(_Counted, totp.ActivateTOTPForm):
    """The first code, which proves that the telephone has the secret."""


class PasskeyForm(webauthn.AddWebAuthnForm):
    """A new passkey, with a name by which its owner knows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].max_length = 50
