"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.cases.lifecycle import DESK_DEEDS, MOVES, Deed
from haitang.cases.values import PUBLIC_CHANNELS, CaseNotFound, Channel, NotYourDesk, Permission
from haitang.core import access, history
from haitang.core.access import Actor, Kind
from haitang.core.errors import NotAllowed

if TYPE_CHECKING:
    from haitang.cases.models import Case


def audience_of(case: "Case") -> history.Audience:
    """Return who may hear of the case on an open page."""
    return audience_at(case.area_path, case.organization_id, is_confidential=case.is_confidential)


def audience_at(area_path: str, organization_id: int | None, *, is_confidential: bool) -> history.Audience:
    """Return who may hear on an open page of a case there, on that desk."""
    permission = Permission.VIEW_CONFIDENTIAL if is_confidential else Permission.VIEW
    return history.Audience(area_path, (organization_id,) if organization_id else (), permission)


def check_can_report(actor: Actor, channel: str, area_path: str) -> None:
    """Anybody may report through a public channel; every other takes REPORT over the area."""
    if actor.kind is Kind.VISITOR and channel in PUBLIC_CHANNELS:
        return
    if channel in PUBLIC_CHANNELS and actor.is_known:
        return
    access.require(actor, Permission.REPORT, area_path=area_path)


def check_may_know(actor: Actor, case: "Case") -> None:
    """Raise CaseNotFound unless the actor may know of the case; the twin of `visible_to`."""
    if actor.id is not None and case.reported_by_id == actor.id:
        return
    check_may_read(actor, case)


def check_may_read(actor: Actor, case: "Case") -> None:
    """Raise CaseNotFound unless the actor may read what the office has written down about the case.

    Having reported it is not enough: whoever did reads the answers of the office, and not its opinions.
    """
    path, desk = case.area_path, case.organization_id
    if not actor.holds(Permission.VIEW, area_path=path, organization_id=desk):
        raise CaseNotFound(_("没有这个案件"))
    if case.is_confidential and not actor.holds(Permission.VIEW_CONFIDENTIAL, area_path=path, organization_id=desk):
        raise CaseNotFound(_("没有这个案件"))


def check_can(actor: Actor, deed: Deed, case: "Case") -> None:
    """Raise unless the actor holds the deed's permission over the case.

    Deeds of the desk that handles it are asked over that organization: a grant over the area suffices only where the
    case lies on the desk of the actor's own organization, or the actor belongs to none (an integration).
    """
    check_may_know(actor, case)
    permission = MOVES[deed].permission
    if deed in DESK_DEEDS and case.organization_id is not None:
        if actor.holds(permission, organization_id=case.organization_id):
            return
        held_here = actor.holds(permission, area_path=case.area_path)
        if held_here and actor.organization_id in (None, case.organization_id):
            return
        if held_here or actor.holds(permission):
            raise NotYourDesk(_("此案件由其他单位承办，只有承办单位可以操作"))
    access.require(actor, permission, area_path=case.area_path, organization_id=case.organization_id)


def check_can_correct(actor: Actor, case: "Case") -> None:
    """Putting category or area right takes ACCEPT over the area where the case lies, in any state."""
    check_may_know(actor, case)
    access.require(actor, Permission.ACCEPT, area_path=case.area_path)


def check_can_take_back(actor: Actor, case: "Case") -> None:
    """Whoever dispatches in the case's area may take it from its desk."""
    check_may_know(actor, case)
    access.require(actor, Permission.DISPATCH, area_path=case.area_path)


def entered_for_another(actor: Actor, case: "Case") -> bool:
    """Tell whether the actor took the case down for somebody: whoever may enter cases does not report as themselves.

    A program passes on what reporters told the system it stands for.
    """
    if actor.id is None or case.reported_by_id != actor.id or actor.kind is Kind.TOKEN:
        return False
    return case.channel not in PUBLIC_CHANNELS or actor.holds(Permission.REPORT, area_path=case.area_path)


def check_can_rate(actor: Actor, case: "Case") -> None:
    """Only the account that reported the case rates it; others use number and query code."""
    if actor.id is not None and case.handler_id == actor.id:
        raise NotAllowed(_("自己办理的案件不能由自己评价"))
    if entered_for_another(actor, case):
        raise NotAllowed(_("代他人登记的诉求由诉求人本人评价，登记人不能代为评价"))
    if actor.id is None or case.reported_by_id != actor.id:
        raise NotAllowed(_("只有诉求人本人可以评价；没有账号的诉求人请用案件编号和查询码评价"))


def check_can_attach(actor: Actor, case: "Case") -> None:
    """Whoever reported it may add a photo, and whoever may do any deed to it."""
    if actor.id is not None and case.reported_by_id == actor.id:
        return
    check_may_know(actor, case)
    path = case.area_path
    for permission in (
        Permission.REPORT, Permission.VERIFY, Permission.ACCEPT, Permission.DISPATCH, Permission.HANDLE,
        Permission.CHECK,
    ):  # fmt: skip
        if actor.holds(permission, area_path=path, organization_id=case.organization_id):
            return
    raise NotAllowed(_("您没有为此案件添加照片的权限"))


def check_can_unmask(actor: Actor, case: "Case") -> None:
    """Seeing the reporter in full takes UNMASK over the case's area or its desk."""
    check_may_know(actor, case)
    access.require(actor, Permission.UNMASK, area_path=case.area_path, organization_id=case.organization_id)


def reporter_channel_default(actor: Actor) -> Channel:
    """Return the channel of a report that names none."""
    return Channel.WEB
