from django.urls import path, re_path

from haitang.open311 import views
from haitang.open311.values import PREFIX

_BASE = PREFIX.lstrip("/")
_FORM = r"\.(?P<form>xml|json)$"

app_name = "open311"
urlpatterns = [
    path("open311/", views.front, name="front"),
    re_path(rf"^{_BASE}discovery{_FORM}", views.discovery),
    re_path(rf"^{_BASE}services{_FORM}", views.services),
    re_path(rf"^{_BASE}services/(?P<code>[^/]{{1,80}}){_FORM}", views.definition),
    re_path(rf"^{_BASE}requests{_FORM}", views.requests, name="requests"),
    re_path(rf"^{_BASE}requests/(?P<number>[^/]{{1,80}}){_FORM}", views.single),
    re_path(rf"^{_BASE}tokens/(?P<token>[^/]{{1,300}}){_FORM}", views.token),
    re_path(rf"^{_BASE}servicerequestupdates{_FORM}", views.updates),
    re_path(rf"^{_BASE}media/(?P<sealed>[^/]{{1,300}})\.jpg$", views.media),
    re_path(rf"^{_BASE}", views.unknown),
]
