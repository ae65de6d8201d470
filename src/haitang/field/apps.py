from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.field"
    label = "field"

    def ready(self) -> None:
        """Stand in the menu, and hear of sign-outs."""
        from haitang.cases.values import Permission
        from haitang.core.ui import menu

        menu.register(
            menu.Item(_("外勤页"), "field:page", Permission.REPORT, _("工作台"), "device-mobile", 150),
            menu.Item(_("我的外勤手机"), "field:phones", Permission.REPORT, _("工作台"), "device-mobile", 151),
        )
        user_logged_out.connect(_forget_phone, dispatch_uid="field.forget_phone")


def _forget_phone(request: Any = None, user: Any = None, **_more: object) -> None:
    """Destroy the phone's key together with its sign-in, on whichever page the person signed out."""
    from uuid import UUID

    from haitang.core import clock
    from haitang.field import actions
    from haitang.field.views.sending import PHONE
    from haitang.people.queries import get_actor

    held = request.session.get(PHONE) if request is not None else None
    if held and user is not None:
        actions.forget_phone(actor=get_actor(user.pk), uid=UUID(held), now=clock.now())
