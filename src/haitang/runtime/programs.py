"""Programs of PostgreSQL that are run on a database and spoken to through pipes."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
                "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip


class Failed(Exception):
    """The program ended in failure; the message holds its last words."""


@contextmanager
def running(
    line: Sequence[str], address: str, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Have a program run inside, on the database of that address; a password goes by the environment.

    Raises Failed when it ends in failure. It is killed when what is inside fails.
    """
    parts = {key: str(value) for key, value in conninfo_to_dict(address).items()}
    given = {_ENVIRONMENT[key]: value for key, value in parts.items() if key in _ENVIRONMENT}
    with tempfile.TemporaryFile() as said:
        program = subprocess.Popen(
            list(line),
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout or subprocess.DEVNULL,
            stderr=said,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **given},
        )
        with program:
            try:
                yield program
            except BaseException:
                program.kill()
                raise
        if program.returncode:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()[-2000:]
            raise Failed(f"{Path(line[0]).name} 未能完成：{words}")
