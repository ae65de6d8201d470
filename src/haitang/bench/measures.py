"""The measurements, one function each, over the city and the site that are running."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from haitang.bench import calculations, filling, pages, raw, voting
from haitang.bench import city as ground
from haitang.bench.combinations import areas, combinations, indicator_questions
from haitang.bench.database import conninfo
from haitang.bench.escalation import one_pass
from haitang.bench.importing import import_cases
from haitang.bench.ordering import order_accept
from haitang.bench.report import Result
from haitang.bench.reports import reports
from haitang.bench.site import Site, ask, load, percentile
from haitang.bench.whistling import whistle_transition
from haitang.cases import actions as case_actions
from haitang.cases import queries
from haitang.cases.queries import CaseFilter
from haitang.cases.queries.counting import By
from haitang.cases.values import Permission
from haitang.core import clock, policy
from haitang.core.access import EVERYWHERE, Actor, Grant
from haitang.core.clock import local_date
from haitang.demo.city import City
from haitang.territory.queries import territory
from haitang.territory.values.benchmark import locate_rate

API = "/api/v1"
HINTS = 200
"""For so many of the latest cases the duplicate hint is asked."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a measurement works with. requests: deeds in one run; runs: of which the median counts."""

    city: City
    site: Site
    token: str
    requests: int
    runs: int

    def get(self, path: str, query: dict[str, object]) -> bytes:
        """Return a request that reads."""
        asked = urlencode(query, doseq=True)
        return self.site.request("GET", f"{API}{path}?{asked}", {"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: Mapping[str, object], token: str = "") -> bytes:
        """Return a request that writes. token: of somebody else than the measuring account."""
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/json"}
        return self.site.request("POST", f"{API}{path}", headers, json.dumps(body).encode())


def create_case(scene: Scene) -> Result:
    """Complete cases over HTTP, by CLIENTS clients, against plain inserts of the same rows."""
    bodies = reports(scene.city)

    def report() -> int:
        return int(json.loads(ask(scene.site.port, [scene.post("/cases", next(bodies))])[0][1])["id"])

    report()  # whatever a process does once is done before anything is watched
    deed = raw.watch(report)
    load(scene.site.port, [scene.post("/cases", next(bodies)) for _ in range(40)])
    made, bounds, p95 = [], [], []
    for _ in range(scene.runs):
        done = load(scene.site.port, [scene.post("/cases", next(bodies)) for _ in range(scene.requests)])
        made.append(done.per_s)
        p95.append(done.p(95))
        bounds.append(raw.rate(deed, [None] * scene.requests))
    return Result(
        "create_case", median(made), "/s", 400, median(bounds), 0.3, f"p95 {median(p95):.0f} ms, 8 clients",
        {"runs": made, "bounds": bounds, "p95_ms": p95, "statements": len(deed.statements)},
    )  # fmt: skip


def transition(scene: Scene) -> Result:
    """One move (受理) of a case over HTTP, by CLIENTS clients, against a plain update with the same inserts."""
    wanted = (scene.requests * 2) * scene.runs + 42
    bodies = reports(scene.city)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM cases_case WHERE status = 'reported' AND query_code <> %s ORDER BY id DESC LIMIT %s",
            [filling.QUERY_CODE, wanted],
        )
        waiting = [row[0] for row in cursor.fetchall()]
    connection.close()
    if len(waiting) < wanted:
        load(scene.site.port, [scene.post("/cases", next(bodies)) for _ in range(wanted - len(waiting))])
        return transition(scene)
    ids = iter(waiting)
    said = {"opinion": "情况属实，予以受理"}

    def accepted(case_id: int) -> bytes:
        return scene.post(f"/cases/{case_id}/accept", said)

    def accept(case_id: int) -> int:
        ask(scene.site.port, [accepted(case_id)])
        return case_id

    accept(next(ids))
    watched = next(ids)
    deed = raw.watch(lambda: accept(watched), watched)
    load(scene.site.port, [accepted(next(ids)) for _ in range(40)])
    made, bounds, p95 = [], [], []
    for _ in range(scene.runs):
        done = load(scene.site.port, [accepted(next(ids)) for _ in range(scene.requests)])
        made.append(done.per_s)
        p95.append(done.p(95))
        bounds.append(raw.rate(deed, [next(ids) for _ in range(scene.requests)]))
    return Result(
        "transition", median(made), "/s", 400, median(bounds), None, f"p95 {median(p95):.0f} ms, 8 clients",
        {"runs": made, "bounds": bounds, "p95_ms": p95, "statements": len(deed.statements)},
    )  # fmt: skip


def list_cases(scene: Scene) -> Result:
    """A list of 50 for every area and filter over HTTP, against its SQL sent by psycopg."""
    now = clock.now()
    asked = combinations(now)
    times = _times(scene, [scene.get("/cases", dict(each.query)) for each in asked])
    bounds = _bounds([dict(each.query) for each in asked], now, scene.runs)
    worst = max(range(len(asked)), key=lambda index: times[index])
    return Result(
        "list_cases", percentile(sorted(times), 95), "ms", 30, percentile(sorted(bounds), 95), None,
        f"p50 {percentile(sorted(times), 50):.1f}, worst {times[worst]:.0f}: {asked[worst].name}",
        {each.name: {"ms": times[i], "bound_ms": bounds[i]} for i, each in enumerate(asked)},
    )  # fmt: skip


def list_page(scene: Scene) -> Result:
    """The page of 50 cases, as a browser asks for it."""
    cookies = _cookies()
    narrowed = {
        "all": {},
        "open": {"status": "open"},
        "overdue": {"overdue": "1"},
        "word": {"q": "路灯"},
        "month": {"from_date": (local_date(clock.now()) - timedelta(days=30)).isoformat()},
    }
    names, requests = [], []
    for place, code in areas().items():
        for name, query in narrowed.items():
            names.append(f"{place}: {name}")
            path = f"{reverse('cases:list')}?{urlencode({'rows': 50, 'area': code, **query})}"
            requests.append(scene.site.request("GET", path, cookies))
    times = _times(scene, requests)
    return Result(
        "list_page", percentile(sorted(times), 95), "ms", 80, None, None, f"p50 {percentile(sorted(times), 50):.1f}",
        {name: {"ms": times[index]} for index, name in enumerate(names)},
    )  # fmt: skip


def stats(scene: Scene) -> Result:
    """Figures by every dimension, for every level of the territory, over a month and over a year.

    What an earlier run has left unfolded is folded first, and swept: here are neither worker nor time for autovacuum.
    """
    while case_actions.fold_counts(actor=ground.actor(), now=clock.now()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM cases_countdelta, cases_count")
    today = local_date(clock.now())
    names, requests = [], []
    for place, code in areas().items():
        for by in By.values:
            for period, days in (("30 days", 30), ("12 months", 365)):
                names.append(f"{place}: by {by}, {period}")
                span = {"from": (today - timedelta(days=days - 1)).isoformat(), "to": today.isoformat()}
                requests.append(scene.get("/stats/cases", {"area": code, "by": by, **span}))
    times = _times(scene, requests)
    worst = max(range(len(names)), key=lambda index: times[index])
    return Result(
        "stats", percentile(sorted(times), 95), "ms", 30, None, None,
        f"p50 {percentile(sorted(times), 50):.1f}, worst {times[worst]:.0f}: {names[worst]}",
        {name: {"ms": times[index]} for index, name in enumerate(names)},
    )  # fmt: skip


def indicators(scene: Scene) -> Result:
    """Every set of indicators, for every level of the territory, over a month of assessment and over a year."""
    asked = indicator_questions(local_date(clock.now()))
    names, times = list(asked), _times(scene, [scene.get("/indicators", each) for each in asked.values()])
    worst = max(range(len(names)), key=lambda index: times[index])
    return Result(
        "indicators", percentile(sorted(times), 95), "ms", 30, None, None,
        f"p50 {percentile(sorted(times), 50):.1f}, worst {times[worst]:.0f}: {names[worst]}",
        {name: {"ms": times[index]} for index, name in enumerate(names)},
    )  # fmt: skip


def memory(scene: Scene) -> Result:
    """What each web process holds after everything that was asked of it."""
    held = scene.site.memory()
    return Result("memory", max(held), "MB", 300, None, None, f"{len(held)} web processes", {"processes": held})


def live(scene: Scene) -> Result:
    """From the sending of a report until the last of PAGES open pages has news of it, against bare writes."""
    bodies = reports(scene.city)
    load(scene.site.port, [scene.post("/cases", next(bodies)) for _ in range(40)])
    with pages.running_live(_cookies()) as (process, opened):
        taken = [
            opened.hear(partial(ask, scene.site.port, [scene.post("/cases", next(bodies))])) for _ in range(scene.runs)
        ]
        held = max(process.memory())
    with pages.bare_pages() as (port, opened):
        nudge = scene.site.request("POST", "/", {})
        bounds = [opened.hear(partial(ask, port, [nudge])) for _ in range(scene.runs)]
    return Result(
        "live", median(taken) * 1000, "ms", 1000, median(bounds) * 1000, None,
        f"{pages.PAGES:,} open pages, live process {held:.0f} MB", {"runs": taken, "bounds": bounds, "memory_mb": held},
    )  # fmt: skip


def live_memory(scene: Scene) -> Result:
    """What the live process holds with PAGES pages open, after some news."""
    bodies = reports(scene.city)
    with pages.running_live(_cookies()) as (process, opened):
        for _ in range(scene.runs):
            opened.hear(partial(ask, scene.site.port, [scene.post("/cases", next(bodies))]))
        held = process.memory()
    return Result("live_memory", max(held), "MB", 300, None, None, f"{pages.PAGES:,} open pages", {"processes": held})


def locate(scene: Scene) -> Result:
    """Points put into the grids of a city of 20,000, in bulk, against the bare tree of shapely."""
    rates = [locate_rate() for _ in range(scene.runs)]
    return Result(
        "locate", median(each.points_per_s for each in rates), "points/s", 100_000,
        median(each.bare_points_per_s for each in rates), None, "20,000 polygons",
    )  # fmt: skip


def duplicate_hint(scene: Scene) -> Result:
    """The duplicate hint over HTTP, for points, words and classes of the cases that came in last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lon, lat, description FROM cases_case WHERE lon IS NOT NULL ORDER BY reported_at DESC LIMIT %s",
            [HINTS],
        )
        spots = cursor.fetchall()
    connection.close()
    asked = [{"lon": lon, "lat": lat, "description": description} for lon, lat, description in spots]
    taken = sorted(_times(scene, [scene.get("/cases/similar", each) for each in asked]))
    return Result(
        "duplicate_hint", percentile(taken, 95), "ms", 20, None, None,
        f"p50 {percentile(taken, 50):.1f}, worst {taken[-1]:.1f}, {len(taken)} places", {"ms": taken},
    )  # fmt: skip


def escalation(scene: Scene) -> Result:
    """One pass of the clock over 100,000 overdue cases: told as missed and escalated, with history and counters."""
    done = one_pass(clock.now())
    return Result(
        "escalation", done.seconds, "s", 20, done.bound, None, f"{done.climbed:,} cases climbed", {"bound": done.bound}
    )


MEASURES: dict[str, Callable[[Scene], Result]] = {
    "stats": stats,
    "indicators": indicators,
    "list_cases": list_cases,
    "duplicate_hint": duplicate_hint,
    "list_page": list_page,
    "create_case": create_case,
    "transition": transition,
    "whistle_transition": whistle_transition,
    "order_accept": order_accept,
    "import": import_cases,
    "memory": memory,
    "live": live,
    "live_memory": live_memory,
    "locate": locate,
    "escalation": escalation,
    **voting.MEASURES,
    **calculations.MEASURES,
}
"""In this order: what reads comes before what writes, and the memory after both."""


def _cookies() -> dict[str, str]:
    """Return the header of a browser in which the measuring account is signed in."""
    browser = Client()
    browser.force_login(get_user_model().objects.get(username=ground.USERNAME))
    connection.close()
    return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())}


def _times(scene: Scene, requests: list[bytes]) -> list[float]:
    """Return for each request the median of its times in milliseconds, one client asking; all once before."""
    ask(scene.site.port, requests)
    runs = [[seconds for seconds, _body in ask(scene.site.port, requests)] for _ in range(scene.runs)]
    return [median(each) * 1000 for each in zip(*runs, strict=True)]


def _bounds(asked: list[dict[str, Any]], now: datetime, runs: int) -> list[float]:
    """Return for each list the milliseconds that its statements take when psycopg sends them."""
    viewer = Actor("性能测试", id=1, grants=frozenset({
        Grant(permission, area_path=EVERYWHERE) for permission in (Permission.VIEW, Permission.VIEW_CONFIDENTIAL)
    }))  # fmt: skip
    found = []
    with psycopg.connect(conninfo(), autocommit=True) as bare, policy.reading():
        for query in asked:
            statements: list[tuple[str, Any]] = []

            def remember(execute: Any, sql: str, params: Any, many: bool, context: Any, into: Any = statements) -> Any:
                if "cases_case" in sql:
                    into.append((sql, params))
                return execute(sql, params, many, context)

            with connection.execute_wrapper(remember):
                queries.list_cases(viewer=viewer, wanted=_wanted(query), now=now, limit=50)
            taken = []
            for _ in range(runs + 1):
                begun = time.perf_counter()
                for sql, params in statements:
                    bare.execute(sql, params).fetchall()
                taken.append(time.perf_counter() - begun)
            found.append(median(taken[1:]) * 1000)
    return found


def _wanted(query: dict[str, Any]) -> CaseFilter:
    """Return what the API makes of these parameters."""
    area = territory().by_code(query["area"])
    status = query.get("status", ())
    days = {name: date.fromisoformat(query[name]) for name in ("from", "to") if name in query}
    return CaseFilter(
        area_path=area.path if area else "",
        statuses=(status,) if isinstance(status, str) else tuple(status),
        category=query.get("category", ""),
        channel=query.get("channel", ""),
        overdue={"true": True, "false": False}.get(query.get("overdue", "")),
        from_at=datetime.combine(days["from"], datetime.min.time(), clock.LOCAL) if "from" in days else None,
        to_at=datetime.combine(days["to"] + timedelta(days=1), datetime.min.time(), clock.LOCAL)
        if "to" in days
        else None,
        q=query.get("q", ""),
    )


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, datetime.min.time(), clock.LOCAL) if day else None
