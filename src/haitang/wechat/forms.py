"""The forms of the official account: what is agreed with the platform, and the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haitang.core.ui import settings
from haitang.wechat.queries import AccountView


class AccountForm(forms.Form):
    """What is agreed with the platform of WeChat. What was entered before is not shown; empty keeps it."""

    app_id = forms.CharField(label="AppID", max_length=64)
    token = forms.CharField(label=_("令牌（Token）"), max_length=64, required=False)
    aes = forms.CharField(label=_("消息加解密密钥（EncodingAESKey）"), max_length=64, required=False)
    secret = forms.CharField(label="AppSecret", max_length=64, required=False)
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, data: Any, *, view: AccountView | None) -> None:
        super().__init__(data, initial={"app_id": view.app_id, "is_active": view.is_active} if view else {})
        for name in ("token", "aes", "secret"):
            self.fields[name].widget = forms.PasswordInput(attrs={"autocomplete": "off"})
            if view is not None:
                self.fields[name].help_text = _("不填则不改")


LABELS = {
    "plain": _("接收未加密的消息"), "fresh_s": _("消息时间最多相差多少秒"),
    "dialogue_minutes": _("没有发完的上报保留多少分钟"), "messages_per_hour": _("同一微信号每小时最多多少条消息"),
    "reports_per_hour": _("同一微信号每小时最多上报几件"), "follow_days": _("上报后多少天内主动告知"),
    "free_hours": _("多少小时内可以发客服消息"), "template_id": _("模板消息编号"),
    "template_fields": _("模板消息的项"),
}  # fmt: skip


class WechatRulesForm(settings.SettingsForm):
    """The rules, as their page shows them."""

    labels = LABELS
    parts = {"number": _("编号"), "status": _("状态"), "time": _("时间")}
    optional = ("template_id",)
    number_min = 0
    number_max = 10_000
    text_max = 64
