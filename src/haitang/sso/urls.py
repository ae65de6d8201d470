from django.urls import path

from haitang.sso import views

app_name = "sso"
urlpatterns = [
    path(".well-known/openid-configuration", views.configuration, name="configuration"),
    path("oidc/authorize/", views.authorize, name="authorize"),
    path("oidc/token/", views.token, name="token"),
    path("oidc/userinfo/", views.userinfo, name="userinfo"),
    path("oidc/revoke/", views.revoke, name="revoke"),
    path("oidc/keys/", views.keys, name="keys"),
    path("oidc/end/", views.end, name="end"),
    path("admin/connected-systems/", views.systems, name="systems"),
    path("admin/connected-systems/new/", views.system_new, name="system_new"),
    path("admin/connected-systems/keys/rotate/", views.key_rotate, name="key_rotate"),
    path("admin/connected-systems/<int:system_id>/", views.system, name="system"),
    path("admin/connected-systems/<int:system_id>/edit/", views.system_change, name="system_change"),
    path("admin/connected-systems/<int:system_id>/secret/", views.system_secret, name="system_secret"),
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
