"""What apps below ask of whistles: what keeps a case from its end, and who may hear of a whistle."""

from typing import Any

from django.utils.translation import gettext as _

from haitang.cases.queries import ends_case
from haitang.core.access import Actor
from haitang.whistles.models import Whistle
from haitang.whistles.queries.whistles import list_open_calls
from haitang.whistles.values import StillAnswering


def deputy_may_know(deputy: Actor, subject_type: str, subject_id: int | None) -> bool:
    """Tell whether a deputy may hear of the whistle that a notice is about. Joins people.values.DEPUTY_MAY_KNOW."""
    return subject_type != "whistle" or Whistle.objects.visible_to(deputy).filter(pk=subject_id or 0).exists()


def keep_case_open(deed: str, case: Any) -> None:
    """Raise StillAnswering for a deed that would end the case while a department has not signed off. Joins GUARDS.

    The case is locked, and so is everything that could change its whistles.
    """
    if not ends_case(deed):
        return
    waiting = list_open_calls(case.pk)
    if not waiting:
        return
    number, names = waiting[0][0], "、".join(name for _number, name in waiting if name)
    if names:
        text = _("哨单 %(number)s 还有单位未销哨：%(names)s。请等待销哨，或由督查人员说明理由后豁免")
        raise StillAnswering(text % {"number": number, "names": names})
    raise StillAnswering(_("哨单 %(number)s 正在等待审批，请先审批或撤回") % {"number": number})
