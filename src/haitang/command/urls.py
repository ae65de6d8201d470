from django.urls import path

from haitang.command import views

app_name = "command"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("map/", views.case_map, name="map"),
    path("map/cases.geojson", views.map_cases, name="map_cases"),
    path("map/counts.geojson", views.map_counts, name="map_counts"),
    path("figures/", views.figures, name="figures"),
    path("figures/export/", views.export, name="export"),
]
