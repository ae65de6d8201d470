"""Choices that the forms of volunteers share: homes, units and branches by name, lines of the catalogues, times."""

from collections.abc import Container
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory
from haitang.territory.values import Kind
from haitang.volunteers.queries import rules
from haitang.volunteers.values import PARTS, SLOTS, slots_in_words

GRIDS = frozenset({Kind.GRID, Kind.SPECIAL_GRID})
COMMUNITIES = frozenset({Kind.COMMUNITY, Kind.VILLAGE})
BRANCHES = frozenset({OfficeKind.PARTY_BRANCH.value, OfficeKind.PARTY_COMMITTEE.value})
REACHES = (500, 1000, 3000, 10_000, 50_000)


def home_choices() -> list[tuple[str, Any]]:
    """Return every grid by code under its community; the community itself for who does not know the grid."""
    tree = territory()
    choices: list[tuple[str, Any]] = [("", _("请选择"))]
    for area in tree.descendants(None):
        if area.kind in COMMUNITIES:
            grids = [(grid.code, grid.name) for grid in tree.children(area.id) if grid.kind in GRIDS]
            choices.append(
                (tree.full_name(area.id), [(area.code, _("%(name)s（不清楚网格）") % {"name": area.name}), *grids])
            )
    return choices


class HomeField(forms.ChoiceField):
    """Where somebody lives; cleaned to the area's id."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=home_choices, **more)

    def clean(self, value: Any) -> int | None:
        """Return the id of the area."""
        area = territory().by_code(super().clean(value))
        return area.id if area else None


class OrganizationField(forms.CharField):
    """An organization by name or code; cleaned to its id, None where empty. kinds: only these; () for all."""

    def __init__(self, *, kinds: Container[str] = (), **more: Any) -> None:
        self._kinds = kinds
        super().__init__(max_length=100, widget=SuggestInput(self._suggest), **more)

    def _standing(self) -> list[Any]:
        today = clock.local_date(clock.now())
        return [
            each for each in organizations() if each.exists(today) and (not self._kinds or each.kind in self._kinds)
        ]

    def _suggest(self) -> Any:
        return draw_options((each.name, each.code) for each in self._standing())

    def clean(self, value: Any) -> int | None:
        """Return the id of the organization of that name or code."""
        typed = super().clean(value)
        if not typed:
            return None
        found = next((each for each in self._standing() if typed in (each.name, each.label, each.code)), None)
        if found is None:
            raise forms.ValidationError(_("没有这个单位，请从提示中选择"))
        return int(found.id)


def name_of(organization_id: int | None) -> str:
    """Return what an OrganizationField shows for that organization."""
    found = organizations().by_id(organization_id)
    return found.name if found else ""


class ItemsField(forms.MultipleChoiceField):
    """Lines of a catalogue, ticked; cleaned to their codes."""

    def __init__(self, kind: str, **more: Any) -> None:
        super().__init__(
            choices=lambda: [(item.code, item.name) for item in rules().of(kind)], required=False,
            widget=forms.CheckboxSelectMultiple, **more,
        )  # fmt: skip


class TimesField(forms.TypedMultipleChoiceField):
    """Slots of the week, ticked; cleaned to whole numbers. By parts of the day, so that weekends stand together."""

    def __init__(self, **more: Any) -> None:
        order = sorted(SLOTS, key=lambda slot: (slot // len(PARTS) < 5, slot))
        super().__init__(
            choices=lambda: [(str(slot), slots_in_words([slot])) for slot in order], coerce=int, required=False,
            widget=forms.CheckboxSelectMultiple, **more,
        )  # fmt: skip


def reach_choices() -> list[tuple[int, str]]:
    """Return how far people say they go."""
    words = {500: _("家门口（500 米）"), 1000: _("一公里"), 3000: _("三公里"), 10_000: _("十公里"), 50_000: _("全市")}
    return [(reach, words[reach]) for reach in REACHES]


class ReachField(forms.TypedChoiceField):
    """How far somebody goes, metres."""

    def __init__(self, **more: Any) -> None:
        super().__init__(choices=reach_choices, coerce=int, initial=3000, **more)
