"""The same write under the same key happens once, and is answered the same each time.

Within one transaction with the write itself: the key is claimed first, so that a second request
under it waits for the first and then finds its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from pydantic_core import to_json

from haitang.core.access import Actor
from haitang.core.errors import Conflict, Invalid

KEY_LENGTH_MAX = 200


class IdempotencyKeyReused(Conflict):
    """The key was used before, for a request with another body."""


def party_of(actor: Actor) -> str:
    """Return who claims keys: an account's name space, or one for all visitors."""
    return f"{actor.kind}:{actor.id or 0}"


def once(*, actor: Actor, key: str, body: Any, now: datetime, write: Callable[[], dict]) -> dict:
    """Run `write` unless this key already has an answer, and return the answer either way.

    key: chosen by the caller, 1 to 200 characters. body: what was sent, as JSON values.
    write: does the deed and returns the answer as JSON values; runs inside this transaction.
    Raises Invalid (an unusable key) and IdempotencyKeyReused (another body under the key).
    Source: draft-ietf-httpapi-idempotency-key-header.
    """
    if not 0 < len(key) <= KEY_LENGTH_MAX or not key.isprintable():
        raise Invalid("Idempotency-Key 应为 1 至 200 个可见字符")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, default=str).encode()).digest()
    party = party_of(actor)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_idempotencykey (party, key, body_hash, at) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT ON CONSTRAINT core_idempotency_party_key DO NOTHING RETURNING id",
            [party, key, digest, now],
        )
        claimed = cursor.fetchone()
        if claimed is None:
            cursor.execute(
                "SELECT body_hash, answer FROM core_idempotencykey WHERE party = %s AND key = %s", [party, key]
            )
            held_digest, answer = cursor.fetchone()
            if bytes(held_digest) != digest:
                raise IdempotencyKeyReused("同一 Idempotency-Key 已用于另一份内容，请更换后重试")
            return json.loads(answer) if isinstance(answer, str) else answer
        written = to_json(write(), fallback=str).decode()  # instants as RFC 3339 has them, as in all other answers
        cursor.execute("UPDATE core_idempotencykey SET answer = %s::jsonb WHERE id = %s", [written, claimed[0]])
        return json.loads(written)
