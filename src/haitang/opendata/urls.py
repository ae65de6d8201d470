from django.urls import path

from haitang.opendata import views

app_name = "opendata"
urlpatterns = [
    path("open-data/", views.front, name="front"),
    path("open-data/data.json", views.data, name="data"),
    path("open-data/<str:name>", views.file, name="file"),
    path("admin/open-data/", views.rules, name="rules"),
]
