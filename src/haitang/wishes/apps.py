from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.wishes"
    label = "wishes"

    def ready(self) -> None:
        """Stand in the menus, and put what a volunteer is to deliver into their calendar."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu, panels
        from haitang.privacy.values import HOLDERS, Holder
        from haitang.volunteers.values import DUE
        from haitang.wishes.actions import erase_wisher
        from haitang.wishes.queries import count_to_check, due_of
        from haitang.wishes.queries.own_data import held_of_wisher
        from haitang.wishes.values import Permission
        from haitang.wishes.views.tabs import entry_form, public_wishes

        HOLDERS.join(Holder("wishes", gettext_lazy("微心愿"), held_of_wisher, erase_wisher), rank=70)
        DUE.join(due_of)
        panels.WISHES.join(public_wishes, rank=10)
        panels.WISH_ENTRY.join(entry_form)
        menu.register(
            menu.Item(_("微心愿"), "wishes:wall", ANYONE, icon="star", order=44, public=True),
            menu.Item(
                _("微心愿"), "wishes:desk", Permission.VIEW, _("志愿力量"), "star", 312,
                shown=panels.leads(panels.WISHES, "wishes:desk"),
                badge=lambda viewer: count_to_check(viewer=viewer),
            ),
            menu.Item(_("认领的微心愿"), "wishes:claims", Permission.CLAIM, _("志愿力量"), "star", 314),
            menu.Item(_("微心愿设置"), "wishes:settings", Permission.SETTINGS, _("设置"), "star", 894),
        )  # fmt: skip
