"""Forms of the desk: a conversation, more statements, a reason, a sheet of paper, the list."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.opinions.lifecycle import Status
from haitang.opinions.queries import ConversationFilter, rules
from haitang.opinions.values import (
    REASON_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    WORDS_LENGTH_MAX,
    Answer,
    NewConversation,
    Permission,
    Who,
)
from haitang.territory.queries import territory
from haitang.territory.values import Kind

ALL = ("", gettext_lazy("全部"))
SEEDS_HELP = gettext_lazy("每行一条，一句话一个意思；各种看法都写上，不写人名")


def areas_to_choose(viewer: Actor, *permissions: str) -> list[tuple[str, str]]:
    """Return the valid areas from the community upwards within the viewer's reach, by code."""
    within = tuple(path for permission in permissions for path in viewer.areas(permission))
    return [
        (area.code, area.name)
        for area in territory().descendants(None)
        if area.level <= Kind.COMMUNITY.level and area.path.startswith(within)
    ]


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class ConversationForm(forms.Form):
    """A conversation as it is begun, or changed before it is opened."""

    title = forms.CharField(
        label=gettext_lazy("议题"),
        max_length=TITLE_LENGTH_MAX,
        help_text=gettext_lazy("一个问题，比如：小区的车怎么停？"),
    )
    words = forms.CharField(
        label=gettext_lazy("说明"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=gettext_lazy("讨论什么，结果拿来做什么"),
    )  # fmt: skip
    area = forms.ChoiceField(label=gettext_lazy("范围"))
    opens_at = _moment(gettext_lazy("开始时间"))
    closes_at = _moment(gettext_lazy("截止时间"))
    who = forms.ChoiceField(label=gettext_lazy("谁可以参加"), choices=Who.choices)
    seeds = forms.CharField(
        label=gettext_lazy("观点"), required=False, widget=forms.Textarea(attrs={"rows": 8}), help_text=SEEDS_HELP
    )

    def __init__(self, *args: Any, viewer: Actor, known: Any = None, now: Any, **kwargs: Any) -> None:
        begins = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        initial: dict[str, Any] = {
            "opens_at": begins, "closes_at": begins + timedelta(days=rules()["days"]), "who": rules()["who"],
        }  # fmt: skip
        if known is not None:
            initial = {name: getattr(known, name) for name in ("title", "words", "opens_at", "closes_at", "who")}
            initial["area"] = territory().area(known.area_id).code
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        choices = areas_to_choose(viewer, Permission.MANAGE)
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field
        if known is not None:
            self.fields["seeds"].label = _("再添加观点")

    def new(self) -> NewConversation:
        """Return what was typed."""
        given = self.cleaned_data
        area = territory().by_code(given["area"])
        return NewConversation(
            given["title"], given["words"], area.id if area else 0, given["opens_at"], given["closes_at"],
            given["who"], tuple(given["seeds"].splitlines()),
        )  # fmt: skip


class SeedsForm(forms.Form):
    """More statements."""

    seeds = forms.CharField(label=gettext_lazy("观点"), widget=forms.Textarea(attrs={"rows": 5}), help_text=SEEDS_HELP)


class ReasonForm(forms.Form):
    """Why a statement is not shown."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=REASON_LENGTH_MAX,
        help_text=gettext_lazy("作者会看到。只按规则审核（人身攻击、个人信息、与议题无关、重复），不因为不同意而不公开"),
    )  # fmt: skip


class SheetForm(forms.Form):
    """A sheet of paper: a field for each statement."""

    def __init__(self, *args: Any, statements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("没有填")), *((str(value), label) for value, label in Answer.choices)]
        for at, each in enumerate(statements, 1):
            self.fields[f"s{each.pk}"] = forms.ChoiceField(label=f"{at}. {each.words}", choices=choices, required=False)

    def sheet(self) -> dict[int, int]:
        """Return the answers by statement."""
        return {int(name[1:]): int(value) for name, value in self.cleaned_data.items() if value}


class DeskFilterForm(forms.Form):
    """Which conversations the desk shows."""

    status = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=[ALL, *Status.choices])
    area = forms.ChoiceField(label=gettext_lazy("范围"), required=False)

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [ALL, *areas_to_choose(viewer, Permission.VIEW)]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def wanted(self) -> ConversationFilter:
        """Return what was asked for; what cannot be read narrows nothing."""
        self.is_valid()
        area = territory().by_code(self.cleaned_data.get("area", ""))
        return ConversationFilter(self.cleaned_data.get("status", ""), area.path if area else "")
