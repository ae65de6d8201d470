"""The tie between `haitang run` and its processes: however the supervisor goes, they end by themselves.

The supervisor alone holds the writing end of a pipe, and each of its processes the reading end. Nothing is ever
written; the end of the file says that the supervisor is gone, also after `kill -9`, when nobody is left to tell them.
"""

import contextlib
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from haitang.runtime import home

VARIABLE = "_HAITANG_LIFELINE"
"""Holds, from the supervisor to its processes only, the number of the reading end."""
END_SECONDS_MAX = 30
"""Longer than any of them takes to end in order; what is left then is killed, with all that it had started."""
_NAME = "ending"


class Lifeline:
    """The supervisor's side: what its processes are given when they start."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()

    @property
    def ties(self) -> dict[str, Any]:
        """Return the options of `subprocess` with which a process is started that shall end with this one."""
        return {"pass_fds": (self._reading,), "env": {**os.environ, VARIABLE: str(self._reading)}}


def watch() -> None:
    """End this process in order, as Ctrl-C does, once its supervisor is gone. Does nothing where there is none."""
    given = os.environ.pop(VARIABLE, "")
    if given:
        threading.Thread(target=_end_with_supervisor, args=(int(given),), name="lifeline", daemon=True).start()


def wait_for_ending(is_free: Callable[[], bool]) -> bool:
    """Wait while processes of a supervisor that was killed are still ending here; return whether it is free now."""
    deadline = time.monotonic() + END_SECONDS_MAX + 5
    # For a moment they have not yet noticed.
    noticed = time.monotonic() + 1
    while not is_free():
        if time.monotonic() > (deadline if _are_ending() else noticed):
            return False
        time.sleep(0.1)
    return True


def _end_with_supervisor(reading: int) -> None:
    while os.read(reading, 1):
        pass
    with (home.directory() / _NAME).open("w") as ending:
        fcntl.flock(ending, fcntl.LOCK_SH)  # until this process is no more
        with contextlib.suppress(OSError):  # nobody may be there to read it
            sys.stderr.write("主进程已不在，本进程随之结束\n")
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        time.sleep(END_SECONDS_MAX)
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)


def _are_ending() -> bool:
    with (home.directory() / _NAME).open("w") as ending:
        try:
            fcntl.flock(ending, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
