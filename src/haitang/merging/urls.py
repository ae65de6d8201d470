from django.urls import path

from haitang.merging import views

app_name = "merging"
urlpatterns = [
    path("join/", views.join, name="join"),
    path("<int:main_id>/part/", views.part, name="part"),
    path("<int:case_id>/flag/", views.flag, name="flag"),
    path("<int:case_id>/unflag/", views.unflag, name="unflag"),
    path("<int:case_id>/repeat/", views.repeat, name="repeat"),
]
