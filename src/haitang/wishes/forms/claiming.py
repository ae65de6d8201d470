"""Forms of looking for wishes, claiming them, and saying how it went."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.territory.queries import territory
from haitang.wishes.forms.fields import ALL, kinds_to_choose, streets_to_choose, words_field
from haitang.wishes.queries import WishFilter, own_phone, units_of
from haitang.wishes.values import MINUTES_MAX


class PublicFilterForm(forms.Form):
    """Which wishes anybody looks for; where, as narrow as a street."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("街道（镇）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [ALL, *kinds_to_choose()]  # type: ignore[attr-defined]  # a choice field
        self.fields["area"].choices = [ALL, *streets_to_choose()]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> WishFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area", ""))
        return WishFilter("", given.get("kind", ""), area.path if area else "")


class ClaimForm(forms.Form):
    """Who claims a wish, how the community reaches them, and what they want to say."""

    organization = forms.TypedChoiceField(
        label=gettext_lazy("谁来圆梦"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    phone = forms.CharField(
        label=gettext_lazy("您的电话"), max_length=30, help_text=gettext_lazy("加密保存，只给社区联系您"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    words = words_field(
        gettext_lazy("想对社区说的话"), required=False, help_text=gettext_lazy("例如打算什么时候、怎么送")
    )

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_of(viewer)
        if units:
            choices = [("", _("我个人")), *units]
            self.fields["organization"].choices = choices  # type: ignore[attr-defined]  # a choice field
            self.fields["organization"].initial = units[0][0] if len(units) == 1 else ""
        else:
            del self.fields["organization"]
        self.fields["phone"].initial = own_phone(viewer)

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the action takes it."""
        typed = self.cleaned_data
        return {
            "phone": typed["phone"], "words": typed["words"], "organization_id": typed.get("organization") or None
        }  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = words_field(gettext_lazy("原因"), 2)


class WordsForm(forms.Form):
    """A few words."""

    words = words_field(gettext_lazy("想说的话"))


class DeliverForm(forms.Form):
    """That it was delivered, and how."""

    words = words_field(
        gettext_lazy("送达情况"), required=False, help_text=gettext_lazy("不写对方的姓名和住址，不用拍照")
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("用了多少分钟"), min_value=1, max_value=MINUTES_MAX, required=False,
        help_text=gettext_lazy("可以不填。登记过的志愿者填写后，家庭确认收到时计入服务记录"),
    )  # fmt: skip
