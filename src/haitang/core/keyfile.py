"""The file with the keys of sealed fields, read anew when it changes: a key comes and goes while the site runs."""

import os
import tempfile
import time
from pathlib import Path
from threading import Lock

LOOKS_EVERY_S = 1.0
"""So often at most a process looks whether the file has changed; a value under a key it does not know makes it look."""


class KeyFile:
    """Keys as the setting FIELD_KEYS has them ("2:base64,1:base64", the current one first), in a file of mode 600."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        self._looked_at = 0.0
        self._stamp: tuple[int, int] = (0, 0)
        self._text = ""

    def text(self, *, fresh: bool = False) -> str:
        """Return the keys. fresh: look at the file now, however short ago that was. Raises OSError."""
        with self._lock:
            now = time.monotonic()
            if fresh or not self._text or now - self._looked_at >= LOOKS_EVERY_S:
                self._looked_at = now
                status = self.path.stat()
                stamp = (status.st_mtime_ns, status.st_ino)
                if stamp != self._stamp:
                    self._text, self._stamp = self.path.read_text().strip(), stamp
            return self._text

    def write(self, text: str) -> None:
        """Replace the file as a whole: whoever reads finds the old keys or the new ones."""
        descriptor, draft = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")  # of mode 600
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self.text(fresh=True)

    def __repr__(self) -> str:
        return f"<keys in {self.path.name}>"
