"""The forms of single sign-on: a provider, what of its word is believed, an identity entered in advance, the rules."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.outgoing import URL_LENGTH_MAX
from haitang.core.ui import settings
from haitang.sso.values import CODE_LENGTH_MAX, NAME_LENGTH_MAX, SCOPES, SECRET_LENGTH_MAX, WORD_LENGTH_MAX

_SECRET = {"autocomplete": "off"}


def _secret(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("客户端密钥"), max_length=SECRET_LENGTH_MAX, required=False, help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class ProviderForm(forms.Form):
    """A new provider."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("登录页按钮上显示，如 市统一身份认证"),
    )  # fmt: skip
    code = forms.CharField(
        label=gettext_lazy("短名"), max_length=CODE_LENGTH_MAX, widget=forms.TextInput(attrs=_SECRET),
        help_text=gettext_lazy("用在回调地址中，只能用字母、数字、- 和 _，以后不能改"),
    )  # fmt: skip
    issuer = forms.CharField(
        label=gettext_lazy("颁发者（issuer）"), max_length=URL_LENGTH_MAX,
        widget=forms.TextInput(attrs={"placeholder": "https://", "inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("与对方公布的完全一致，以后不能改；内部网络的地址须先由运维人员登记"),
    )  # fmt: skip
    client_id = forms.CharField(
        label=gettext_lazy("客户端编号（client_id）"), max_length=WORD_LENGTH_MAX, widget=forms.TextInput(attrs=_SECRET)
    )
    secret = _secret(gettext_lazy("对方没有给密钥的留空；保存后加密存放，不再显示"))
    subject_claim = forms.CharField(
        label=gettext_lazy("身份字段"), max_length=WORD_LENGTH_MAX, initial="sub",
        help_text=gettext_lazy("身份令牌中哪个字段表示是谁，一般为 sub；按工号关联的填工号字段名，以后不能改"),
    )  # fmt: skip


class ProviderChangeForm(forms.Form):
    """What of a provider may change."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    client_id = forms.CharField(
        label=gettext_lazy("客户端编号（client_id）"), max_length=WORD_LENGTH_MAX, widget=forms.TextInput(attrs=_SECRET)
    )
    secret = _secret(gettext_lazy("不更换的留空"))
    is_active = forms.BooleanField(
        label=gettext_lazy("启用"), required=False,
        help_text=gettext_lazy("停用后登录页不再显示，已登录的不受影响"),
    )  # fmt: skip

    def __init__(self, data: Any, *, row: Any) -> None:
        super().__init__(
            data, initial={"name": row.name, "client_id": row.client_id, "is_active": row.is_active}
        )  # fmt: skip


class IdentityForm(forms.Form):
    """An identity, entered before its owner first signs in with it."""

    username = forms.CharField(
        label=gettext_lazy("本系统账号（登录名）"), max_length=150, widget=forms.TextInput(attrs=_SECRET)
    )  # fmt: skip
    subject = forms.CharField(
        label=gettext_lazy("对方身份编号"), max_length=WORD_LENGTH_MAX, widget=forms.TextInput(attrs=_SECRET),
        help_text=gettext_lazy("对方在“身份字段”中给出的值，如工号，须完全一致"),
    )  # fmt: skip


class SystemForm(forms.Form):
    """A system that lets in whoever is signed in here."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("征求本人同意时显示，如 区档案系统"),
    )
    redirects = settings.LinesField(
        label=gettext_lazy("回调地址"), rows=3,
        help_text=gettext_lazy("每行一个以 https:// 开头的完整地址，须与对方请求中的完全一致"),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("可以得到的内容"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, label) for code, label in SCOPES.items() if code != "openid"],
        help_text=gettext_lazy("账号编号总会给出；本系统没有电子邮箱"),
    )  # fmt: skip


class SystemChangeForm(SystemForm):
    """What of a connected system may change."""

    is_active = forms.BooleanField(
        label=gettext_lazy("启用"), required=False, help_text=gettext_lazy("停用后立即不能由此登录，已给出的令牌失效")
    )

    def __init__(self, data: Any, *, row: Any) -> None:
        names = ("name", "redirects", "scopes", "is_active")
        super().__init__(data, initial={name: getattr(row, name) for name in names})


class TrustForm(forms.Form):
    """Which words of each provider stand for a second factor."""

    def __init__(self, data: Any, *, rows: Sequence[Any]) -> None:
        super().__init__(data)
        for row in rows:
            self.fields[f"trusted_{row.pk}"] = settings.LinesField(
                label=row.name, required=False, rows=2, initial=row.trusted,
                help_text=gettext_lazy("每行一项，对照身份令牌的 acr 和 amr，如 mfa；留空表示一律在本系统验证"),
            )  # fmt: skip


class SingleSignOnRulesForm(settings.SettingsForm):
    """The rules, as their page shows them."""

    labels = {
        "attempt_minutes": gettext_lazy("转到对方登录后多少分钟内须返回"),
        "timeout_s": gettext_lazy("等待对方应答最多多少秒"),
        "skew_s": gettext_lazy("两边时钟最多相差多少秒"),
        "reread_minutes": gettext_lazy("对方公布的配置和公钥最多沿用多少分钟"),
        "attempts_per_minute": gettext_lazy("同一网络地址每分钟最多尝试多少次"),
        "code_s": gettext_lazy("登录码多少秒内有效"),
        "token_minutes": gettext_lazy("接入系统的令牌多少分钟内有效"),
        "id_token_minutes": gettext_lazy("身份令牌多少分钟内有效"),
        "old_key_hours": gettext_lazy("更换签名密钥后旧公钥继续公布多少小时"),
        "token_requests_per_minute": gettext_lazy("接入系统每分钟最多换取、交还令牌多少次"),
    }
    number_min = 0
