"""Words and pure functions of indicators: formulas, periods, permissions, refusals."""

from haitang.indicators.values.definitions import (
    Definition,
    Formulas,
    Quantity,
    Unit,
    compute,
    read_set,
)
from haitang.indicators.values.formulas import Formula, FormulaUnreadable, printed
from haitang.indicators.values.periods import Period, month_label, month_of, period_of
from haitang.indicators.values.words import (
    EVIDENCE_LENGTH_MAX,
    EVIDENCE_PHOTOS_MAX,
    AlreadyExcluded,
    ExclusionNotFound,
    ExclusionState,
    NotYourOwn,
    Permission,
    SetNotFound,
    WrongState,
)

__all__ = [
    "EVIDENCE_LENGTH_MAX", "EVIDENCE_PHOTOS_MAX", "AlreadyExcluded", "Definition", "ExclusionNotFound",
    "ExclusionState", "Formula",
    "FormulaUnreadable", "Formulas", "NotYourOwn", "Period", "Permission", "Quantity", "SetNotFound", "Unit",
    "WrongState", "compute", "month_label", "month_of", "period_of", "printed", "read_set",
]  # fmt: skip
