"""Which formulas hold when: those shipped, and the versions made in the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.utils.translation import gettext as _

from haitang.core import access
from haitang.core.access import EVERYWHERE, Actor
from haitang.core.policy import Policy
from haitang.core.shipped import read_shipped
from haitang.indicators.models import FormulaVersion
from haitang.indicators.values import Formulas, Period, Permission, Quantity, SetNotFound, period_of, read_set


@dataclass(frozen=True, slots=True)
class Version:
    """A set of formulas as it holds for periods that begin on or after a day. valid_from: None from the beginning."""

    formulas: Formulas
    valid_from: date | None = None
    id: int = 0


@cache
def quantities() -> Mapping[str, Quantity]:
    """Return what formulas may name, by code."""
    return {
        code: Quantity(
            code,
            row["name"],
            tuple((each.lstrip("-"), -1 if each.startswith("-") else 1) for each in row.get("counters", ())),
            row.get("note", ""),
            row.get("given", False),
            row.get("by_desk", False),
        )
        for code, row in read_shipped("indicators", "quantities.toml").items()
    }


@cache
def shipped_sets() -> Mapping[str, Formulas]:
    """Return the sets as shipped, by code."""
    return {row["code"]: read_set(row, quantities()) for row in read_shipped("indicators", "sets.toml")["set"]}


@cache
def exclusion_reasons() -> Mapping[str, str]:
    """Return why a case may be left out: names by code."""
    return {code: row["name"] for code, row in read_shipped("indicators", "reasons.toml").items()}


def _load() -> Mapping[str, tuple[Version, ...]]:
    found: dict[str, list[Version]] = {code: [Version(each)] for code, each in shipped_sets().items()}
    for row in FormulaVersion.objects.order_by("valid_from", "id"):
        found[row.set_code].append(Version(read_set(row.definition, quantities()), row.valid_from, row.pk))
    return {code: tuple(versions) for code, versions in found.items()}


SETS: Policy[Mapping[str, tuple[Version, ...]]] = Policy("indicators.sets", _load)


def sets() -> list[Formulas]:
    """Return every set as its latest version has it, in the order in which they are shipped."""
    return [versions[-1].formulas for versions in SETS.get().values()]


def versions_of(code: str) -> tuple[Version, ...]:
    """Return the versions of a set, the one shipped first; raise SetNotFound."""
    found = SETS.get().get(code)
    if found is None:
        raise SetNotFound(_("没有这套指标"))
    return found


def version_on(code: str, first: date) -> Version:
    """Return the version in force for a period that begins on that day; raise SetNotFound."""
    return next(
        version for version in reversed(versions_of(code)) if version.valid_from is None or version.valid_from <= first
    )


def period_for(code: str, month: date) -> Period:
    """Return the days of a set's month of assessment, by the start day in force when it begins; raise SetNotFound."""
    versions = versions_of(code)
    for version in reversed(versions):
        period = period_of(month, version.formulas.month_start_day)
        if version.valid_from is None or version.valid_from <= period.first:
            break
    return period


def list_versions(*, viewer: Actor, code: str) -> list[FormulaVersion]:
    """Return who changed a set's formulas when, the latest first; raise NotAllowed without MANAGE."""
    access.require(viewer, Permission.MANAGE, area_path=EVERYWHERE)
    return list(FormulaVersion.objects.filter(set_code=code).order_by("-id"))
