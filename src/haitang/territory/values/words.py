"""The words of the territory: permissions, kinds of areas, and the ways it says no."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound


class Permission:
    """What can be held over an area.

    The tree itself is public data: reading it asks only for a known actor (SIGNED_IN). VIEW
    opens the pages of administration, MANAGE changes the tree and its boundaries.
    """

    VIEW = "territory.area.view"
    MANAGE = "territory.area.manage"


class Kind(models.TextChoices):
    """Kinds of areas, from wide to narrow. A child's level is always below its parent's."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    ZONE = "zone", _("功能区")
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    COMMUNITY = "community", _("社区")
    VILLAGE = "village", _("村")
    GRID = "grid", _("网格")
    SPECIAL_GRID = "special_grid", _("专属网格")
    MICRO_GRID = "micro_grid", _("微网格")
    BUILDING = "building", _("楼栋")

    @property
    def level(self) -> int:
        """Return how deep such an area stands: 10 province … 40 street … 60 grid … 70 building."""
        return LEVELS[self]


LEVELS = {
    Kind.PROVINCE: 10, Kind.CITY: 20, Kind.DISTRICT: 30, Kind.ZONE: 35,
    Kind.STREET: 40, Kind.TOWN: 40, Kind.TOWNSHIP: 40, Kind.COMMUNITY: 50, Kind.VILLAGE: 50,
    Kind.GRID: 60, Kind.SPECIAL_GRID: 60, Kind.MICRO_GRID: 65, Kind.BUILDING: 70,
}  # fmt: skip


class PopulationKind(models.TextChoices):
    """Ways of counting people; figures of different kinds are never added up."""

    REGISTERED = "registered", _("户籍人口")
    RESIDENT = "resident", _("常住人口")
    URBAN_RESIDENT = "urban_resident", _("城镇常住人口")
    HOUSEHOLDS = "households", _("户数")


class Crs(models.TextChoices):
    """Coordinate systems in use in China; everything is stored as WGS84."""

    WGS84 = "wgs84", _("WGS84（国际通用）")
    CGCS2000 = "cgcs2000", _("CGCS2000（天地图）")
    GCJ02 = "gcj02", _("GCJ-02（高德、腾讯）")
    BD09 = "bd09", _("BD-09（百度）")


class AreaNotFound(NotFound):
    """There is no such area."""


class AreaClosed(Conflict):
    """The area is no longer valid; nothing can be changed in it or put under it."""


class AreaHasChildren(Conflict):
    """Areas below it are still valid; they are moved or closed first."""


class CodeTaken(Conflict):
    """A valid area holds this code already."""


class InvalidCode(Invalid):
    """The code fits none of the tenant's strict patterns for its kind, or holds unusable characters."""


class InvalidPlacement(Invalid):
    """An area of this kind cannot stand there: its level is not below the parent's, or it would stand under itself."""


class InvalidDate(Invalid):
    """The date lies in the future, or before the area began."""


class InvalidBoundary(Invalid):
    """The boundary cannot be accepted; the message says what is wrong and where."""
