from django.urls import path

from haitang.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("admin/webhooks/", views.subscriptions, name="list"),
    path("admin/webhooks/new/", views.new, name="new"),
    path("admin/webhooks/rules/", views.rules, name="rules"),
    path("admin/webhooks/<int:subscription_id>/", views.one, name="one"),
    path("admin/webhooks/<int:subscription_id>/edit/", views.edit, name="edit"),
    path("admin/webhooks/<int:subscription_id>/test/", views.test, name="test"),
    path("admin/webhooks/<int:subscription_id>/secret/", views.secret, name="secret"),
    path("admin/webhooks/<int:subscription_id>/pause/", views.pause, name="pause"),
    path("admin/webhooks/<int:subscription_id>/resume/", views.resume, name="resume"),
    path("admin/webhooks/<int:subscription_id>/end/", views.end, name="end"),
    path("admin/webhooks/<int:subscription_id>/dead/", views.dead, name="dead"),
]
