"""Two at once: what each may do alone, both together may not."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from psycopg.errors import DeadlockDetected

from haitang.organizations import actions, models
from haitang.organizations.values import CycleRefused, LinkOverlaps, ParentOverlaps
from haitang.testing.actors import NOW, START, TODAY
from haitang.testing.desks import FOUNDER, enter

pytestmark = pytest.mark.django_db(transaction=True)


def both(*deeds) -> list[Exception | None]:
    """Run the deeds in threads of their own, each beginning when all are ready; return how each ended."""
    ready = threading.Barrier(len(deeds))
    ended: list[Exception | None] = [None] * len(deeds)

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            ready.wait(timeout=10)
            deeds[place]()
        except Exception as error:
            ended[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return ended


def place(child: int, parent: int, from_date: date = TODAY):
    return lambda: actions.set_parent(
        actor=FOUNDER, organization_id=child, hierarchy="party", parent_id=parent, from_date=from_date, now=NOW
    )


def test_two_changes_that_share_no_organization_cannot_close_a_cycle_together():
    for _again in range(5):
        suffix = str(_again)
        a, b, c, d = (enter(word + suffix) for word in "ABCD")
        place(b, c)()
        place(d, a)()
        ended = both(place(a, b), place(c, d))
        assert sorted(type(each).__name__ for each in ended) == ["CycleRefused", "NoneType"]


def test_a_second_connection_waits_for_the_first_and_then_sees_its_place():
    a, b = enter("A"), enter("B")
    entered, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with transaction.atomic():
            place(a, b)()
            entered.set()
            go_on.wait(timeout=10)

    def second() -> None:
        entered.wait(timeout=10)
        threading.Timer(0.2, go_on.set).start()
        place(b, a)()

    ended = both(first, second)
    assert ended[0] is None
    assert isinstance(ended[1], CycleRefused)


def test_the_database_keeps_one_parent_at_a_time_whoever_writes():
    child, one, two = enter("C"), enter("A"), enter("B")

    def write(parent: int, from_date: date):
        from haitang.core.constraints import refusing
        from haitang.organizations.actions._common import refusals

        def deed() -> None:
            with refusing(refusals()):
                models.Subordination.objects.create(
                    hierarchy="party", child_id=child, parent_id=parent, from_date=from_date
                )

        return deed

    ended = both(write(one, START), write(two, TODAY))
    refused = [each for each in ended if each is not None]
    assert len(refused) == 1
    # Two rows that exclude each other can each wait for the other: then the server ends one as a deadlock. The actions
    # write one after the other under a lock, and never come to that.
    assert isinstance(refused[0], ParentOverlaps) or isinstance(refused[0].__cause__, DeadlockDetected)
    assert models.Subordination.objects.count() == 1


def test_the_same_link_made_twice_at_once_is_made_once():
    a, b = enter("A"), enter("B")

    def link(one: int, other: int):
        return lambda: actions.link_organizations(
            actor=FOUNDER, organization_id=one, other_id=other, relation="pairs", from_date=TODAY, now=NOW
        )

    ended = both(link(a, b), link(b, a))
    assert sorted(type(each).__name__ for each in ended) == [LinkOverlaps.__name__, "NoneType"]
