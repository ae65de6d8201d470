from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.rounds"
    label = "rounds"

    def ready(self) -> None:
        """Stand in the menus, and name what projects come from."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.privacy.values import HOLDERS, Holder
        from haitang.projects.values import ORIGINS
        from haitang.rounds.actions import erase_proposer
        from haitang.rounds.queries import count_to_check, origin_of
        from haitang.rounds.queries.own_data import held_of_proposer
        from haitang.rounds.values import Permission

        HOLDERS.join(Holder("proposals", gettext_lazy("微实事提案"), held_of_proposer, erase_proposer), rank=50)
        ORIGINS.join(origin_of)
        menu.register(
            menu.Item(_("微实事"), "rounds:rounds", ANYONE, icon="bulb", order=42, public=True),
            menu.Item(
                _("微实事"), "rounds:desk", Permission.VIEW, _("居民议事"), "bulb", 320,
                badge=lambda viewer: count_to_check(viewer=viewer),
            ),
            menu.Item(_("微实事设置"), "rounds:settings", Permission.SETTINGS, _("设置"), "bulb", 893),
        )  # fmt: skip
