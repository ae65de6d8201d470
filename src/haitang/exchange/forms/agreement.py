"""Forms of orders and agreements."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.exchange.forms.fields import COMMUNITIES, area_choices, reach_of
from haitang.exchange.forms.listed import small
from haitang.exchange.values import PEOPLE_MAX, STARS_MAX, WORDS_LENGTH_MAX, Permission, Terms


class TermsForm(forms.Form):
    """What is agreed on. version: of the terms as they were read."""

    on = forms.DateField(label=gettext_lazy("日期（可另行商定）"), required=False)
    people = forms.IntegerField(label=gettext_lazy("人数"), min_value=1, max_value=PEOPLE_MAX)
    words = forms.CharField(
        label=gettext_lazy("时间、地点、准备事项"), max_length=WORDS_LENGTH_MAX, required=False, widget=small(2)
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=32_767, widget=forms.HiddenInput)

    def terms(self) -> Terms:
        """Return what was typed, as actions take it."""
        given = self.cleaned_data
        return Terms(given["on"], given["people"], given["words"])


class DirectOrderForm(TermsForm):
    """A resource ordered without a need: where it is wanted."""

    area = forms.ChoiceField(label=gettext_lazy("哪个社区需要"))

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = area_choices(COMMUNITIES, reach_of(viewer, Permission.ORDER))
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.fields["people"].initial = 1
        self.order_fields(["area", "on", "people", "words"])


class WordsForm(forms.Form):
    """A few words, or none."""

    words = forms.CharField(
        label=gettext_lazy("说明（可不填）"), max_length=WORDS_LENGTH_MAX, required=False, widget=small(2)
    )


def _star_choices() -> list[tuple[int, str]]:
    words = (_("很好"), _("好"), _("一般"), _("不太好"), _("不好"))
    return [(STARS_MAX - at, f"{'★' * (STARS_MAX - at)} {word}") for at, word in enumerate(words)]


class EvaluateForm(WordsForm):
    """What one side says of the other."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("怎么样"), coerce=int, choices=_star_choices, widget=forms.RadioSelect
    )
    field_order = ["stars", "words"]
