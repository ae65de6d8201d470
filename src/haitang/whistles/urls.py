from django.urls import path

from haitang.whistles import views

app_name = "whistles"
urlpatterns = [
    path("admin/whistles/", views.settings, name="settings"),
    path("admin/whistles/kinds/new/", views.kind_new, name="kind_new"),
    path("admin/whistles/kinds/<slug:code>/", views.kind, name="kind"),
    path("admin/whistles/ladder/", views.ladder, name="ladder"),
    path("admin/whistles/ladder/street/", views.street_ladder, name="street_ladder"),
    path("admin/whistles/meetings/", views.reminders, name="reminders"),
    path("admin/whistles/phrases/", views.phrases, name="phrases"),
    path("whistles/", views.whistle_list, name="list"),
    path("whistles/new/<int:case_id>/", views.draft, name="draft"),
    path("whistles/<int:whistle_id>/", views.whistle, name="whistle"),
    path("whistles/<int:whistle_id>/calls/<int:call_id>/<slug:name>/", views.call_deed, name="call_deed"),
    path("whistles/<int:whistle_id>/departments/", views.add, name="add"),
    path("whistles/<int:whistle_id>/meetings/", views.meeting, name="meeting"),
    path("whistles/<int:whistle_id>/meetings/<int:meeting_id>/tasks/", views.new_task, name="new_task"),
    path("whistles/<int:whistle_id>/photos/<int:photo_id>/", views.photo, name="photo"),
    path("whistles/<int:whistle_id>/tasks/<int:task_id>/", views.task, name="task"),
    path("whistles/<int:whistle_id>/<slug:name>/", views.decide, name="decide"),
]
