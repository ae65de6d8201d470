"""Where an instance keeps its things, and the secrets made for it on first use. No Django here."""

import os
import secrets
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

from haitang.core.keyfile import KeyFile

_FROM_OUTSIDE = "HAITANG_SECRET_"
"""How the variables begin that give secrets instead of files."""
_PATIENCE = {
    "connect_timeout": "5", "keepalives_idle": "20", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}  # fmt: skip
"""How long a database that does not answer is waited for: a server over the network that has gone without a word would
otherwise be waited for by the hour. DATABASE_URL may say otherwise."""


def directory() -> Path:
    """Return the instance's directory, `$HAITANG_HOME` or `.haitang` below the working directory, made if absent."""
    path = Path(os.environ.get("HAITANG_HOME") or ".haitang").resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def begin_counting(program: str) -> None:
    """Forget what the former processes of the program have counted (haitang.config.measuring)."""
    shutil.rmtree(directory() / "counts" / program, ignore_errors=True)


def port() -> int:
    """Return the port of the site, `$PORT` or 8000. The live process listens on the next one."""
    given = os.environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65535:
        raise SystemExit(f"PORT 应为 1 至 65534 的整数，现为“{given}”")
    return int(given)


def host() -> str:
    """Return the address the processes listen at, `$HAITANG_HOST` or this machine only."""
    return os.environ.get("HAITANG_HOST") or "127.0.0.1"


def secret(name: str) -> str:
    """Return the named secret: from HAITANG_SECRET_<NAME>, else from a file of mode 600, made on first use.

    Whoever comes first decides: the file appears whole, under its name, or not at all.
    """
    given = os.environ.get(_FROM_OUTSIDE + name.upper())
    if given:
        return given
    path = directory() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{name}-")  # mkstemp makes it mode 600
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def field_keys() -> str | KeyFile:
    """Return the keys of sealed fields: from the environment, else the file, which is read anew when it changes."""
    text = secret("field")
    path = directory() / "secrets" / "field"
    return text if os.environ.get(_FROM_OUTSIDE + "FIELD") else KeyFile(path)


def fingerprints() -> dict[str, list[str]]:
    """Return what tells the instance's secrets from others without giving them away; several where keys changed.

    From the environment or from files, whether or not the instance uses them; none is made.
    """
    files = (directory() / "secrets").glob("[!.]*")
    given = {path.name: path.read_text() for path in files if path.is_file()}
    for variable, value in os.environ.items():
        if variable.startswith(_FROM_OUTSIDE) and value:
            given[variable.removeprefix(_FROM_OUTSIDE).lower()] = value
    if keys := os.environ.get("HAITANG_FIELD_KEYS"):
        given["field"] = keys
    return {
        name: [_fingerprint(item.strip().rpartition(":")[2]) for item in text.split(",")]
        for name, text in sorted(given.items())
    }


def _fingerprint(secret_text: str) -> str:
    return sha256(f"haitang fingerprint\n{secret_text}".encode()).hexdigest()[:16]


def databases() -> dict[str, dict]:
    """Return Django's descriptions of the database, as "default": DATABASE_URL, or the instance's embedded server;
    and of its copies, "replica-1" and so on: those of DATABASE_REPLICA_URL, separated by spaces."""
    from haitang.runtime import postgres

    described = {"default": _described(os.environ.get("DATABASE_URL") or postgres.url())}
    for number, address in enumerate(os.environ.get("DATABASE_REPLICA_URL", "").split(), 1):
        copy = _described(address, connect_timeout="2")  # the database itself is there in its place
        described[f"replica-{number}"] = {**copy, "CONN_HEALTH_CHECKS": False, "TEST": {"MIRROR": "default"}}
    return described


def _described(address: str, **more: str) -> dict:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(address)
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options = {key: value for key, value in parts.items() if key not in known}
    return {
        "ENGINE": "haitang.core.postgresql",
        **{setting: str(parts[key]) for key, setting in known.items() if key in parts},
        "OPTIONS": {"application_name": "haitang", **_PATIENCE, **more, **options},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "STATEMENT_SECONDS": os.environ.get("HAITANG_STATEMENT_SECONDS") or "0",
    }
