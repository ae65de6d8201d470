"""Forgetting in the history: who somebody was, and what they wrote, without breaking its seal.

An entry is never deleted. What is left of it keeps its place, its instant and what the counts need; the name, the
account and the words of the person go. See `core.seal` for why the chain still holds. Called by actions alone.
"""

import json
import typing
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from haitang.core import history, seal
from haitang.core.access import Actor
from haitang.core.facts import Fact, fact_named
from haitang.core.privacy import Privacy

FORGOTTEN = "已删除"
"""What stands in the history for somebody who was forgotten; the database takes no other name."""
BATCH = 500
_NIL = UUID(int=0)
_LOGGED = frozenset({"SignedIn", "SignInFailed", "CodeRefused"})
"""Whence somebody signed in stays in these, about an account that no longer is anybody's: network logs are kept for six
months at least. Source: 《网络安全法》 art. 21 (3)."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What of which entries is to go.

    subjects: pairs of type and id: of entries about these, the words of residents and visitors go.
    hidden: texts (a name, a number) that are struck out of the words of everybody else about these subjects.
    account_id: whose deeds there no longer say whose they were, and hold none of their words; None for nobody's.
    everywhere: these deeds are forgotten whatever they were about.
    """

    subjects: tuple[tuple[str, int], ...] = ()
    hidden: tuple[str, ...] = ()
    account_id: int | None = None
    everywhere: bool = False


@transaction.atomic
def forget(
    *, actor: Actor, wanted: Forgetting, told: Callable[[int, str], Fact], now: datetime, limit: int = BATCH
) -> int:
    """Erase from entries of the history what is wanted; return how many, at most `limit`: 0 says that nothing is left.

    told: makes the fact of one erasure from the entry's id and the hash of what is left of it.
    """
    changed = []
    for row in _rows(wanted):
        erased = _erased(row, wanted)
        if erased is not None:
            changed.append(erased)
            if len(changed) == limit:
                break
    if not changed:
        return 0
    history.record_many(actor=actor, facts=[told(row[0], seal.rest_hash(row)) for row in changed], at=now)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE core_entry SET actor_id = %s, actor_name = %s, data = %s::jsonb, salt = %s WHERE id = %s",
            [(row[4], row[5], json.dumps(row[-2], ensure_ascii=False), _NIL, row[0]) for row in changed],
        )
    return len(changed)


def personal_texts(fact: type[Fact]) -> Collection[str]:
    """Return the names of the fact's fields that hold words of or about a person: texts and what holds texts."""
    found = []
    for name, hint in typing.get_type_hints(fact, include_extras=True).items():
        if Privacy.PERSONAL in getattr(hint, "__metadata__", ()) and not _is_figure(hint.__origin__):
            found.append(name)
    return found


def _is_figure(kind: Any) -> bool:
    """Tell whether values of that type are figures or yes and no: they say nothing once nobody stands beside them."""
    parts = set(typing.get_args(kind)) - {type(None)} or {kind}
    return parts <= {int, bool}


def _rows(wanted: Forgetting) -> Iterable[tuple]:
    columns = ", ".join(seal._COLUMNS)  # the order in which the seal hashes them
    clauses: list[str] = []
    parameters: list[Any] = []
    if wanted.account_id is not None and wanted.everywhere:
        clauses.append("actor_id = %s")
        parameters.append(wanted.account_id)
    for kind, row_id in wanted.subjects:
        clauses.append("(subject_type = %s AND subject_id = %s)")
        parameters += [kind, row_id]
    if not clauses:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM core_entry WHERE {' OR '.join(clauses)} ORDER BY id",  # noqa: S608 - texts of ours
            parameters,
        )
        yield from map(seal._parsed, cursor.fetchall())


def _erased(row: tuple, wanted: Forgetting) -> tuple | None:
    """Return what is left of an entry; None where nothing of it is to go."""
    (pk, fact, subject_type, subject_id, actor_id, actor_name, organization_id, *others, data, _salt) = row
    is_own = wanted.account_id is not None and actor_id == wanted.account_id
    is_about = (subject_type, subject_id) in wanted.subjects
    left = dict(data)
    if is_own:
        actor_id, actor_name = None, FORGOTTEN
    for name in () if fact in _LOGGED else personal_texts(fact_named(fact)):
        if left.get(name):
            if is_own or (is_about and organization_id is None):
                left[name] = type(left[name])()
            elif is_about:
                left[name] = _struck(left[name], wanted.hidden)
    if left == data and not is_own:
        return None
    left.setdefault(seal.SEALED, seal.entry_hash(row).hex())
    return (pk, fact, subject_type, subject_id, actor_id, actor_name, organization_id, *others, left, _NIL)


def _struck(value: Any, hidden: Iterable[str]) -> Any:
    if isinstance(value, dict):
        return {key: _struck(one, hidden) for key, one in value.items()}
    if isinstance(value, list):
        return [_struck(one, hidden) for one in value]
    if isinstance(value, str):
        for text in hidden:
            value = value.replace(text, "***")
    return value
