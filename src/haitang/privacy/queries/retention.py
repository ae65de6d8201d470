"""How long every table with personal data is kept, what is due to be erased, and what was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from haitang.core.access import EVERYWHERE, Actor, require
from haitang.core.clock import LOCAL
from haitang.core.policy import Policy
from haitang.core.shipped import SettingLine, Settings, read_shipped
from haitang.privacy.models import Request, RetentionMonths, RetentionRun
from haitang.privacy.values import CLEANERS, How, Permission, said

RUNS_SHOWN = 100
DUE_MAX = 10_000


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    return read_shipped("privacy", "retention.toml")


@cache
def _shipped_months() -> dict[str, dict[str, Any]]:
    return {
        code: {"value": told["months"], "source": told["source"]}
        for code, told in _shipped().items()
        if told["how"] == How.ERASE
    }


MONTHS = Settings(_shipped_months, RetentionMonths)
TERMS: Policy[Mapping[str, int]] = Policy("privacy.retention", MONTHS.values)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long some tables are kept. months: after `after`, for what the nightly job erases; None for all others.

    kept_by: the setting or the moment that decides instead. least: fewer months no office can set.
    """

    code: str
    name: str
    tables: tuple[str, ...]
    how: How
    source: str
    months: int | None
    after: str
    kept_by: str


def list_rules() -> list[Rule]:
    """Return how long every table with personal data is kept, in the order of the shipped file."""
    months = TERMS.get()
    return [
        Rule(
            code, said(told, "name"), tuple(told["tables"]), How(told["how"]), told["source"], months.get(code),
            said(told, "after"), told.get("kept_by", ""),
        )
        for code, told in _shipped().items()
    ]  # fmt: skip


def least_months(code: str) -> int:
    """Return below how many months no office can set a rule."""
    return int(_shipped().get(code, {}).get("least", 1))


def before(months: int, now: datetime) -> datetime:
    """Return the instant so many calendar months ago; of a day that the month lacks, its last one."""
    local = now.astimezone(LOCAL)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return local.replace(year=year, month=month + 1)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A rule with what it would erase now (at most DUE_MAX are counted; None where the job does not do it)."""

    rule: Rule
    due: int | None
    last: RetentionRun | None


def retention_report(*, viewer: Actor, now: datetime) -> list[ReportLine]:
    """Return every rule with what is due and when it was last carried out. Raises NotAllowed."""
    require(viewer, Permission.REPORT, area_path=EVERYWHERE)
    cleaners = {cleaner.code: cleaner for cleaner in CLEANERS}
    last = {run.rule: run for run in RetentionRun.objects.order_by("rule", "-at", "-id").distinct("rule")}
    return [
        ReportLine(
            rule,
            cleaners[rule.code].due(before(rule.months, now), DUE_MAX) if rule.months is not None else None,
            last.get(rule.code),
        )
        for rule in list_rules()
    ]


def list_runs(*, viewer: Actor) -> list[tuple[RetentionRun, str]]:
    """Return what was erased lately, the latest first, each with what it was. Raises NotAllowed."""
    require(viewer, Permission.REPORT, area_path=EVERYWHERE)
    names = {rule.code: rule.name for rule in list_rules()}
    runs = RetentionRun.objects.filter(erased__gt=0).order_by("-at", "-id")[:RUNS_SHOWN]
    return [(run, names.get(run.rule, run.rule)) for run in runs]


def list_month_settings(*, viewer: Actor) -> list[SettingLine]:
    """Return the months of every rule that the nightly job carries out. Raises NotAllowed."""
    require(viewer, Permission.SETTINGS)
    return MONTHS.lines()


def old_requests(before: datetime) -> Any:
    """Return the requests that ended before and still hold words, the longest ago first. For the nightly job."""
    ended = Request.objects.filter(ended_at__lt=before).exclude(words="", answer="")
    return ended.order_by("ended_at", "id")


def count_old_requests(before: datetime, limit: int) -> int:
    """Return how many such requests there are, counted up to limit."""
    return old_requests(before)[:limit].count()
