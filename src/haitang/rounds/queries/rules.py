"""The settings and the lists in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import Any

from haitang.core.access import Actor, require
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.rounds.models import OwnClause, RoundSetting
from haitang.rounds.values import Clause, ClauseKind, Permission, shipped_clauses

SETTINGS = Settings(cache(partial(read_shipped, "rounds", "settings.toml")), RoundSetting)
RULES: Policy[Mapping[str, Any]] = Policy("rounds.rules", SETTINGS.values)


def rules() -> Mapping[str, Any]:
    """Return the settings as of now: those changed in the office over those shipped."""
    return RULES.get()


def share_of(key: str) -> Fraction:
    """Return a setting that is a share, ["2", "3"] for two thirds."""
    above, below = rules()[key]
    return Fraction(int(above), int(below))


def list_round_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return every setting with its source, in the order of the shipped file. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return SETTINGS.lines()


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause as the page of settings shows it. is_own: whether the office has added or changed it."""

    clause: Clause
    is_used: bool
    is_own: bool


def list_clause_lines() -> list[ClauseLine]:
    """Return every clause, retired ones included: the shipped ones first, as the office has them."""
    own = {row.code: row for row in OwnClause.objects.order_by("pk")}
    lines = []
    for each in shipped_clauses():
        row = own.pop(each.code, None)
        lines.append(ClauseLine(_clause(row) if row else each, row.is_used if row else True, row is not None))
    return [*lines, *(ClauseLine(_clause(row), row.is_used, True) for row in own.values())]


def _clause(row: OwnClause) -> Clause:
    return Clause(row.code, row.kind, row.text, row.source)


def list_clauses() -> list[Clause]:
    """Return the clauses in use, the positive list first."""
    used = [line.clause for line in list_clause_lines() if line.is_used]
    return sorted(used, key=lambda each: each.kind != ClauseKind.POSITIVE)
