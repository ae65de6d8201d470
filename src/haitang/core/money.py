"""Money is whole fen (1/100 yuan) everywhere inside; yuan appear only where people read and type."""

import re
from decimal import Decimal

from haitang.core.errors import Invalid

_YUAN = re.compile(r"\d{1,13}(\.\d{1,2})?")


def parse_yuan(text: str) -> int:
    """Return the fen meant by what a person typed: "1,200.5", "￥1200", full-width digits.

    Raises Invalid for anything else, negative amounts and fractions of a fen included.
    """
    plain = text.strip().translate(_FULL_WIDTH).replace(",", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    if not _YUAN.fullmatch(plain):
        raise Invalid("金额应为不小于零、最多两位小数的数字")
    return int(Decimal(plain) * 100)


def format_yuan(amount_fen: int) -> str:
    """Return the amount for reading: 120050 fen gives "1,200.50"."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}"


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
