"""What actions on rounds share: texts taken in, the phase asked, who hears of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.clock import local_date
from haitang.core.errors import Invalid
from haitang.core.facts import Fact
from haitang.core.history import Audience
from haitang.core.privacy import mask_text
from haitang.rounds import policies, queries
from haitang.rounds.models import Pot, Proposal, Round
from haitang.rounds.values import WORDS_LENGTH_MAX, Permission, Task


def told(row: Round | Pot | Proposal) -> Audience:
    """Return who hears of what is done: those who work with rounds there."""
    path = row.pot.area_path if isinstance(row, Proposal) else row.area_path
    return Audience(area_path=path, permission=Permission.VIEW)


_RESIDENT = "居民"
ANONYMOUS = Actor(_RESIDENT)
"""Who stands in the history for residents: it forgets nothing, and rows forget who has proposed after a term."""


def recorded_as(actor: Actor, row: Proposal) -> Actor:
    """Return who is to stand in the history: of an author nothing but that it was a resident."""
    return ANONYMOUS if policies.is_author(actor, row) else actor


def record_all(actor: Actor, happened: Sequence[tuple[Fact, Audience]], now: datetime) -> None:
    """Write facts about many rows down: those that one audience hears in one statement, else a few for all."""
    audiences = {audience for _fact, audience in happened}
    if len(audiences) == 1:
        facts = [fact for fact, _audience in happened]
        history.record_many(actor=actor, facts=facts, at=now, audience=audiences.pop())
    else:
        history.record_each(actor=actor, facts=happened, at=now)


def check_phase(round_: Round, task: Task, now: datetime) -> None:
    """Raise NotInPhase unless a phase that lasts today permits the task."""
    policies.check_phase(round_, queries.phases_of(round_.pk), task, local_date(now))


def text_of(given: str, name: str, refusal: type[Invalid], length: int = WORDS_LENGTH_MAX, *, missing: str = "") -> str:
    """Return what was typed without outer spaces. Raises `refusal` where it is too long, or missing and may not be."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise refusal(wrong, {name: wrong})
    return given


def public_text_of(
    given: str, name: str, refusal: type[Invalid], length: int = WORDS_LENGTH_MAX, *, missing: str = ""
) -> str:
    """Return what was typed and anybody will read; telephone, identity and card numbers in it are refused.

    It knows forms, not meanings: a person reads every proposal before it is public all the same.
    """
    text = text_of(given, name, refusal, length, missing=missing)
    if mask_text(text)[1]:
        wrong = _("这里会公开，请去掉电话、证件号码或邮箱")
        raise refusal(wrong, {name: wrong})
    return text


def refuse(refusal: type[Invalid], faults: Mapping[str, str]) -> None:
    """Raise `refusal` with every fault, if there is any."""
    if faults:
        raise refusal("；".join(dict.fromkeys(faults.values())), faults)
