"""What the API gives out about organizations."""

from datetime import date
from typing import Annotated

from ninja import Schema as NinjaSchema

from haitang.core.schemas import text
from haitang.organizations.values import CODE_LENGTH_MAX

Code = Annotated[str, text(CODE_LENGTH_MAX)]


class AreaBrief(NinjaSchema):
    """An area by code and name."""

    code: str
    name: str


class OrganizationBase(NinjaSchema):
    """The base facts; valid_to is null while no end is known."""

    code: str
    name: str
    short_name: str
    kind: str
    kind_name: str
    credit_code: str
    phone: str
    valid_from: date
    valid_to: date | None


class OrganizationOut(OrganizationBase):
    """One organization that exists today.

    serves: the areas it serves today. above: code of its administrative parent today.
    """

    serves: list[AreaBrief]
    above: str | None


class OrganizationList(NinjaSchema):
    """One page of organizations; next_cursor is null on the last."""

    items: list[OrganizationOut]
    total: int
    next_cursor: str | None


class PlaceOut(NinjaSchema):
    """A parent in one hierarchy, over [from_date, to_date)."""

    hierarchy: str
    parent: str
    from_date: date
    to_date: date | None


class AreaTie(NinjaSchema):
    """A tie to an area, over [from_date, to_date)."""

    relation: str
    area: AreaBrief
    from_date: date
    to_date: date | None


class LinkOut(NinjaSchema):
    """A tie to another organization, over [from_date, to_date)."""

    relation: str
    organization: str
    from_date: date
    to_date: date | None


class PostOut(NinjaSchema):
    """A post and its duty area; who holds it is not told here."""

    kind: str
    title: str
    area: AreaBrief | None
    from_date: date
    to_date: date | None


class OrganizationDetail(OrganizationBase):
    """One organization with everything that hangs on it, past and future included."""

    places: list[PlaceOut]
    areas: list[AreaTie]
    links: list[LinkOut]
    posts: list[PostOut]
