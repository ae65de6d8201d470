"""What the pages of orders share."""

from haitang.core.access import Actor
from haitang.orders.lifecycle import Status

COLOURS = {
    Status.WAITING: "orange", Status.ORDERED: "blue", Status.OFFERED: "blue", Status.ACCEPTED: "blue",
    Status.DONE: "orange", Status.CONFIRMED: "green", Status.REVIEWED: "green", Status.CANCELLED: "grey",
    Status.UNMET: "red", Status.MISSED: "red",
}  # fmt: skip


def base_for(viewer: Actor) -> str:
    """Return the frame of a page that residents and staff both see."""
    return "ui/staff.html" if viewer.grants else "orders/public.html"
