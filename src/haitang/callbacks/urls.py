from django.urls import path

from haitang.callbacks import views

app_name = "callbacks"
urlpatterns = [
    path("admin/callback-settings/", views.rules, name="rules"),
    path("callbacks/", views.box, name="list"),
    path("callbacks/<int:callback_id>/", views.task, name="task"),
    path("callbacks/<int:callback_id>/contact/", views.contact, name="contact"),
]
