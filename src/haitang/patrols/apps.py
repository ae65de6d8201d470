from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.patrols"
    label = "patrols"

    def ready(self) -> None:
        """Ship the checklists after each migration, stand in the menu, and show hazards on their cases' pages."""
        from haitang.core.ui import menu, panels
        from haitang.patrols.queries import count_hazards_to_do, deputy_may_know
        from haitang.patrols.values import Permission
        from haitang.patrols.views.panels import hazard_of_case, heard_wish, heard_wishes
        from haitang.people.values import DEPUTY_MAY_KNOW

        post_migrate.connect(_ship, sender=self, dispatch_uid="patrols.ship_checklists")
        panels.CASE_REST.join(hazard_of_case)
        panels.WISHES.join(heard_wishes)
        panels.HEARD_WISH.join(heard_wish)
        DEPUTY_MAY_KNOW.join(deputy_may_know)
        menu.register(
            menu.Item(_("巡查清单"), "patrols:rounds", Permission.VIEW, _("巡查走访"), "checklist", 200),
            menu.Item(
                _("隐患"), "patrols:hazards", Permission.VIEW_HAZARD, _("巡查走访"), "alert-triangle", 210,
                badge=lambda viewer: count_hazards_to_do(viewer=viewer),
            ),
            menu.Item(_("入户走访"), "patrols:visits", Permission.VISIT, _("巡查走访"), "home", 220),
            menu.Item(
                _("微心愿"), "patrols:wishes", Permission.VISIT, _("志愿力量"), "star", 312,
                shown=panels.leads(panels.WISHES, "patrols:wishes"),
            ),
            menu.Item(_("矛盾纠纷"), "patrols:disputes", Permission.MEDIATE, _("巡查走访"), "scale", 240),
            menu.Item(_("重复采集监测"), "patrols:monitor", Permission.MONITOR, _("巡查走访"), "repeat", 250),
            menu.Item(_("巡查走访设置"), "patrols:settings", Permission.MANAGE, _("设置"), "adjustments", 882),
            menu.Item(_("巡查清单模板"), "patrols:checklists", Permission.MANAGE, _("设置"), "list-check", 880),
        )  # fmt: skip


def _ship(**_more: object) -> None:
    from haitang.patrols import actions

    actions.ship_checklists()
