from django.urls import path

from haitang.oversight import views

app_name = "oversight"
urlpatterns = [
    path("admin/oversight/", views.rules, name="rules"),
    path("admin/oversight/rungs/<int:rung_id>/remove/", views.rung_remove, name="rung_remove"),
    path("oversight/burndown/", views.burndown, name="burndown"),
    path("oversight/cases/<int:case_id>/<slug:name>/", views.deed, name="deed"),
    path("oversight/requests/", views.to_decide, name="to_decide"),
    path("oversight/requests/<int:request_id>/<slug:name>/", views.decide, name="decide"),
    path("oversight/supervised/", views.supervised, name="supervised"),
]
