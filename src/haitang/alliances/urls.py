from django.urls import path

from haitang.alliances import views

app_name = "alliances"
urlpatterns = [
    path("unit/links/", views.unit, name="unit"),
    path("links/", views.links, name="links"),
    path("links/export/", views.links_export, name="links_export"),
    path("links/figures/", views.link_figures, name="link_figures"),
    path("links/new/", views.link_new, name="link_new"),
    path("links/template/", views.link_template, name="link_template"),
    path("links/files/", views.link_files, name="link_files"),
    path("links/files/<int:file_id>/", views.link_file, name="link_file"),
    path("links/files/<int:file_id>/take-in/", views.link_file_take_in, name="link_file_take_in"),
    path("links/<int:link_id>/", views.link, name="link"),
    path("links/<int:link_id>/release/", views.link_release, name="link_release"),
    path("links/<int:link_id>/contacts/<int:contact_id>/strike/", views.contact_strike, name="contact_strike"),
    path("links/<int:link_id>/<int:year>/agreement/", views.link_agreement, name="link_agreement"),
    path("links/<int:link_id>/<int:year>/<slug:name>/", views.link_deed, name="link_deed"),
    path("admin/alliances/", views.settings, name="settings"),
    path("admin/alliances/<slug:kind>/new/", views.line, name="line_new"),
    path("admin/alliances/<slug:kind>/<slug:code>/", views.line, name="line"),
]
