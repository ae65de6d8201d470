"""Two consultations of the home community: one closed, with groups and their consensus; one to take part in.

Most answers come on paper, many sheets at a time, as an office enters those of a meeting.
"""

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

from haitang.demo import staff
from haitang.demo.city import City
from haitang.demo.playing import Cast, installer
from haitang.demo.timeline import home_of
from haitang.opinions import actions, queries
from haitang.opinions.lifecycle import StatementStatus
from haitang.opinions.values import Answer, NewConversation, Permission
from haitang.territory.queries import territory

_PLANS = tomllib.loads(files("haitang.demo").joinpath("data/opinions.toml").read_text("utf-8"))["conversation"]
_SEED = 41
_ANSWERED, _PASSED = 0.85, 0.08
"""How much of a sheet is filled in, and how much of that is a pass."""


def is_done() -> bool:
    """Tell whether anything was ever asked."""
    return bool(queries.list_public_conversations().rows)


def consult(cast: Cast, city: City, *, now: datetime) -> None:
    """Ask twice; close the first, and leave two statements of a resident in the second, one of them to be read."""
    clerk = installer(*Permission)
    home = territory().by_code(home_of(city).parent)
    assert home is not None  # the city is there
    closed, open_ = _PLANS
    over = now - timedelta(days=26)
    row = _ask(clerk, closed, home.id, over - timedelta(days=14), over)
    _answer(clerk, row, closed, over - timedelta(days=2))
    actions.close_due_conversation(actor=clerk, conversation_id=row.pk, now=over)
    begun = now - timedelta(days=5)
    row = _ask(clerk, open_, home.id, begun, now + timedelta(days=9))
    _answer(clerk, row, open_, now - timedelta(days=1))
    resident = cast.actor(staff.RESIDENT)
    said = [
        actions.say_statement(actor=resident, conversation_id=row.pk, words=words, now=now - timedelta(hours=5))
        for words in ("天冷了可以借社区的室内场地", "三号楼那几个人就是故意吵人")
    ]
    reason = "指向具体的人，请改成对事的说法"
    actions.deny_statement(actor=clerk, statement_id=said[1].pk, reason=reason, now=now - timedelta(hours=2))
    actions.find_opinion_groups(actor=clerk, conversation_id=row.pk, now=now)


def _ask(clerk: Any, plan: dict[str, Any], area_id: int, opens_at: datetime, closes_at: datetime) -> Any:
    seeds = tuple(words for words, _camps in plan["statements"])
    new = NewConversation(plan["title"], plan["words"], area_id, opens_at, closes_at, seeds=seeds)
    row = actions.start_conversation(actor=clerk, new=new, now=opens_at - timedelta(days=2))
    return actions.open_conversation(actor=clerk, conversation_id=row.pk, now=opens_at - timedelta(days=1))


def _answer(clerk: Any, row: Any, plan: dict[str, Any], at: datetime) -> None:
    """Let every camp fill in its sheets."""
    random = Random(_SEED)
    ids = {each.words: each.pk for each in queries.list_statements(row.pk, StatementStatus.ACCEPTED)}
    sheets = []
    for camp, people in enumerate(plan["camps"]):
        for _person in range(people):
            sheet = {
                ids[words]: _said(random, lean[camp])
                for words, lean in plan["statements"]
                if random.random() < _ANSWERED
            }
            sheets.append(sheet or {next(iter(ids.values())): int(Answer.PASS)})
    actions.enter_sheets(actor=clerk, conversation_id=row.pk, sheets=sheets, now=at)


def _said(random: Random, lean: float) -> int:
    if random.random() < _PASSED:
        return int(Answer.PASS)
    return int(Answer.AGREE if random.random() < (1 + lean) / 2 else Answer.DISAGREE)
