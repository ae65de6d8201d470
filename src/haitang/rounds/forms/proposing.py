"""A proposal in three steps, the same on one page for staff, and the filter of a list."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.errors import Invalid
from haitang.core.money import format_yuan, parse_yuan
from haitang.core.ui.forms import PhotosField
from haitang.rounds.lifecycle import PUBLIC, Status
from haitang.rounds.queries import PotLine, ProposalFilter, rules
from haitang.rounds.values import (
    CO_PROPOSERS_MAX,
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Channel,
    NewProposal,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

ALL, CHOOSE = ("", gettext_lazy("全部")), ("", gettext_lazy("请选择"))


class YuanField(forms.CharField):
    """An amount in yuan; `cleaned_data` holds fen, None where it is blank."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        """Read the amount."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_yuan(typed)
        except Invalid as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class MatterForm(forms.Form):
    """Step one: what is to be done, and why."""

    title = forms.CharField(
        label=gettext_lazy("项目名称"), max_length=TITLE_LENGTH_MAX,
        help_text=gettext_lazy("例如：3 幢楼道加装扶手"),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("做什么、为什么"), max_length=WORDS_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("写清楚解决什么问题、谁能用上。内容会公开，请不要写姓名和电话"),
    )  # fmt: skip
    category = forms.ChoiceField(label=gettext_lazy("类别"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [CHOOSE, *((each, each) for each in rules()["categories"])]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]  # a choice field


class PlaceForm(forms.Form):
    """Step two: where, from which money, and about how much."""

    pot = forms.ChoiceField(label=gettext_lazy("用哪笔资金"), widget=forms.RadioSelect)
    area = forms.ChoiceField(label=gettext_lazy("在哪个社区、网格"))
    place = forms.CharField(
        label=gettext_lazy("具体地点"), max_length=PLACE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：春和花园 3 幢 2 单元"),
    )  # fmt: skip
    lon = forms.FloatField(
        label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    lat = forms.FloatField(
        label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    cost = YuanField(label=gettext_lazy("大约多少钱（元）"), help_text=gettext_lazy("估一个数就行，部门会核定"))

    def __init__(self, *args: Any, pots: Iterable[PotLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [line.pot for line in pots]
        self.fields["pot"].choices = [  # type: ignore[attr-defined]  # a choice field
            (str(each.pk), f"{each.area.name} · {format_yuan(each.budget_fen)}") for each in held
        ]
        areas = areas_within([each.area_path for each in held])
        self.fields["area"].choices = [CHOOSE, *areas]  # type: ignore[attr-defined]  # a choice field
        if len(held) == 1:
            self.fields["pot"].initial = str(held[0].pk)


def areas_within(paths: Iterable[str]) -> list[tuple[str, Any]]:
    """Return the valid communities and grids that lie in one of these areas, by id, grids under their community."""
    tree, within = territory(), tuple(paths)
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.level < Kind.COMMUNITY.level or not area.path.startswith(within):
            continue
        chain = tree.chain(area.id)
        community = next((each for each in chain if each.level == Kind.COMMUNITY.level), area)
        groups.setdefault(community.name, []).append((str(area.id), area.name))
    return list(groups.items())


class ContactForm(forms.Form):
    """Step three: who proposes it, and photos."""

    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("加密保存，不公开")
    )
    phone = forms.CharField(
        label=gettext_lazy("您的电话"), max_length=30, help_text=gettext_lazy("加密保存，不公开；用来告诉您结果"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    photos = PhotosField(
        label=gettext_lazy("照片"), required=False,
        help_text=gettext_lazy("可以不传，最多 6 张；拍摄位置等信息会自动清除"),
    )  # fmt: skip


class PhotoForm(forms.Form):
    """More photos of one's proposal."""

    photos = PhotosField(label=gettext_lazy("再加几张照片"))


class EnterForm(MatterForm, PlaceForm):
    """A proposal that came on paper or by telephone, on one page."""

    channel = forms.ChoiceField(
        label=gettext_lazy("怎么来的"), widget=forms.RadioSelect, initial=Channel.PAPER.value,
        choices=[(each.value, each.label) for each in (Channel.PAPER, Channel.PHONE)],
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("提案人"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("加密保存，不公开")
    )
    phone = forms.CharField(
        label=gettext_lazy("提案人电话"), max_length=30, help_text=gettext_lazy("加密保存，不公开"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    co_proposers = forms.CharField(
        label=gettext_lazy("联名人"), required=False, max_length=CO_PROPOSERS_MAX * (NAME_LENGTH_MAX + 1),
        widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("每行一位，加密保存，只公布人数"),
    )  # fmt: skip

    field_order = (
        "channel", "title", "words", "category", "pot", "area", "place", "lon", "lat", "cost", "name", "phone",
        "co_proposers",
    )  # fmt: skip

    def new(self) -> NewProposal:
        """Return what was typed, as actions take it."""
        return new_of(self.cleaned_data)


class ImportForm(forms.Form):
    """The election of another platform, whose projects become proposals. `cleaned_data["file"]` is its text."""

    pot = forms.ChoiceField(label=gettext_lazy("用哪笔资金"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("Pabulib 文件（.pb）"),
        help_text=gettext_lazy("只取其中的项目和造价（元），不取选票；名称相同的不再导入；文件读完即弃，不保存"),
    )  # fmt: skip
    category = forms.ChoiceField(
        label=gettext_lazy("类别"), help_text=gettext_lazy("文件里没有写类别，或者与本地类别不同的，归入这一类")
    )

    def __init__(self, *args: Any, pots: Iterable[PotLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(line.pot.pk), f"{line.pot.area.name} · {format_yuan(line.pot.budget_fen)}") for line in pots]
        self.fields["pot"].choices = names  # type: ignore[attr-defined]  # choice fields
        names = [(each, each) for each in rules()["categories"]]
        self.fields["category"].choices = names  # type: ignore[attr-defined]  # a choice field

    def clean_file(self) -> str:
        """Read the file as text."""
        try:
            return str(self.cleaned_data["file"].read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("不是 UTF-8 编码的文字文件")) from error


def new_of(given: dict[str, Any]) -> NewProposal:
    """Return what was typed in all steps, as actions take it."""
    names = str(given.get("co_proposers", "")).splitlines()
    return NewProposal(
        pot_id=int(given["pot"]), title=given["title"], words=given["words"], category=given["category"],
        area_id=int(given["area"]), cost_fen=given["cost"], name=given["name"], phone=given["phone"],
        place=given["place"], lon=given["lon"], lat=given["lat"],
        co_proposers=tuple(each.strip() for each in names if each.strip()),
    )  # fmt: skip


class FilterForm(forms.Form):
    """Which proposals of a round are shown."""

    pot = forms.ChoiceField(label=gettext_lazy("资金"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)

    def __init__(self, *args: Any, pots: Iterable[PotLine], public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(line.pot.pk), line.pot.area.name) for line in pots]
        shown = PUBLIC if public else tuple(Status)
        self.fields["pot"].choices = [ALL, *names]  # type: ignore[attr-defined]  # choice fields
        self.fields["status"].choices = [  # type: ignore[attr-defined]  # a choice field
            ALL, *((each.value, each.label) for each in shown)
        ]  # fmt: skip
        self.fields["category"].choices = [  # type: ignore[attr-defined]  # a choice field
            ALL, *((each, each) for each in rules()["categories"])
        ]  # fmt: skip

    def wanted(self) -> ProposalFilter:
        """Return what was chosen; what cannot be chosen is passed over."""
        self.is_valid()
        given = self.cleaned_data
        return ProposalFilter(int(given.get("pot") or 0), given.get("status") or "", given.get("category") or "")
