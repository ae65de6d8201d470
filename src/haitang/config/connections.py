"""Whether a kept connection to the database still lives is asked of an idle one, not before every request."""

import threading
import time
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connection

TRUSTED_FOR_S = 5.0
"""One that worked so recently is taken as alive. If the server restarts meanwhile, a request fails and closes it."""

_worked = threading.local()


def trust_recent_connections() -> None:
    """Have Django skip its check (a statement of its own) on connections used within the last few seconds."""
    request_started.connect(_trust, dispatch_uid="config.connections.trust")
    request_finished.connect(_note, dispatch_uid="config.connections.note")


def _trust(**_: Any) -> None:
    if time.monotonic() - getattr(_worked, "at", -TRUSTED_FOR_S) < TRUSTED_FOR_S:
        connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs know only the settings


def _note(**_: Any) -> None:
    if connection.connection is not None and not connection.errors_occurred:
        _worked.at = time.monotonic()
    else:
        _worked.at = -TRUSTED_FOR_S
