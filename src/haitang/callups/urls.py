from django.urls import path

from haitang.callups import views

app_name = "callups"
urlpatterns = [
    path("calls/", views.mine, name="mine"),
    path("calls/<int:callup_id>/", views.call, name="call"),
    path("calls/<int:callup_id>/answer/", views.answer, name="answer"),
    path("calls/<int:callup_id>/here/<slug:code>/", views.here, name="here"),
    path("callups/", views.callups, name="list"),
    path("callups/new/", views.callup_new, name="new"),
    path("callups/<int:callup_id>/", views.callup, name="callup"),
    path("callups/<int:callup_id>/people/", views.people, name="people"),
    path("callups/<int:callup_id>/people/<int:call_id>/", views.take_down, name="take_down"),
    path("callups/<int:callup_id>/code/", views.poster, name="poster"),
    path("callups/<int:callup_id>/code.svg", views.code_image, name="code_image"),
    path("callups/<int:callup_id>/<slug:name>/", views.deed, name="deed"),
    path("admin/callup-settings/", views.callup_settings, name="settings"),
]
