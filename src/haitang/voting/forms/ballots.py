"""What voters type: a code, a ballot, who they are, a receipt."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape, format_html
from django.utils.translation import gettext_lazy

from haitang.core.money import format_yuan
from haitang.voting.values import MARKS_MAX, NAME_LENGTH_MAX, BallotKind

_CODE = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})


class CodeForm(forms.Form):
    """The code that came by post or from the desk."""

    code = forms.CharField(
        label=gettext_lazy("投票码"), max_length=40, widget=_CODE,
        help_text=gettext_lazy("在寄给您的信上，或者到社区服务台领取；不分大小写，横线可以不填"),
    )  # fmt: skip


class ReceiptForm(forms.Form):
    """A receipt, or the number of a ballot of paper."""

    receipt = forms.CharField(label=gettext_lazy("回执码或纸质票编号"), max_length=40, widget=_CODE)


class StrangerForm(forms.Form):
    """Who votes first and proves residence later."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_LENGTH_MAX)
    document = forms.CharField(
        label=gettext_lazy("身份证号或手机号"), max_length=NAME_LENGTH_MAX,
        help_text=gettext_lazy("只用来核对一人一票，加密保存，投票结束后按期删除"),
    )  # fmt: skip
    household = forms.CharField(label=gettext_lazy("住址"), max_length=200, help_text=gettext_lazy("写到几幢几室"))


def option_label(option: Mapping[str, Any]) -> str:
    """Return an option as it stands beside its box: title, price, area."""
    parts = [option["title"]]
    if option["cost"]:
        parts.append(f"¥{format_yuan(option['cost'])}")
    if option["area"]:
        parts.append(option["area"])
    return " · ".join(parts)


def _told(label: str, words: str) -> str:
    """Return an option's label with what it is about below it."""
    return format_html('{}<span class="vo-words">{}</span>', label, words) if words else label


class BallotForm(forms.Form):
    """The ballot paper of one vote. Limits are checked where the ballot is taken."""

    question = gettext_lazy("您的选择")
    tells = True
    """Whether what an option is about stands with it."""

    def __init__(self, *args: Any, paper: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self._ids = paper["kind"], [each["id"] for each in paper["options"]]
        told = {each["id"]: each["words"] if self.tells else "" for each in paper["options"]}
        choices = [(each["id"], _told(option_label(each), told[each["id"]])) for each in paper["options"]]
        label = self.question
        if self._kind == BallotKind.ONE:
            self.fields["choice"] = forms.ChoiceField(
                label=label, choices=choices, widget=forms.RadioSelect, required=paper["least"] > 0
            )
        elif self._kind in (BallotKind.APPROVAL, BallotKind.KNAPSACK):
            self.fields["choice"] = forms.MultipleChoiceField(
                label=label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
            )
        else:
            for option in paper["options"]:
                self.fields[f"mark_{option['id']}"] = forms.IntegerField(
                    label=option_label(option), help_text=escape(told[option["id"]]), min_value=0, max_value=MARKS_MAX,
                    required=False,
                )  # fmt: skip

    def marks(self) -> dict[str, int]:
        """Return what was marked, by option."""
        given = self.cleaned_data
        if "choice" in self.fields:
            chosen = given.get("choice") or []
            return dict.fromkeys([chosen] if isinstance(chosen, str) else chosen, 1)
        return {key: given[f"mark_{key}"] for key in self._ids if given.get(f"mark_{key}")}

    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values by which the same ballot is sent once more, from hidden fields."""
        if "choice" in self.fields:
            return [("choice", key) for key in self.marks()]
        return [(f"mark_{key}", str(n)) for key, n in self.marks().items()]
