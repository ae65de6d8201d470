"""The forms of the administration of areas."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Refusal
from haitang.territory import queries
from haitang.territory.values import LEVELS, Crs, InvalidBoundary, Kind, PopulationKind, defaults, reading


class Filter(forms.Form):
    """What the list below an area is narrowed by."""

    q = forms.CharField(label=_("名称或编码"), max_length=50, required=False)
    kind = forms.ChoiceField(label=_("类型"), required=False, choices=[("", _("全部")), *Kind.choices])
    closed = forms.BooleanField(label=_("含已停用"), required=False)


class AreaCodeField(forms.CharField):
    """The code of a valid area; cleaned into its id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return the id of the area that holds the code, None for an empty field."""
        code = super().clean(value)
        if not code:
            return None
        area = queries.territory().by_code(code)
        if area is None:
            raise forms.ValidationError(_("没有编码为“%(code)s”的有效区域"), params={"code": code})
        return area.id


class Create(forms.Form):
    """A new area under a given parent."""

    name = forms.CharField(label=_("名称"), max_length=100)
    kind = forms.ChoiceField(label=_("类型"))
    code = forms.CharField(
        label=_("编码"), max_length=40, help_text=_("统计用区划代码或网格编码，在有效区域中不得重复")
    )
    valid_from = forms.DateField(label=_("生效日期"), required=False, help_text=_("不填为今天"))

    def __init__(self, *args: Any, parent_kind: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = LEVELS[Kind(parent_kind)] if parent_kind else 0
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in Kind if kind.level > above]  # type: ignore[attr-defined]  # a choice field


class Change(forms.Form):
    """Another name, or another kind of the same level."""

    name = forms.CharField(label=_("名称"), max_length=100)
    kind = forms.ChoiceField(label=_("类型"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = Kind(kind).level
        self.fields["kind"].choices = [(each.value, each.label) for each in Kind if each.level == level]  # type: ignore[attr-defined]  # a choice field


class Replace(forms.Form):
    """The next version of an area."""

    name = forms.CharField(label=_("名称"), max_length=100)
    code = forms.CharField(label=_("编码"), max_length=40)
    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    parent_id = AreaCodeField(label=_("新的上级编码"), required=False, help_text=_("不填则上级不变"))
    effective = forms.DateField(label=_("生效日期"), required=False, help_text=_("新版本有效的第一天；不填为今天"))


class Close(forms.Form):
    """The end of an area."""

    effective = forms.DateField(label=_("停用日期"), required=False, help_text=_("从这一天起不再有效；不填为今天"))
    replaced_by_id = AreaCodeField(label=_("由其接替的区域编码"), required=False, help_text=_("撤并时填写；没有则不填"))


class Population(forms.Form):
    """A population figure."""

    kind = forms.ChoiceField(label=_("口径"), choices=PopulationKind.choices)
    number = forms.IntegerField(label=_("数量"), min_value=0, max_value=2_000_000_000)
    date = forms.DateField(label=_("统计日期"))
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("例如：第七次全国人口普查"))


class Boundary(forms.Form):
    """One area's boundary, from a file or typed; cleaned into `boundary`, a GeoJSON geometry not yet checked."""

    file = forms.FileField(label=_("GeoJSON 文件"), required=False)
    text = forms.CharField(
        label=_("或填写坐标"),
        required=False,
        widget=forms.Textarea,
        help_text=_("粘贴 GeoJSON，或每行一个“经度, 纬度”，依次绕区域一圈"),
    )
    crs = forms.ChoiceField(label=_("坐标系"), choices=Crs.choices, help_text=_("入库时统一转换为 WGS84"))
    source = forms.CharField(label=_("来源"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Read whichever of the two was given."""
        given = super().clean() or {}
        file, text = given.get("file"), given.get("text")
        try:
            if file is not None:
                data = _bytes(file, int(defaults.BOUNDARY["bytes_max"]))
                given["boundary"] = reading.geometry_in(reading.read_json(data))
            elif text and len(text) > defaults.BOUNDARY["bytes_max"]:
                self.add_error("text", _("内容过长，请改用文件上传"))
            elif text:
                given["boundary"] = reading.read_typed(text)
            elif not self.errors:
                self.add_error("file", _("请选择文件或填写坐标"))
        except Refusal as refusal:
            self.add_error("file" if file is not None else "text", refusal.message)
        return given


class Import(forms.Form):
    """Boundaries of many areas; cleaned into `collection`, a FeatureCollection not yet checked."""

    file = forms.FileField(label=_("GeoJSON 文件"), help_text=_("FeatureCollection，每个要素一个区域"))
    code_property = forms.CharField(
        label=_("编码属性名"), max_length=60, initial="code", help_text=_("要素中存放区域编码的属性")
    )
    crs = forms.ChoiceField(label=_("坐标系"), choices=Crs.choices, help_text=_("入库时统一转换为 WGS84"))
    source = forms.CharField(label=_("来源"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Read the file."""
        given = super().clean() or {}
        if given.get("file") is not None:
            try:
                given["collection"] = reading.read_json(
                    _bytes(given["file"], int(defaults.BOUNDARY["import_bytes_max"]))
                )
            except Refusal as refusal:
                self.add_error("file", refusal.message)
        return given


class CodeRule(forms.Form):
    """What codes of one kind look like."""

    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    pattern = forms.CharField(label=_("规则"), max_length=200, help_text=_("正则表达式，例如 ^\\d{15}$"))
    label = forms.CharField(label=_("说明"), max_length=100)
    strict = forms.BooleanField(label=_("不符合时拒绝（否则只提醒）"), required=False)
    source = forms.CharField(label=_("依据"), max_length=200, required=False)


def _bytes(file: Any, bytes_max: int) -> bytes:
    if file.size > bytes_max:
        raise InvalidBoundary(gettext("文件超过 %(max)d MB，请先化简或拆分") % {"max": bytes_max // 1_000_000})
    return file.read()
