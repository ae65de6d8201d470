from django.apps import AppConfig


class App(AppConfig):
    name = "haitang.worktime"
    label = "worktime"
