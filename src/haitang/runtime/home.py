"""Where an instance keeps its things, and the secrets made for it on first use. No Django here."""

import os
import secrets
from pathlib import Path


def directory() -> Path:
    """Return the instance's directory, `$HAITANG_HOME` or `.haitang` below the working directory, made if absent."""
    path = Path(os.environ.get("HAITANG_HOME") or ".haitang").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def secret(name: str) -> str:
    """Return the named secret: from HAITANG_SECRET_<NAME>, else from a file of mode 600, made on first use."""
    given = os.environ.get(f"HAITANG_SECRET_{name.upper()}")
    if given:
        return given
    path = directory() / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def database() -> dict:
    """Return Django's description of the database: DATABASE_URL, or the instance's embedded server."""
    from psycopg.conninfo import conninfo_to_dict

    from haitang.runtime import postgres

    parts = conninfo_to_dict(os.environ.get("DATABASE_URL") or postgres.url())
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: value for key, value in parts.items() if key not in known}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{setting: str(parts[key]) for key, setting in known.items() if key in parts},
        "OPTIONS": {"application_name": "haitang", **options},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
