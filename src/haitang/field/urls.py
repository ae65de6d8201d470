from django.urls import path

from haitang.field import views

app_name = "field"
urlpatterns = [
    path("", views.page, name="page"),
    path("worker.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("icon-<int:size>.png", views.icon, name="icon"),
    path("mine/", views.phones, name="phones"),
    path("mine/<int:phone_id>/revoke/", views.revoke, name="revoke"),
    path("state/", views.state, name="state"),
    path("todo/", views.todo, name="todo"),
    path("phones/", views.join, name="join"),
    path("phones/<uuid:uid>/", views.key, name="key"),
    path("phones/<uuid:uid>/forget/", views.forget, name="forget"),
    path("cases/", views.receive_case, name="receive_case"),
    path("cases/<int:case_id>/photos/", views.receive_photo, name="receive_photo"),
]
