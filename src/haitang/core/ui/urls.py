from django.urls import path

from haitang.core.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("preference/", views.preference, name="preference"),
    path("gallery/shapes.json", views.shapes, name="shapes"),
    path("gallery/<slug:name>/", views.page, name="page"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
