from django.urls import path

from haitang.ferry import views

app_name = "ferry"
urlpatterns = [
    path("ferry/", views.desk, name="desk"),
    path("ferry/bring/", views.bring, name="bring"),
    path("ferry/to/<slug:code>/make/", views.make, name="make"),
    path("ferry/packages/<int:package_id>/", views.package, name="package"),
    path("ferry/packages/<int:package_id>/file/", views.download, name="download"),
    path("admin/ferry/", views.zones, name="zones"),
    path("admin/ferry/partners/new/", views.partner, name="partner_new"),
    path("admin/ferry/partners/<int:partner_id>/", views.partner, name="partner"),
]
