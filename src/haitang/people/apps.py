from django.apps import AppConfig
from django.db.models.signals import post_migrate


class App(AppConfig):
    name = "haitang.people"
    label = "people"

    def ready(self) -> None:
        post_migrate.connect(_ship_roles, sender=self, dispatch_uid="people.ship_roles")


def _ship_roles(**_: object) -> None:
    from haitang.people import actions

    actions.ship_roles()
