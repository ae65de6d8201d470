"""What a person types about an organization."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from haitang.core import clock
from haitang.organizations.queries import organizations
from haitang.organizations.values import (
    CODE_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PHONE_LENGTH_MAX,
    SHORT_NAME_LENGTH_MAX,
    AreaRelation,
    Hierarchy,
    Kind,
    OrganizationRelation,
    PostKind,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind
from haitang.worktime.queries import list_calendars

SUGGESTIONS_MAX = 1500
"""A longer list of suggestions is slower to open than a code is to type."""


class Suggest(forms.TextInput):
    """A text input with suggestions (value, label) that the browser offers while typing."""

    template_name = "organizations/widgets/suggest.html"

    def __init__(self, suggestions: Callable[[], Iterable[tuple[str, str]]]) -> None:
        super().__init__({"class": "form-control", "autocomplete": "off"})
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the suggestions, unless there are too many to be of help."""
        context = super().get_context(name, value, attrs)
        found = list(self.suggestions())
        if len(found) <= SUGGESTIONS_MAX:
            context["suggestions"] = found
            context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class AreaField(forms.CharField):
    """An area by its code; cleaned to its id, None where it may be empty and is."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            max_length=40, widget=Suggest(_suggest_areas), help_text=_("区域编码，可输入名称后从提示中选择"), **more
        )

    def clean(self, value: Any) -> int | None:
        """Return the id of the valid area with this code."""
        code = super().clean(value)
        if not code:
            return None
        area = territory().by_code(code)
        if area is None:
            raise ValidationError(_("没有这个编码的区域"))
        return area.id


class OrganizationField(forms.CharField):
    """An organization by its code; cleaned to its id, None where it may be empty and is."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("help_text", _("单位代码，可输入名称后从提示中选择"))
        super().__init__(max_length=CODE_LENGTH_MAX, widget=Suggest(_suggest_organizations), **more)

    def clean(self, value: Any) -> int | None:
        """Return the id of the organization with this code."""
        code = super().clean(value)
        if not code:
            return None
        organization = organizations().by_code(code)
        if organization is None:
            raise ValidationError(_("没有这个代码的单位"))
        return organization.id


def _suggest_areas() -> list[tuple[str, str]]:
    tree = territory()
    return [(area.code, tree.full_name(area.id)) for area in tree.descendants(None) if area.kind != AreaKind.BUILDING]


def _suggest_organizations() -> list[tuple[str, str]]:
    today = clock.local_date(clock.now())
    return [(each.code, each.name) for each in organizations() if each.exists(today)]


def _calendars() -> list[tuple[str, Any]]:
    return [("", _("随全市日历")), *((str(row.id), row.name) for row in list_calendars())]


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, initial=lambda: clock.local_date(clock.now()))


class Filter(forms.Form):
    """Narrows the list."""

    kind = forms.ChoiceField(label=_("类别"), required=False, choices=[("", _("全部")), *Kind.choices])
    area = AreaField(label=_("区域"), required=False)
    q = forms.CharField(label=_("关键字"), required=False, max_length=50)


class Base(forms.Form):
    """The base facts of an organization."""

    name = forms.CharField(label=_("名称"), max_length=NAME_LENGTH_MAX)
    short_name = forms.CharField(
        label=_("简称"), max_length=SHORT_NAME_LENGTH_MAX, required=False, help_text=_("用于列表和流程图")
    )
    kind = forms.ChoiceField(label=_("类别"), choices=Kind.choices)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, required=False, help_text=_("18 位，填写后校验")
    )
    phone = forms.CharField(
        label=_("办公电话"),
        max_length=PHONE_LENGTH_MAX,
        required=False,
        help_text=_("对外公开的号码，请勿填写个人手机"),
    )  # fmt: skip
    calendar_id = forms.TypedChoiceField(
        label=_("工作日历"), choices=_calendars, required=False, coerce=int, empty_value=None,
        help_text=_("处置时限按此计算"),
    )  # fmt: skip


class Create(Base):
    """A new organization with its first place and area."""

    code = forms.CharField(
        label=_("代码"), max_length=CODE_LENGTH_MAX, help_text=_("字母、数字、下划线或短横线，启用后不再更改")
    )
    valid_from = _day(_("启用日期"))
    parent_id = OrganizationField(label=_("行政上级"), required=False)
    relation = forms.ChoiceField(label=_("与区域的关系"), choices=AreaRelation.choices)
    area_id = AreaField(label=_("区域"), required=False)

    field_order = ("code", "name", "short_name", "kind")


class Place(forms.Form):
    """A parent from a day."""

    hierarchy = forms.ChoiceField(label=_("体系"), choices=Hierarchy.choices)
    parent_id = OrganizationField(
        label=_("上级单位"), required=False, help_text=_("填写单位代码；留空表示自该日起不再有上级")
    )
    from_date = _day(_("自何日起"), _("原有上级到这一天为止"))


class TieArea(forms.Form):
    """A tie to an area from a day."""

    relation = forms.ChoiceField(label=_("关系"), choices=AreaRelation.choices)
    area_id = AreaField(label=_("区域"))
    from_date = _day(_("自何日起"))


class Link(forms.Form):
    """A tie to another organization from a day."""

    relation = forms.ChoiceField(label=_("关系"), choices=OrganizationRelation.choices)
    other_id = OrganizationField(label=_("对方单位"))
    from_date = _day(_("自何日起"))


class CreatePost(forms.Form):
    """A post from a day."""

    kind = forms.ChoiceField(label=_("岗位类别"), choices=PostKind.choices)
    title = forms.CharField(label=_("岗位名称"), max_length=NAME_LENGTH_MAX)
    area_id = AreaField(label=_("责任区域"), required=False)
    from_date = _day(_("自何日起"))


class Close(forms.Form):
    """The day on which an organization no longer exists."""

    on = _day(_("停用日期"), _("自这一天起停用；其上级关系、区域、关联和岗位同时终止"))


class End(forms.Form):
    """The day on which a tie or a post no longer exists."""

    to_date = _day(_("终止日期"), _("自这一天起不再有效"))
