from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.bench"
    label = "bench"
