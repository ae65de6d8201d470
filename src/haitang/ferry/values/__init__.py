"""The words of the ferry: zones that cannot reach each other, packages carried between them by hand."""

from datetime import datetime
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from haitang.core.errors import Conflict, Invalid, NotFound
from haitang.ferry.values.card import Card as Card
from haitang.ferry.values.card import fingerprint_of as fingerprint_of
from haitang.ferry.values.card import is_code as is_code
from haitang.ferry.values.card import read_card as read_card
from haitang.ferry.values.contents import CarriedCase as CarriedCase
from haitang.ferry.values.contents import Contents as Contents
from haitang.ferry.values.contents import Judged as Judged
from haitang.ferry.values.contents import Progress as Progress
from haitang.ferry.values.contents import Step as Step
from haitang.ferry.values.contents import photo_bytes as photo_bytes
from haitang.ferry.values.contents import photo_text as photo_text
from haitang.ferry.values.packages import Damaged as Damaged
from haitang.ferry.values.packages import Manifest as Manifest
from haitang.ferry.values.packages import Unbound as Unbound
from haitang.ferry.values.packages import bind as bind
from haitang.ferry.values.packages import make_opening_key as make_opening_key
from haitang.ferry.values.packages import make_signing_key as make_signing_key
from haitang.ferry.values.packages import open_contents as open_contents
from haitang.ferry.values.packages import publics_of as publics_of
from haitang.ferry.values.packages import seal_contents as seal_contents
from haitang.ferry.values.packages import unbind as unbind

NAME_LENGTH_MAX = 100
SUFFIX = ".ferry"
OVERHEAD_BYTES = 65_536
"""By how much a package may be larger than what was counted while it was filled."""
ANSWER = "answer"
"""The step that is no deed: the office has answered without the case moving."""


class Permission(StrEnum):
    """Who carries packages, and who says which zones there are."""

    CARRY = "ferry.package.carry"
    MANAGE = "ferry.zone.manage"


class Direction(TextChoices):
    """Which way a package goes."""

    OUT = "out", _("带出")
    IN = "in", _("带入")


class Outcome(TextChoices):
    """What came of a file that was brought."""

    TAKEN = "taken", _("已导入")
    REPEATED = "repeated", _("重复，未再导入")
    REFUSED = "refused", _("已拒绝")


class PackageRefused(Invalid):
    """The file is no package for this zone, or not whole, or not in its turn; the sentence says which."""


class PartnerNotFound(NotFound):
    """There is no such zone among those that packages are exchanged with."""


class PackageNotFound(NotFound):
    """There is no such package, or its file has been removed because it arrived."""


class HandedAcross(Conflict):
    """The case is dealt with in the other zone; nothing is done to it here."""


class NoZone(Conflict):
    """This installation has no name and no keys of its own yet."""


def at_of(said: datetime, *, earliest: datetime, latest: datetime) -> datetime:
    """Return the instant that was said, brought between the two: the clocks of zones differ."""
    return min(max(said, earliest), latest)
