from django.urls import path

from haitang.core.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("preference/", views.preference, name="preference"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
