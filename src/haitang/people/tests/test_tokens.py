"""Tokens: what they are for, how long, and how often they may ask, over all processes and without a query more."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.config.api import app_of, operations
from haitang.core import clock, policy
from haitang.core.errors import Invalid, TooMany
from haitang.people import actions, queries
from haitang.people.models import ApiUse
from haitang.people.queries import actors, limits
from haitang.people.values import Permission, api_areas, scope_of
from haitang.testing import people as cast
from haitang.testing.actors import actor_with
from haitang.testing.people import FOUNDER, refused

pytestmark = pytest.mark.django_db
SECURITY = actor_with(Permission.GRANT_MANAGE, account_id=900_001)


@pytest.fixture
def processes(monkeypatch):
    """Return a function after which the next request is answered by another process, known by its number."""
    known: dict[int, limits.Allowance] = {}

    def go_to(number: int) -> None:
        monkeypatch.setattr(actors, "ALLOWANCE", known.setdefault(number, limits.Allowance()))

    go_to(0)
    return go_to


def new_token(**more) -> str:
    account = cast.build_account()
    cast.give(account, "leader")
    return actions.create_token(actor=FOUNDER, account_id=account.pk, name="对接", now=clock.now(), **more)[1]


def set_rule(key: str, value: int) -> None:
    actions.change_sign_in_rule(actor=SECURITY, key=key, value=value, now=clock.now())


def test_every_operation_belongs_to_an_area_that_a_token_can_be_made_for():
    assert {app_of(operation) for operation in operations()} == set(api_areas())


def test_a_scope_says_area_and_deed_and_unmasking_apart():
    assert scope_of("cases", ["GET"], "cases.case.view") == "cases:read"
    assert scope_of("cases", ["POST"], "cases.case.report") == "cases:write"
    assert scope_of("patrols", ["POST"], "patrols.household.unmask") == "unmask"


def test_a_token_does_what_it_was_made_for_and_nothing_else(client):
    headers = {"Authorization": f"Bearer {new_token(scopes=['cases:read'])}"}
    assert client.get("/api/v1/cases", headers=headers).status_code == 200
    refusal = client.get("/api/v1/organizations", headers=headers)
    assert (refusal.status_code, refusal.json()["title"]) == (403, "ScopeMissing")
    assert client.post("/api/v1/cases", {}, content_type="application/json", headers=headers).status_code == 403
    everything = {"Authorization": f"Bearer {new_token()}"}
    assert client.get("/api/v1/cases", headers=everything).status_code == 200


def test_scopes_and_expiry_are_bounded():
    account, now = cast.build_account(), clock.now()
    said = {"actor": FOUNDER, "account_id": account.pk, "name": "x", "now": now}
    for scopes in (["cases"], ["nowhere:read"], ["cases:rule"]):
        refused(Invalid, actions.create_token, scopes=scopes, **said)
    refused(Invalid, actions.create_token, expires_at=now + timedelta(days=366), **said)
    row, _token = actions.create_token(scopes=["unmask", "cases:read", "unmask"], **said)
    assert row.scopes == ["cases:read", "unmask"]
    assert row.expires_at == now + timedelta(days=365)


def test_a_token_asks_no_more_than_its_limit_in_all_processes_together(processes):
    set_rule("token_requests_per_minute", 60)
    token, now, answered = new_token(), clock.now().replace(second=10), 0
    waits = set()
    for number in range(200):
        processes(number % 3)
        try:
            answered += queries.authenticate_token(token, now=now) is not None
        except TooMany as refusal:
            waits.add(refusal.retry_after_s)
    assert waits == {50}
    assert 60 - 3 * (60 // limits.SHARE) <= answered <= 60
    assert queries.authenticate_token(token, now=now + timedelta(minutes=1)) is not None


def test_an_address_asks_no_more_than_its_limit_whoever_it_is(processes):
    set_rule("address_requests_per_minute", 40)
    now, refusals = clock.now(), 0
    for number in range(60):
        try:
            assert queries.authenticate_token(f"guess{number}", address="10.0.0.1", now=now) is None
        except TooMany:
            refusals += 1
    assert refusals == 20
    assert queries.authenticate_token(new_token(), address="10.0.0.2", now=now) is not None


def test_counting_takes_no_query_more_and_some_twenty_writes_a_minute(processes):
    set_rule("token_requests_per_minute", 2000)
    token, now = new_token(), clock.now()
    queries.authenticate_token(token, address="10.0.0.1", now=now)
    with CaptureQueriesContext(connection) as spent:
        for _each in range(500):
            with policy.reading():
                queries.authenticate_token(token, address="10.0.0.1", now=now)
    written = [each for each in spent.captured_queries if "people_apiuse" in each["sql"]]
    asked = [each for each in spent.captured_queries if re.search("people_authenticate|people_apitoken", each["sql"])]
    assert len([each for each in asked if not each["sql"].startswith("PREPARE")]) == 500
    assert len(spent) - 500 <= 3, "the statement, the actor and the rules, once"
    assert 1 <= len(written) <= 8
    assert ApiUse.objects.count() == 2


def test_past_the_limit_the_api_says_when_to_come_back(client, processes):
    set_rule("token_requests_per_minute", 1)
    headers = {"Authorization": f"Bearer {new_token()}"}
    answers = [client.get("/api/v1/cases", headers=headers) for _each in range(4)]
    assert answers[0].status_code == 200
    assert 429 in {each.status_code for each in answers}
    assert re.fullmatch(r"\d+", next(each for each in answers if each.status_code == 429)["Retry-After"])


def test_the_page_makes_a_token_for_a_purpose(client):
    account = cast.build_account()
    cast.give(account, "leader")
    client.force_login(account)
    assert "请选择令牌的范围" in client.post("/me/tokens/", {"name": "x", "days": 30}).content.decode()
    made = client.post("/me/tokens/", {"name": "x", "days": 30, "scopes": ["cases:read"]})
    assert "ht_" in made.content.decode()
    assert "cases:read" in client.get("/me/").content.decode()
