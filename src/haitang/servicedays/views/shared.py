"""What the pages of service days share."""

from typing import Any

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.servicedays.values import State

COLOURS = {State.SIGNED: "green", State.LEFT: "grey", State.RELEASED: "grey", State.MISSED: "orange"}


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "servicedays/public.html"


def told(signup: Any) -> tuple[str, str]:
    """Return how signing up stands in a word, and its colour."""
    if signup.here_at is not None:
        return _("已到场"), "green"
    if signup.turn is not None:
        return _("候补"), "orange"
    if signup.state == State.SIGNED and signup.assured_at is not None:
        return _("已确认能到"), "green"
    return str(State(signup.state).label), COLOURS[State(signup.state)] if signup.state != State.SIGNED else "blue"
