"""The settings of conversations: a field for each."""

from django.utils.translation import gettext_lazy

from haitang.core.ui import settings
from haitang.opinions.values import Who

LABELS = {
    "who": gettext_lazy("默认谁可以参加"), "days": gettext_lazy("默认征集天数"),
    "seeds_min": gettext_lazy("开始前至少几条观点"), "statements_each": gettext_lazy("每人最多提出几条观点"),
    "people_min": gettext_lazy("至少多少人参与才显示分组"), "group_min": gettext_lazy("一组至少几人"),
    "cell_min": gettext_lazy("一组至少几人表态才显示比例"), "votes_min": gettext_lazy("至少表态几条才参与分组"),
    "named": gettext_lazy("代表性观点和共识各列几条"), "cells": gettext_lazy("先归为多少个小群"),
    "per_group": gettext_lazy("每多少人可以多分一组"), "level": gettext_lazy("差异显著的标准差倍数"),
}  # fmt: skip


class SettingsForm(settings.SettingsForm):
    """The settings, as their page shows them."""

    labels = LABELS
    choices = {"who": Who.choices}
    number_max = 1000
