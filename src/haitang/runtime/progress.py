"""Lines for the person at the terminal: every step says that it has begun, and how long it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def say(line: str) -> None:
    """Print one line at once, also into a pipe. What cannot be said, because the disk that takes it is full or nobody
    listens any more, stops nothing."""
    with suppress(OSError):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, and say when it is done."""
    sys.stdout.write(f"· {title} …")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        yield
    except BaseException:
        say(" 未完成")
        raise
    say(f" {time.monotonic() - began:.1f} 秒")
