from datetime import timedelta
from typing import Any

import pytest

from haitang.core import access, clock
from haitang.councils import actions
from haitang.people import actions as people
from haitang.testing.actors import NOW
from haitang.testing.cases import build_town
from haitang.testing.people import FOUNDER


@pytest.fixture
def town(db):
    """The town with its catalogue of cases and the shipped kinds of councils."""
    actions.ship_council_kinds()
    return build_town()


@pytest.fixture
def as_(client, monkeypatch):
    """Whoever comes without an account is taken for this actor; it is 20 minutes after NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))

    def enter_as(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return enter_as


@pytest.fixture
def call(client, monkeypatch):
    """Ask the API as an account, with a token of its own, 20 minutes after NOW; as a visitor for 0."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    tokens: dict[int, str] = {}

    def ask(account_id: int, method: str, path: str, body: Any = None) -> Any:
        headers = {}
        if account_id:
            if account_id not in tokens:
                made = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)
                tokens[account_id] = made[1]
            headers["Authorization"] = f"Bearer {tokens[account_id]}"
        given = {"data": body or {}, "content_type": "application/json"} if method == "post" else {}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask
