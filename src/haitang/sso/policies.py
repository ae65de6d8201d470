"""May they? Questions about an actor; they raise, and read nothing."""

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.people.values import Permission as People
from haitang.sso.values import Permission


def check_can_manage(actor: Actor) -> None:
    """Keeping providers takes MANAGE over the whole: whoever they let in may hold anything anywhere."""
    access.require(actor, Permission.MANAGE, area_path=EVERYWHERE)


def check_can_trust(actor: Actor) -> None:
    """Saying that a provider's word is a second factor is the security administrator's: three separate administrators.

    Source: GB/T 22239-2019 8.1.5.
    """
    access.require(actor, People.GRANT_MANAGE, area_path=EVERYWHERE)
