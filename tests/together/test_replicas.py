"""Pages read from a copy of the database show all that was committed before they were asked for; otherwise the database
itself is read, in time. The copy is a real one, which is held up, cut off and stopped."""

import http.client
import json
import time
from contextlib import closing, suppress
from random import Random

import psycopg
import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from haitang.bench.site import Site, running_site
from haitang.cases.models import Case, Category
from haitang.config import measuring
from haitang.core import policy, replicas
from haitang.people.actions import create_token
from haitang.runtime import postgres, prepare
from haitang.testing.actors import NOW
from haitang.testing.cases import HERE, LAMP, report
from haitang.testing.people import FOUNDER
from haitang.testing.standby import known_to_django, standby

# They take long, and yet come last, as all that commit do: what they empty the others need (hence no mark `long`).
pytestmark = pytest.mark.django_db(transaction=True)

PAGES = {
    "cases:list": (), "cases:todo": (), "cases:done": (), "cases:mine": (), "command:desk": (), "command:map": (),
    "command:map_cases": (), "command:map_counts": (), "command:figures": (), "indicators:table": (),
    "indicators:explanation": ("satisfaction_rate",), "indicators:desks": (), "indicators:desk_cases": (),
    "indicators:desk_explanation": ("on_time_rate",), "open311:requests": ("json",),
}  # fmt: skip
OPERATIONS = ("/api/v1/cases", "/api/v1/stats/cases?by=day", "/api/v1/indicators", "/api/v1/indicators/organizations")


@pytest.fixture(scope="module")
def following(django_db_setup):
    if not postgres.is_embedded():
        pytest.skip("copies the embedded server alone")
    with standby() as copied:
        yield copied


@pytest.fixture
def copied(following, transactional_db):
    yield following
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # no table of Django's own, which it would empty itself
    following.go_on()
    following.catch_up()


@pytest.fixture
def replica(copied, settings):
    settings.REPLICA_WAIT_MS = 20_000  # where it is to be read it is, however busy the machine
    with known_to_django(copied) as alias:
        settings.REPLICAS = [alias]
        replicas._resting.clear()
        yield copied
    replicas._resting.clear()


@pytest.fixture
def leader(town):
    account = town.account("leader")
    client = Client()
    client.force_login(account)
    _row, client.token = create_token(actor=FOUNDER, account_id=account.pk, name="t", now=NOW)
    return client


def ask(client: Client, path: str):
    more = {"headers": {"Authorization": f"Bearer {client.token}"}} if path.startswith("/api/") else {}
    return client.get(path, **more)


def source(answer) -> str:
    return getattr(answer.wsgi_request, "read_from", "")


def test_lists_and_figures_are_read_from_the_copy(town, leader, replica):
    case = report(town.resident)
    for path in [*(reverse(name, args=given) for name, given in PAGES.items()), *OPERATIONS]:
        answer = ask(leader, path)
        assert (answer.status_code, source(answer)) in ((200, "replica"), (404, "replica")), path
    assert case.number in leader.get("/cases/").content.decode()
    assert source(leader.get(f"/cases/{case.pk}/")) == ""


def test_without_a_copy_nothing_more_is_asked(town, leader, replica, settings):
    report(town.resident)

    def statements() -> list[str]:
        leader.get("/cases/")
        with CaptureQueriesContext(connection) as spent:
            leader.get("/cases/")
        return [each["sql"] for each in spent]

    with_copy = statements()
    settings.REPLICAS = []
    without = statements()
    assert not [each for each in without if "_lsn" in each]
    asked_first = [each for each in with_copy if "_lsn" in each]
    assert len(asked_first) == 1
    assert len(with_copy) < len(without), "what the page shows is read elsewhere"


def test_what_is_held_up_is_read_from_the_database_itself_and_is_not_waited_for_twice(town, leader, replica, settings):
    report(town.resident)
    assert source(leader.get("/cases/")) == "replica"
    replica.hold()
    settings.REPLICA_WAIT_MS = 300
    late = report(town.resident, description="刚刚发现的井盖缺失，请尽快处理，晚上看不见容易出事")
    began = time.monotonic()
    shown = leader.get("/cases/")
    assert late.number in shown.content.decode()
    assert source(shown) == "behind"
    assert time.monotonic() - began > 0.3
    replicas._resting["replica-1"] += 60  # a moment that no busy machine outlasts
    assert source(leader.get("/cases/")) == "away", "left alone, not waited for"
    replica.go_on()
    replica.catch_up()
    replicas._resting.clear()
    assert source(leader.get("/cases/")) == "replica"


