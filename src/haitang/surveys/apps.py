from django.apps import AppConfig
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Stand in the menus of residents and of the office."""
        from haitang.core.access import ANYONE
        from haitang.core.ui import menu
        from haitang.privacy.values import CLEANERS, HOLDERS, Cleaner, Holder
        from haitang.surveys.actions import clean_old_answers, erase_answerer
        from haitang.surveys.queries import count_open_reviews
        from haitang.surveys.queries.own_data import count_old_answers, held_of_answerer
        from haitang.surveys.values import Permission

        CLEANERS.join(Cleaner("answers", count_old_answers, clean_old_answers))
        HOLDERS.join(Holder("surveys", gettext_lazy("实名调查"), held_of_answerer, erase_answerer), rank=80)
        menu.register(
            menu.Item(_("问卷调查"), "surveys:surveys", ANYONE, icon="checklist", order=46, public=True),
            menu.Item(_("问卷调查"), "surveys:desk", Permission.VIEW, _("民主协商"), "checklist", 350),
            menu.Item(
                _("满意度复核"), "surveys:reviews", Permission.REVIEW, _("民主协商"), "refresh", 352,
                badge=lambda viewer: count_open_reviews(viewer=viewer),
            ),
            menu.Item(_("调查设置"), "surveys:settings", Permission.SETTINGS, _("设置"), "checklist", 896),
        )  # fmt: skip
