from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.organizations"
    label = "organizations"
