from types import ModuleType
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from haitang.core import catalogues


class App(AppConfig):
    name = "haitang.core"
    label = "core"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        """Make the catalogues readable before any app's models are imported: their import may translate a word.

        In `ready` it would be too late: Django keeps what it found at the first word for the life of the process.
        """
        catalogues.compile_stale()
        super().__init__(app_name, app_module)

    def ready(self) -> None:
        """Let every fact be known by name, whichever process reads the history, and requests reach new tables."""
        autodiscover_modules("facts")
        post_migrate.connect(_admit_askers, sender=self)  # sent once all apps are migrated


def _admit_askers(**_: Any) -> None:
    from haitang.core import wall

    wall.admit_role()
