"""What the desk types about decisions, and what an owner chooses."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.clock import LOCAL
from haitang.core.ui import settings
from haitang.owners.forms.fields import CHOOSE, instant_field, words_field
from haitang.owners.values import (
    NAME_LENGTH_MAX,
    TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Choice,
    Convener,
    NewDecision,
    NewQuestion,
    Precedence,
    UnitKind,
    article,
)

QUESTION_LINES = 5
BLANK = "blank"
"""Chosen on purpose, too: nobody passes over a question of a paper ballot by oversight."""
LABELS = {
    "notice_days": gettext_lazy("公示天数"), "voting_days_max": gettext_lazy("表决期最长天数"),
    "extension_days_max": gettext_lazy("最多延长天数"), "may_change": gettext_lazy("截止前可以改票"),
    "uncounted_kinds": gettext_lazy("不计入表决的用途"),
    "objections_max": gettext_lazy("每一户最多提几条异议"),
}  # fmt: skip


class DecisionForm(forms.Form):
    """A decision as it is drafted."""

    title = forms.CharField(label=gettext_lazy("表决标题"), max_length=TITLE_LENGTH_MAX)
    body = words_field(gettext_lazy("说明"), 5, max_length=TEXT_LENGTH_MAX, required=False)
    convener = forms.ChoiceField(
        label=gettext_lazy("组织单位"), choices=Convener.choices, widget=forms.RadioSelect,
        initial=Convener.COMMITTEE.value,
    )  # fmt: skip
    votes_from = instant_field(gettext_lazy("表决开始"))
    votes_until = instant_field(gettext_lazy("表决截止"))
    precedence = forms.ChoiceField(
        label=gettext_lazy("同一户的纸质票与电子票不一致时"), choices=Precedence.choices, widget=forms.RadioSelect,
        initial=Precedence.FIRST.value, help_text=gettext_lazy("公示以后不能改"),
    )  # fmt: skip

    def __init__(self, *args: Any, known: Any = None, questions: Iterable[Any] = (), **kwargs: Any) -> None:
        """known: the draft to be changed, with its questions."""
        if known is not None:
            kwargs["initial"] = {
                "title": known.title, "body": known.body, "convener": known.convener,
                "votes_from": known.votes_from.astimezone(LOCAL), "votes_until": known.votes_until.astimezone(LOCAL),
                "precedence": known.precedence,
                **{f"item_{each.number}": each.item for each in questions},
                **{f"text_{each.number}": each.text for each in questions},
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        named = {item.number: f"（{'一二三四五六七八九'[item.number - 1]}）{item.text}" for item in article().items}
        items = [CHOOSE, *named.items()]
        for number in range(1, QUESTION_LINES + 1):
            first = number == 1
            self.fields[f"item_{number}"] = forms.TypedChoiceField(
                label=_("事项 %(n)d：属于民法典第二百七十八条") % {"n": number}, choices=items, coerce=int,
                empty_value=None, required=first,
            )  # fmt: skip
            self.fields[f"text_{number}"] = words_field(_("事项 %(n)d：表决内容") % {"n": number}, 2, required=first)

    def clean(self) -> dict[str, Any]:
        """A question has both its matter and its text."""
        given = super().clean() or {}
        for number in range(2, QUESTION_LINES + 1):
            if bool(given.get(f"item_{number}")) != bool(given.get(f"text_{number}")):
                self.add_error(f"text_{number}", _("法定事项和表决内容都要填"))
        return given

    def new(self) -> NewDecision:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        questions = tuple(
            NewQuestion(given[f"item_{number}"], given[f"text_{number}"])
            for number in range(1, QUESTION_LINES + 1) if given.get(f"item_{number}")
        )  # fmt: skip
        names = ("title", "body", "convener", "votes_from", "votes_until", "precedence")
        return NewDecision(questions=questions, **{name: given[name] for name in names})


class ReasonForm(forms.Form):
    """Why."""

    reason = words_field(gettext_lazy("原因"), 2)


class ExtendForm(ReasonForm):
    """Until when voting goes on, and why."""

    until = instant_field(gettext_lazy("延长到"))


class ObjectionForm(forms.Form):
    """What an owner has against the roll or the count."""

    text = words_field(gettext_lazy("异议"), 2)


class DeskObjectionForm(ObjectionForm):
    """The same, taken down at the desk."""

    by = forms.CharField(
        label=gettext_lazy("提出人"), max_length=NAME_LENGTH_MAX, help_text=gettext_lazy("写房号，例如 3幢 201")
    )


class SettleForm(forms.Form):
    """How an objection is answered."""

    upheld = forms.TypedChoiceField(
        label=gettext_lazy("处理"), choices=[("yes", gettext_lazy("采纳，已经更正")), ("no", gettext_lazy("不采纳"))],
        coerce=lambda given: given == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    answer = words_field(gettext_lazy("答复"), 2)


class CodeForm(forms.Form):
    """The voting code of an owner."""

    code = forms.CharField(
        label=gettext_lazy("表决码"), max_length=30, help_text=gettext_lazy("在寄给您或当面交给您的表决票上，12 位"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class BallotForm(forms.Form):
    """A choice for each question. complete: every one is due."""

    def __init__(self, *args: Any, questions: Iterable[Any], complete: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        blank = [] if complete else [(BLANK, gettext_lazy("未填写或无法辨认"))]
        for each in self.questions:
            self.fields[f"question_{each.pk}"] = forms.ChoiceField(
                label=f"{each.number}. {each.text}", choices=[*Choice.choices, *blank],
                widget=forms.RadioSelect,
            )  # fmt: skip

    def choices(self) -> dict[int, str]:
        """Return by question id what was chosen; what was left blank is missing."""
        given = self.cleaned_data
        chosen = {each.pk: given.get(f"question_{each.pk}", "") for each in self.questions}
        return {each: choice for each, choice in chosen.items() if choice != BLANK}

    def lines(self) -> list[tuple[Any, Any]]:
        """Return every question with what was chosen, in words."""
        chosen = self.choices()
        return [(each, Choice(chosen[each.pk]).label if each.pk in chosen else "—") for each in self.questions]


class PaperForm(BallotForm):
    """A paper ballot as it is read."""

    handed_in_at = instant_field(gettext_lazy("收到时间"), help_text=gettext_lazy("以票面上写明的收件时间为准"))
    field_order = ["handed_in_at"]


class ReconcileForm(PaperForm):
    """What the paper says after it was looked at again."""

    reason = words_field(gettext_lazy("核对说明"), 2)


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    choices = {"uncounted_kinds": UnitKind.choices}
    optional = ("uncounted_kinds",)
    number_max = 365
