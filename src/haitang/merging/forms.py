"""What people type when they join, part, flag."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.cases.values import DESCRIPTION_LENGTH_MAX, OPINION_LENGTH_MAX, REASON_LENGTH_MAX, Channel


class JoinForm(forms.Form):
    """Which of the chosen cases is the main one, and why they are one matter. views: the cases, the oldest first."""

    main = forms.TypedChoiceField(label=gettext_lazy("主案件"), coerce=int, widget=forms.RadioSelect)
    opinion = forms.CharField(
        label=gettext_lazy("并单理由"), max_length=OPINION_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        initial=gettext_lazy("反映的是同一件事"),
    )  # fmt: skip

    def __init__(self, *args: Any, views: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["main"].choices = [  # type: ignore[attr-defined]  # a choice field
            (view.case.pk, f"{view.case.number} {view.case.description[:60]}（{view.area_name}）") for view in views
        ]


class ReasonForm(forms.Form):
    """Why cases are parted, or a case is held for difficult or no longer."""

    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=REASON_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, name: str, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{name}_%s"
        if label:
            self.fields["reason"].label = label


class RepeatForm(forms.Form):
    """What was typed on the page on which cases are entered, as far as a repeated request needs it."""

    description = forms.CharField(max_length=DESCRIPTION_LENGTH_MAX)
    channel = forms.ChoiceField(choices=Channel.choices)


def read_ids(sent: list[str]) -> list[int]:
    """Return the ids of the cases ticked; raise ValidationError for what is none."""
    if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in sent):
        raise ValidationError(_("请重新选择案件"))
    return [int(each) for each in sent]
