"""The settings of projects: a field for each number, a line for each word of a list."""

from django.utils.translation import gettext_lazy

from haitang.core.ui import settings

LABELS = {
    "kinds": gettext_lazy("项目类别（每行一个）"),
    "evaluation_attempts_per_hour": gettext_lazy("每个地址每小时可错输评价码的次数"),
    "reviewers_min": gettext_lazy("每个项目至少几名评委"),
    "criteria": gettext_lazy("评选标准（每行一条：代码 | 名称 | 权重 | 说明）"),
}


class RulesForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    number_max = None
