from django.apps import AppConfig
from django.db.models.signals import post_migrate


class App(AppConfig):
    name = "haitang.volunteers"
    label = "volunteers"

    def ready(self) -> None:
        """Ship the catalogues after each migration."""
        post_migrate.connect(_ship, sender=self, dispatch_uid="volunteers.ship_catalogue")


def _ship(**_more: object) -> None:
    from haitang.volunteers import actions

    actions.ship_volunteer_catalogue()
