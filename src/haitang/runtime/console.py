"""The `haitang` command: Django's management commands, with the instance's database up around them."""

import os
import sys


def main() -> None:
    """Run the command named on the line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haitang.config.settings")
    from django.core.management import execute_from_command_line

    from haitang.runtime import postgres

    with postgres.running():
        execute_from_command_line(sys.argv)
