"""The addresses of signing in, under allauth's own names; what is not offered here is not reachable."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.views.generic import TemplateView

_contact = TemplateView.as_view(template_name="account/contact_administrator.html")
_closed = TemplateView.as_view(template_name="account/signup_closed.html")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", _contact, name="account_reset_password"),
    path("password/set/", _contact, name="account_set_password"),
    path("signup/", _closed, name="account_signup"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("2fa/", factors.authenticate, name="mfa_authenticate"),
    path("2fa/code/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/code/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/passkey/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/passkey/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/recovery/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
]
