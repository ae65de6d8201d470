"""The `haitang` command as a person at the terminal runs it, on a home of the test's own."""

import os
import subprocess
import sys
from pathlib import Path


def haitang(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "haitang", *arguments],
        env=surroundings(place, **environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def surroundings(place: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "PORT")}
    return {**kept, "HAITANG_HOME": str(place), "PYTHONPATH": os.pathsep.join(sys.path), **more}
