"""The addresses of signing in, under allauth's own names; what is not offered here is not reachable."""

from allauth.account import views
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
]
