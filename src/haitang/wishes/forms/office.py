"""Forms of the office: the list, a sheet, the rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.core.ui import settings
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.wishes.forms.fields import ALL, areas_to_choose, kinds_to_choose
from haitang.wishes.lifecycle import Status
from haitang.wishes.queries import WishFilter
from haitang.wishes.values import Permission
from haitang.worktime.values import Limit

LABELS = {
    "kinds": gettext_lazy("心愿类别"), "cost_bands": gettext_lazy("估价分档（元）"),
    "answer_limit": gettext_lazy("社区答复认领的时限"), "start_remind": gettext_lazy("多久没有开始准备就提醒"),
    "start_limit": gettext_lazy("多久没有开始准备就重新开放"), "deliver_remind": gettext_lazy("多久没有送达就提醒"),
    "deliver_limit": gettext_lazy("多久没有送达就重新开放"), "receive_remind": gettext_lazy("送达后多久没有确认就提醒"),
    "claims_max": gettext_lazy("同时认领的上限"), "open_days": gettext_lazy("公开多少天无人认领就下架"),
    "keep_days": gettext_lazy("结束多少天后删除个人信息"),
}  # fmt: skip


class DeskFilterForm(forms.Form):
    """Which wishes the desk shows."""

    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [ALL, ("todo", gettext_lazy("等社区办理")), *Status.choices]
        self.fields["status"].choices = states  # type: ignore[attr-defined]  # a choice field
        self.fields["kind"].choices = [ALL, *kinds_to_choose()]  # type: ignore[attr-defined]  # a choice field
        areas = areas_to_choose((Kind.STREET.level, Kind.COMMUNITY.level), viewer.areas(Permission.VIEW))
        self.fields["area"].choices = [ALL, *areas]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> WishFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area", ""))
        return WishFilter(given.get("status", ""), given.get("kind", ""), area.path if area else "")


class UploadForm(forms.Form):
    """A sheet of wishes."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"), help_text=gettext_lazy("按模板填好的 Excel 或 CSV；文件读完即弃，不保存")
    )


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS

    def clean(self) -> dict[str, Any]:
        """Refuse what is no limit as officials write one."""
        given = super().clean() or {}
        for key, held in self._held.items():
            if isinstance(held, str) and given.get(key):
                try:
                    Limit.parse(given[key])
                except Invalid as refusal:
                    self.add_error(key, refusal.message)
        return given
