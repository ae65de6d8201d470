"""Forms of checklists and hazards."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.core.ui.forms import PhotosField
from haitang.patrols.forms.fields import AREAS, GRIDS, area_choices, office_choices
from haitang.patrols.lifecycle import HazardDeed, HazardStatus
from haitang.patrols.queries import ChecklistRef, HazardFilter
from haitang.patrols.values import (
    NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    TURNS,
    WORDS_LENGTH_MAX,
    Item,
    Level,
    NewHazard,
    Permission,
    PlaceKind,
    Result,
)
from haitang.territory.queries import territory


def _small(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RoundFilter(forms.Form):
    """Which rounds are shown: of which month, where, finished or not."""

    month = forms.DateField(required=False, widget=forms.HiddenInput)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    finished = forms.ChoiceField(
        label=gettext_lazy("进度"), required=False,
        choices=[("", gettext_lazy("全部")), ("0", gettext_lazy("未完成")), ("1", gettext_lazy("已完成"))],
    )  # fmt: skip

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = area_choices(viewer, Permission.VIEW, AREAS, first=_("全部"))
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> tuple[date | None, str, bool | None]:
        """Return month, area path and whether finished; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area", ""))
        month = given.get("month")
        return (
            month.replace(day=1) if month else None,
            area.path if area else "",
            {"0": False, "1": True}.get(given.get("finished", "")),
        )


class ItemForm(forms.Form):
    """Words about an item that is in order or does not apply. Its ids begin with the item's key."""

    words = forms.CharField(
        label=gettext_lazy("说明（可不填）"), max_length=WORDS_LENGTH_MAX, required=False, widget=_small()
    )
    seen = forms.ChoiceField(required=False, choices=[("", ""), *Result.choices], widget=forms.HiddenInput)

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{key}_%s", **kwargs})


