from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.sso"
    label = "sso"

    def ready(self) -> None:
        """Stand in the menu, on the page of signing in and on that of one's own account, and note sign-ins."""
        from allauth.account.signals import user_logged_in

        from haitang.core.ui import menu, panels
        from haitang.people.values import Permission as People
        from haitang.sso.values import Permission

        user_logged_in.connect(_note_sign_in, dispatch_uid="sso.note_sign_in")
        panels.SIGN_IN.join(_doors)
        panels.OWN_SECURITY.join(_own_links)
        menu.register(
            menu.Item(_("统一登录"), "sso:providers", Permission.MANAGE, _("设置"), "login", 845),
            menu.Item(_("接入系统"), "sso:systems", Permission.MANAGE, _("设置"), "link", 846),
            menu.Item(_("统一登录的信任"), "sso:trust", People.GRANT_MANAGE, _("设置"), "shield-lock", 866),
        )


def _doors(request: HttpRequest, wanted: Any) -> Any:
    from haitang.core.ui.panels import Panel
    from haitang.sso.queries import open_doors

    doors = open_doors()
    return Panel("sso/_doors.html", {"doors": doors, "next": wanted or ""}) if doors else None


def _own_links(request: Any, _about: Any) -> Any:
    from haitang.core.ui.panels import Panel
    from haitang.sso.queries import list_own_links

    links = list_own_links(viewer=request.actor)
    return Panel("sso/_own_links.html", {"links": links}) if links else None


def _note_sign_in(request: Any, user: Any, **told: Any) -> None:
    """Note a sign-in that came through a provider; every other comes without the provider's id."""
    if "identity_provider_id" not in told:
        return
    from haitang.core import clock
    from haitang.people.queries import get_actor
    from haitang.people.values import FACTOR
    from haitang.sso import actions
    from haitang.sso.values import SIGNED_IN_BY

    now = clock.now()
    request.session[SIGNED_IN_BY] = told["identity_provider_id"]
    if told["had_factor"]:
        request.session[FACTOR] = True
    actions.note_signed_in(
        actor=get_actor(user.pk, now=now), provider_id=told["identity_provider_id"], had_factor=told["had_factor"],
        now=now,
    )  # fmt: skip
