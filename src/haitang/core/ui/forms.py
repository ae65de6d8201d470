"""How forms are drawn: the components of core/ui, for every form of the site."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from haitang.core.ui.notices import drawn_after

CONTROLS = {
    "select": "form-select",
    "checkbox": "form-check-input",
    "hidden": "",
    "multiple_hidden": "",
    "radio": "",
    "checkbox_select": "",
}
NATIVE_TYPES = {"date": "date", "datetime": "datetime-local", "time": "time"}


class Renderer(TemplatesSetting):
    """Draws forms, fields and widgets with the project's own templates and Tabler's controls."""

    form_template_name = "ui/forms/form.html"
    formset_template_name = "ui/forms/formset.html"
    field_template_name = "ui/forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Return the drawn part; a widget gets the class of its control and the browser's own date picker.

        After the last field about a person stands what the form says about personal data (`core.ui.notices`).
        """
        if template_name.startswith("django/forms/widgets/"):
            dress(context["widget"])
        drawn = super().render(template_name, context, request)
        return drawn + drawn_after(context["field"]) if template_name == self.field_template_name else drawn


def dress(widget: dict[str, Any]) -> None:
    """Give a widget's context the look of its kind, in place; what the form asked for itself stays."""
    kind = widget["template_name"].rpartition("/")[2].removesuffix(".html")
    attrs = widget["attrs"]
    if widget.get("type") == "text" and kind in NATIVE_TYPES:
        widget["type"] = NATIVE_TYPES[kind]
    look = CONTROLS.get(kind, "form-control")
    if attrs.get("aria-invalid") == "true" and look:
        look += " is-invalid"
    if kind == "textarea":
        attrs.setdefault("rows", "4")
        if str(attrs.get("rows")) == "10":
            attrs["rows"] = "4"
            attrs.pop("cols", None)
        attrs.setdefault("data-count", bool(attrs.get("maxlength")))
    if look:
        attrs["class"] = " ".join(filter(None, [look, attrs.get("class")]))
    for part in widget.get("subwidgets", ()):
        if "template_name" in part:
            dress(part)


class PhotoInput(forms.ClearableFileInput):
    """A file input that opens the camera on a phone and shows what was chosen.

    many: whether several photos can be chosen at once.
    """

    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, many: bool = False) -> None:
        self.allow_multiple_selected = many
        super().__init__(
            {"accept": "image/*", "data-preview": True, **({"multiple": True} if many else {}), **(attrs or {})}
        )


class PhotosField(forms.FileField):
    """Several photos in one field; `cleaned_data` holds a list of uploaded files, empty where none was chosen.

    What a photo may be (type, size) is decided by the action that stores it.
    """

    widget = PhotoInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", PhotoInput(many=True))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list:
        """Return every file checked by itself; the field's own rules hold for each."""
        one = super().clean
        return [one(item, initial) for item in data] if data else [item for item in [one(None, initial)] if item]


def draw_options(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Return the options (value, label) of a datalist as HTML; a long list is worth keeping between requests."""
    return format_html_join("", '<option value="{}">{}</option>', pairs)


class SuggestInput(forms.TextInput):
    """A text input with suggestions that the browser offers while typing; any text may be sent.

    suggestions: asked when the input is drawn, gives what `draw_options` made.
    """

    template_name = "django/forms/widgets/suggest.html"

    def __init__(self, suggestions: Callable[[], SafeString], attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.suggestions = suggestions

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the suggestions and tie the input to them."""
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["options"] = self.suggestions()
        widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}_list"
        return context
