"""The matters of the town: the catalogue as shipped, and a broken lamp to report."""

from typing import Any

from haitang.cases import actions
from haitang.cases.models import Case
from haitang.cases.values import Permission
from haitang.core.access import Actor
from haitang.testing import people
from haitang.testing.actors import NOW, also
from haitang.testing.land import SOUTH, STEP, WEST
from haitang.testing.people import Town

FOUNDER = also(people.FOUNDER, Permission.MANAGE_CATALOG, Permission.MANAGE_ROUTING)
LAMP = "春和花园3幢楼下路灯连续三天不亮，晚上老人出行不便，请尽快维修"
HERE = {"lon": WEST + STEP / 2, "lat": SOUTH + STEP / 2}
"""Where the lamp stands: in the middle of the first grid."""


def build_town() -> Town:
    """Create the town and load the catalogue."""
    town = people.build_town()
    actions.load_default_catalog(actor=FOUNDER, now=NOW)
    return town


def report(actor: Actor, **changes: Any) -> Case:
    """Report the broken lamp in the first grid, or what the changes make of it."""
    return actions.report_case(actor=actor, **{"description": LAMP, "channel": "web", **HERE, "now": NOW, **changes})
