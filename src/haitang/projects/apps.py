from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.projects"
    label = "projects"
