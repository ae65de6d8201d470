from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.voting"
    label = "voting"

    def ready(self) -> None:
        """Stand in the menus of residents and of the office."""
