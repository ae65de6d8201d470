"""Tables of joint work."""

from haitang.alliances.models.link import AgreedDuty, Agreement, Contact, Evaluation, Link
from haitang.alliances.models.rules import AllianceSetting, CatalogueLine, LinkFile

__all__ = [
    "AgreedDuty", "Agreement", "AllianceSetting", "CatalogueLine", "Contact", "Evaluation", "Link", "LinkFile",
]  # fmt: skip
