"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor, Kind
from haitang.core.errors import NotSignedIn
from haitang.opinions.lifecycle import Status
from haitang.opinions.values import ConversationNotFound, NotOpenNow, NotTakingPart, Permission, Who

if TYPE_CHECKING:
    from haitang.opinions.models import Conversation

_STAFF = (Permission.VIEW, Permission.MANAGE, Permission.MODERATE)


def is_staff_of(actor: Actor, conversation: "Conversation") -> bool:
    """Tell whether the actor sees the conversation as part of their work."""
    return any(actor.holds(permission, area_path=conversation.area_path) for permission in _STAFF)


def check_is_staff_of(actor: Actor, conversation: "Conversation") -> None:
    """Raise ConversationNotFound unless the conversation lies where the actor works with such."""
    if not is_staff_of(actor, conversation):
        raise ConversationNotFound(_("没有这个讨论"))


def check_can_manage(actor: Actor, conversation: "Conversation") -> None:
    """Preparing, opening and closing takes MANAGE over the area."""
    check_is_staff_of(actor, conversation)
    access.require(actor, Permission.MANAGE, area_path=conversation.area_path)


def check_can_moderate(actor: Actor, conversation: "Conversation") -> None:
    """Reading statements before they are shown takes MODERATE over the area."""
    check_is_staff_of(actor, conversation)
    access.require(actor, Permission.MODERATE, area_path=conversation.area_path)


def check_signed_in(actor: Actor) -> int:
    """Return the id of the actor's account. Raises NotSignedIn."""
    if actor.kind not in (Kind.ACCOUNT, Kind.TOKEN) or actor.id is None:
        raise NotSignedIn(_("请先登录；没有账号的，请联系社区"))
    return actor.id


def check_may_take_part(actor: Actor, conversation: "Conversation") -> int:
    """Return the id of the actor's account. Raises NotSignedIn; NotTakingPart for whom it is not meant.

    Nobody answers in another's place.
    """
    account_id = check_signed_in(actor)
    if actor.standing_in_for is not None:
        raise NotTakingPart(_("请用本人的账号参加"))
    if conversation.who == Who.RESIDENTS and actor.grants:
        raise NotTakingPart(_("这次只听居民的意见，工作账号不参加"))
    return account_id


def may_take_part(actor: Actor, conversation: "Conversation") -> bool:
    """Tell whether the conversation is meant for the actor, to show or hide its questions."""
    try:
        check_may_take_part(actor, conversation)
    except (NotSignedIn, NotTakingPart):
        return False
    return True


def check_open_now(conversation: "Conversation", now: datetime) -> None:
    """Raise NotOpenNow before its time and after."""
    if conversation.status != Status.OPEN or now >= conversation.closes_at:
        raise NotOpenNow(_("征集已经结束，谢谢您"))
    if now < conversation.opens_at:
        raise NotOpenNow(_("征集还没有开始"))
