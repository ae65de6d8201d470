"""The pages of areas: browsing and changing the tree, drawing and checking boundaries, outlines for maps."""

from haitang.territory.views.changing import (
    boundary,
    change,
    close,
    codes,
    create,
    create_root,
    import_boundaries,
    population,
    replace,
)
from haitang.territory.views.reading import area, findings, geojson, index

__all__ = [
    "area",
    "boundary",
    "change",
    "close",
    "codes",
    "create",
    "create_root",
    "findings",
    "geojson",
    "import_boundaries",
    "index",
    "population",
    "replace",
]
