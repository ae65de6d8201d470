"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor, Kind
from haitang.core.errors import NotSignedIn
from haitang.councils.lifecycle import PUBLIC
from haitang.councils.values import NotYours, Permission, QuestionNotFound, TopicNotFound

if TYPE_CHECKING:
    from haitang.councils.models import Council, Question, Resolution, Topic


def check_signed_in(actor: Actor) -> int:
    """Return the id of the actor's account. Raises NotSignedIn."""
    if actor.kind not in (Kind.ACCOUNT, Kind.TOKEN) or actor.id is None:
        raise NotSignedIn(_("请先登录；没有账号的，请联系社区"))
    return actor.id


def check_can_convene(actor: Actor, council: "Council") -> None:
    """Councils are kept, and called to meetings, by those who hold CONVENE over the area."""
    access.require(actor, Permission.CONVENE, area_path=council.area_path)


def may_convene(actor: Actor, council: "Council") -> bool:
    """Tell whether the actor keeps the council."""
    return actor.holds(Permission.CONVENE, area_path=council.area_path)


def is_author(actor: Actor, topic: "Topic") -> bool:
    """Tell whether it was this account that raised it."""
    return actor.id is not None and actor.kind != Kind.VISITOR and topic.author_id == actor.id


def check_may_see_topic(actor: Actor, topic: "Topic") -> None:
    """Raise TopicNotFound unless it is public, the actor's own, or within their work."""
    if topic.status in PUBLIC or is_author(actor, topic):
        return
    if not actor.holds(Permission.VIEW, area_path=topic.area_path):
        raise TopicNotFound(_("没有这条提议"))


def check_is_author(actor: Actor, topic: "Topic") -> None:
    """Raise NotYours unless the actor raised it."""
    check_may_see_topic(actor, topic)
    if not is_author(actor, topic):
        raise NotYours(_("只有提议人可以办理"))


def check_can_moderate(actor: Actor, topic: "Topic") -> None:
    """Topics are read and taken up, or not, by those who hold MODERATE over the area."""
    check_may_see_topic(actor, topic)
    access.require(actor, Permission.MODERATE, area_path=topic.area_path)


def is_asker(actor: Actor, question: "Question") -> bool:
    """Tell whether it was this account that asked."""
    return actor.id is not None and actor.kind != Kind.VISITOR and question.asker_id == actor.id


def check_may_see_question(actor: Actor, question: "Question") -> None:
    """Raise QuestionNotFound unless it is public, the actor's own, or within their work."""
    if question.is_public or is_asker(actor, question):
        return
    if not actor.holds(Permission.VIEW, area_path=question.area_path):
        raise QuestionNotFound(_("没有这个提问"))


def check_can_answer(actor: Actor, question: "Question") -> None:
    """Questions are answered by those who hold ANSWER over the area."""
    check_may_see_question(actor, question)
    access.require(actor, Permission.ANSWER, area_path=question.area_path)


def check_can_settle(actor: Actor, resolution: "Resolution", council: "Council") -> None:
    """What became of a resolution is said by those who keep the council, or by those who do so for its office."""
    if not actor.holds(Permission.CONVENE, organization_id=resolution.office_id):
        check_can_convene(actor, council)
