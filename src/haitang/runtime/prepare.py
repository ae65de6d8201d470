"""What must be true before the processes start: tables up to date, static files in place, a city to look at."""

import os
from hashlib import sha256
from io import StringIO
from pathlib import Path

from haitang.runtime import home, postgres
from haitang.runtime.console import Unusable
from haitang.runtime.progress import say, step

STAMP = "static.sources"
SHIPPED_STAMP = "shipped.digest"
"""Of the data that a release ships (roles, categories, …): it is taken over when it changed, migrations or none."""


def command(arguments: list[str]) -> None:
    """Bring the instance up to date: `haitang prepare [--no-demo]`."""
    with postgres.running():
        prepare(demo="--no-demo" not in arguments and os.environ.get("HAITANG_DEMO", "1") != "0")


def prepare(*, demo: bool) -> None:
    """Migrate, collect changed static files, and fill an empty database with the demo city."""
    import django
    from django.core.management import call_command, get_commands

    django.setup()
    shipped, stamp = _shipped_data(), home.directory() / SHIPPED_STAMP
    if _must_migrate() or not stamp.exists() or stamp.read_text() != shipped:
        with step("升级数据库"):
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_catalog", stdout=StringIO())
        stamp.write_text(shipped)
    collect_static()
    refuse_demo()
    if demo and os.environ.get("HAITANG_ENV") != "production" and "demo" in get_commands() and _is_empty():
        say("· 空数据库：装入演示城市")
        call_command("demo")


def refuse_demo() -> None:
    """In an installation in use, raise Unusable if anybody can sign in with the demo's password, which is public."""
    if os.environ.get("HAITANG_ENV") != "production":
        return
    from haitang.demo.queries import open_accounts

    found = open_accounts()
    if found:
        raise Unusable(
            f"HAITANG_ENV=production：数据库里有演示账号（{'、'.join(found)}），密码是公开的。"
            "请改用空的数据库；确要沿用的，先停用这些账号或修改它们的密码"
        )


def collect_static() -> None:
    """Collect and compress the static files into the instance's directory unless nothing changed since."""
    from django.core.management import call_command

    sources, stamp = _static_sources(), home.directory() / STAMP
    if stamp.exists() and stamp.read_text() == sources:
        return
    with step("整理静态文件"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources)


def skip_static() -> None:
    """Let this instance do without static files: for one whose pages nobody asks for."""
    (home.directory() / STAMP).write_text(_static_sources())


def _static_sources() -> str:
    """Return a line for each static file: its name, size and time of change."""
    from django.contrib.staticfiles.finders import get_finders

    lines = []
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = os.stat(storage.path(name))
            lines.append(f"{name} {state.st_size} {state.st_mtime_ns}")
    return "\n".join(sorted(lines))


def _shipped_data() -> str:
    """Return a digest over the data files of all apps."""
    digest = sha256()
    for path in sorted(Path(__file__).parents[1].glob("*/data/*.toml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _must_migrate() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _is_empty() -> bool:
    """Tell whether there is no area yet: nobody has begun to work here."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('territory_area')")
        if cursor.fetchone()[0] is None:
            return False
        cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM territory_area)")
        return bool(cursor.fetchone()[0])
