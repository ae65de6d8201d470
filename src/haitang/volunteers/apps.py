from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.volunteers"
    label = "volunteers"

    def ready(self) -> None:
        """Ship the catalogues after each migration, and stand in the menus of residents and of the office."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.privacy.values import HOLDERS, KEYS, Holder
        from haitang.volunteers.actions import erase_volunteer
        from haitang.volunteers.queries.own_data import held_of_volunteer, opened_entry
        from haitang.volunteers.values import Permission

        HOLDERS.join(Holder("volunteers", gettext_lazy("志愿登记"), held_of_volunteer, erase_volunteer), rank=30)
        KEYS.join(opened_entry)
        post_migrate.connect(_ship, sender=self, dispatch_uid="volunteers.ship_catalogue")
        menu.register(
            menu.Item(_("我能帮忙"), "volunteers:front", ANYONE, icon="users", order=40, public=True),
            menu.Item(_("志愿登记"), "volunteers:list", Permission.VIEW, _("志愿力量"), "users", 300),
            menu.Item(_("志愿统计"), "volunteers:figures", Permission.VIEW, _("志愿力量"), "chart-bar", 305),
            menu.Item(_("导入名单"), "volunteers:import", Permission.MANAGE, _("志愿力量"), "file-import", 310),
            menu.Item(_("志愿目录"), "volunteers:catalogues", Permission.SETTINGS, _("设置"), "tags", 884),
            menu.Item(_("知情同意说明"), "volunteers:consent", Permission.SETTINGS, _("设置"), "file-text", 885),
            menu.Item(_("志愿设置"), "volunteers:settings", Permission.SETTINGS, _("设置"), "adjustments", 886),
        )  # fmt: skip


def _ship(**_more: object) -> None:
    from haitang.volunteers import actions

    actions.ship_volunteer_catalogue()
