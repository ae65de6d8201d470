"""Tables of joint work."""

from haitang.alliances.models.circle import (
    ActionBranch,
    Alliance,
    BranchMember,
    ContactPoint,
    Instructor,
    Partner,
    PointVisit,
    Workstation,
)
from haitang.alliances.models.committee import AgendaItem, Committee, Decision, Meeting, Seat
from haitang.alliances.models.link import AgreedDuty, Agreement, Contact, Evaluation, Link
from haitang.alliances.models.rules import AllianceSetting, CatalogueLine, LinkFile

__all__ = [
    "ActionBranch", "AgendaItem", "AgreedDuty", "Agreement", "Alliance", "AllianceSetting", "BranchMember",
    "CatalogueLine", "Committee", "Contact", "ContactPoint", "Decision", "Evaluation", "Instructor", "Link",
    "LinkFile", "Meeting", "Partner", "PointVisit", "Seat", "Workstation",
]  # fmt: skip
