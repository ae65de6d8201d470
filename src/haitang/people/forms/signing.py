"""Tokens, the rules of signing in, permissions for some hours."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.ui import settings
from haitang.people.queries import sign_in_rules
from haitang.people.values import READ, UNMASK, WRITE, api_areas, permission_names

NAME_MAX, REASON_MAX = 50, 200
LABELS = {
    "password_length_min": gettext_lazy("密码最少位数"),
    "password_kinds_min": gettext_lazy("密码最少包含几种字符"),
    "password_days_max": gettext_lazy("密码最长使用天数"),
    "password_history": gettext_lazy("不得重复最近几次的密码"),
    "lock_failures_max": gettext_lazy("连续输错几次后锁定"),
    "lock_minutes": gettext_lazy("锁定分钟数"),
    "address_failures_max": gettext_lazy("同一网络地址可输错的次数"),
    "idle_minutes": gettext_lazy("无操作多少分钟后退出"),
    "field_idle_minutes": gettext_lazy("外勤手机无操作多少分钟后退出"),
    "session_hours_max": gettext_lazy("一次登录最长小时数"),
    "field_session_days_max": gettext_lazy("外勤手机一次登录最长天数"),
    "sessions_max": gettext_lazy("一个账号可同时登录几处"),
    "factor_required": gettext_lazy("要求双因素认证（production、always、never）"),
    "factor_permissions": gettext_lazy("须双因素认证的权限（每行一个）"),
    "elevation_rule": gettext_lazy("临时权限如何生效（second、report）"),
    "elevation_permissions": gettext_lazy("可临时申请的权限（每行一个）"),
    "elevation_hours_max": gettext_lazy("临时权限最长小时数"),
    "token_days_max": gettext_lazy("接口令牌最长天数"),
    "token_requests_per_minute": gettext_lazy("每个令牌每分钟请求数"),
    "address_requests_per_minute": gettext_lazy("每个网络地址每分钟请求数"),
}


class SignInRulesForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    optional = ("factor_permissions", "elevation_permissions")
    number_min = 0
    number_max = None


class TokenForm(forms.Form):
    """A new token for the API: what for, how long, and what it may do."""

    name = forms.CharField(label=gettext_lazy("用途"), max_length=NAME_MAX)
    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=1, max_value=3650)
    everything = forms.BooleanField(
        label=gettext_lazy("账号能做的全部"), required=False, help_text=gettext_lazy("不建议；请尽量只选对接所需的范围")
    )
    scopes = forms.MultipleChoiceField(label=gettext_lazy("范围"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = sign_in_rules()["token_days_max"]
        self.fields["days"].initial = most
        self.fields["days"].help_text = _("最长 %(n)d 天") % {"n": most}
        deeds = [(READ, _("读取")), (WRITE, _("写入"))]
        choices = [(f"{app}:{deed}", f"{word} {_(name)}") for app, name in api_areas().items() for deed, word in deeds]
        cast("forms.ChoiceField", self.fields["scopes"]).choices = [*choices, (UNMASK, _("查看完整联系方式"))]

    def clean(self) -> dict[str, Any]:
        """Refuse a token that is for nothing."""
        given = super().clean() or {}
        if not given.get("everything") and not given.get("scopes"):
            self.add_error("scopes", _("请选择令牌的范围"))
        return given

    def chosen(self) -> list[str] | None:
        """Return the scopes, None for everything."""
        return None if self.cleaned_data["everything"] else self.cleaned_data["scopes"]


class ElevationForm(forms.Form):
    """A permission for some hours."""

    permission = forms.ChoiceField(label=gettext_lazy("权限"))
    hours = forms.IntegerField(label=gettext_lazy("时长（小时）"), min_value=1, initial=1)
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=REASON_MAX)

    def __init__(self, *args: Any, permissions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = permission_names()
        cast("forms.ChoiceField", self.fields["permission"]).choices = [
            ("", _("请选择")), *((code, _(names[code])) for code in permissions),
        ]  # fmt: skip
        self.fields["hours"].help_text = _("最长 %(n)d 小时，到时自动失效") % {
            "n": sign_in_rules()["elevation_hours_max"]
        }
