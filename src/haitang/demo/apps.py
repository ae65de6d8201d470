from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.demo"
    label = "demo"
