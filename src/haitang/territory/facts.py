"""What can happen to an area."""

from dataclasses import dataclass
from typing import Annotated

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Public = Privacy.PUBLIC


@dataclass(frozen=True)
class AreaCreated(Fact):
    """An area began. valid_from: ISO date."""

    subject_type = "area"
    area_id: Annotated[int, Public]
    code: Annotated[str, Public]
    name: Annotated[str, Public]
    kind: Annotated[str, Public]
    parent_id: Annotated[int | None, Public]
    valid_from: Annotated[str, Public]


@dataclass(frozen=True)
class AreaChanged(Fact):
    """An area is called otherwise, or is of another kind of the same level."""

    subject_type = "area"
    area_id: Annotated[int, Public]
    name: Annotated[str, Public]
    kind: Annotated[str, Public]
    previous_name: Annotated[str, Public]
    previous_kind: Annotated[str, Public]


@dataclass(frozen=True)
class AreaReplaced(Fact):
    """An area goes on as another version: with another code, parent or kind. One fact for each area below it too.

    Whatever hangs on the old id or path (grants, posts, links) is carried over by a reaction to this.
    """

    subject_type = "area"
    area_id: Annotated[int, Public]
    new_area_id: Annotated[int, Public]
    path: Annotated[str, Public]
    new_path: Annotated[str, Public]
    effective: Annotated[str, Public]


@dataclass(frozen=True)
class AreaEnded(Fact):
    """An area ceased, with or without another to take its place."""

    subject_type = "area"
    area_id: Annotated[int, Public]
    replaced_by_id: Annotated[int | None, Public]
    effective: Annotated[str, Public]


@dataclass(frozen=True)
class BoundarySet(Fact):
    """An area's outline was drawn. boundary: the GeoJSON geometry as text: the history keeps every version."""

    subject_type = "area"
    area_id: Annotated[int, Public]
    boundary: Annotated[str, Public]
    source: Annotated[str, Public]
    crs: Annotated[str, Public]


@dataclass(frozen=True)
class PopulationAdded(Fact):
    """A population figure was entered. date: ISO date to which it applies."""

    subject_type = "area"
    area_id: Annotated[int, Public]
    kind: Annotated[str, Public]
    number: Annotated[int, Public]
    date: Annotated[str, Public]
    source: Annotated[str, Public]


@dataclass(frozen=True)
class CodeRuleSet(Fact):
    """The tenant decided what codes of a kind look like. patterns: one line for each."""

    subject_type = "code_rule"
    rule_id: Annotated[int, Public]
    kind: Annotated[str, Public]
    pattern: Annotated[str, Public]
    strict: Annotated[bool, Public]
