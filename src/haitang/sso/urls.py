from django.urls import path

from haitang.sso import views

app_name = "sso"
urlpatterns = [
    path("sign-in/<slug:code>/", views.go, name="go"),
    path("sign-in/<slug:code>/back/", views.back, name="back"),
    path("sign-in/<slug:code>/out/", views.out, name="out"),
    path("me/sign-in/<slug:code>/", views.link, name="link"),
    path("me/sign-in/identities/<int:identity_id>/remove/", views.unlink, name="unlink"),
    path("admin/identity-providers/", views.providers, name="providers"),
    path("admin/identity-providers/new/", views.new, name="new"),
    path("admin/identity-providers/rules/", views.rules, name="rules"),
    path("admin/identity-providers/trust/", views.trust, name="trust"),
    path("admin/identity-providers/<int:provider_id>/", views.one, name="one"),
    path("admin/identity-providers/<int:provider_id>/edit/", views.change, name="change"),
    path("admin/identity-providers/<int:provider_id>/identities/new/", views.identity_enter, name="identity_enter"),
    path(
        "admin/identity-providers/identities/<int:identity_id>/remove/", views.identity_remove, name="identity_remove"
    ),
]
