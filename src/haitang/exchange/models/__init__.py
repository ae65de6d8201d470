"""The rows of the three lists."""

from haitang.exchange.models.agreement import Agreement, Evaluation
from haitang.exchange.models.listed import CONTACT, PHONE, Need, Resource
from haitang.exchange.models.rules import ExchangeSetting, ListCategory, ListFile, Round

__all__ = [
    "CONTACT", "PHONE", "Agreement", "Evaluation", "ExchangeSetting", "ListCategory", "ListFile", "Need", "Resource",
    "Round",
]  # fmt: skip
