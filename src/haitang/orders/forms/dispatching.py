"""Forms of the matching's plans."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haitang.core.access import Actor
from haitang.orders.forms.ordering import WIDER, area_choices
from haitang.orders.queries import Possible, WishLine
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

    helper = forms.ChoiceField(label=gettext_lazy("改派给"))

    def __init__(self, *args: Any, possible: list[Possible], but: str, **kwargs: Any) -> None:
        """but: the key of the one who is proposed."""
        super().__init__(*args, **kwargs)
        others = [(each.key, f"{each.name}（{'，'.join(each.why)}）") for each in possible if each.key != but]
        self.fields["helper"].choices = [("", _("请选择")), *others]  # type: ignore[attr-defined]  # a choice field

    def chosen(self) -> dict[str, Any]:
        """Return whom it is to be, as the action takes them."""
        key = self.cleaned_data["helper"]
        return {"volunteer_id" if key[0] == "v" else "organization_id": int(key[1:])}


class WishForm(forms.Form):
    """Which kinds of services somebody likes, and which they do not do."""

    def __init__(self, *args: Any, lines: list[WishLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[line.type.code] = forms.ChoiceField(
                label=line.type.name, help_text=line.type.words, required=False, widget=forms.RadioSelect,
                choices=[("", _("都可以")), ("like", _("愿意做")), ("never", _("不做"))],
                initial={True: "like", False: "never", None: ""}[line.is_liked],
            )  # fmt: skip

    def wishes(self) -> dict[str, bool | None]:
        """Return what was said, by the code of the type."""
        return {code: {"like": True, "never": False}.get(said) for code, said in self.cleaned_data.items()}
