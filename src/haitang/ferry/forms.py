"""What is typed about zones, and the file that is brought."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core import clock
from haitang.ferry.actions.zones import PartnerTerms
from haitang.ferry.values import NAME_LENGTH_MAX
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory
from haitang.territory.values import LEVELS, Kind

_CARD = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})


class ZoneForm(forms.Form):
    """The name of this installation as a zone."""

    code = forms.CharField(
        label=gettext_lazy("区域代码"), max_length=30,
        help_text=gettext_lazy("小写字母、数字、连字符；改代码后对方须重新登记，包号从 1 起"),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("对方看到的名称，例如“海棠市互联网区”"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = {"code": known.code, "name": known.name}
        super().__init__(*args, **kwargs)


class PartnerForm(forms.Form):
    """A zone with which packages are exchanged."""

    card = forms.CharField(
        label=gettext_lazy("对方的区域名片"), widget=_CARD,
        help_text=gettext_lazy("从对方的“摆渡设置”页复制；保存后请与对方通话核对指纹"),
    )  # fmt: skip
    area = forms.ChoiceField(
        label=gettext_lazy("区域范围"),
        help_text=gettext_lazy("转出：这一范围的新案件；接收：来件的区域本地没有时，归入这里"),
    )  # fmt: skip
    organization = forms.ChoiceField(
        label=gettext_lazy("代表对方的单位"), help_text=gettext_lazy("对方办理期间，案件在本地显示由这个单位承办")
    )
    hands = forms.BooleanField(label=gettext_lazy("向对方转出新案件"), required=False)
    takes = forms.BooleanField(label=gettext_lazy("接收对方转来的案件"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, known: Any = None, **kwargs: Any) -> None:
        if known is not None:
            names = ("hands", "takes", "is_active")
            desk = organizations().by_id(known.organization_id)
            kwargs["initial"] = {name: getattr(known, name) for name in names} | {
                "area": territory().area(known.area_id).code, "organization": desk.code if desk else "",
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        if known is not None:
            self.fields["card"].required = False
            self.fields["card"].help_text = gettext_lazy("对方换了密钥才填；先导入它用旧密钥签发的包")
        tree, today = territory(), clock.local_date(clock.now())
        areas = [area for area in tree.descendants(None) if area.level <= LEVELS[Kind.COMMUNITY]]
        self.fields["area"].choices = [  # type: ignore[attr-defined]  # a choice field
            (area.code, tree.full_name(area.id)) for area in areas
        ]
        self.fields["organization"].choices = [  # type: ignore[attr-defined]  # a choice field
            (desk.code, desk.name) for desk in organizations() if desk.exists(today)
        ]

    def terms(self) -> PartnerTerms:
        """Return what was typed, as the action takes it."""
        given = self.cleaned_data
        return PartnerTerms(given["area"], given["organization"], given["hands"], given["takes"], given["is_active"])


class BringForm(forms.Form):
    """A file that was carried here."""

    file = forms.FileField(
        label=gettext_lazy("摆渡包文件"), help_text=gettext_lazy("后缀为 .ferry，按包号顺序逐个导入")
    )  # fmt: skip
