"""The assembly of addresses: every app's pages under one place each."""

from django.urls import include, path

from haitang.config.api import api

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", api.urls),
    path("ui/", include("haitang.core.ui.urls")),
]
