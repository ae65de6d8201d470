"""Questions as fields: for residents, and for staff who write down what others answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.surveys.values import TEXT_LENGTH_MAX, Channel, Kind, Question, field_of, keys_of


class CodeForm(forms.Form):
    """The code of a household."""

    code = forms.CharField(
        label=gettext_lazy("问卷码"), max_length=20, help_text=gettext_lazy("通知单上的 10 位字母数字，大小写都可以"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The questions of a survey. Whether answers are right, and which are asked at all, the action says."""

    def __init__(self, *args: Any, asked: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys: list[str] = []
        for number, question in enumerate(asked):
            for row, key in enumerate(keys_of(number, question)):
                label = f"{number + 1}. {question.label}"
                if question.kind == Kind.MATRIX:
                    label = f"{label} — {question.rows[row]}"
                self.fields[field_of(key)] = _field(question, label, _hint(asked, question))
                self.keys.append(key)

    def given(self) -> dict[str, Any]:
        """Return what was answered, by key, as the actions take it."""
        return {key: self.cleaned_data[field_of(key)] for key in self.keys if self.cleaned_data.get(field_of(key))}


def _hint(asked: Sequence[Question], question: Question) -> str:
    if question.shown_after is None:
        return ""
    before = asked[question.shown_after]
    options = "、".join(before.options[n] for n in question.shown_for)
    return _("只有第 %(n)d 题选“%(options)s”的才需要回答") % {"n": question.shown_after + 1, "options": options}


def _field(question: Question, label: str, hint: str) -> forms.Field:
    # Required ones after a condition are not demanded here: the action knows what was answered before.
    required = question.is_required and question.shown_after is None
    missing = {"required": _("请回答这一题"), "invalid_choice": _("请从选项中选择")}
    common: dict[str, Any] = {"label": label, "required": required, "help_text": hint, "error_messages": missing}
    if question.kind == Kind.TEXT:
        widget = forms.Textarea(attrs={"rows": 3})
        common["help_text"] = hint or _("请不要写姓名、电话、门牌")
        return forms.CharField(max_length=TEXT_LENGTH_MAX, widget=widget, **common)
    choices = [(str(n), option) for n, option in enumerate(question.options)]
    if question.kind == Kind.MANY:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    blank = [] if required else [("", _("不填"))]
    return forms.ChoiceField(choices=[*choices, *blank], widget=forms.RadioSelect, **common)


class NamedAnswerForm(AnswerForm):
    """The same where answers are kept under a name: says what for, and how long."""


class EnterForm(AnswerForm):
    """What somebody answered at their door, on the telephone or on paper, with the code of their household."""

    field_order = ("code", "channel")

    def __init__(self, *args: Any, asked: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, asked=asked, **kwargs)
        self.fields["code"] = CodeForm().fields["code"]
        ways = [each for each in Channel.choices if each[0] != Channel.WEB]
        self.fields["channel"] = forms.ChoiceField(label=_("方式"), choices=ways)
        self.order_fields(self.field_order)
