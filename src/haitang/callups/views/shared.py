"""What the pages of call-ups share."""

from haitang.callups.lifecycle import Status
from haitang.callups.values import Answer, Urgency
from haitang.core.access import Actor

COLOURS = {Status.OPEN: "blue", Status.CLOSED: "green", Status.CANCELLED: "grey"}
URGENCIES = {Urgency.EMERGENCY: "red", Urgency.URGENT: "orange", Urgency.NORMAL: "grey"}
ANSWERS = {Answer.NONE: "grey", Answer.COMING: "green", Answer.LATE: "blue", Answer.CANNOT: "orange"}


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "callups/public.html"
