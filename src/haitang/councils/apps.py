from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.councils"
    label = "councils"

    def ready(self) -> None:
        """Ship the kinds after each migration, stand in the menus, and tell cases and projects what they come from."""
        from haitang.core import clock
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu, panels
        from haitang.councils.actions import erase_speaker
        from haitang.councils.actions.ways import OF_OWNERS, OF_RESIDENTS
        from haitang.councils.queries import count_inbox, count_late
        from haitang.councils.queries.own_data import held_of_speaker
        from haitang.councils.values import VOTING, Permission
        from haitang.councils.views.panels import origin_of, resolution_of_case
        from haitang.privacy.values import HOLDERS, Holder
        from haitang.projects.values import ORIGINS

        HOLDERS.join(Holder("topics", gettext_lazy("提议和提问"), held_of_speaker, erase_speaker), rank=60)
        panels.CASE_REST.join(resolution_of_case)
        ORIGINS.join(origin_of)
        VOTING.join(OF_RESIDENTS)
        VOTING.join(OF_OWNERS)
        post_migrate.connect(_ship, sender=self, dispatch_uid="councils.ship_council_kinds")
        group = _("民主协商")
        menu.register(
            menu.Item(_("议事"), "councils:councils", ANYONE, icon="users-group", order=47, public=True),
            menu.Item(_("议事组织"), "councils:desk", Permission.VIEW, group, "users-group", 332),
            menu.Item(
                _("居民提议"), "councils:desk_topics", Permission.VIEW, group, "bulb", 334,
                badge=lambda viewer: count_inbox(viewer=viewer, permission=Permission.MODERATE),
            ),
            menu.Item(
                _("议定事项"), "councils:resolutions", Permission.VIEW, group, "checklist", 336,
                badge=lambda viewer: count_late(viewer=viewer, today=clock.local_date(clock.now())),
            ),
            menu.Item(
                _("居民提问"), "councils:desk_questions", Permission.VIEW, group, "help", 338,
                badge=lambda viewer: count_inbox(viewer=viewer, permission=Permission.ANSWER),
            ),
            menu.Item(_("议事设置"), "councils:settings", Permission.MANAGE, _("设置"), "users-group", 897),
        )  # fmt: skip


def _ship(**_more: object) -> None:
    from haitang.councils import actions

    actions.ship_council_kinds()
