"""What a form says before anybody tells it something about themselves, and what it asks them to agree to separately.

An app above (`privacy`) knows the words; every form drawn by the site's own templates shows them after the last of the
fields concerned, so that no page can leave them out. Source: 《个人信息保护法》 art. 14, 17, 28-30.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from haitang.core.ports import Port

FIELD = "notice"
"""The hidden field that says which version of which notice was shown."""
CONSENT = "separate_consent"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a form says. Texts are in the reader's language.

    mark: code and version, "report.1", as it is kept with what is handed in. lines: label and words. url: where more
    stands. fields: after the last of these it is shown; of none, after the form's last field.
    consent: what is agreed to separately as soon as one of consent_for is filled in; "" for nothing.
    """

    mark: str
    lines: tuple[tuple[str, str], ...]
    url: str
    fields: tuple[str, ...]
    consent: str = ""
    consent_for: tuple[str, ...] = ()


NOTICES: Port[Callable[[type], Notice | None]] = Port("what a form says about personal data, by its class")


def notice_of(form: forms.BaseForm) -> Notice | None:
    """Return what the form says: the notice of its class, or of the first class above that has one."""
    for kind in type(form).__mro__:
        for told in NOTICES:
            if (notice := told(kind)) is not None:
                return notice
    return None


def drawn_after(field: forms.BoundField) -> SafeString | str:
    """Return the form's notice as HTML if it stands after this field; "" otherwise."""
    notice = notice_of(field.form)
    if notice is None:
        return ""
    shown = [name for name, each in field.form.fields.items() if not each.widget.is_hidden and name != CONSENT]
    last = [name for name in shown if name in notice.fields] if notice.fields else shown
    if not last or field.name != last[-1]:
        return ""
    return render_to_string("ui/forms/_notice.html", {"notice": notice, "field_name": FIELD})


class SeparateConsent(forms.Form):
    """A form that asks for the notice's separate consent: one tick more, needed once something sensitive is told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notice = notice_of(self)
        if notice is not None and notice.consent:
            self.fields[CONSENT] = forms.BooleanField(label=notice.consent, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse what is sensitive without the consent."""
        given = super().clean() or {}
        notice = notice_of(self)
        agreed = given.pop(CONSENT, False)
        if notice is not None and notice.consent and not agreed and any(given.get(key) for key in notice.consent_for):
            self.add_error(CONSENT, _("填写了敏感的个人信息，需要单独同意"))
        return given
