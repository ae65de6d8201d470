"""The stretch of land that a map shows."""

import math

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees (WGS84)."""


def read_box(text: str) -> Box | None:
    """Return the box that "west,south,east,north" says, None for "".

    Raises Invalid for anything but four degrees, west to east and south to north.
    """
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(_("bbox 应为“西,南,东,北”四个数")) from error
    if not all(math.isfinite(part) for part in (west, south, east, north)) or west > east or south > north:
        raise Invalid(_("bbox 应为“西,南,东,北”四个数"))
    return west, south, east, north
