"""The words and the pure functions of the territory."""

from haitang.territory.values.box import Box, read_box
from haitang.territory.values.index import BoundaryIndex
from haitang.territory.values.tree import AreaRef, Territory
from haitang.territory.values.words import (
    LEVELS,
    AreaClosed,
    AreaHasChildren,
    AreaNotFound,
    CodeTaken,
    Crs,
    InvalidBoundary,
    InvalidCode,
    InvalidDate,
    InvalidPlacement,
    Kind,
    Permission,
    PopulationKind,
)

__all__ = [
    "LEVELS",
    "AreaClosed",
    "AreaHasChildren",
    "AreaNotFound",
    "AreaRef",
    "BoundaryIndex",
    "Box",
    "CodeTaken",
    "Crs",
    "InvalidBoundary",
    "InvalidCode",
    "InvalidDate",
    "InvalidPlacement",
    "Kind",
    "Permission",
    "PopulationKind",
    "Territory",
    "read_box",
]
