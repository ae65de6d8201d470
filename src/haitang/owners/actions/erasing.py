"""What the law does not let an owner have erased by themselves."""

from datetime import datetime

from haitang.core.access import Actor
from haitang.owners.queries.own_data import held_of_owner
from haitang.privacy.values import Asker, Erased


def keep_owner(*, actor: Actor, asker: Asker, now: datetime) -> Erased:
    """Erase nothing: the register and the ballots are the record of joint decisions, which others rely on.

    Source: 《民法典》 art. 278; 《个人信息保护法》 art. 47 (2).
    """
    return Erased(kept=len(held_of_owner(asker)))
