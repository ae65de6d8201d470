"""Every write to the territory."""

from haitang.territory.actions.areas import change_area, close_area, create_area, create_areas, replace_area
from haitang.territory.actions.boundaries import import_boundaries, set_boundary
from haitang.territory.actions.figures import add_population, set_code_rule

__all__ = [
    "add_population",
    "change_area",
    "close_area",
    "create_area",
    "create_areas",
    "import_boundaries",
    "replace_area",
    "set_boundary",
    "set_code_rule",
]
