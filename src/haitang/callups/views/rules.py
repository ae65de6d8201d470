"""Administration of the settings of call-ups."""

from django.http import HttpResponse

from haitang.callups import actions, forms, queries
from haitang.callups.values import Permission
from haitang.core.access import allow
from haitang.core.http import Request
from haitang.core.ui.entering import form_page, sent
from haitang.core.ui.settings import settings_page


@form_page
@allow(Permission.SETTINGS)
def callup_settings(request: Request) -> HttpResponse:
    """Show and change the rules for call-ups."""
    form = forms.SettingsForm(sent(request), lines=queries.list_callup_settings(viewer=request.actor))
    return settings_page(request, form, actions.change_callup_setting, "callups/settings.html", "callups:settings")
