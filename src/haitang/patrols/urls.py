from django.urls import path

from haitang.patrols import views

app_name = "patrols"
urlpatterns = [
    path("admin/checklists/", views.checklists, name="checklists"),
    path("admin/checklists/new/", views.checklist_new, name="checklist_new"),
    path("admin/checklists/<slug:code>/", views.checklist, name="checklist"),
    path("patrols/", views.rounds, name="rounds"),
    path("patrols/progress/", views.progress, name="progress"),
    path("patrols/<int:round_id>/", views.round_page, name="round"),
    path("patrols/<int:round_id>/<slug:key>/", views.check_item, name="check_item"),
    path("hazards/", views.hazards, name="hazards"),
    path("hazards/new/", views.hazard_new, name="hazard_new"),
    path("hazards/<int:hazard_id>/", views.hazard, name="hazard"),
    path("hazards/<int:hazard_id>/assign/", views.hazard_assign, name="hazard_assign"),
    path("hazards/<int:hazard_id>/case/", views.hazard_case, name="hazard_case"),
    path("hazards/<int:hazard_id>/photos/<int:photo_id>/", views.hazard_photo, name="hazard_photo"),
    path("hazards/<int:hazard_id>/<slug:name>/", views.hazard_deed, name="hazard_deed"),
]