class HazardFields(forms.Form):
    """What is said of a hazard when it is found."""

    hazard_words = forms.CharField(label=gettext_lazy("是什么隐患"), max_length=WORDS_LENGTH_MAX, widget=_small(3))
    level = forms.ChoiceField(label=gettext_lazy("等级"), choices=Level.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label=gettext_lazy("具体位置"), max_length=PLACE_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：3幢1单元楼道"),
    )  # fmt: skip
    responsible = forms.CharField(
        label=gettext_lazy("由谁整改"), max_length=NAME_LENGTH_MAX, required=False,
        help_text=gettext_lazy("例如：物业公司、店主；不清楚可不填"),
    )  # fmt: skip
    until_on = forms.DateField(
        label=gettext_lazy("整改期限"), required=False, help_text=gettext_lazy("不填按等级自动确定")
    )
    photos = PhotosField(label=gettext_lazy("照片（可不拍）"), required=False)

    def __init__(self, *args: Any, key: str = "", level: str = Level.GENERAL.value, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{key}_%s" if key else "id_%s", **kwargs})
        self.fields["level"].initial = level

    def new(self) -> NewHazard:
        """Return what was typed, as actions take it; photos apart."""
        given = self.cleaned_data
        return NewHazard(
            words=given["hazard_words"], level=given["level"], place=given["place"],
            responsible=given["responsible"], until_on=given["until_on"],
        )  # fmt: skip


class FoundForm(HazardFields):
    """A hazard found about an item of a checklist. seen: what stood there."""

    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class NewHazardForm(HazardFields):
    """A hazard found outside of any checklist."""

    area = forms.ChoiceField(label=gettext_lazy("所属网格"))

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = area_choices(viewer, Permission.HANDLE_HAZARD, GRIDS)
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.order_fields(["hazard_words", "area"])


class HazardFilterForm(forms.Form):
    """Which hazards are shown."""

    status = forms.ChoiceField(
        label=gettext_lazy("状态"), required=False, initial="unsettled",
        choices=[("unsettled", gettext_lazy("未销号")), ("", gettext_lazy("全部")), *HazardStatus.choices],
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("等级"), required=False, choices=[("", gettext_lazy("全部")), *Level.choices]
    )
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    overdue = forms.ChoiceField(
        label=gettext_lazy("期限"), required=False,
        choices=[("", gettext_lazy("全部")), ("1", gettext_lazy("整改超期"))],
    )  # fmt: skip

    def __init__(self, data: Any, *, viewer: Actor) -> None:
        super().__init__(data if data else {"status": "unsettled"})
        choices = area_choices(viewer, Permission.VIEW_HAZARD, AREAS, first=_("全部"))
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> HazardFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        area = territory().by_code(given.get("area", ""))
        return HazardFilter(
            given.get("status", ""), given.get("level", ""), area.path if area else "", given.get("overdue") == "1"
        )


class HazardDeedForm(forms.Form):
    """What was done to a hazard, or seen of it."""

    words = forms.CharField(label=gettext_lazy("情况说明"), max_length=WORDS_LENGTH_MAX, widget=_small(3))

    def __init__(self, deed: HazardDeed, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if deed is HazardDeed.RECHECK:
            self.fields["passed"] = forms.ChoiceField(
                label=_("复查结果"), choices=[("1", _("已整改到位")), ("0", _("未到位，继续整改"))],
                widget=forms.RadioSelect, initial="1",
            )  # fmt: skip
            self.order_fields(["passed", "words"])
        elif deed is HazardDeed.CLOSE:
            self.fields["words"].required = False
        else:
            self.fields["photos"] = PhotosField(label=_("整改后照片（可不拍）"), required=False)

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the deed's action takes it; photos apart."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "photos"}
        if "passed" in given:
            given["passed"] = given["passed"] == "1"
        return given


class AssignForm(forms.Form):
    """Who must put a hazard right by when."""

    responsible = forms.CharField(label=gettext_lazy("由谁整改"), max_length=NAME_LENGTH_MAX)
    until_on = forms.DateField(label=gettext_lazy("整改期限"))
    organization = forms.ChoiceField(label=gettext_lazy("督促单位"), required=False)

    def __init__(self, *args: Any, area_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "assign_%s", **kwargs})
        self.fields["organization"].choices = office_choices(area_ids)  # type: ignore[attr-defined]  # a choice field

    def given(self) -> dict[str, Any]:
        """Return what was typed, as `actions.assign_hazard` takes it."""
        office = self.cleaned_data["organization"]
        return {
            "responsible": self.cleaned_data["responsible"], "until_on": self.cleaned_data["until_on"],
            "organization_id": int(office) if office else None,
        }  # fmt: skip


SEPARATOR = "|"
ITEMS_HELP = gettext_lazy(
    "每行一个项目：编码 | 内容 | general（一般）或 major（重大） | 依据。编码不变表示还是同一项。"
)


def items_as_text(items: tuple[Item, ...]) -> str:
    """Return the items as lines that `ChecklistForm` reads back."""
    return "\n".join(f" {SEPARATOR} ".join((i.key, i.text, i.level, i.source)).rstrip(" |") for i in items)


class ChecklistForm(forms.Form):
    """The next version of a checklist; its items one on a line."""

    code = forms.CharField(label=gettext_lazy("编码"), max_length=40, help_text=gettext_lazy("小写字母、数字、下划线"))
    name = forms.CharField(label=gettext_lazy("名称"), max_length=NAME_LENGTH_MAX)
    place_kind = forms.ChoiceField(label=gettext_lazy("场所类型"), choices=PlaceKind.choices)
    every_months = forms.TypedChoiceField(label=gettext_lazy("周期"), coerce=int, choices=[])
    items = forms.CharField(
        label=gettext_lazy("检查项目"), widget=forms.Textarea(attrs={"rows": 14}), help_text=ITEMS_HELP,
        max_length=20_000,
    )  # fmt: skip
    source = forms.CharField(label=gettext_lazy("依据"), max_length=PLACE_LENGTH_MAX, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(self, *args: Any, known: ChecklistRef | None = None, **kwargs: Any) -> None:
        if known is not None:
            kwargs["initial"] = {
                "name": known.name, "place_kind": known.place_kind, "every_months": known.every_months,
                "items": items_as_text(known.items), "source": known.source, "is_active": known.is_active,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["every_months"].choices = [(turn, turn_name(turn)) for turn in TURNS]  # type: ignore[attr-defined]  # a choice field
        if known is not None:
            del self.fields["code"]

    def clean_items(self) -> list[Item]:
        """Return the items, one for each line that says something."""
        found = []
        for line in self.cleaned_data["items"].splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.replace("｜", SEPARATOR).split(SEPARATOR)]
            if not 3 <= len(parts) <= 4:
                raise forms.ValidationError(_("这一行应为“编码 | 内容 | 等级 | 依据”：%(line)s") % {"line": line[:40]})
            found.append(Item(*parts))
        return found


def turn_name(months: int) -> str:
    """Return how often, in words."""
    names = {1: _("每月"), 3: _("每季度"), 6: _("每半年"), 12: _("每年")}
    return names.get(months) or _("每 %(n)d 个月") % {"n": months}
