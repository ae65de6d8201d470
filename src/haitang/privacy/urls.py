from django.urls import path

from haitang.privacy import views

app_name = "privacy"
urlpatterns = [
    path("me/data/", views.mine, name="mine"),
    path("me/data/enter/", views.enter, name="enter"),
    path("me/data/data.json", views.mine_json, name="mine_json"),
    path("me/data/data.xlsx", views.mine_sheet, name="mine_sheet"),
    path("me/data/ask/<slug:kind>/", views.ask, name="ask"),
    path("me/data/requests/<int:request_id>/withdraw/", views.withdraw, name="withdraw"),
    path("data-requests/", views.queue, name="queue"),
    path("data-requests/<int:request_id>/", views.request_page, name="request"),
    path("data-requests/<int:request_id>/grant/", views.grant, name="grant"),
    path("data-requests/<int:request_id>/refuse/", views.refuse, name="refuse"),
    path("admin/notices/", views.notices, name="notices"),
    path("admin/notices/<slug:code>/", views.notice, name="notice"),
    path("admin/looks/", views.looks, name="looks"),
    path("admin/looks/export/", views.looks_export, name="looks_export"),
    path("admin/retention/", views.retention, name="retention"),
    path("admin/privacy-settings/", views.settings, name="settings"),
]
