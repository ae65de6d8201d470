from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.owners"
    label = "owners"

    def ready(self) -> None:
        """Stand in the menus of residents and of the office."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.owners.actions import keep_owner
        from haitang.owners.queries.own_data import held_of_owner
        from haitang.owners.values import Permission
        from haitang.privacy.values import HOLDERS, Holder

        HOLDERS.join(Holder("owners", gettext_lazy("业主名册"), held_of_owner, keep_owner), rank=90)
        menu.register(
            menu.Item(_("业主表决"), "owners:decisions", ANYONE, icon="building-community", order=47, public=True),
            menu.Item(_("小区与业主"), "owners:estates", Permission.VIEW, _("业主自治"), "building-community", 330),
            menu.Item(_("业主表决"), "owners:desk", Permission.VIEW, _("业主自治"), "checklist", 332),
            menu.Item(_("业主表决设置"), "owners:settings", Permission.SETTINGS, _("设置"), "checklist", 896),
        )  # fmt: skip
