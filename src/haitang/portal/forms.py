"""What residents fill in: the three steps of a report, looking a case up, judging the result."""

import re
from collections.abc import Container, Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from haitang.cases.queries import catalog
from haitang.cases.values import (
    DESCRIPTION_LENGTH_MAX,
    NAME_LENGTH_MAX,
    OPINION_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    Kind,
    Question,
    Tree,
    add_questions,
    answers_in,
    field_of,
)
from haitang.core.ui.forms import PhotosField
from haitang.portal.values import SCORE_WORDS
from haitang.territory.queries import locate, territory
from haitang.territory.values import LEVELS, AreaRef, Territory
from haitang.territory.values import Kind as AreaKind

PHONE_LENGTH_MAX = 20
_PHONE = re.compile(r"\+?[0-9][0-9 \-]{4,18}[0-9]")
_KIND_ORDER = (Kind.HELP, Kind.COMPLAINT, Kind.SUGGESTION, Kind.INQUIRY, Kind.PRAISE, Kind.DENUNCIATION)


class PublicForm(forms.Form):
    """A form open to everybody, with a field that only programs fill in."""

    website = forms.CharField(required=False, label=gettext_lazy("此栏请留空"))

    def clean_website(self) -> str:
        """Refuse what was filled in by a program; a person whose browser filled it reads what to do."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("提交没有成功：有一个隐藏栏目被自动填写了，请再提交一次"))
        return ""


class MatterForm(PublicForm):
    """Step one: what has happened.

    photos_only: the visitor only adds photos for now; the rest may still be missing.
    """

    description = forms.CharField(
        label=gettext_lazy("发生了什么事"),
        max_length=DESCRIPTION_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("例如：春和花园3幢楼下路灯不亮，已有三天，晚上老人出行不便。"),
        error_messages={"required": gettext_lazy("请写一写发生了什么事")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("您希望我们"),
        choices=[(kind.value, kind.label) for kind in _KIND_ORDER],
        initial=Kind.HELP.value,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "拿不准就选“求助”。选“举报”后，内容只有经过授权的人员才能看到，也不会出现在查重提示里。"
        ),
    )
    photos = PhotosField(
        label=gettext_lazy("现场照片"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("可以不传。最多 9 张，每张不超过 10 MB；照片里的拍摄位置等信息会自动清除。"),
    )

    category_code = forms.ChoiceField(
        label=gettext_lazy("是哪一类事"), required=False,
        help_text=gettext_lazy("拿不准可以不选，由系统按您的描述判断。"),
    )  # fmt: skip

    field_order = ["description", "category_code", "kind", "photos"]

    def __init__(self, *args: Any, photos_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category_code"].choices = _category_choices()  # type: ignore[attr-defined]  # a choice field
        if photos_only:
            self.fields["description"].required = False

    def clean_kind(self) -> str:
        """Return the kind; a report that names none asks for help."""
        return self.cleaned_data["kind"] or Kind.HELP.value


class PointForm(forms.Form):
    """A point in WGS84 degrees."""

    lon = forms.FloatField(
        label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    lat = forms.FloatField(
        label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip


class PlaceForm(PointForm, PublicForm):
    """Step two: where. A point on the map or a community is needed, words are welcome."""

    area_code = forms.ChoiceField(label=gettext_lazy("所在街道和社区"), required=False)
    place = forms.CharField(
        label=gettext_lazy("具体位置"),
        required=False,
        max_length=PLACE_LENGTH_MAX,
        help_text=gettext_lazy("例如：太平路 18 号菜场东门口。"),
    )

    def __init__(
        self, *args: Any, questions: Iterable[Question] = (), photographed: Container[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = _area_choices()  # type: ignore[attr-defined]  # a choice field
        self.questions = tuple(questions)
        add_questions(self, self.questions)
        for question in self.questions:
            if question.key in photographed:
                self.fields[field_of(question.key)].required = False

    def asked(self) -> list[forms.BoundField]:
        """Return the fields of the category's questions, for the page."""
        return [self[field_of(question.key)] for question in self.questions]

    def answers(self) -> dict[str, Any]:
        """Return what was answered, as `actions.report_case` takes it; photos apart."""
        return answers_in(self.cleaned_data, self.questions)

    def clean(self) -> dict[str, Any]:
        """Check that the place is known: a point inside the city, or a community."""
        cleaned = super().clean() or {}
        lon, lat, area_code = cleaned.get("lon"), cleaned.get("lat"), cleaned.get("area_code")
        if self.errors:
            return cleaned
        if (lon is None) != (lat is None):
            self.add_error("lon" if lon is None else "lat", _("经度和纬度要一起填，或者都不填"))
        elif lon is None and not area_code:
            self.add_error("area_code", _("请在地图上点一下位置，或者选择所在的街道和社区"))
        elif lon is not None and lat is not None:
            self._check_point(cleaned, locate(lon, lat), territory().by_code(area_code or ""))
        return cleaned

    def _check_point(self, cleaned: dict[str, Any], here: AreaRef | None, chosen: AreaRef | None) -> None:
        """Take the community alone where the point is in no area, and ask where the two contradict each other."""
        if here is None:
            if chosen is None:
                self.add_error("area_code", _("地图上选的位置不在本市范围内，请重新点选，或者选择所在的街道和社区"))
            cleaned["lon"] = cleaned["lat"] = None
        elif chosen is not None and chosen.id not in here.ids:
            names = {"here": territory().full_name(here.id), "chosen": chosen.name}
            sentence = _("地图上选的位置在“%(here)s”，不在您选的“%(chosen)s”，请改正其中一个，或者把社区改回“请选择”")
            self.add_error("area_code", sentence % names)


