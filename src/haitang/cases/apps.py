from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.cases"
    label = "cases"
