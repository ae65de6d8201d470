from django.apps import AppConfig

from haitang.core import catalogues


class App(AppConfig):
    name = "haitang.core"
    label = "core"

    def ready(self) -> None:
        """Make the catalogues readable before the first page is translated."""
        catalogues.compile_stale()
