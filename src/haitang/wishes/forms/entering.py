"""The form of a wish: for staff who enter it for a family, and for the family itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.ui.notices import SeparateConsent
from haitang.core.ui.panels import Heard
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.wishes.forms.fields import CHOOSE, areas_to_choose, kinds_to_choose, words_field
from haitang.wishes.queries import cost_bands
from haitang.wishes.values import (
    ADDRESS_LENGTH_MAX,
    NAME_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Channel,
    Contact,
    NewWish,
    Permission,
)

_KEPT = ("name", "phone", "address", "story", "between_phone")
_STAFF_ONLY = ("channel", "between_name", "between_phone", "story")


class WishForm(SeparateConsent):
    """A wish; what becomes public stands first, and says so."""

    title = forms.CharField(
        label=gettext_lazy("心愿（公开）"), max_length=TITLE_LENGTH_MAX,
        help_text=gettext_lazy("一句话，例如：想要一个书包。不写姓名、住址、学校"),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("类别（公开）"))
    words = words_field(
        gettext_lazy("具体内容（公开）"),
        required=False,
        help_text=gettext_lazy("尺码、颜色、型号等。不写姓名、住址、学校"),
    )
    cost = forms.ChoiceField(label=gettext_lazy("估价（公开）"))
    area = forms.ChoiceField(label=gettext_lazy("所在社区"), help_text=gettext_lazy("公开时只写到街道（镇）"))
    name = forms.CharField(
        label=gettext_lazy("家庭联系人"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("加密保存，不公开")
    )
    phone = forms.CharField(
        label=gettext_lazy("家庭电话"), max_length=30, required=False, help_text=gettext_lazy("加密保存，不公开"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("家庭住址"), max_length=ADDRESS_LENGTH_MAX, required=False,
        help_text=gettext_lazy("加密保存，不公开"),
    )  # fmt: skip
    story = words_field(
        gettext_lazy("家庭情况"), required=False, help_text=gettext_lazy("加密保存，只给审核的人看；孩子的姓名不用写")
    )
    contact = forms.ChoiceField(
        label=gettext_lazy("社区确认认领人以后"), choices=Contact.choices, widget=forms.RadioSelect,
        initial=Contact.BETWEEN.value,
    )  # fmt: skip
    between_name = forms.CharField(
        label=gettext_lazy("转交联系人"), max_length=NAME_LENGTH_MAX, required=False,
        help_text=gettext_lazy("一般是社区或网格工作人员；确认以后告诉认领人"),
    )  # fmt: skip
    between_phone = forms.CharField(
        label=gettext_lazy("转交联系人电话"), max_length=30, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    channel = forms.ChoiceField(label=gettext_lazy("怎么得知的"), widget=forms.RadioSelect)
    consented = forms.BooleanField(
        label=gettext_lazy("家庭同意：公开心愿，不公开是谁家；心愿结束后按期删除个人信息"), required=False
    )

    def __init__(
        self,
        *args: Any,
        viewer: Actor,
        family: bool = False,
        known: Any = None,
        heard: Heard | None = None,
        **kwargs: Any,
    ) -> None:
        """family: the viewer's own; the community fills in what only staff know. known: the wish to be changed.

        heard: what a family has said at a visit.
        """
        if known is not None:
            kwargs["initial"] = _typed_before(known, family=family)
        elif heard is not None:
            kwargs["initial"] = {"title": heard.words[:TITLE_LENGTH_MAX], "area": _home(heard.area_id)}
        super().__init__(*args, **kwargs)
        reach = ("/",) if family else tuple(viewer.areas(Permission.ENTER))
        levels = (Kind.COMMUNITY.level,) if family else (Kind.COMMUNITY.level, Kind.GRID.level)
        self._choose("kind", kinds_to_choose())
        self._choose("cost", list(cost_bands().items()))
        self._choose("area", areas_to_choose(levels, reach))
        if family:
            self.fields["area"].label = gettext_lazy("您住在哪个社区")
            self.fields["name"].label, self.fields["name"].initial = gettext_lazy("怎么称呼您"), viewer.name
            self.fields["phone"].label, self.fields["phone"].required = gettext_lazy("您的电话"), True
            self.fields["address"].label = gettext_lazy("您的住址")
            self.fields["contact"].choices = [  # type: ignore[attr-defined]  # a choice field
                (Contact.BETWEEN.value, gettext_lazy("由社区转交，不告诉对方我家的信息")),
                (Contact.FAMILY.value, gettext_lazy("可以把我的电话和住址告诉认领的人")),
            ]
            self.fields["consented"].label = gettext_lazy("我同意公开这个心愿，不公开是谁家；结束后按期删除个人信息")
            for name in _STAFF_ONLY:
                del self.fields[name]
        elif known is not None:
            del self.fields["channel"]
            for name in _KEPT:
                self.fields[name].required = False
                self.fields[name].help_text = gettext_lazy("已登记的不显示；不改就留空")
        else:
            known = [each for each in Channel.choices if each[0] in (Channel.VISIT, Channel.COMMUNITY)]
            self.fields["channel"].choices = known  # type: ignore[attr-defined]  # a choice field
            self.fields["channel"].initial = Channel.VISIT.value

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = [CHOOSE, *choices]  # type: ignore[attr-defined]  # a choice field

    def new(self) -> NewWish:
        """Return what was typed, as actions take it."""
        given = {**self.cleaned_data}
        given.pop("channel", None)
        return NewWish(area_code=given.pop("area"), **given)


def _home(area_id: int) -> str:
    """Return the code of the grid or community in which a home lies, as the form has them to choose."""
    levels = (Kind.COMMUNITY.level, Kind.GRID.level)
    return next((area.code for area in reversed(territory().chain(area_id)) if area.level in levels), "")


def _typed_before(wish: Any, *, family: bool) -> dict[str, Any]:
    """Return of a wish what the form begins with; what is sealed, to the family alone."""
    begun = {
        "title": wish.title, "kind": wish.kind, "words": wish.words, "cost": f"{wish.cost_from}-{wish.cost_to}",
        "area": territory().area(wish.area_id).code, "contact": wish.contact, "between_name": wish.between_name,
    }  # fmt: skip
    return {**begun, "name": wish.name, "phone": wish.phone, "address": wish.address} if family else begun
