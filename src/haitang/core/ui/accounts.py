"""Signing in, on top of allauth: accounts are opened by administrators, and guessing locks an account for a while."""

import hashlib
from typing import Any

from allauth.account import forms
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core import clock, limits
from haitang.core.errors import TooMany


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, and a lock-out that holds across processes: attempts count until they prove good.

    Source: GB/T 22239-2019 8.1.4.1 b) (failed sign-ins end or limit the session).
    """

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
        """Count an attempt against the account and the address it comes from.

        Raises ValidationError, shown in the form, while either is locked.
        """
        for key, limit in self._windows(request, credentials):
            try:
                limits.hit(key, limit=limit, window_s=settings.LOGIN_LOCK_S, now=clock.now())
            except TooMany as refusal:
                minutes = -(-refusal.retry_after_s // 60)
                raise ValidationError(
                    _("密码连续输错次数过多，已暂时锁定，请 %(minutes)d 分钟后再试，或联系本单位管理员")
                    % {"minutes": minutes}
                ) from refusal

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return the account the credentials open, or None; a good attempt does not count."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            for key, _limit in self._windows(request, credentials):
                limits.give_back(key)
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Do nothing: allauth's own counter, which every process would keep for itself, is not used."""

    def _windows(self, request: HttpRequest, credentials: dict[str, Any]) -> list[tuple[str, int]]:
        name = hashlib.sha256(str(credentials.get("username", "")).lower().encode()).hexdigest()
        return [
            (f"login:account:{name}", settings.LOGIN_FAILURES_MAX),
            (f"login:address:{self.get_client_ip(request)}", settings.LOGIN_FAILURES_PER_ADDRESS_MAX),
        ]


class LoginForm(forms.LoginForm):
    """Account and password, in the words of this site; how to get help stands below the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("账号")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].help_text = ""


class ChangePasswordForm(forms.ChangePasswordForm):
    """The old password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"oldpassword": _("当前密码"), "password1": _("新密码"), "password2": _("再输一次新密码")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
