"""What a person fills in about their own data, and what the desk answers."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.clock import LOCAL
from haitang.core.errors import Invalid
from haitang.core.ui import settings
from haitang.privacy.queries import TEXTS, LookFilter, NoticeText, Part, look_facts, refusal_choices
from haitang.privacy.values import ANSWER_LENGTH_MAX, TEXT_LENGTH_MAX, WORDS_LENGTH_MAX, Kind
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind
from haitang.worktime.values import Limit

PLACES = frozenset(
    {AreaKind.DISTRICT, AreaKind.STREET, AreaKind.TOWN, AreaKind.TOWNSHIP, AreaKind.COMMUNITY, AreaKind.VILLAGE}
)

_LABELS = {
    "handler": gettext_lazy("告知：谁在处理个人信息"), "contact": gettext_lazy("告知：向谁提出请求"),
    "answer_limit": gettext_lazy("多久之内答复"), "reporters": gettext_lazy("案件诉求人：结案后保存几个月"),
    "voices": gettext_lazy("我也遇到：结案后保存几个月"), "orders": gettext_lazy("点单人：服务后保存几个月"),
    "answers": gettext_lazy("实名调查：截止后保存几个月"), "notices": gettext_lazy("消息：保存几个月"),
    "requests": gettext_lazy("个人信息请求：办结后保存几个月"),
    "wechat": gettext_lazy("微信来信人：最近来信后保存几个月"),
}  # fmt: skip


class KeyForm(forms.Form):
    """Number and code of something that somebody without account has handed in."""

    number = forms.CharField(label=gettext_lazy("编号"), max_length=40)
    code = forms.CharField(label=gettext_lazy("查询码"), max_length=40)


class AskForm(forms.Form):
    """What of one's own data is to be corrected or erased."""

    parts = forms.MultipleChoiceField(label=gettext_lazy("哪些信息"), widget=forms.CheckboxSelectMultiple)
    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=WORDS_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, kind: str, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(part.code, f"{part.name}（{len(part.items)}）") for part in parts]
        self.fields["parts"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if kind == Kind.CORRECT:
            self.fields["words"].required = True
            self.fields["words"].help_text = _("请写明哪里不对、应当怎样")


class GrantForm(forms.Form):
    """What the person reads when a request is agreed to."""

    answer = forms.CharField(
        label=gettext_lazy("答复"),
        max_length=ANSWER_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(forms.Form):
    """Why a request is refused: a reason of the law, and what it means here."""

    refusal = forms.ChoiceField(label=gettext_lazy("不同意的依据"))
    answer = forms.CharField(
        label=gettext_lazy("答复"), max_length=ANSWER_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["refusal"].choices = refusal_choices()  # type: ignore[attr-defined]  # a choice field


class NoticeForm(forms.Form):
    """The words of a notice that an office may change."""

    purpose = forms.CharField(
        label=gettext_lazy("用来做什么"), max_length=ANSWER_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )
    voluntary = forms.CharField(
        label=gettext_lazy("可以不填的"), max_length=ANSWER_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    consent = forms.CharField(
        label=gettext_lazy("单独同意"), max_length=ANSWER_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("处理敏感个人信息才需要（《个人信息保护法》第二十九条）"),
    )  # fmt: skip

    def __init__(self, *args: Any, text: NoticeText, **kwargs: Any) -> None:
        kwargs["initial"] = {"purpose": text.purpose, "voluntary": text.voluntary, "consent": text.consent}
        super().__init__(*args, **kwargs)
        if not text.consent:
            del self.fields["consent"]


class LookFilterForm(forms.Form):
    """The filter row of the looks at what is masked."""

    who = forms.CharField(label=gettext_lazy("查看人"), required=False, max_length=80)
    fact = forms.ChoiceField(label=gettext_lazy("查看内容"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("区域"), required=False)
    from_date = forms.DateField(
        label=gettext_lazy("从"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    to_date = forms.DateField(
        label=gettext_lazy("到"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fact"].choices = [("", _("全部")), *look_facts()]  # type: ignore[attr-defined]  # a choice field
        self.fields["area"].choices = [("", _("全部")), *_areas()]  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> LookFilter:
        """Return what was asked for; of what is no filter, everything."""
        given = self.cleaned_data if self.is_valid() else {}
        area = territory().by_code(given.get("area", "")) if given.get("area") else None
        return LookFilter(
            given.get("who", ""), given.get("fact", ""), area.path if area else "",
            start_of(given.get("from_date")), start_of(given.get("to_date"), days_later=1),
        )  # fmt: skip


def _areas() -> list[tuple[str, Any]]:
    """Return streets and communities by code, under their parents."""
    tree = territory()
    groups: dict[str, list[tuple[str, str]]] = {}
    for area in tree.descendants(None):
        if area.kind in PLACES:
            parent = tree.get(area.parent_id)
            groups.setdefault(tree.full_name(parent.id) if parent else "", []).append((area.code, area.name))
    return list(groups.items())


def start_of(day: date | None, *, days_later: int = 0) -> datetime | None:
    """Return the instant at which a day begins, or one some days later; None for no day, and past the last one."""
    if day is None or (day - date.min).days + days_later > (date.max - date.min).days:
        return None
    return datetime.combine(day + timedelta(days=days_later), time(), LOCAL)


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = _LABELS
    number_max = 1200
    text_max = TEXT_LENGTH_MAX

    def clean(self) -> dict[str, Any]:
        """Refuse what is no limit as officials write one."""
        given = super().clean() or {}
        for key, held in self._held.items():
            if isinstance(held, str) and key not in TEXTS and given.get(key):
                try:
                    Limit.parse(given[key])
                except Invalid as refusal:
                    self.add_error(key, refusal.message)
        return given
