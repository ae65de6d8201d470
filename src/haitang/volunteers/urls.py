from django.urls import path

from haitang.volunteers import views

app_name = "volunteers"
urlpatterns = [
    path("help/", views.front, name="front"),
    path("help/register/", views.register, name="register"),
    path("help/registered/", views.registered, name="registered"),
    path("help/find/", views.find, name="find"),
    path("help/verify/", views.verify, name="verify"),
    path("help/calendar/<slug:key>.ics", views.feed, name="feed"),
    path("me/help/", views.mine, name="mine"),
    path("me/help/change/", views.change, name="change"),
    path("me/help/withdraw/", views.withdraw, name="withdraw"),
    path("me/help/calendar/", views.calendar, name="calendar"),
    path("me/help/certificates/", views.certify, name="certify"),
    path("me/help/certificates/<int:certificate_id>/", views.certificate, name="certificate"),
    path("me/help/certificates/<int:certificate_id>/docx/", views.certificate_docx, name="certificate_docx"),
    path("volunteers/", views.volunteers, name="list"),
    path("volunteers/new/", views.volunteer_new, name="new"),
    path("volunteers/export/", views.export, name="export"),
    path("volunteers/figures/", views.figures, name="figures"),
    path("volunteers/import/", views.import_new, name="import"),
    path("volunteers/import/template.xlsx", views.import_template, name="import_template"),
    path("volunteers/import/<int:import_id>/", views.import_file, name="import_file"),
    path("volunteers/<int:volunteer_id>/", views.volunteer, name="volunteer"),
    path("volunteers/<int:volunteer_id>/change/", views.volunteer_change, name="volunteer_change"),
    path("volunteers/<int:volunteer_id>/relation/", views.volunteer_relation, name="relation"),
    path("volunteers/<int:volunteer_id>/unmask/", views.volunteer_unmask, name="unmask"),
    path("volunteers/<int:volunteer_id>/withdraw/", views.volunteer_withdraw, name="volunteer_withdraw"),
    path("admin/volunteer-catalogue/", views.catalogue, name="catalogues"),
    path("admin/volunteer-catalogue/<slug:kind>/", views.catalogue, name="catalogue"),
    path("admin/volunteer-catalogue/<slug:kind>/new/", views.catalogue_item, name="item_new"),
    path("admin/volunteer-catalogue/<slug:kind>/<slug:code>/", views.catalogue_item, name="item"),
    path("admin/volunteer-settings/", views.volunteer_settings, name="settings"),
]
