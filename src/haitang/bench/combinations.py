"""What lists are asked for: every level of the territory, with every filter and with combinations that hurt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from haitang.cases.lifecycle import OPEN
from haitang.core.clock import local_date
from haitang.indicators.queries import sets
from haitang.territory.queries import territory

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Combination:
    """One question to `GET /cases`: what it is called, and its parameters."""

    name: str
    query: Mapping[str, object]


def areas() -> dict[str, str]:
    """Return codes of areas by name: the city, and of every level below it the busiest and the quietest."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT depth, area_id FROM (SELECT depth, area_ids[depth] AS area_id, count(*) AS n "
            "FROM cases_case, generate_series(1, 4) AS depth GROUP BY 1, 2) AS counted ORDER BY depth, n DESC"
        )
        by_level: dict[int, list[int]] = {}
        for level, area_id in cursor.fetchall():
            by_level.setdefault(level, []).append(area_id)
    for level, ids in by_level.items():
        for word, area_id in (("busy ", ids[0]), ("quiet ", ids[-1])) if level > 1 else (("", ids[0]),):
            area = territory().area(area_id)
            found[word + area.kind] = area.code
    return found


def indicator_questions(today: date) -> dict[str, dict[str, object]]:
    """Return parameters of `GET /indicators` by name: every set for every level, over a month and over a year."""
    year = {"from": (today - timedelta(days=364)).isoformat(), "to": today.isoformat()}
    month = {"month": (today.replace(day=1) - timedelta(days=1)).isoformat()[:7]}
    return {
        f"{place}: {formulas.code}, {period}": {"area": code, "set": formulas.code, **days}
        for place, code in areas().items()
        for formulas in sets()
        for period, days in (("a month", month), ("12 months", year))
    }


def filters(now: datetime) -> dict[str, dict[str, object]]:
    """Return parameters by name: each filter alone, common, middling and rare, and combinations of them."""
    common, rare, major = _categories()
    words = _words()
    today = local_date(now)
    week: dict[str, object] = {"from": (today - timedelta(days=6)).isoformat()}
    month: dict[str, object] = {
        "from": (today - timedelta(days=200)).isoformat(),
        "to": (today - timedelta(days=171)).isoformat(),
    }
    opened: dict[str, object] = {"status": [status.value for status in OPEN]}
    single: dict[str, dict[str, object]] = {
        "none": {},
        "closed": {"status": "closed"},
        "open": opened,
        "handling": {"status": "handling"},
        "voided": {"status": "voided"},
        "category common": {"category": common},
        "category rare": {"category": rare},
        "category major": {"category": major},
        "channel common": {"channel": "patrol"},
        "channel rare": {"channel": "iot"},
        "overdue": {"overdue": "true"},
        "not overdue": {"overdue": "false"},
        "week": week,
        "old month": month,
        **{f"q {word}": {"q": text} for word, text in words.items()},
        "q number": {"q": "20200101-0000000"},
    }
    pairs = [
        ("closed", "category rare"), ("closed", "channel rare"), ("closed", "old month"), ("closed", "not overdue"),
        ("open", "category common"), ("open", "category rare"), ("open", "channel common"), ("open", "old month"),
        ("open", "overdue"), ("open", "q common"), ("open", "q middling"),
        ("voided", "category common"), ("voided", "channel rare"), ("voided", "q common"), ("voided", "old month"),
        ("category major", "channel rare"), ("category common", "channel common"), ("category rare", "channel rare"),
        ("category major", "old month"), ("category rare", "week"), ("category rare", "q common"),
        ("channel rare", "q common"), ("channel common", "q middling"), ("channel rare", "old month"),
        ("overdue", "channel rare"), ("overdue", "q middling"), ("overdue", "category rare"),
        ("q common", "old month"), ("q middling", "week"), ("q rare", "closed"),
    ]  # fmt: skip
    mixed = {f"{one} + {other}": {**single[one], **single[other]} for one, other in pairs}
    return {**single, **mixed}


def combinations(now: datetime) -> list[Combination]:
    """Return every filter in every area."""
    asked = filters(now)
    return [
        Combination(f"{place}: {name}", {"area": code, "limit": LIMIT, **query})
        for place, code in areas().items()
        for name, query in asked.items()
    ]


def _categories() -> tuple[str, str, str]:
    """Return the codes of the most common class, of the rarest, and of the first one's whole branch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(c.code) FROM cases_case k JOIN cases_category c ON c.id = k.category_id "
            "GROUP BY k.category_id ORDER BY count(*) DESC, k.category_id"
        )
        codes = [code for (code,) in cursor.fetchall()]
    return codes[0], codes[-1], codes[0][:3]


def _words() -> dict[str, str]:
    """Return words by how many cases hold them: about one in ten, in a hundred, in three thousand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, ndoc FROM ts_stat('SELECT search FROM cases_case ORDER BY id DESC LIMIT 20000') "
            "WHERE word ~ '^[㐀-鿿]{2}$' ORDER BY ndoc DESC, word"
        )
        counted = cursor.fetchall()
    shares = {"most": 7_000, "common": 2_000, "middling": 200, "rare": 6}
    return {name: next(word for word, n in counted if n <= share) for name, share in shares.items()}
