"""Between the application and its database: a line that can be slow, and cut."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_CHUNK = 65_536
_DOOR = ".s.PGSQL.5432"


@dataclass
class Proxy:
    """Passes on what comes. delay_s: added to every piece, in either direction. is_shut: nobody new is let in."""

    target: Path
    delay_s: float = 0.0
    is_shut: bool = False
    _lines: set[socket.socket] = field(default_factory=set)

    def cut(self) -> int:
        """Cut every line that is open, in the middle of whatever it carries; return how many there were."""
        lines = list(self._lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        return len(lines) // 2

    def accept(self, door: socket.socket) -> None:
        """Let in whoever comes, until the door is closed."""
        while True:
            try:
                line, _address = door.accept()
            except OSError:
                return
            if self.is_shut:
                line.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            try:
                there.connect(str(self.target / _DOOR))
            except OSError:
                line.close()
                there.close()
                continue
            self._lines |= {line, there}
            for one, other in ((line, there), (there, line)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while piece := one.recv(_CHUNK):
                if self.delay_s:
                    time.sleep(self.delay_s)
                other.sendall(piece)
        except OSError:
            pass
        finally:
            for each in (one, other):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._lines -= {one, other}
            one.close()


@contextmanager
def between(target: Path, place: Path) -> Iterator[Proxy]:
    """Stand before the server whose socket is in the directory `target`, with one of the same name in `place`."""
    proxy = Proxy(target)
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as door:
        door.bind(str(place / _DOOR))
        door.listen(64)
        threading.Thread(target=proxy.accept, args=(door,), daemon=True).start()
        yield proxy
        proxy.cut()
