"""The second wall: while a request is answered, the database itself keeps back rows that are not the asker's.

The first wall is the application's filter (`visible_to`, policies). Behind it, tables with personal data carry
row-level security. A request works under a role that owns nothing (`ROLE`), and the database is told what its asker
holds: by app the areas and organizations of their grants, and their accounts. A query that forgot its filter then finds
nothing of others. Whoever has not been identified holds nothing. Jobs and commands work as the owner, whom the wall
does not concern; so does what a request does inside `opened`.

The sight is sent before the first statement that follows a change of it (core.postgresql); it belongs to the request
and not to the connection, so that nothing is left on one that is kept. It guards against forgotten filters, not against
whoever runs statements of their own: a session may take its owner's role back.

Why, and which tables: docs/decisions/0023-a-second-wall.md.
How the database does it: its documentation, “Row Security Policies”.
"""

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

from django.db import connection

from haitang.core.access import Actor

ROLE = "haitang_asker"
SETTING = "haitang.sight"
OWNER = ""
"""The sight of jobs and commands, for whom there is no wall."""
NOTHING = "{}"
"""The sight of whoever is not identified yet, or has no account."""

_asked: ContextVar[str | None] = ContextVar("haitang_sight", default=None)
_otherwise = OWNER


def sight() -> str:
    """Return what the database is to be told before the next statement: `OWNER`, or what the asker holds, as JSON."""
    asked = _asked.get()
    return _otherwise if asked is None else asked


def stand_before() -> None:
    """Let whatever this process asks of the database outside requests, or before anybody is known, find nothing."""
    global _otherwise  # of the process: the site's begin with it
    _otherwise = NOTHING


@contextlib.contextmanager
def before_the_wall(seen: str = NOTHING) -> Iterator[None]:
    """Stand before the wall for as long as this lasts, as nobody until `identify` says who asks."""
    token = _asked.set(seen)
    try:
        yield
    finally:
        _asked.reset(token)


def identify(actor: Actor | None) -> None:
    """Say who asks in the request that is being answered; outside of one nothing happens."""
    if _asked.get() not in (None, OWNER):
        _asked.set(actor.sight if actor is not None else NOTHING)


@contextlib.contextmanager
def opened(why: str) -> Iterator[None]:
    """Work as the owner inside: for what the asker may have done although they may not see it, or proves by a code.

    why: for whoever reads the code; what is inside narrows by itself. Also as a decorator.
    """
    token = _asked.set(OWNER)
    try:
        yield
    finally:
        _asked.reset(token)


def kept(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Return the parts of an answer that is sent as it is made, each made under the present sight."""
    return _under(sight(), iter(chunks))


def _under(seen: str, parts: Iterator[bytes]) -> Iterator[bytes]:
    while True:
        with before_the_wall(seen):
            part = next(parts, None)
        if part is None:
            return
        yield part


_ADMIT = f"""
DO $$ DECLARE part text; BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN;
            GRANT {ROLE} TO CURRENT_USER;
        EXCEPTION WHEN insufficient_privilege THEN RETURN; WHEN duplicate_object THEN NULL;
        END;
    END IF;
    FOR part IN
        SELECT CASE relkind WHEN 'S' THEN format('GRANT USAGE, SELECT, UPDATE ON SEQUENCE %s TO {ROLE}', oid::regclass)
               ELSE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {ROLE}', oid::regclass) END
        FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'USAGE')
          AND CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege('{ROLE}', oid, 'UPDATE')
                   WHEN relkind IN ('r', 'v', 'p') THEN NOT has_table_privilege('{ROLE}', oid, 'DELETE') END
    LOOP
        EXECUTE part;
    END LOOP;
END $$"""  # noqa: S608 - our own role


def admit_role() -> None:
    """Make the role under which requests are answered, where that may be done, and let it reach every table.

    Where the installation's account may make no roles, whoever keeps the database does it once, and the wall stands
    after the next `migrate`: docs/operate.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ADMIT)


# --- conditions, for migrations ------------------------------------------------------------------------------------


def lies_in(chain: str, *apps: str) -> str:
    """Return the condition that an area of the chain is one over which the asker holds a permission of the apps.

    chain: the column with the ids from the root down; a permission held everywhere is one over the area 0.
    """
    return f"(0::bigint || {chain}) && (SELECT haitang_areas({_listed(apps)}))"


def is_with(column: str, *apps: str) -> str:
    """Return the condition that the asker holds a permission of the apps over the organization in the column."""
    return f"{column} = ANY ((SELECT haitang_organizations({_listed(apps)}))::bigint[])"


def is_of(column: str) -> str:
    """Return the condition that the account in the column is the asker's."""
    return f"{column} = ANY ((SELECT haitang_accounts())::bigint[])"


def follows(table: str, condition: str) -> str:
    """Return the condition that the asker sees the row of another table to which the row belongs.

    condition: how they belong together; the other's own wall says the rest.
    """
    return f"EXISTS (SELECT FROM {table} WHERE {condition})"


def wall(table: str, *conditions: str) -> tuple[str, str]:
    """Return the statements that build a wall before the table, and those that take it away.

    Whoever meets one of the conditions sees, changes and removes the row. Anybody may enter one: that shows nothing.
    """
    seen = " OR ".join(f"({condition})" for condition in conditions)
    parts = {"SELECT": f"USING ({seen})", "UPDATE": f"USING ({seen}) WITH CHECK (true)", "DELETE": f"USING ({seen})",
             "INSERT": "WITH CHECK (true)"}  # fmt: skip
    forward = "".join(
        f"CREATE POLICY wall_{deed.lower()} ON {table} FOR {deed} {how};\n" for deed, how in parts.items()
    )
    backward = "".join(f"DROP POLICY wall_{deed.lower()} ON {table};\n" for deed in parts)
    return (
        f"{forward}ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;\n",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n{backward}",
    )


def _listed(apps: tuple[str, ...]) -> str:
    return ", ".join(f"'{app}'" for app in apps)
