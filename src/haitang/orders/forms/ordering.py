"""Forms of ordering, of helping and of the office's board."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.orders.lifecycle import Status
from haitang.orders.queries import OrderFilter, Possible, order_rules
from haitang.orders.values import (
    ADDRESS_LENGTH_MAX,
    MINUTES_MAX,
    NAME_LENGTH_MAX,
    STARS_MAX,
    WORDS_LENGTH_MAX,
    Orderer,
    Permission,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.volunteers.queries import rules as register
from haitang.volunteers.values import ItemKind

ALL = ("", gettext_lazy("全部"))
HOMES = frozenset({Kind.COMMUNITY, Kind.VILLAGE})
WIDER = HOMES | {Kind.STREET, Kind.TOWN, Kind.CITY, Kind.DISTRICT}
STAR_WORDS = (
    gettext_lazy("很不满意"), gettext_lazy("不满意"), gettext_lazy("一般"), gettext_lazy("满意"),
    gettext_lazy("非常满意"),
)  # fmt: skip


def area_choices(kinds: frozenset[str], viewer: Actor | None = None, permission: str = "") -> list[tuple[str, Any]]:
    """Return the valid areas of these kinds under their parents; with a viewer, where they hold the permission."""
    tree = territory()
    groups: dict[str, list[tuple[str, str]]] = {}
    reach = tuple(viewer.areas(permission)) if viewer else ("/",)
    for area in tree.descendants(None):
        if area.kind in kinds and area.path.startswith(reach):
            parent = tree.get(area.parent_id)
            groups.setdefault(tree.full_name(parent.id) if parent else "", []).append((area.code, area.name))
    return list(groups.items())


def _words(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class AreaForm(forms.Form):
    """Where the orderer lives."""

    area = forms.ChoiceField(label=gettext_lazy("您住在哪个社区"))

    def __init__(self, *args: Any, viewer: Actor | None = None, **kwargs: Any) -> None:
        """viewer: staff who order for somebody, none for a resident."""
        super().__init__(*args, **kwargs)
        if viewer is not None:
            self.fields["area"].label = _("点单人住在哪个社区")
        choices = area_choices(HOMES, viewer, Permission.PLACE) if viewer else area_choices(HOMES)
        self.fields["area"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]  # a choice field


class ContactForm(forms.Form):
    """Who needs the service, and where; the key makes an order sent twice one order."""

    orderer = forms.ChoiceField(label=gettext_lazy("为谁点单"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=gettext_lazy("怎么称呼"),
        max_length=NAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话"), max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("服务地址"), max_length=ADDRESS_LENGTH_MAX,
        help_text=gettext_lazy("小区、楼栋、门牌；接单后服务人员才能看到"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    words = _words(gettext_lazy("补充说明"), required=False, help_text=gettext_lazy("可以不填，例如：厨房水龙头漏水"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("希望来的人会说"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("可以不选；选了就只派会其中一种的人"),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, orderers: list[str], takes_people: bool = True, **kwargs: Any) -> None:
        """orderers: as whom the order can be placed here; a resident's own order asks nothing.

        takes_people: whether people accept such orders as themselves.
        """
        kwargs["initial"] = {
            "key": uuid4().hex,
            "orderer": orderers[0] if orderers else "",
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        spoken = [(item.code, item.name) for item in register().of(ItemKind.LANGUAGE)]
        self.fields["languages"].choices = spoken  # type: ignore[attr-defined]  # a choice field
        if not takes_people or not spoken:
            del self.fields["languages"]
        if orderers == [Orderer.RESIDENT.value]:
            del self.fields["orderer"]
        else:
            names = {Orderer.RESIDENT.value: _("居民（电话代下单）")}
            self.fields["orderer"].choices = [(each, names.get(each, Orderer(each).label)) for each in orderers]  # type: ignore[attr-defined]  # a choice field


class ReasonForm(forms.Form):
    """Why."""

    reason = _words(gettext_lazy("原因"), 2)


class FinishForm(forms.Form):
    """How long it took."""

    minutes = forms.IntegerField(label=gettext_lazy("实际时长（分钟）"), min_value=1, max_value=MINUTES_MAX)
    words = _words(gettext_lazy("完成情况"), 2, required=False)
    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("派了谁去"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("可以不选；选了，时长记入各人的服务记录"),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        """people: id and name of the organization's own volunteers; none for a person who did it themselves."""
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = people or []  # type: ignore[attr-defined]  # a choice field
        if not people:
            del self.fields["people"]


class ReviewForm(forms.Form):
    """Five stars and a few words."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("满意吗"), coerce=int, widget=forms.RadioSelect,
        choices=[(n, f"{'★' * n} {STAR_WORDS[n - 1]}") for n in range(STARS_MAX, 0, -1)],
    )  # fmt: skip
    words = _words(gettext_lazy("想说的话"), 2, required=False)

    def __init__(self, *args: Any, by_staff: bool = False, **kwargs: Any) -> None:
        """by_staff: they take down what the orderer says."""
        super().__init__(*args, **kwargs)
        if by_staff:
            self.fields["stars"].label, self.fields["words"].label = _("点单人是否满意"), _("点单人的话")
        self.fields["stars"].choices = [  # type: ignore[attr-defined]  # a choice field
            (n, f"{'★' * n}{'☆' * (STARS_MAX - n)} {STAR_WORDS[n - 1]}") for n in range(STARS_MAX, 0, -1)
        ]


class MissedForm(ReasonForm):
    """Which side was not there."""

    side = forms.ChoiceField(
        label=gettext_lazy("哪一方未到"), widget=forms.RadioSelect,
        choices=[("helper", gettext_lazy("接单方")), ("orderer", gettext_lazy("点单方"))],
    )  # fmt: skip
    field_order = ("side", "reason")

    def __init__(self, *args: Any, side: str = "", **kwargs: Any) -> None:
        """side: where only one can be meant."""
        super().__init__(*args, **kwargs)
        if side:
            self.fields["side"].widget = forms.HiddenInput()
            self.initial["side"] = side


class HandOutForm(forms.Form):
    """To whom an order is offered."""

    helpers = forms.MultipleChoiceField(label=gettext_lazy("派给谁"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, possible: list[Possible], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.possible = {each.key: each for each in possible}
        self.fields["helpers"].choices = [  # type: ignore[attr-defined]  # a choice field
            (each.key, f"{each.name}（{'，'.join(each.why)}）") for each in possible
        ]


class BoardForm(forms.Form):
    """Which orders the board shows."""

    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    type = forms.ChoiceField(label=gettext_lazy("服务类型"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [ALL, ("ongoing", gettext_lazy("进行中")), *Status.choices]
        self.fields["status"].choices = states  # type: ignore[attr-defined]  # a choice field
        kinds = [(kind.code, kind.name) for kind in order_rules().types]
        self.fields["type"].choices = [ALL, *kinds]  # type: ignore[attr-defined]  # a choice field
        areas = area_choices(HOMES | {Kind.STREET, Kind.TOWN}, viewer, Permission.VIEW)
        self.fields["area"].choices = [ALL, *areas]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> OrderFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area", ""))
        return OrderFilter(given.get("status", ""), given.get("type", ""), area.path if area else "")
