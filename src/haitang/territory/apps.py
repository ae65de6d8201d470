from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.territory"
    label = "territory"
