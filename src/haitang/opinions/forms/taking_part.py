"""Forms of residents: an answer, a statement."""

from django import forms
from django.utils.translation import gettext_lazy

from haitang.opinions.values import STATEMENT_LENGTH_MAX, Answer


class AnswerForm(forms.Form):
    """What one says of a statement."""

    statement = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    answer = forms.TypedChoiceField(choices=Answer.choices, coerce=int)


class StatementForm(forms.Form):
    """A statement of one's own."""

    words = forms.CharField(
        label=gettext_lazy("您的观点"), max_length=STATEMENT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("一句话，一个意思，让别人能说同意或不同意；不写人名和电话"),
    )  # fmt: skip
