"""May they? Questions about an actor and cases already loaded; they raise, and read nothing."""

from typing import Any

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.merging.values import JOINED_AT_ONCE_MAX, NotJoinable, Permission


def check_can_merge(actor: Actor, case: Any) -> None:
    """Joining and parting takes MERGE over the area or the desk of every case concerned."""
    access.require(actor, Permission.MERGE, area_path=case.area_path, organization_id=case.organization_id)


def check_can_flag(actor: Actor, case: Any) -> None:
    """Flagging a case as difficult takes FLAG over its area or its desk."""
    access.require(actor, Permission.FLAG, area_path=case.area_path, organization_id=case.organization_id)


def is_open(case: Any) -> bool:
    """Tell whether the case still waits for a deed."""
    return case.stage is not None


def check_joinable(case: Any) -> None:
    """Only open cases go together, and a denunciation is dealt with by itself: who knows of it must not grow."""
    if case.is_confidential:
        raise NotJoinable(_("举报单独办理，不能并单：%(number)s") % {"number": case.number})
    if not is_open(case):
        raise NotJoinable(_("案件 %(number)s 已办结，不能并单") % {"number": case.number})
    if case.paused_until is not None:
        raise NotJoinable(_("案件 %(number)s 在缓办中，恢复计时后再并单") % {"number": case.number})


def check_how_many(count: int) -> None:
    """Refuse none at all, and more at once than can be looked through."""
    if count < 1:
        raise Invalid(_("请选择要并入的案件"), {"cases": _("请选择要并入的案件")})
    if count > JOINED_AT_ONCE_MAX:
        text = _("一次最多并入 %(n)d 件") % {"n": JOINED_AT_ONCE_MAX}
        raise Invalid(text, {"cases": text})
