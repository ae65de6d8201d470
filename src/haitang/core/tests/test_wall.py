"""Behind the application's filters stands the database's own wall; nothing of one request is left for the next."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, connections, transaction

from haitang.core import wall
from haitang.core.access import EVERYWHERE, VISITOR, Actor, Grant
from haitang.core.postgresql import base

pytestmark = pytest.mark.django_db


def stands_as() -> tuple[str, str]:
    """Return the role that the session works under, and what it was told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('haitang.sight', true)")
        role, told = cursor.fetchone()
    return role, told or ""


def ask(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def fail_within() -> None:
    with transaction.atomic():
        assert stands_as()[0] == wall.ROLE
        raise ZeroDivisionError


def held(*apps: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT haitang_areas(VARIADIC %s::text[])", [list(apps)])
        return sorted(cursor.fetchone()[0])


WORKER = Actor("王", id=7, standing_in_for=8, grants=frozenset({
    Grant("cases.case.view", "/1/2/"), Grant("cases.case.check", "/1/2/3/"), Grant("orders.order.see", EVERYWHERE),
    Grant("cases.case.handle", organization_id=5),
}))  # fmt: skip


def test_a_sight_says_by_app_what_is_held():
    assert json.loads(WORKER.sight) == {
        "accounts": [7, 8],
        "areas": {"cases": [2, 3], "orders": [0]},
        "organizations": {"cases": [5]},
    }
    with wall.before_the_wall(WORKER.sight):
        assert held("cases") == [2, 3]
        assert held("cases", "orders") == [0, 2, 3]
        assert held("people") == []
    with wall.before_the_wall():
        assert held("cases", "orders") == []


def test_jobs_and_commands_work_as_the_owner():
    owner, told = stands_as()
    assert (owner == wall.ROLE, told) == (False, "")


def test_a_request_works_under_a_role_that_owns_nothing_and_says_who_asks():
    owner = stands_as()
    with wall.before_the_wall():
        assert stands_as() == (wall.ROLE, wall.NOTHING)
        wall.identify(WORKER)
        assert stands_as() == (wall.ROLE, WORKER.sight)
        with wall.opened("to see that it closes again"):
            assert stands_as() == owner
        assert stands_as() == (wall.ROLE, WORKER.sight)
        wall.identify(VISITOR)
        assert stands_as() == (wall.ROLE, wall.NOTHING)
        with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
            ask("DROP TABLE core_entry")
    assert stands_as() == owner


def test_outside_a_request_nobody_is_identified():
    wall.identify(WORKER)
    assert stands_as()[0] != wall.ROLE


def test_what_is_rolled_back_is_told_again():
    with wall.before_the_wall(WORKER.sight):
        with pytest.raises(ZeroDivisionError):
            fail_within()
        assert stands_as() == (wall.ROLE, WORKER.sight)
        with transaction.atomic():
            with pytest.raises(DatabaseError), transaction.atomic(), wall.opened("to fail"):
                ask("SELECT 1 / 0")
            assert stands_as() == (wall.ROLE, WORKER.sight)
        assert stands_as() == (wall.ROLE, WORKER.sight)


def test_an_answer_that_is_sent_as_it_is_made_keeps_its_sight():
    with wall.before_the_wall(WORKER.sight):
        parts = wall.kept(stands_as()[1].encode() for _part in range(2))
    assert list(parts) == [WORKER.sight.encode()] * 2
    assert stands_as()[0] != wall.ROLE


@pytest.mark.django_db(transaction=True)
def test_an_isolation_may_still_be_asked_for_by_whoever_is_told_first():
    with wall.before_the_wall(WORKER.sight), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_keeps_nothing_of_who_asked_before():
    """Four threads with a connection each answer for many askers in turn, some of whom fail."""
    start = Barrier(4)

    def answer_for_many(first: int) -> None:
        start.wait()
        try:
            for number in range(first, first + 50):
                asker = Actor("甲", id=number)
                with wall.before_the_wall():
                    assert stands_as() == (wall.ROLE, wall.NOTHING)
                    wall.identify(asker)
                    try:
                        with transaction.atomic():
                            assert stands_as() == (wall.ROLE, asker.sight)
                            if number % 3 == 0:
                                raise ZeroDivisionError
                    except ZeroDivisionError:
                        pass
                    assert stands_as() == (wall.ROLE, asker.sight)
                if number % 5 == 0:
                    assert stands_as()[0] != wall.ROLE
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(answer_for_many, range(0, 4000, 1000)))


def test_without_the_role_requests_are_answered_and_the_log_says_so(monkeypatch, caplog):
    owner = stands_as()
    wrapper = connections["default"]
    monkeypatch.setattr(wrapper, "has_wall", False)
    monkeypatch.setattr(wrapper, "_looked_at", float("-inf"))
    monkeypatch.setattr(base, "_HAS_WALL", "SELECT %s = ''")
    with wall.before_the_wall(WORKER.sight):
        assert stands_as() == stands_as() == owner
        assert caplog.text.count("the second wall does not stand") == 1
        monkeypatch.undo()
        assert stands_as() == (wall.ROLE, WORKER.sight)  # it has been built meanwhile


def test_the_site_s_processes_stand_before_it_from_the_first_statement(monkeypatch):
    monkeypatch.setattr(wall, "_otherwise", wall.OWNER)
    wall.stand_before()
    assert stands_as() == (wall.ROLE, wall.NOTHING)
    with wall.opened("to leave the test as it was found"):
        assert stands_as()[0] != wall.ROLE
