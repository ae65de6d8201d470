"""What the tests of conversations share: a question of the spring community, and people who answer it."""

from datetime import timedelta
from typing import Any

from haitang.core.access import Actor
from haitang.opinions import actions
from haitang.opinions.lifecycle import StatementStatus
from haitang.opinions.models import Conversation, Statement
from haitang.opinions.values import NewConversation
from haitang.testing.actors import NOW
from haitang.testing.people import Town

SEEDS = tuple(
    f"小区应当{each}" for each in ("限制外来车", "立体停车", "晚上共享车位", "多种树", "装充电桩", "收停车费")
)
OVER = NOW + timedelta(days=15)


def new(town: Town, **more: Any) -> NewConversation:
    """Return a conversation as it is handed in: two weeks from now on."""
    told: dict[str, Any] = {
        "title": "小区的车怎么停？", "words": "听听大家的想法", "area_id": town.areas["spring"], "opens_at": NOW,
        "closes_at": NOW + timedelta(days=14), "seeds": SEEDS,
    }  # fmt: skip
    return NewConversation(**{**told, **more})


def started(town: Town, **more: Any) -> Conversation:
    """Let the secretary begin a conversation."""
    return actions.start_conversation(actor=town.secretary, new=new(town, **more), now=NOW)


def opened(town: Town, **more: Any) -> Conversation:
    """Let the secretary begin a conversation and open it."""
    row = started(town, **more)
    return actions.open_conversation(actor=town.secretary, conversation_id=row.pk, now=NOW)


def statements(row: Conversation) -> list[Statement]:
    """Return the statements that can be answered."""
    return list(row.statements.filter(status=StatementStatus.ACCEPTED).order_by("pk"))


def resident(number: int) -> Actor:
    """Return a resident; there need be no row behind them."""
    return Actor(f"居民{number}", id=50_000 + number)


def answer(row: Conversation, who: Actor, statement: Statement, said: int, **more: Any) -> None:
    """Let somebody say something of a statement."""
    given = {"conversation_id": row.pk, "statement_id": statement.pk, "now": NOW, **more}
    actions.answer_statement(actor=who, answer=said, **given)


def two_camps(row: Conversation, larger: int = 12, smaller: int = 8) -> None:
    """Let two camps answer: all like the trees, and of the rest what one likes the other does not."""
    for number in range(larger + smaller):
        side = 1 if number < larger else -1
        for at, each in enumerate(statements(row)):
            answer(row, resident(number), each, 1 if at == 3 else side if at % 2 == 0 else -side)
