"""Requests at once, each before the wall as who asks: the connections are kept, what was told of one asker is not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from haitang.core.access import ANYONE, allow
from haitang.patrols.models import Household
from haitang.people.models import Account
from haitang.territory.queries import territory
from haitang.testing.actors import START, TODAY
from haitang.testing.cases import build_town
from haitang.testing.people import build_account, give

ROUNDS, THREADS = 15, 4


@allow(ANYONE)
def read_all(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"found": _found()})


@allow(ANYONE)
def stream_all(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(f"{key}\n" for key in Household.objects.order_by("pk").values_list("pk", flat=True))


@allow(ANYONE)
def fail_after_reading(request: HttpRequest) -> HttpResponse:
    _found()
    raise ZeroDivisionError


def _found() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM patrols_household ORDER BY id")
        return [key for (key,) in cursor.fetchall()]


urlpatterns = [path("all/", read_all), path("streamed/", stream_all), path("fails/", fail_after_reading)]


def _client(account: Account | None) -> Client:
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
    return client


@pytest.mark.django_db(transaction=True)
def test_of_requests_at_once_each_is_shown_its_own(settings):
    town = build_town()
    homes, accounts = {}, {}
    for name, word in (("甲", "spring"), ("乙", "autumn")):
        area = town.areas[word]
        chain = [int(part) for part in territory().area(area).path.strip("/").split("/")]
        homes[name] = Household.objects.create(
            area_id=area, area_ids=chain, room_sealed=b"", room_index=b"", opened_on=TODAY
        ).pk
        accounts[name] = build_account(name)
        give(accounts[name], "community_secretary", area_id=area, from_date=START)
    settings.ROOT_URLCONF = __name__
    start = Barrier(THREADS)

    def ask(number: int) -> list[str]:
        faults = []
        try:
            clients = {name: _client(accounts.get(name)) for name in ("甲", "乙", "")}
            start.wait()
            for turn in range(ROUNDS):
                name = ("甲", "乙", "")[(turn + number) % 3]
                wanted = [homes[name]] if name else []
                if clients[name].get("/fails/").status_code != 500:
                    faults.append("no failure")
                if (found := clients[name].get("/all/").json()["found"]) != wanted:
                    faults.append(f"{name}: {found}")
                sent = b"".join(clients[name].get("/streamed/").streaming_content).split()
                if [int(key) for key in sent] != wanted:
                    faults.append(f"{name} streamed: {sent}")
        finally:
            connections.close_all()
        return faults

    with ThreadPoolExecutor(THREADS) as threads:
        faults = [fault for found in threads.map(ask, range(THREADS)) for fault in found]
    assert not faults
    assert Household.objects.count() == 2  # outside of requests: both
