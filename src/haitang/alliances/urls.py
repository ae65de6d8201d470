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
    path("committees/", views.committees, name="committees"),
    path("committees/export/", views.committees_export, name="committees_export"),
    path("committees/new/", views.committee_new, name="committee_new"),
    path("committees/decisions/", views.decisions, name="decisions"),
    path("committees/decisions/export/", views.decisions_export, name="decisions_export"),
    path("committees/meetings/<int:meeting_id>/", views.meeting, name="meeting"),
    path("committees/meetings/<int:meeting_id>/edit/", views.meeting_edit, name="meeting_edit"),
    path("committees/meetings/<int:meeting_id>/<slug:name>/", views.meeting_deed, name="meeting_deed"),
    path(
        "committees/meetings/<int:meeting_id>/decisions/<int:decision_id>/<slug:name>/",
        views.decision_deed,
        name="decision_deed",
    ),
    path("committees/<int:committee_id>/", views.committee, name="committee"),
    path("committees/<int:committee_id>/meetings/new/", views.meeting_new, name="meeting_new"),
    path("committees/<int:committee_id>/seats/<int:seat_id>/", views.seat, name="seat"),
    path("committees/<int:committee_id>/<slug:name>/", views.committee_deed, name="committee_deed"),
    path("admin/alliances/", views.settings, name="settings"),
    path("admin/alliances/<slug:kind>/new/", views.line, name="line_new"),
    path("admin/alliances/<slug:kind>/<slug:code>/", views.line, name="line"),
]
