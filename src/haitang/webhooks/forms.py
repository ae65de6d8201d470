"""The forms of webhooks: a subscription, and the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.outgoing import URL_LENGTH_MAX
from haitang.core.ui import settings
from haitang.territory.queries import territory
from haitang.territory.values import LEVELS, Kind
from haitang.webhooks.queries import SubscriptionView
from haitang.webhooks.values import NAME_LENGTH_MAX, Level, Permission, kinds, label_of_kind


class SubscriptionForm(forms.Form):
    """Who is told of what."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("对方系统的名称，如 市数据共享平台"),
    )  # fmt: skip
    url = forms.CharField(
        label=gettext_lazy("接收地址"), max_length=URL_LENGTH_MAX,
        widget=forms.TextInput(attrs={"placeholder": "https://", "inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("以 https:// 开头；内部网络的地址须先由运维人员登记"),
    )  # fmt: skip
    area_code = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("内容范围"), choices=Level.choices, widget=forms.RadioSelect, initial=Level.INTERNAL.value,
        help_text=gettext_lazy("两种都不含任何个人信息，举报一律不推送"),
    )  # fmt: skip
    chosen = forms.MultipleChoiceField(label=gettext_lazy("事件种类"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, *, viewer: Actor, view: SubscriptionView | None = None) -> None:
        initial: dict[str, Any] = {"chosen": list(kinds())}
        if view is not None:
            initial = {
                "name": view.row.name, "url": view.url, "area_code": view.area.code if view.area else "",
                "level": view.row.level, "chosen": view.row.kinds,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["area_code"].choices = _areas(viewer)  # type: ignore[attr-defined]  # a choice field
        named = [(kind, label_of_kind(kind)) for kind in kinds()]
        self.fields["chosen"].choices = named  # type: ignore[attr-defined]  # a choice field


LABELS = {
    "retry_steps_s": gettext_lazy("依次隔多少秒重试（每行一个）"), "timeout_s": gettext_lazy("等待应答最多多少秒"),
    "at_once": gettext_lazy("同一订阅同时发出几件"), "rest_after_failures": gettext_lazy("连续多少件送不到后歇一会儿"),
    "rest_s": gettext_lazy("每次歇多少秒"), "pause_after_hours": gettext_lazy("一件也送不到多少小时后自动暂停"),
    "old_secret_hours": gettext_lazy("更换密钥后旧密钥继续有效多少小时"),
    "keep_days": gettext_lazy("推送记录保留多少天"),
    "subscriptions_max": gettext_lazy("最多多少个订阅"),
    "unpublished": gettext_lazy("只含公开内容的订阅不提供的类别编码（每行一个）"),
}  # fmt: skip


class WebhookRulesForm(settings.SettingsForm):
    """The rules, as their page shows them."""

    labels = LABELS
    optional = ("unpublished",)
    number_min = 0


def _areas(viewer: Actor) -> list[tuple[str, Any]]:
    """Return the areas that the viewer may choose, down to the community, indented by depth."""
    tree, reach = territory(), tuple(viewer.areas(Permission.MANAGE))
    areas = [
        area
        for area in tree.descendants(None)
        if reach and area.path.startswith(reach) and area.level <= LEVELS[Kind.COMMUNITY]
    ]
    top = min((area.depth for area in areas), default=0)
    named = [(area.code, "　" * (area.depth - top) + area.name) for area in areas]
    return [("", _("全市")), *named] if EVERYWHERE in reach else named
