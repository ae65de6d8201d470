"""Forms of the matching's plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.orders.forms.ordering import WIDER, area_choices
from haitang.orders.queries import Possible
from haitang.orders.values import Permission
from haitang.territory.queries import territory


class PlanForm(forms.Form):
    """For which area a plan is drawn."""

    area = forms.ChoiceField(label=gettext_lazy("区域"))

    def __init__(self, *args: Any, viewer: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[Any, dict[str, str]] = {}
        for permission in (Permission.DISPATCH, Permission.HUB):
            for parent, areas in area_choices(WIDER, viewer, permission):
                found.setdefault(parent, {}).update(dict(areas))
        choices = [(parent, list(areas.items())) for parent, areas in found.items()]
        if len(choices) != 1 or len(choices[0][1]) != 1:
            choices.insert(0, ("", [("", _("请选择"))]))
        self.fields["area"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def clean_area(self) -> int:
        """Return the area's id."""
        area = territory().by_code(self.cleaned_data["area"])
        if area is None:
            raise forms.ValidationError(_("没有这个区域"))
        return area.id


class ChangeForm(forms.Form):
    """To whom the order is offered instead."""

    volunteer = forms.TypedChoiceField(label=gettext_lazy("改派给"), coerce=int)

    def __init__(self, *args: Any, possible: list[Possible], but: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [
            (each.key[1:], f"{each.name}（{'，'.join(each.why)}）")
            for each in possible
            if each.key.startswith("v") and each.key != f"v{but}"
        ]
        self.fields["volunteer"].choices = [("", _("请选择")), *others]  # type: ignore[attr-defined]  # a choice field
