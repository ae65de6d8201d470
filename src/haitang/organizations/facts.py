"""What can have happened to an organization."""

from dataclasses import dataclass
from typing import Annotated

from haitang.core.facts import Fact
from haitang.core.privacy import Privacy

Internal = Privacy.INTERNAL
Public = Privacy.PUBLIC


class OrganizationFact(Fact):
    """The base of all that happens to one organization."""

    subject_type = "organization"


@dataclass(frozen=True)
class OrganizationCreated(OrganizationFact):
    """It was entered, alone or in a batch, with its place, links and posts."""

    organization_id: Annotated[int, Internal]
    code: Annotated[str, Public]
    name: Annotated[str, Public]
    kind: Annotated[str, Public]
    valid_from: Annotated[str, Public]


@dataclass(frozen=True)
class OrganizationChanged(OrganizationFact):
    """Its base facts were changed: the same position in the three lists is one field."""

    organization_id: Annotated[int, Internal]
    fields: Annotated[list[str], Internal]
    before: Annotated[list[str], Public]
    after: Annotated[list[str], Public]


@dataclass(frozen=True)
class OrganizationClosed(OrganizationFact):
    """It ends on that day, and with it its places, links and posts."""

    organization_id: Annotated[int, Internal]
    valid_to: Annotated[str, Public]
    post_ids: Annotated[list[int], Internal]


@dataclass(frozen=True)
class OrganizationPlaced(OrganizationFact):
    """It got a parent in a hierarchy from that day, or none."""

    organization_id: Annotated[int, Internal]
    hierarchy: Annotated[str, Internal]
    parent_id: Annotated[int | None, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class AreaLinked(OrganizationFact):
    """It was tied to an area."""

    organization_id: Annotated[int, Internal]
    area_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class AreaUnlinked(OrganizationFact):
    """Its tie to an area ended."""

    organization_id: Annotated[int, Internal]
    area_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    to_date: Annotated[str, Internal]


@dataclass(frozen=True)
class OrganizationsLinked(OrganizationFact):
    """It was tied to another organization."""

    organization_id: Annotated[int, Internal]
    other_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class OrganizationLinkEnded(OrganizationFact):
    """Its tie to another organization ended."""

    organization_id: Annotated[int, Internal]
    other_id: Annotated[int, Internal]
    relation: Annotated[str, Internal]
    to_date: Annotated[str, Internal]


@dataclass(frozen=True)
class PostCreated(OrganizationFact):
    """A post was set up in it."""

    organization_id: Annotated[int, Internal]
    post_id: Annotated[int, Internal]
    kind: Annotated[str, Public]
    title: Annotated[str, Public]
    area_id: Annotated[int | None, Internal]
    from_date: Annotated[str, Internal]


@dataclass(frozen=True)
class PostClosed(OrganizationFact):
    """A post of it was given up."""

    organization_id: Annotated[int, Internal]
    post_id: Annotated[int, Internal]
    to_date: Annotated[str, Internal]


@dataclass(frozen=True)
class PostMoved(OrganizationFact):
    """The duty area of a post goes on as another version, and the post with it."""

    organization_id: Annotated[int, Internal]
    post_id: Annotated[int, Internal]
    area_id: Annotated[int, Internal]
