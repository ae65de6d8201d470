"""What can have happened to an organization."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy
from haitang.organizations.values import AreaRelation, Hierarchy, Kind, OrganizationRelation, PostKind

Internal = Privacy.INTERNAL
Public = Privacy.PUBLIC


class OrganizationFact(Fact):
    """The base of all that happens to one organization."""

    subject_type = "organization"
    field_labels = {
        "organization_id": _("单位"), "code": _("代码"), "name": _("名称"), "kind": _("类型"),
        "valid_from": _("成立日期"), "valid_to": _("停用日期"), "fields": _("更改的项目"), "before": _("更改前"),
        "after": _("更改后"), "post_ids": _("岗位"), "post_id": _("岗位"), "hierarchy": _("体系"),
        "parent_id": _("上级单位"), "from_date": _("起始日期"), "to_date": _("终止日期"), "area_id": _("区域"),
        "relation": _("关系"), "other_id": _("另一单位"), "title": _("岗位名称"),
        # what `fields` may name
        "short_name": _("简称"), "credit_code": _("统一社会信用代码"), "phone": _("电话"),
        "calendar_id": _("工作日历"),
    }  # fmt: skip
    field_words = {
        "fields": field_labels, "kind": dict([*Kind.choices, *PostKind.choices]), "before": dict(Kind.choices),
        "after": dict(Kind.choices), "hierarchy": dict(Hierarchy.choices),
        "relation": dict([*AreaRelation.choices, *OrganizationRelation.choices]),
    }  # fmt: skip


@dataclass(frozen=True)
class OrganizationCreated(OrganizationFact):
    """It was entered, alone or in a batch, with its place, links and posts."""

    label = _("新建单位")
    organization_id: Annotated[int, Internal]
    code: Annotated[str, Public]
    name: Annotated[str, Public]
    kind: Annotated[str, Public]
    valid_from: Annotated[str, Public]


@dataclass(frozen=True)
class OrganizationChanged(OrganizationFact):
    """Its base facts were changed: the same position in the three lists is one field."""

    label = _("更改单位信息")
    organization_id: Annotated[int, Internal]
    fields: Annotated[list[str], Internal]
    before: Annotated[list[str], Public]
    after: Annotated[list[str], Public]


@dataclass(frozen=True)
class OrganizationClosed(OrganizationFact):
    """It ends on that day, and with it its places, links and posts."""

    label = _("停用单位")
    organization_id: Annotated[int, Internal]
    valid_to: Annotated[str, Public]
    post_ids: Annotated[list[int], Internal]


@dataclass(frozen=True)
class OrganizationPlaced(OrganizationFact):
    """It got a parent in a hierarchy from that day, or none."""

    label = _("调整上级单位")
    organization_id: Annotated[int, Internal]
    hierarchy: Annotated[str, Internal]
    parent_id: Annotated[int | None, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class AreaLinked(OrganizationFact):
    """It was tied to an area."""

    label = _("关联区域")
    organization_id: Annotated[int, Internal]
    area_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class AreaUnlinked(OrganizationFact):
    """Its tie to an area ended."""

    label = _("解除区域关联")
    organization_id: Annotated[int, Internal]
    area_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    to_date: Annotated[str, Internal]


@dataclass(frozen=True)
class OrganizationsLinked(OrganizationFact):
    """It was tied to another organization."""

    label = _("关联单位")
    organization_id: Annotated[int, Internal]
    other_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class OrganizationLinkEnded(OrganizationFact):
    """Its tie to another organization ended."""

    label = _("解除单位关联")
    organization_id: Annotated[int, Internal]
    other_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    to_date: Annotated[str, Internal]


@dataclass(frozen=True)
class PostCreated(OrganizationFact):
    """A post was set up in it."""

    label = _("设立岗位")
    organization_id: Annotated[int, Internal]
    post_id: Annotated[int, Internal]
    kind: Annotated[str, Public]
    title: Annotated[str, Public]
    area_id: Annotated[int | None, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class PostClosed(OrganizationFact):
    """A post of it was given up."""

    label = _("撤销岗位")
    organization_id: Annotated[int, Internal]
    post_id: Annotated[int, Internal]
    to_date: Annotated[str, Internal]


@dataclass(frozen=True)
class PostMoved(OrganizationFact):
    """The duty area of a post goes on as another version, and the post with it."""

    label = _("岗位随区域更替")
    organization_id: Annotated[int, Internal]
    post_id: Annotated[int, Internal]
    area_id: Annotated[int, Internal]
