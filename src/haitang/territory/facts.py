"""What can happen to an area."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.territory.values import Crs, Kind, PopulationKind

Public = Privacy.PUBLIC


class _Fact(Fact):
    """What facts of the territory have in common: how their fields and the values of these read."""

    subject_type = "area"
    field_labels = {
        "area_id": _("区域"), "rule_id": _("编码规则"), "code": _("编码"), "name": _("名称"), "kind": _("类型"),
        "parent_id": _("上级区域"), "valid_from": _("启用日期"), "previous_name": _("原名称"),
        "previous_kind": _("原类型"), "new_area_id": _("新区域"), "path": _("原层级"), "new_path": _("现层级"),
        "effective": _("生效日期"), "replaced_by_id": _("并入区域"), "boundary": _("边界"), "source": _("依据"),
        "crs": _("坐标系"), "number": _("数量"), "date": _("截至日期"), "pattern": _("格式"), "strict": _("强制"),
    }  # fmt: skip
    field_words = {
        "kind": dict([*Kind.choices, *PopulationKind.choices]), "previous_kind": dict(Kind.choices),
        "crs": dict(Crs.choices),
    }  # fmt: skip


@dataclass(frozen=True)
class AreaCreated(_Fact):
    """An area began. valid_from: ISO date."""

    label = _("新建区域")
    area_id: Annotated[int, Public]
    code: Annotated[str, Public]
    name: Annotated[str, Public]
    kind: Annotated[str, Public]
    parent_id: Annotated[int | None, Public]
    valid_from: Annotated[str, Public]


@dataclass(frozen=True)
class AreaChanged(_Fact):
    """An area is called otherwise, or is of another kind of the same level."""

    label = _("区域更名")
    area_id: Annotated[int, Public]
    name: Annotated[str, Public]
    kind: Annotated[str, Public]
    previous_name: Annotated[str, Public]
    previous_kind: Annotated[str, Public]


@dataclass(frozen=True)
class AreaReplaced(_Fact):
    """An area goes on as another version: with another code, parent or kind. One fact for each area below it too.

    Whatever hangs on the old id or path (grants, posts, links) is carried over by a reaction to this.
    """

    label = _("区域更替")
    area_id: Annotated[int, Public]
    new_area_id: Annotated[int, Public]
    path: Annotated[str, Public]
    new_path: Annotated[str, Public]
    effective: Annotated[str, Public]


@dataclass(frozen=True)
class AreaEnded(_Fact):
    """An area ceased, with or without another to take its place."""

    label = _("停用区域")
    area_id: Annotated[int, Public]
    replaced_by_id: Annotated[int | None, Public]
    effective: Annotated[str, Public]


@dataclass(frozen=True)
class BoundarySet(_Fact):
    """An area's outline was drawn. boundary: the GeoJSON geometry as text: the history keeps every version."""

    label = _("划定边界")
    area_id: Annotated[int, Public]
    boundary: Annotated[str, Public]
    source: Annotated[str, Public]
    crs: Annotated[str, Public]


@dataclass(frozen=True)
class PopulationAdded(_Fact):
    """A population figure was entered. date: ISO date to which it applies."""

    label = _("登记人口数")
    area_id: Annotated[int, Public]
    kind: Annotated[str, Public]
    number: Annotated[int, Public]
    date: Annotated[str, Public]
    source: Annotated[str, Public]


@dataclass(frozen=True)
class CodeRuleSet(_Fact):
    """The tenant decided what codes of a kind look like. patterns: one line for each."""

    label = _("设定编码规则")
    subject_type = "code_rule"
    rule_id: Annotated[int, Public]
    kind: Annotated[str, Public]
    pattern: Annotated[str, Public]
    strict: Annotated[bool, Public]
