"""The database engine: Django's own, with one round trip less in most requests, and statements planned once."""

import logging
import time
from functools import lru_cache
from typing import Any

from django.db.backends.postgresql import base
from psycopg import sql
from psycopg.pq import TransactionStatus

from haitang.core import wall

CHECKED_FOR_S = 1.0
LOOKED_FOR_S = 60.0
_log = logging.getLogger(__name__)
_HAS_WALL = """
SELECT coalesce(bool_or(pg_has_role(oid, 'MEMBER') AND has_table_privilege(oid, to_regclass('core_entry'), 'DELETE')),
                false) FROM pg_roles WHERE rolname = %s"""


@lru_cache(1024)
def _telling(seen: str, changes_role: bool) -> bytes:
    """Return the statements that tell a session what is seen."""
    role = sql.SQL("NONE") if seen == wall.OWNER else sql.Identifier(wall.ROLE)
    told = sql.SQL("SET {} = {}").format(sql.SQL(wall.SETTING), sql.Literal(seen))
    return (sql.SQL("SET ROLE {}; {}").format(role, told) if changes_role else told).as_bytes(None)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, which does not ask a connection before every request whether it still works.

    It asks if the last answer is older than a second: a server that was restarted is found out just as before, by
    whoever comes first, and a busy process does not pay a seventh of its round trips for it.
    """

    _answered_at = float("-inf")
    health_check_done: bool
    has_wall = False
    """Whether requests stand before the second wall here: not where the role for it could not be made."""
    _prepared: set[str]
    _sight: str | None = wall.OWNER
    """What the session was told last; None where it has to be told again."""
    _is_told_within = False
    _looked_at = float("-inf")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection, which knows no prepared statement, and whose sight is its owner's."""
        self._prepared = set()
        self._sight, self._is_told_within = wall.OWNER, False
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor; if another asks than before, the session is told first."""
        if (seen := wall.sight()) != self._sight:
            self._tell(seen)
        return super().create_cursor(name)

    def _tell(self, seen: str) -> None:
        """Tell the session what is seen from now on. No statement of a request, like `prepare`.

        SET takes no snapshot: a transaction may still say what it is to be isolated from. In one that has failed
        nothing but its rollback is to come, which undoes what was told within it.
        """
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        if not self.has_wall and not self.look_for_wall():
            return  # and is told as soon as there is one
        changes_role = self._sight in (None, wall.OWNER) or seen == wall.OWNER
        with self.wrap_database_errors:
            self.connection.execute(_telling(seen, changes_role))
        self._sight, self._is_told_within = seen, not self.get_autocommit()

    def look_for_wall(self) -> bool:
        """Find out whether requests can stand before the second wall; if not, say so, and ask again later."""
        now = time.monotonic()
        if now - self._looked_at >= LOOKED_FOR_S:
            with self.wrap_database_errors:
                self.has_wall = bool(self.connection.execute(_HAS_WALL, [wall.ROLE]).fetchone()[0])
            self._looked_at = now
            if not self.has_wall:
                _log.warning("the second wall does not stand: the database's role %s is missing", wall.ROLE)
        return self.has_wall

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # the stubs leave it out
        self._is_told_within = False

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        self._forget_what_was_told_within()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out
        self._forget_what_was_told_within()

    def _forget_what_was_told_within(self) -> None:
        if self._is_told_within:
            self._sight = None

    def init_connection_state(self) -> None:
        """Bound how long a statement may take, where the process has a bound: STATEMENT_SECONDS, see runtime.home."""
        super().init_connection_state()
        seconds = int(self.settings_dict.get("STATEMENT_SECONDS") or 0)
        if seconds:
            with self.connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = '{seconds}s'")
            if not self.get_autocommit():
                self.connection.commit()

    def prepare(self, name: str, statement: str) -> None:
        """Have the open connection plan the statement under the name, if it has not yet; see core.prepared.

        No statement of a request: it is neither logged nor counted as one, and a rollback does not undo it.
        """
        if name not in self._prepared:
            with self.wrap_database_errors:
                self.connection.execute(f"PREPARE {name} AS {statement}")
            self._prepared.add(name)

    def close_if_health_check_failed(self) -> None:
        """Close the connection if it is due to be asked and does not answer.

        Decided once for a request or job: a question at the end of its transaction would begin another one.
        """
        if self.health_check_done:
            return
        now = time.monotonic()
        if now - self._answered_at < CHECKED_FOR_S:
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._answered_at = now
