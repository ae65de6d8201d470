"""The background worker: reactions to facts, and the clock's own work."""

import os

from haitang.runtime import postgres

JOBS_AT_ONCE = 2


def command(arguments: list[str]) -> None:
    """Work off jobs until told to stop: `haitang worker`. `HAITANG_JOBS` says how many at once."""
    import django
    from django.core.management import call_command

    with postgres.running():
        django.setup()
        call_command(
            "procrastinate",
            "worker",
            "--concurrency", str(os.environ.get("HAITANG_JOBS") or JOBS_AT_ONCE),
            "--shutdown-graceful-timeout", "10",
            "--delete-jobs", "successful",
        )  # fmt: skip
