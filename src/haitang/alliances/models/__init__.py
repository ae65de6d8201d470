"""Tables of joint work."""

from haitang.alliances.models.committee import AgendaItem, Committee, Decision, Meeting, Seat
from haitang.alliances.models.link import AgreedDuty, Agreement, Contact, Evaluation, Link
from haitang.alliances.models.rules import AllianceSetting, CatalogueLine, LinkFile

__all__ = [
    "AgendaItem", "AgreedDuty", "Agreement", "AllianceSetting", "CatalogueLine", "Committee", "Contact", "Decision",
    "Evaluation", "Link", "LinkFile", "Meeting", "Seat",
]  # fmt: skip
