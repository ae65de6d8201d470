"""A statement kept here gives what the plain one gives, and each connection has it planned once."""

import pytest
from django.db import connection, transaction

from haitang.core.prepared import Prepared

NAMED = Prepared("test_named", "SELECT %(word)s::text || '%%' || %(word)s::text, %(number)s::int + 1, '%%(word)s'")
PLACED = Prepared("test_placed", "SELECT n FROM generate_series(1, 9) AS n WHERE n = ANY(%s) AND n > %s ORDER BY n")
BARE = Prepared("test_bare", "SELECT 5")


def rows(statement: Prepared, values=None):
    with connection.cursor() as cursor:
        statement.execute(cursor, values)
        return cursor.fetchall()


def planned() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'test_%%' ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_values_by_name_by_place_and_none():
    for number in (1, 70_000):
        assert rows(NAMED, {"word": "它's", "number": number, "more": "不用"}) == [
            ("它's%它's", number + 1, "%(word)s")
        ]
    assert rows(PLACED, [[2, 4, 6], 3]) == [(4,), (6,)]
    assert rows(BARE) == [(5,)]
    assert NAMED.takes == {"word", "number"}


@pytest.mark.django_db
def test_a_changed_statement_has_another_name():
    assert Prepared("test", "SELECT 1").name != Prepared("test", "SELECT 2").name


@pytest.mark.django_db(transaction=True)
def test_it_is_planned_once_outlives_a_rollback_and_begins_anew_with_the_connection():
    connection.close()
    assert planned() == []
    with transaction.atomic():
        rows(BARE)
        transaction.set_rollback(True)
    rows(BARE)
    assert planned() == [BARE.name]
    connection.close()
    assert planned() == []
    assert rows(BARE) == [(5,)]


@pytest.mark.django_db(transaction=True)
def test_planning_is_no_query_of_the_request(django_assert_num_queries):
    connection.close()
    with django_assert_num_queries(2):
        rows(BARE)
        rows(BARE)
