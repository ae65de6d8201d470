"""The database engine: Django's own, with one round trip less in most requests, and statements planned once."""

import time
from typing import Any

from django.db.backends.postgresql import base

CHECKED_FOR_S = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, which does not ask a connection before every request whether it still works.

    It asks if the last answer is older than a second: a server that was restarted is found out just as before, by
    whoever comes first, and a busy process does not pay a seventh of its round trips for it.
    """

    _answered_at = float("-inf")
    health_check_done: bool
    _prepared: set[str]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return a new connection, which knows no prepared statement."""
        self._prepared = set()
        return super().get_new_connection(conn_params)

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
