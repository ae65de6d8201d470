"""Formulas as people write them, computed exactly.

    满意数 + 0.9×基本满意数
    30 − 0.002×受理数÷(面积×人口)

Plus, minus, times, divided by, brackets, min(…) and max(…); numbers are decimal and kept as fractions, so that nothing
is rounded before it is printed. Division by nothing gives no value (None), and whatever needs it has none either.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid

LENGTH_MAX = 400
DEPTH_MAX = 20
DIGITS_MAX = 12
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>[-+*/(),]))")
_SAME = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "－": "-", "（": "(", "）": ")", "，": ","})
_FUNCTIONS: dict[str, Callable[..., Fraction]] = {"min": min, "max": max}
Value = Fraction | None
Values = Mapping[str, Value]
_Node = Callable[[Values], Value]


class FormulaUnreadable(Invalid):
    """The text is no formula, or names something that there is not."""


@dataclass(frozen=True)
class Formula:
    """A formula that can be read. text: as it was written, its names already those of the code."""

    text: str

    @classmethod
    def parse(cls, text: str, codes: Mapping[str, str] | None = None) -> "Formula":
        """Read a formula; raise FormulaUnreadable where it is none. codes: what each known name stands for, if given.

        Full-width signs and ×, ÷, − are read as well.
        """
        plain = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME).strip()
        if not plain or len(plain) > LENGTH_MAX:
            raise FormulaUnreadable(_("公式应为 1 至 %(n)d 个字符") % {"n": LENGTH_MAX})
        tokens = _tokens(plain)
        if codes is not None:
            tokens = [_known(token, codes) for token in tokens]
        formula = cls(" ".join(tokens))
        formula.compute({})  # reads it, so that what stands is known to be one
        return formula

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the formula needs."""
        return frozenset(token for token in self._tokens if _is_name(token))

    def compute(self, values: Values) -> Value:
        """Return what the formula gives for these values, exactly; None where anything it needs has none."""
        return self._node(values)

    def shown(self, name: Callable[[str], str]) -> str:
        """Return the formula for reading, each name replaced by what `name` makes of it."""
        signs = {"*": "×", "/": "÷", "-": "−"}
        text = " ".join(name(token) if _is_name(token) else signs.get(token, token) for token in self._tokens)
        return re.sub(r"\s*([()×÷,])\s*", r"\1", text).replace("+(", "+ (").replace("−(", "− (")

    @cached_property
    def _tokens(self) -> list[str]:
        return self.text.split(" ")

    @cached_property
    def _node(self) -> _Node:
        reader = _Reader(self._tokens)
        node = reader.sum(0)
        reader.end()
        return node


def printed(value: Value, decimals: int, *, percent: bool = False) -> str:
    """Return a value with so many decimals, halves rounded up (away from zero); "—" for none. percent: "93.72 %"."""
    if value is None:
        return "—"
    scaled = abs(value) * 10**decimals * (100 if percent else 1)
    whole = int(scaled + Fraction(1, 2))
    digits = f"{whole:0{decimals + 1}d}"
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"{'-' if value < 0 and whole else ''}{text}{' %' if percent else ''}"


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaUnreadable(_("公式在“%(text)s”处看不懂") % {"text": text[at : at + 10]})
        token = match.group().strip()
        if match["number"] and len(token) > DIGITS_MAX:
            raise FormulaUnreadable(_("公式中的数字太长：%(text)s") % {"text": token[:20]})
        tokens.append(token)
        at = match.end()
    return tokens


def _is_name(token: str) -> bool:
    return (token[0].isalpha() or token[0] == "_") and token not in _FUNCTIONS


def _known(token: str, codes: Mapping[str, str]) -> str:
    if not _is_name(token):
        return token
    if token not in codes:
        raise FormulaUnreadable(_("公式中的“%(name)s”不是已有的计数项或指标") % {"name": token[:30]})
    return codes[token]


class _Reader:
    """Reads tokens into a function, by the usual rules of precedence."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._next()
        if token not in wanted:
            return ""
        self._at += 1
        return token

    def end(self) -> None:
        """Raise unless everything was read."""
        if self._next():
            raise FormulaUnreadable(_("公式在“%(text)s”处看不懂") % {"text": self._next()[:10]})

    def sum(self, depth: int) -> _Node:
        """Read a sum."""
        if depth > DEPTH_MAX:
            raise FormulaUnreadable(_("公式的括号太多"))
        node = self._product(depth)
        while sign := self._take("+", "-"):
            node = _both(node, self._product(depth), sign)
        return node

    def _product(self, depth: int) -> _Node:
        node = self._factor(depth)
        while sign := self._take("*", "/"):
            node = _both(node, self._factor(depth), sign)
        return node

    def _factor(self, depth: int) -> _Node:
        if depth > DEPTH_MAX:
            raise FormulaUnreadable(_("公式的括号太多"))
        if self._take("-"):
            return _both(_constant(Fraction(0)), self._factor(depth + 1), "-")
        if self._take("("):
            node = self.sum(depth + 1)
            self._close()
            return node
        token = self._next()
        self._at += 1
        if token in _FUNCTIONS:
            return self._call(_FUNCTIONS[token], depth)
        if token and token[0].isdigit():
            return _constant(Fraction(Decimal(token)))
        if token and _is_name(token):
            return lambda values: values.get(token)
        raise FormulaUnreadable(_("公式不完整") if not token else _("公式在“%(text)s”处看不懂") % {"text": token})

    def _call(self, function: Callable[..., Fraction], depth: int) -> _Node:
        if not self._take("("):
            raise FormulaUnreadable(_("min、max 之后应有括号"))
        parts = [self.sum(depth + 1)]
        while self._take(","):
            parts.append(self.sum(depth + 1))
        self._close()

        def node(values: Values) -> Value:
            found = [part(values) for part in parts]
            return None if None in found else function(found)

        return node

    def _close(self) -> None:
        if not self._take(")"):
            raise FormulaUnreadable(_("公式的括号不成对"))


def _constant(number: Fraction) -> _Node:
    return lambda values: number


def _both(left: _Node, right: _Node, sign: str) -> _Node:
    def node(values: Values) -> Value:
        a, b = left(values), right(values)
        if a is None or b is None or (sign == "/" and not b):
            return None
        if sign == "+":
            return a + b
        if sign == "-":
            return a - b
        return a * b if sign == "*" else a / b

    return node
