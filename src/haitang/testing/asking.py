"""Asking the API in tests as one account after another."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from haitang.people import actions as people
from haitang.testing.actors import NOW
from haitang.testing.people import FOUNDER


def asker(client: Client) -> Callable[..., Any]:
    """Return a function that asks the API as an account, each with a token of its own; as a visitor for 0."""
    tokens: dict[int, str] = {}

    def ask(account_id: int, method: str, path: str, body: Any = None, key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        if account_id:
            if account_id not in tokens:
                tokens[account_id] = people.create_token(actor=FOUNDER, account_id=account_id, name="测试", now=NOW)[1]
            headers["Authorization"] = f"Bearer {tokens[account_id]}"
        given = {} if method == "get" else {"data": body or {}, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **given)

    return ask
