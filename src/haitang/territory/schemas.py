"""What the API takes in and gives out."""

from datetime import date
from typing import Annotated

from ninja import Field
from ninja import Schema as NinjaSchema

from haitang.core.schemas import NO_NUL, Schema
from haitang.territory.values import Crs, defaults

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Code = Annotated[str, Field(max_length=40, pattern=NO_NUL)]


class Point(Schema):
    """A position in degrees."""

    lon: Longitude
    lat: Latitude


class LocateIn(Schema):
    """Points to be located, each as `[lon, lat]` or `{"lon": …, "lat": …}`, in one coordinate system."""

    points: Annotated[list[tuple[Longitude, Latitude] | Point], Field(max_length=defaults.LISTS["locate_points_max"])]
    crs: Crs = Crs.WGS84


class AreaBrief(NinjaSchema):
    """An area with its names from the street downwards."""

    code: str
    name: str
    path: list[str]


class PopulationOut(NinjaSchema):
    """A population figure and the day it counts for."""

    kind: str
    number: int
    date: date
    source: str


class AreaOut(NinjaSchema):
    """One version of an area. valid_to is null while it is valid; the boundary has its own address."""

    code: str
    name: str
    kind: str
    parent: str | None
    path: list[str]
    depth: int
    valid_from: date
    valid_to: date | None
    has_boundary: bool
    children: int


class AreaPage(NinjaSchema):
    """A page of areas by code. next_cursor is null on the last one."""

    items: list[AreaOut]
    total: int
    next_cursor: str | None


class AreaDetail(AreaOut):
    """An area with its chain from the root and its newest population figures."""

    ancestors: list[AreaBrief]
    populations: list[PopulationOut]


class BoundaryOut(NinjaSchema):
    """A GeoJSON Feature in WGS84; geometry is null where nobody has drawn it."""

    type: str
    properties: dict
    geometry: dict | None
