from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.command"
    label = "command"
