"""The assembly of addresses: every app's pages under one place each."""

from django.urls import include, path

from haitang.config.api import api
from haitang.config.health import healthz, readyz
from haitang.config.metrics import metrics
from haitang.people.views import change_password, security

urlpatterns = [
    path("", include("haitang.command.urls")),
    path("", include("haitang.people.urls")),
    path("accounts/password/change/", change_password, name="account_change_password"),
    path("accounts/security/", security, name="mfa_index"),
    path("accounts/security/", security, name="mfa_list_webauthn"),  # where allauth leads on to
    path("accounts/", include("haitang.core.ui.account_urls")),
    path("admin/calendars/", include("haitang.worktime.urls")),
    path("admin/organizations/", include("haitang.organizations.urls")),
    path("api/v1/", api.urls),
    path("", include("haitang.office.urls")),
    path("", include("haitang.orders.urls")),
    path("", include("haitang.cases.urls")),
    path("", include("haitang.alliances.urls")),
    path("", include("haitang.callbacks.urls")),
    path("", include("haitang.callups.urls")),
    path("", include("haitang.councils.urls")),
    path("", include("haitang.exchange.urls")),
    path("", include("haitang.ferry.urls")),
    path("merging/", include("haitang.merging.urls")),
    path("", include("haitang.owners.urls")),
    path("", include("haitang.patrols.urls")),
    path("", include("haitang.points.urls")),
    path("", include("haitang.opinions.urls")),
    path("", include("haitang.rounds.urls")),
    path("", include("haitang.voting.urls")),
    path("", include("haitang.projects.urls")),
    path("", include("haitang.servicedays.urls")),
    path("", include("haitang.surveys.urls")),
    path("field/", include("haitang.field.urls")),
    path("", include("haitang.indicators.urls")),
    path("", include("haitang.open311.urls")),
    path("", include("haitang.opendata.urls")),
    path("", include("haitang.oversight.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("ui/", include("haitang.core.ui.urls")),
    path("", include("haitang.portal.urls")),
    path("", include("haitang.privacy.urls")),
    path("", include("haitang.sso.urls")),
    path("", include("haitang.volunteers.urls")),
    path("", include("haitang.territory.urls")),
    path("", include("haitang.webhooks.urls")),
    path("", include("haitang.wechat.urls")),
    path("", include("haitang.whistles.urls")),
    path("", include("haitang.wishes.urls")),
]

handler400 = "haitang.config.failures.bad_request"
handler404 = "haitang.config.failures.not_found"
handler500 = "haitang.config.failures.server_error"