def test_a_copy_that_is_gone_costs_no_page(town, leader, replica):
    report(town.resident)
    assert source(leader.get("/cases/")) == "replica"
    replica.stop()
    try:
        for _each in range(3):
            shown = leader.get("/cases/")
            assert (shown.status_code, source(shown)) == (200, "away")
    finally:
        replica.start()
    replicas._resting.clear()
    assert source(leader.get("/cases/")) == "replica"


def test_a_copy_lost_half_way_costs_no_page(town, leader, replica, monkeypatch):
    report(town.resident)
    assert source(leader.get("/cases/")) == "replica"

    def cut(execute, sql, params, many, context):
        with suppress(psycopg.OperationalError):
            context["connection"].connection.execute("SET ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())")
        return execute(sql, params, many, context)

    chosen = replicas._choose

    def choose():
        found = chosen()
        connections[found[0]].execute_wrappers.append(cut)
        return found

    monkeypatch.setattr(replicas, "_choose", choose)
    try:
        shown = leader.get("/cases/")
    finally:
        connections["replica-1"].execute_wrappers.clear()
    assert (shown.status_code, source(shown)) == (200, "failed")


def test_a_page_that_writes_is_carried_out_all_the_same(replica, rf):
    @replicas.from_replica
    def view(request):
        return Category.objects.filter(code="nothing").update(code="none")

    request = rf.get("/")
    assert view(request) == 0
    assert request.read_from == "failed"


def test_another_leader_s_past_is_not_read(town, leader, replica, monkeypatch):
    """The copy may have come further in a log that the present leader never had: it is asked for its timeline."""
    report(town.resident)
    place = replicas._how_far()
    monkeypatch.setattr(replicas, "_how_far", lambda: place._replace(timeline=place.timeline + 1))
    assert source(leader.get("/cases/")) == "away"


def test_what_a_process_keeps_is_read_from_the_database_itself(replica):
    kept = policy.Policy("tests.categories", lambda: Category.objects.count())
    assert kept.get() == 0
    replica.hold()
    Category.objects.create(code="test", name="试验")
    kept.touch()
    with replicas._instead("replica-1"), policy.reading():
        assert Category.objects.count() == 0
        assert kept.get() == 1
        assert Category.objects.count() == 0
    assert kept.get() == 1


def _told(site: Site, token: str, method: str, path: str, body: dict | None = None) -> dict:
    with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
        headers = {"Host": "localhost", "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        line.request(method, path, json.dumps(body).encode() if body else None, headers)
        answer = line.getresponse()
        assert answer.status in (200, 201), answer.read()
        return dict(json.loads(answer.read()))


@pytest.mark.nightly  # a site of its own and forty rounds: a minute
def test_nobody_sees_less_than_was_written_however_the_copy_is_held_up(town, copied, tmp_path, monkeypatch):
    """Two processes of four threads; who reads comes on another connection than who wrote, and under another name."""
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgresql://" + _as_url(copied))
    monkeypatch.setenv("HAITANG_HOME", str(tmp_path))
    monkeypatch.setenv("HAITANG_REPLICA_WAIT_MS", "500")
    prepare.skip_static()
    tokens = []
    for word in ("dispatcher", "leader"):
        _row, token = create_token(actor=FOUNDER, account_id=town.account(word).pk, name="t", now=NOW)
        tokens.append(token)
    rng, numbers, is_held = Random(6), [], False
    with running_site() as site:
        for n in range(40):
            if rng.random() < 0.2:
                copied.go_on() if is_held else copied.hold()
                is_held = not is_held
            told = _told(site, tokens[0], "POST", "/api/v1/cases",
                         {"description": f"{LAMP}，第 {n} 处", "channel": "phone", **HERE})  # fmt: skip
            numbers.append(told["number"])
            shown = _told(site, rng.choice(tokens), "GET", "/api/v1/cases?limit=100")
            assert [each["number"] for each in shown["items"]] == numbers[::-1]
            time.sleep(rng.choice((0, 0, 0.1)))
        copied.go_on()
        for _wait in range(20):
            _told(site, tokens[1], "GET", "/api/v1/cases")
            time.sleep(0.1)
        time.sleep(1.5)
        counts = measuring.added_up(tmp_path / "counts")
    read = {key[1][0]: n for key, n in counts.items() if key[0] == measuring.READS}
    assert Case.objects.count() == 40
    assert read["replica"] > 5
    assert read["behind"] > 0


def _as_url(copied) -> str:
    given = connection.settings_dict
    return f"{given['USER']}@/{given['NAME']}?host={copied.place}&port={postgres.PORT}"
