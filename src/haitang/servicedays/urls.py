from django.urls import path

from haitang.servicedays import views

app_name = "servicedays"
urlpatterns = [
    path("service-days/", views.shifts, name="shifts"),
    path("service-days/<int:shift_id>/", views.shift, name="shift"),
    path("service-days/<int:shift_id>/here/<slug:code>/", views.here, name="here"),
    path("service-days/<int:shift_id>/<slug:name>/", views.own_deed, name="own_deed"),
    path("days/", views.days, name="days"),
    path("days/new/", views.day_new, name="day_new"),
    path("days/bring/", views.bring, name="bring"),
    path("days/template/", views.template, name="template"),
    path("days/export/", views.export, name="export"),
    path("days/rules/<int:rule_id>/end/", views.rule_end, name="rule_end"),
    path("days/<int:day_id>/", views.day, name="day"),
    path("days/shifts/<int:shift_id>/", views.office_shift, name="office_shift"),
    path("days/shifts/<int:shift_id>/code/", views.poster, name="poster"),
    path("days/shifts/<int:shift_id>/code.svg", views.code_image, name="code_image"),
    path("days/shifts/<int:shift_id>/roster/", views.roster, name="roster"),
    path("days/shifts/<int:shift_id>/<slug:name>/", views.shift_deed, name="shift_deed"),
    path("admin/service-day-settings/", views.serviceday_settings, name="settings"),
]
