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
    path("admin/patrol-settings/", views.patrol_settings, name="settings"),
    path("disputes/", views.disputes, name="disputes"),
    path("disputes/new/", views.dispute_new, name="dispute_new"),
    path("disputes/<int:dispute_id>/", views.dispute, name="dispute"),
    path("disputes/<int:dispute_id>/contact/", views.dispute_unmask, name="dispute_unmask"),
    path("disputes/<int:dispute_id>/<slug:name>/", views.dispute_deed, name="dispute_deed"),
    path("households/<int:household_id>/", views.household, name="household"),
    path("households/<int:household_id>/contact/", views.household_unmask, name="household_unmask"),
    path("households/<int:household_id>/visit/", views.visit_new, name="visit_new"),
    path("households/<int:household_id>/withdraw/", views.household_withdraw, name="household_withdraw"),
    path("visits/", views.visits, name="visits"),
    path("visits/door/", views.door, name="door"),
    path("visits/monitor/", views.monitor, name="monitor"),
    path("visits/<int:visit_id>/", views.visit, name="visit"),
    path("wish-desk/heard/", views.wishes, name="wishes"),
    path("wish-desk/heard/<int:need_id>/", views.wish, name="wish"),
]
