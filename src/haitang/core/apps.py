from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.core"
    label = "core"
