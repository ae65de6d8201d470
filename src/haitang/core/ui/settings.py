"""The page of an app's settings: a field for each, by the kind of its value; only what was changed is written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from haitang.core.http import Request
from haitang.core.shipped import SettingLine
from haitang.core.ui.entering import attempt, said
from haitang.core.ui.pages import respond


class LinesField(forms.CharField):
    """A list, one of it a line; cleaned to words, or to whole numbers that are not negative."""

    def __init__(self, *, numbers: bool = False, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.numbers = numbers

    def prepare_value(self, value: Any) -> Any:
        """Write a list a line for each; what was typed stays as it is."""
        return "\n".join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> list[Any]:
        """Return what stands on the lines; raise where one is no number and should be."""
        parts = [part.strip() for part in super().clean(value).splitlines() if part.strip()]
        if not self.numbers:
            return parts
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValidationError(_("每行填一个数字"))
        return [int(part) for part in parts]


class SettingsForm(forms.Form):
    """Every setting of an app. A setting of several parts (a dict) has a field `KEY_PART` for each.

    labels: what each is called, by key. parts: what parts are called, by part. choices: by key what a text, a part, or
    each of a list may be. hints: by key what is said before the source. optional: keys of lists and texts that may be
    empty. number_min, number_max: of whole numbers; a part may be 0. text_max: the longest text.
    """

    labels: ClassVar[Mapping[str, Any]] = {}
    parts: ClassVar[Mapping[str, Any]] = {}
    choices: ClassVar[Mapping[str, Any]] = {}
    hints: ClassVar[Mapping[str, Any]] = {}
    optional: ClassVar[Sequence[str]] = ()
    number_min: ClassVar[int] = 1
    number_max: ClassVar[int | None] = 3660
    text_max: ClassVar[int] = 50

    def __init__(self, *args: Any, lines: Sequence[SettingLine], **kwargs: Any) -> None:
        """lines: the settings in force, in the order of the page."""
        super().__init__(*args, **kwargs)
        self._held = {line.key: line.value for line in lines}
        for line in lines:
            fields = self.fields_of(line.key, line.value)
            self.fields.update(fields)
            said_before = str(self.hints.get(line.key, ""))
            source = _("依据") + "：" + _(line.source) if line.source else ""
            list(fields.values())[-1].help_text = " ".join(filter(None, [said_before, source]))

    def fields_of(self, key: str, value: Any) -> dict[str, forms.Field]:
        """Return the fields of one setting by their names."""
        if not isinstance(value, dict):
            return {key: self.field(key, value, label=self.labels[key])}
        return {
            f"{key}_{part}": self.field(key, kept, label=f"{self.labels[key]}：{self.parts[part]}", number_min=0)
            for part, kept in value.items()
        }

    def field(self, key: str, value: Any, *, label: Any, number_min: int | None = None) -> forms.Field:
        """Return the field of a value: of a setting, or of a part of one."""
        common: dict[str, Any] = {"label": label, "initial": value}
        if isinstance(value, bool):
            return forms.BooleanField(required=False, **common)
        if isinstance(value, list):
            if key in self.choices:
                return forms.MultipleChoiceField(
                    choices=self.choices[key], required=key not in self.optional,
                    widget=forms.CheckboxSelectMultiple, **common,
                )  # fmt: skip
            numbers = bool(value) and isinstance(value[0], int)
            return LinesField(numbers=numbers, rows=max(len(value), 3), required=key not in self.optional, **common)
        if isinstance(value, int):
            least = self.number_min if number_min is None else number_min
            return forms.IntegerField(min_value=least, max_value=self.number_max, **common)
        if isinstance(value, float):
            return forms.FloatField(min_value=0, **common)
        if key in self.choices:
            return forms.ChoiceField(choices=self.choices[key], **common)
        return forms.CharField(max_length=self.text_max, required=key not in self.optional, **common)

    def changed(self) -> dict[str, Any]:
        """Return by key the values that differ from those in force."""
        given = self.cleaned_data
        values = {
            key: given[key] if key in given else {part: given[f"{key}_{part}"] for part in held}
            for key, held in self._held.items()
        }
        return {key: value for key, value in values.items() if value != self._held[key]}


def settings_page(
    request: Request,
    form: SettingsForm,
    change: Callable[..., object],
    template: str,
    here: str,
    context: Callable[[], Mapping[str, Any]] = dict,
) -> HttpResponse:
    """Return the page of settings; a POST writes what was changed, all of it or nothing, and comes back to it.

    change: the action that writes one (`key=`, `value=`, and who says it when). here: the name of the page's address.
    context: asked for what the page shows beside the form.
    """

    @transaction.atomic
    def write() -> None:
        for key, value in form.changed().items():
            change(key=key, value=value, **said(request))

    status = 200
    if request.method == "POST":
        status = attempt(form, write)
        if not status:
            messages.success(request, _("设置已保存"))
            return redirect(here)
    return respond(request, template, None, {"form": form, **context()}, status)
