"""Many at the same moment, each on a connection of their own, as they come to a running site."""

import threading
from collections.abc import Callable

from django.db import connection

from haitang.core.errors import Refusal

CONNECTIONS = 40
"""So many at once; the deeds beyond wait for one of these, as requests wait for a worker."""


def at_once(*deeds: Callable[[], object], connections: int = CONNECTIONS) -> list[BaseException | None]:
    """Do the deeds at the same moment; return what each was refused with, None for done. Anything else is a failure."""
    workers = min(len(deeds), connections)
    start, waiting, lock = threading.Barrier(workers), iter(enumerate(deeds)), threading.Lock()
    outcomes: list[BaseException | None] = [None] * len(deeds)

    def run() -> None:
        connection.ensure_connection()
        start.wait(timeout=60)
        try:
            while True:
                with lock:
                    index, deed = next(waiting, (-1, None))
                if deed is None:
                    return
                try:
                    deed()
                except BaseException as error:  # told of below, in the thread of the test
                    outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _each in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    strange = [error for error in outcomes if error is not None and not isinstance(error, Refusal)]
    assert not strange, strange[:3]
    return outcomes
