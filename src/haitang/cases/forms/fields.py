"""Fields that forms of cases share: areas, desks, categories."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from haitang.cases import queries
from haitang.cases.values import Permission, Tree
from haitang.core import clock
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.ui.forms import SuggestInput, draw_options
from haitang.organizations.queries import OrganizationRef, Registry, organizations
from haitang.territory.queries import territory
from haitang.territory.values import AreaRef, Territory
from haitang.territory.values import Kind as AreaKind

ALL = ("", gettext_lazy("全部"))


class _Suggested:
    """Every area of a tree down to grids, as (area, shortest name that it alone bears, full name and code)."""

    def __init__(self, tree: Territory) -> None:
        self.tree = tree
        found = [area for area in tree.descendants(None) if area.kind != AreaKind.BUILDING]
        names = Counter(area.name for area in found)
        full = [(area, tree.full_name(area.id)) for area in found]
        self.areas = [
            (area, area.name if names[area.name] == 1 else whole, f"{whole} {area.code}") for area, whole in full
        ]
        self._drawn: dict[tuple[str, ...], SafeString] = {}

    def drawn(self, reach: tuple[str, ...]) -> SafeString:
        """Return those below these paths as options; put together once for each reach."""
        if reach not in self._drawn:
            within = ((name, label) for area, name, label in self.areas if area.path.startswith(reach))
            if len(self._drawn) >= _REACHES_KEPT:
                self._drawn.clear()
            self._drawn[reach] = draw_options(within)
        return self._drawn[reach]


_REACHES_KEPT = 32
_suggested: _Suggested | None = None


def _suggestions() -> _Suggested:
    """Return what is suggested of the present tree; kept until that changes: some hundred areas, for every list."""
    global _suggested
    tree, kept = territory(), _suggested
    if kept is None or kept.tree is not tree:
        _suggested = kept = _Suggested(tree)
    return kept


class AreaField(forms.CharField):
    """An area by code or by a name that only one bears; cleaned to its AreaRef, None where empty."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, widget=SuggestInput(self._suggest), **more)
        self.viewer: Actor | None = None

    def _suggest(self) -> SafeString:
        reach = tuple(sorted(self.viewer.areas(Permission.VIEW))) if self.viewer else (EVERYWHERE,)
        return _suggestions().drawn(reach)

    def prepare_value(self, value: Any) -> Any:
        """Show a code's area by name."""
        return next((name for area, name, _label in _suggestions().areas if area.code == value), value)

    def clean(self, value: Any) -> AreaRef | None:
        """Return the valid area of that code or name."""
        typed = super().clean(value)
        if not typed:
            return None
        found = territory().by_code(typed)
        if found is not None:
            return found
        named = [
            area
            for area, name, label in _suggestions().areas
            if typed in (area.name, name, label, label.rpartition(" ")[0])
        ]
        if not named:
            raise ValidationError(_("没有这个区域，请从提示中选择"))
        if len(named) > 1:
            raise ValidationError(_("有 %(n)d 个区域叫这个名称，请从提示中选择") % {"n": len(named)})
        return named[0]


class DeskField(forms.CharField):
    """An organization by code or by its name; cleaned to its OrganizationRef, None where empty."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, widget=SuggestInput(_suggest_desks), **more)

    def prepare_value(self, value: Any) -> Any:
        """Show a code's organization by name."""
        desk = organizations().by_code(value) if isinstance(value, str) else None
        return desk.name if desk else value

    def clean(self, value: Any) -> OrganizationRef | None:
        """Return the organization of that code or name."""
        typed = super().clean(value)
        if not typed:
            return None
        registry = organizations()
        found = registry.by_code(typed) or next((each for each in registry if typed in (each.name, each.label)), None)
        if found is None:
            raise ValidationError(_("没有这个单位，请从提示中选择"))
        return found


_drawn_desks: tuple[Registry, date, SafeString] | None = None


def _suggest_desks() -> SafeString:
    """Return today's organizations as options, drawn anew when they change and at midnight."""
    global _drawn_desks
    registry, today = organizations(), clock.local_date(clock.now())
    if _drawn_desks is None or _drawn_desks[0] is not registry or _drawn_desks[1] != today:
        drawn = draw_options((each.name, each.code) for each in registry if each.exists(today))
        _drawn_desks = registry, today, drawn
    return _drawn_desks[2]


def category_name(category: Any) -> str:
    """Return a category's name in the reader's language."""
    return category.name if (get_language() or "zh").startswith("zh") else category.name_en


def category_choices(*, first: Iterable[tuple[str, Any]] = (ALL,), parents: bool = False) -> list[Any]:
    """Return the categories in use for a select, under their parents; with `parents` these can be chosen, too."""
    known = queries.catalog()
    choices: list[Any] = list(first)
    groups: dict[int, list[tuple[str, str]]] = {}
    leaves = {category.id for category in known.leaves}
    for category in known.categories:
        if not category.is_active:
            continue
        if category.parent_id is None and category.id not in leaves:
            head = f"{Tree(category.tree).label} · {category_name(category)}"
            own = [(category.code, _("%(name)s（全部）") % {"name": category_name(category)})] if parents else []
            choices.append((head, groups.setdefault(category.id, own)))
        elif category.parent_id in groups:
            groups[category.parent_id].append((category.code, category_name(category)))
        else:
            choices.append((category.code, category_name(category)))
    return choices
