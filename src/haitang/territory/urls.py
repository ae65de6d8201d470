from django.urls import path

from haitang.territory import views

app_name = "territory"
urlpatterns = [
    path("areas/geojson", views.geojson, name="geojson"),
    path("admin/areas/", views.index, name="index"),
    path("admin/areas/new/", views.create_root, name="create_root"),
    path("admin/areas/codes/", views.codes, name="codes"),
    path("admin/areas/import/", views.import_boundaries, name="import"),
    path("admin/areas/<int:area_id>/", views.area, name="area"),
    path("admin/areas/<int:area_id>/new/", views.create, name="create"),
    path("admin/areas/<int:area_id>/change/", views.change, name="change"),
    path("admin/areas/<int:area_id>/replace/", views.replace, name="replace"),
    path("admin/areas/<int:area_id>/close/", views.close, name="close"),
    path("admin/areas/<int:area_id>/population/", views.population, name="population"),
    path("admin/areas/<int:area_id>/boundary/", views.boundary, name="boundary"),
    path("admin/areas/<int:area_id>/findings.geojson", views.findings, name="findings"),
]
