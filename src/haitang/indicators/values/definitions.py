"""What an indicator is made of: a formula over quantities, each a sum of counters; sets of them as one document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid
from haitang.indicators.values.formulas import Formula, FormulaUnreadable, Value, printed
from haitang.indicators.values.periods import START_DAY_MAX

INDICATORS_MAX = 60
DECIMALS_MAX = 6
NAME_LENGTH_MAX = 40
SOURCE_LENGTH_MAX = 300


class Unit(StrEnum):
    """How a value is printed: as a share of a hundred, or as it is (points, numbers)."""

    PERCENT = "percent"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that formulas may name. code: that of the leading vendor's exports where it has one.

    counters: measures of the counters of cases, each with its sign. given: entered by the office for an area instead.
    by_desk: it is counted for organizations as well.
    """

    code: str
    name: str
    counters: tuple[tuple[str, int], ...] = ()
    note: str = ""
    given: bool = False
    by_desk: bool = False

    def value(self, counts: Mapping[str, int]) -> Fraction:
        """Return what the counters add up to."""
        return Fraction(sum(sign * counts.get(measure, 0) for measure, sign in self.counters))


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator: numerator ÷ denominator, or the numerator alone (a composite of others, points).

    decimals: as printed. source: where the formula is written down.
    """

    code: str
    name: str
    numerator: Formula
    denominator: Formula | None
    unit: Unit
    decimals: int
    source: str

    @property
    def names(self) -> frozenset[str]:
        """Everything that its two parts need."""
        return self.numerator.names | (self.denominator.names if self.denominator else frozenset())

    def text(self, value: Value) -> str:
        """Return the value as it is printed."""
        return printed(value, self.decimals, percent=self.unit is Unit.PERCENT)


@dataclass(frozen=True)
class Formulas:
    """A set of indicators as one version has it. month_start_day: on which day its month of assessment begins."""

    code: str
    name: str
    month_start_day: int
    indicators: tuple[Definition, ...]
    source: str = ""

    @cached_property
    def by_code(self) -> dict[str, Definition]:
        """Its indicators by code."""
        return {each.code: each for each in self.indicators}

    def quantities(self, known: Mapping[str, Quantity]) -> dict[str, Quantity]:
        """Return the quantities that its formulas need."""
        return {name: known[name] for each in self.indicators for name in sorted(each.names) if name in known}

    def of_desks(self, known: Mapping[str, Quantity]) -> "Formulas":
        """Return the set with those indicators alone that can be told of an organization."""
        told = {code for code, quantity in known.items() if quantity.by_desk}
        kept = []
        for each in self.indicators:
            if each.names <= told:
                told.add(each.code)
                kept.append(each)
        return replace(self, indicators=tuple(kept))

    def names(self, known: Mapping[str, Quantity]) -> dict[str, str]:
        """Return what people call everything that its formulas may name, by code."""
        return {code: quantity.name for code, quantity in known.items()} | {
            each.code: each.name for each in self.indicators
        }

    def as_data(self) -> dict[str, Any]:
        """Return the document that `read_set` reads."""
        return {
            "code": self.code, "name": self.name, "month_start_day": self.month_start_day, "source": self.source,
            "indicators": [
                {
                    "code": each.code, "name": each.name, "numerator": each.numerator.text,
                    "denominator": each.denominator.text if each.denominator else "", "unit": each.unit.value,
                    "decimals": each.decimals, "source": each.source,
                }
                for each in self.indicators
            ],
        }  # fmt: skip


def read_set(data: Mapping[str, Any], known: Mapping[str, Quantity]) -> Formulas:
    """Return a set from its document; an indicator may name quantities and the indicators before it.

    Names may be codes or what people call them. Raises Invalid, FormulaUnreadable.
    """
    start_day = data["month_start_day"]
    if not isinstance(start_day, int) or not 1 <= start_day <= START_DAY_MAX:
        raise Invalid(_("考核月起始日应为 1 至 28"), {"month_start_day": _("应为 1 至 28")})
    if not 0 < len(data["indicators"]) <= INDICATORS_MAX:
        raise Invalid(_("每套指标应有 1 至 %(n)d 项") % {"n": INDICATORS_MAX})
    codes = {quantity.code: quantity.code for quantity in known.values()}
    codes |= {quantity.name: quantity.code for quantity in known.values()}
    found: list[Definition] = []
    for row in data["indicators"]:
        found.append(_read(row, codes))
        if found[-1].name in codes or found[-1].code in codes:
            raise Invalid(_("“%(name)s”与已有的计数项或指标重名") % {"name": found[-1].name}, {"name": _("重名")})
        codes |= {found[-1].code: found[-1].code, found[-1].name: found[-1].code}
    return Formulas(data["code"], data["name"], start_day, tuple(found), data.get("source", ""))


def _read(row: Mapping[str, Any], codes: Mapping[str, str]) -> Definition:
    name, code = row["name"].strip(), row["code"]
    if not 0 < len(name) <= NAME_LENGTH_MAX or not name.isidentifier():
        raise Invalid(_("指标名称只能用汉字、字母和数字，不以数字开头"), {"name": _("请改名称")})
    if not code.isidentifier() or len(code) > NAME_LENGTH_MAX:
        raise Invalid(_("指标编码只能用字母、数字和下划线"), {"code": _("请改编码")})
    decimals = row.get("decimals", 2)
    if not isinstance(decimals, int) or not 0 <= decimals <= DECIMALS_MAX:
        raise Invalid(_("小数位数应为 0 至 %(n)d") % {"n": DECIMALS_MAX}, {"decimals": _("请改小数位数")})
    if len(row.get("source", "")) > SOURCE_LENGTH_MAX:
        raise Invalid(_("依据不能超过 %(n)d 字") % {"n": SOURCE_LENGTH_MAX}, {"source": _("太长")})
    parts = {}
    for part in ("numerator", "denominator"):
        text = row.get(part, "").strip()
        try:
            parts[part] = Formula.parse(text, codes) if text or part == "numerator" else None
        except FormulaUnreadable as unreadable:
            words = _("%(name)s：%(problem)s") % {"name": name, "problem": unreadable.message}
            raise FormulaUnreadable(words, {part: unreadable.message}) from unreadable
    numerator = parts["numerator"]
    assert numerator is not None
    return Definition(
        code, name, numerator, parts["denominator"], Unit(row.get("unit", Unit.PERCENT)), decimals,
        row.get("source", ""),
    )  # fmt: skip


def compute(indicators: Iterable[Definition], quantities: Mapping[str, Value]) -> dict[str, Value]:
    """Return every indicator's value by code, exactly; None where a denominator is nothing or a quantity not given."""
    values: dict[str, Value] = dict(quantities)
    found: dict[str, Value] = {}
    for each in indicators:
        top = each.numerator.compute(values)
        below = each.denominator.compute(values) if each.denominator else Fraction(1)
        found[each.code] = values[each.code] = top / below if top is not None and below else None
    return found
