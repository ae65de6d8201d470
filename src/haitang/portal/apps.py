from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.portal"
    label = "portal"
