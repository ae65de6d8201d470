"""May they? Questions about an actor and rows already loaded; they raise, and read nothing."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import Actor
from haitang.core.errors import NotSignedIn
from haitang.surveys.values import Permission, ReviewNotFound, SurveyNotFound

if TYPE_CHECKING:
    from haitang.surveys.models import Review, Survey


def check_may_see(actor: Actor, survey: "Survey") -> None:
    """Raise SurveyNotFound unless the actor works with surveys in its area, below it or above it."""
    for permission in (Permission.VIEW, Permission.MANAGE, Permission.ENTER):
        for path in actor.areas(permission):
            if survey.area_path.startswith(path) or path.startswith(survey.area_path):
                return
    raise SurveyNotFound(_("没有这个调查"))


def check_may_see_result(actor: Actor, survey: "Survey") -> None:
    """Raise NotAllowed unless the result is published, or the actor works with surveys in the whole of its area.

    Until then a community that helps to ask does not know what the others answered.
    """
    if survey.published_at is None and not actor.holds(Permission.MANAGE, area_path=survey.area_path):
        access.require(actor, Permission.VIEW, area_path=survey.area_path)


def check_can_manage(actor: Actor, area_path: str) -> None:
    """Drafting, opening, closing and publishing takes MANAGE over the survey's whole area."""
    access.require(actor, Permission.MANAGE, area_path=area_path)


def check_can_enter(actor: Actor, area_path: str) -> None:
    """Writing down what others answer takes ENTER over the area of the household."""
    access.require(actor, Permission.ENTER, area_path=area_path)


def check_known(actor: Actor) -> int:
    """Return the id of the actor's account. Raises NotSignedIn."""
    if not actor.is_known or actor.id is None:
        raise NotSignedIn(_("这项调查实名填写，请先登录"))
    return actor.id


def check_may_see_review(actor: Actor, review: "Review", area_path: str) -> None:
    """Raise ReviewNotFound unless the actor sees surveys or reviews of the area."""
    if not any(actor.holds(each, area_path=area_path) for each in (Permission.VIEW, Permission.REVIEW)):
        raise ReviewNotFound(_("没有这个复核"))


def check_can_review(actor: Actor, review: "Review", area_path: str) -> None:
    """Setting measures takes REVIEW over the area."""
    check_may_see_review(actor, review, area_path)
    access.require(actor, Permission.REVIEW, area_path=area_path)
