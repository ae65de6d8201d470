from django.urls import path

from haitang.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("enter/", views.enter, name="enter"),
    path("report/", views.matter, name="report"),
    path("report/place/", views.place, name="report_place"),
    path("report/contact/", views.contact, name="report_contact"),
    path("report/areas.geojson", views.outlines, name="outlines"),
    path("report/here/", views.here, name="here"),
    path("report/photos/<slug:digest>/", views.draft_photo, name="draft_photo"),
    path("report/me-too/", views.me_too, name="me_too"),
    path("report/me-too/<str:number>/", views.voiced, name="voiced"),
    path("report/done/<str:number>/", views.done, name="report_done"),
    path("track/", views.track, name="track"),
    path("track/<str:number>/", views.followed, name="followed"),
    path("track/<str:number>/rate/", views.rate, name="rate"),
    path("track/<str:number>/photos/<int:attachment_id>/", views.photo, name="photo"),
    path("mine/", views.mine, name="mine"),
    path("privacy/", views.privacy, name="privacy"),
    path("promises/", views.promises, name="promises"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
