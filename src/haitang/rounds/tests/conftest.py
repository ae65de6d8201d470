from typing import Any

import pytest

from haitang.core import access, clock
from haitang.people import actions as people
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is NOW, or the instant given."""

    def enter_as(actor, now=NOW):
        monkeypatch.setattr(access, "VISITOR", actor)
        monkeypatch.setattr(clock, "now", lambda: now)
        return client

    return enter_as


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own; as a visitor for 0."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    tokens: dict[int, str] = {}

    def ask(account_id: int, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        if account_id:
            if account_id not in tokens:
                made = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)
                tokens[account_id] = made[1]
            headers["Authorization"] = f"Bearer {tokens[account_id]}"
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask
