"""Which thing a door is asked for: the rows of the home community, found by the names of an address's parameters."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from haitang.territory.models import Area
from tests.access.doors import PLACE, Door
from tests.access.marking import Rows

WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
"""What stands for the parameters that are no ids, by app and name, or by the door where an app uses one for several."""
MODELS = WORDS["models"]
SOUGHT = "小区"
Given = dict[str, Any]


@dataclass
class Things:
    """The rows of one community. home: its path."""

    rows: Rows
    home: str
    _known: dict[type[models.Model], list[int]] = field(default_factory=dict)

    def paths(self, door: Door, most: int = 4) -> list[str]:
        """Return up to so many addresses of the door that lead to what belongs to the community; none if nothing does.

        A door without an id that is only looked at is asked for that community, too: by its id, and by its code.
        """
        if not door.names and door.method == "GET":
            return [door.path, *(f"{door.path}?area={found}&q={SOUGHT}" for found in self._names_of_home)]
        return [_filled(door.path, given) for given in self._given(door)][:most]

    @cached_property
    def _names_of_home(self) -> tuple[int, str]:
        area = Area.objects.get(path=self.home)
        return area.pk, area.code

    def _given(self, door: Door) -> list[Given]:
        words = {**WORDS.get(door.app, {}), **WORDS["doors"].get(door.path, {})}
        asked = {name: self._model(door, name) for name in door.names if name not in words}
        if None in asked.values():
            return []
        given: list[Given] = [{}]
        if asked:
            last = next(reversed(asked))
            given = [self._with_others(asked, last, row_id) for row_id in self._home(asked[last])]
        return [each | {name: words[name] for name in door.names if name in words} for each in given]

    def _model(self, door: Door, name: str) -> type[models.Model] | None:
        under = (
            found[name] for start, found in WORDS["under"].items() if door.path.startswith(start) and name in found
        )
        named = next(under, None) or MODELS.get(f"{door.app}.{name}") or MODELS.get(name)
        if named:
            return apps.get_model(named)
        wanted = name.removesuffix("_id").replace("_", "")
        try:
            return apps.get_model(door.app, wanted)
        except LookupError:
            return None

    def _home(self, model: type[models.Model]) -> list[int]:
        """Return the last row that is the community's, the first, one of each state; where it has none, any."""
        if model not in self._known:
            self._known[model] = self._find(model)
        return self._known[model]

    def _find(self, model: type[models.Model]) -> list[int]:
        if model is Area:
            return [int(self.home.strip("/").split("/")[-1])]
        own = [pk for pk in sorted(self.rows.held.get(model, ())) if self.rows.places(model, pk) == {self.home}]
        if not own:
            return list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:1])
        by_state = {self.rows.state(model, pk): pk for pk in own}
        return list(dict.fromkeys([own[-1], own[0], *by_state.values()]))

    def _with_others(self, asked: dict[str, type[models.Model]], last: str, row_id: int) -> Given:
        """Return the row's id with those of the rows that it belongs to, for an address that names both."""
        above = dict(self._above(asked[last], row_id))
        return {
            name: row_id if name == last else above.get(model) or next(iter(self._home(model)), 0)
            for name, model in asked.items()
        }

    def _above(
        self, model: type[models.Model], row_id: int, depth: int = 0
    ) -> Iterator[tuple[type[models.Model], int]]:
        row = self.rows.held.get(model, {}).get(row_id, {})
        for column in model._meta.concrete_fields:
            if column.is_relation and row.get(column.attname) is not None:
                if depth < 2:
                    yield from self._above(column.related_model, row[column.attname], depth + 1)
                yield column.related_model, row[column.attname]


def _filled(path: str, given: Given) -> str:
    return PLACE.sub(lambda found: str(given[found[1]]), path)
