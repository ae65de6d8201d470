from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.people"
    label = "people"
