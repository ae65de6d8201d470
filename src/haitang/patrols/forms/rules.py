"""The settings of patrols and visits: a field for each number, a line for each word of a list."""

from typing import Any

from django.utils.translation import gettext_lazy

from haitang.core.ui import settings
from haitang.patrols.queries import label_of_field
from haitang.patrols.values import Level, visit_fields

LABELS = {
    "hazard_days": gettext_lazy("隐患整改期限（天）"),
    "visit_fields": gettext_lazy("走访可采集的信息"),
    "visit_keep_months": gettext_lazy("走访记录保存（月）"),
    "repeats_months": gettext_lazy("重复采集监测统计期（月）"),
    "dispute_kinds": gettext_lazy("纠纷类型（每行一个）"),
    "dispute_followup_days": gettext_lazy("达成协议后回访（第几天，每行一个）"),
}
NUMBER_MAX = 3660


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them; what is asked at visits can be cut down, not added to."""

    labels = LABELS
    parts = {level.value: level.label for level in Level}
    hints = {"visit_fields": gettext_lazy("只能从产品提供的范围里减少，不能增加")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        named = [(key, label_of_field(field)) for key, field in visit_fields().items()]
        self.choices = {"visit_fields": named}  # type: ignore[misc]  # of this form: labels follow the reader's language
        super().__init__(*args, **kwargs)
