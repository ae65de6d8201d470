from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _


class App(AppConfig):
    name = "haitang.merging"
    label = "merging"

    def ready(self) -> None:
        """Keep joined cases together, ship the settings, stand on the pages of cases."""
        from haitang.cases.values import ENTERED, GUARDS, SETTINGS, MoreSettings
        from haitang.core.ui import panels
        from haitang.merging import views
        from haitang.merging.actions import clean_old_voices, erase_voices, note_repeat
        from haitang.merging.queries import keep_together
        from haitang.merging.queries.own_data import count_old_voices, held_of_voice, opened_voice
        from haitang.privacy.values import CLEANERS, HOLDERS, KEYS, Cleaner, Holder

        CLEANERS.join(Cleaner("voices", count_old_voices, clean_old_voices))
        HOLDERS.join(Holder("voices", gettext_lazy("我也遇到"), held_of_voice, erase_voices), rank=20)
        KEYS.join(opened_voice)
        GUARDS.join(keep_together)
        ENTERED.join(note_repeat)
        SETTINGS.join(MoreSettings("merging", {
            "bundled_clock": _("捆绑计时：并案后按最早到期的时限办理"),
            "voices_per_hour": _("“我也遇到”每小时最多次数（同一来访地址）"),
            "priority_points.voice": _("优先级：一人说“我也遇到”计几分"),
            "priority_points.joined": _("优先级：并入一件计几分"),
            "priority_points.repeat": _("优先级：重复反映一次计几分"),
            "priority_points.raised": _("满几分为“优先”"),
            "priority_points.urgent": _("满几分为“加急”"),
            "repeat_near.days": _("重复反映：几天以内"),
            "repeat_near.meters": _("重复反映：距离（米）以内"),
            "difficult_from.repeats": _("疑难：重复反映几次起"),
            "difficult_from.returns": _("疑难：退回几次起"),
            "difficult_from.reworks": _("疑难：返工几次起"),
            "difficult_from.reopenings": _("疑难：重办几次起"),
            "difficult_from.days": _("疑难：几天仍未结案"),
        }))  # fmt: skip
        panels.CASE_SIDE.join(views.deeds_panel)
        panels.CASE_REST.join(views.standing_panel)
        panels.CASE_ENTRY.join(views.earlier_panel)
        panels.CASE_LIST.join(views.list_panel)
