from django.urls import path

from haitang.worktime import views

app_name = "worktime"
urlpatterns = [
    path("", views.calendar_list, name="calendars"),
    path("new/", views.calendar_new, name="calendar_new"),
    path("import/", views.days_import, name="days_import"),
    path("<int:calendar_id>/", views.calendar_year, name="calendar"),
    path("<int:calendar_id>/edit/", views.calendar_edit, name="calendar_edit"),
    path("<int:calendar_id>/default/", views.calendar_default, name="calendar_default"),
    path("<int:calendar_id>/clear/", views.day_clear, name="day_clear"),
]