def _category_choices() -> list[Any]:
    """Return the categories that a case can have, in groups by the class above them."""
    known, groups = catalog(), {}  # type: ignore[var-annotated]  # filled below
    for category in known.leaves:
        parent = known.by_id[category.parent_id] if category.parent_id else category
        head = f"{Tree(parent.tree).label} · {category_name(parent)}"
        groups.setdefault(head, []).append((category.code, category_name(category)))
    return [("", _("由系统判断")), *groups.items()]


def category_name(category: Any) -> str:
    """Return the category's name in the visitor's language, "" where there is none yet."""
    if category is None:
        return ""
    return str(category.name_en if (get_language() or "").startswith("en") else category.name)


def _area_choices() -> list[Any]:
    """Return streets and towns as groups, each with itself and its communities."""
    areas = territory()
    choices: list[Any] = [("", _("请选择"))]
    for street in _streets(areas, None):
        communities = [area for area in areas.children(street.id) if area.level == LEVELS[AreaKind.COMMUNITY]]
        options = [(area.code, area.name) for area in communities]
        whole = (street.code, _("%(street)s（不清楚是哪个社区）") % {"street": street.name})
        choices.append((street.name, [*options, whole]))
    return choices


def _streets(areas: Territory, parent_id: int | None) -> Iterator[AreaRef]:
    for area in areas.children(parent_id):
        if area.level == LEVELS[AreaKind.STREET]:
            yield area
        elif area.level < LEVELS[AreaKind.STREET]:
            yield from _streets(areas, area.id)


class ContactForm(PublicForm):
    """Step three: how to reach the reporter, if they wish to be reached."""

    name = forms.CharField(
        label=gettext_lazy("怎么称呼您"), required=False, max_length=NAME_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}), help_text=gettext_lazy("可以不填。例如：林阿姨。"),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("联系电话"), required=False, max_length=PHONE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("可以不填。填了，承办人员可以打电话向您了解情况。"),
    )  # fmt: skip

    def clean_phone(self) -> str:
        """Return the number without blanks and dashes."""
        phone = self.cleaned_data["phone"]
        if phone and not _PHONE.fullmatch(phone):
            raise ValidationError(_("电话号码应为 6 至 20 位数字，请检查"))
        return re.sub(r"[ \-]", "", phone)


class MeTooForm(forms.Form):
    """Which of the cases shown is the same, and how to reach whoever says so, if they wish. same: sealed."""

    same = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("请选择是哪一件")})
    phone = forms.CharField(
        label=gettext_lazy("联系电话（可以不填，加密保存）"), required=False, max_length=PHONE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    clean_phone = ContactForm.clean_phone


class TrackForm(forms.Form):
    """Number and query code."""

    number = forms.CharField(
        label=gettext_lazy("案件编号"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy("上报成功时给您的编号，例如 20260506-0000123。"),
    )  # fmt: skip
    query_code = forms.CharField(
        label=gettext_lazy("查询码"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=gettext_lazy("6 位字母和数字，不分大小写。"),
    )  # fmt: skip


class RateForm(forms.Form):
    """The reporter's judgement."""

    is_solved = forms.ChoiceField(
        label=gettext_lazy("问题解决了吗"),
        choices=[("yes", gettext_lazy("解决了")), ("no", gettext_lazy("没解决"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择问题是否解决")},
    )
    score = forms.TypedChoiceField(
        label=gettext_lazy("您对办理满意吗"), choices=SCORE_WORDS, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择满意程度")},
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("还想说的话"),
        required=False,
        max_length=OPINION_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("可以不填。没解决的话，请写明还有什么问题。"),
    )
