"""The whole tree as one immutable value, shared by every request of the process."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haitang.territory.values.words import LEVELS, AreaNotFound, Kind

_NAMED_FROM = LEVELS[Kind.STREET]


@dataclass(frozen=True, slots=True)
class AreaRef:
    """One version of an area, without its boundary.

    path: materialised, "/1/23/456/", ending in its own id. ids: the same as a tuple, root first.
    depth: 1 for a root. open: whether this version is the valid one.
    """

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    path: str
    ids: tuple[int, ...]
    depth: int
    open: bool = True

    @property
    def level(self) -> int:
        """Return the level of its kind; see `Kind.level`."""
        return LEVELS[self.kind]  # type: ignore[index]  # a kind is equal to its text


class Territory:
    """Every area there is or was, for look-up by id, code and parent. Closed areas are found by id only."""

    __slots__ = ("_areas", "_by_code", "_children")

    def __init__(self, areas: Iterable[AreaRef]) -> None:
        """Take the areas in the order in which children are to be listed."""
        self._areas: dict[int, AreaRef] = {}
        self._by_code: dict[str, AreaRef] = {}
        children: dict[int | None, list[AreaRef]] = {}
        for area in areas:
            self._areas[area.id] = area
            if area.open:
                self._by_code[area.code] = area
                children.setdefault(area.parent_id, []).append(area)
        self._children = {parent_id: tuple(below) for parent_id, below in children.items()}

    def __len__(self) -> int:
        return len(self._areas)

    def get(self, area_id: int | None) -> AreaRef | None:
        """Return the area, valid or closed, or None."""
        return self._areas.get(area_id) if area_id is not None else None

    def area(self, area_id: int) -> AreaRef:
        """Return the area, valid or closed. Raises AreaNotFound."""
        area = self._areas.get(area_id)
        if area is None:
            raise AreaNotFound(_("没有找到该区域"))
        return area

    def by_code(self, code: str) -> AreaRef | None:
        """Return the valid area that holds the code, or None."""
        return self._by_code.get(code)

    def named(self, text: str) -> list[AreaRef]:
        """Return the valid areas called so, by code or by name; of one name there may be several."""
        coded = self.by_code(text)
        return [coded] if coded else [area for area in self.descendants(None) if area.name == text]

    def children(self, area_id: int | None) -> tuple[AreaRef, ...]:
        """Return the valid areas directly below, by code; of the roots for None."""
        return self._children.get(area_id, ())

    def top(self) -> AreaRef:
        """Return the area above all others. Raises AreaNotFound before there is any."""
        if not self.children(None):
            raise AreaNotFound(_("还没有区域"))
        return self.children(None)[0]

    def descendants(self, area_id: int | None) -> list[AreaRef]:
        """Return all valid areas below, each before those below it; without the area itself."""
        found: list[AreaRef] = []
        waiting = list(reversed(self.children(area_id)))
        while waiting:
            area = waiting.pop()
            found.append(area)
            waiting.extend(reversed(self.children(area.id)))
        return found

    def chain(self, area_id: int) -> tuple[AreaRef, ...]:
        """Return the areas from the root to this one. Raises AreaNotFound."""
        return tuple(self._areas[each] for each in self.area(area_id).ids)

    def ancestor(self, area_id: int, kind: str) -> AreaRef | None:
        """Return the area itself or the nearest one above that is of this kind, or None. Raises AreaNotFound."""
        return next((area for area in reversed(self.chain(area_id)) if area.kind == kind), None)

    def names(self, area_id: int) -> tuple[str, ...]:
        """Return the names from the street downwards; of a wider area, from the root. Raises AreaNotFound."""
        chain = self.chain(area_id)
        return tuple(area.name for area in chain if area.level >= _NAMED_FROM) or tuple(area.name for area in chain)

    def full_name(self, area_id: int) -> str:
        """Return the names as people read them: "海棠街道 / 春和社区 / 第三网格". Raises AreaNotFound."""
        return " / ".join(self.names(area_id))
