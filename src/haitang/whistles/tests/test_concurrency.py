"""Two departments sign off while the street closes, a waiver meets a sign-off, two drafts meet on one case."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from haitang.cases import actions as case_actions
from haitang.cases import queries as case_queries
from haitang.cases.models import Case
from haitang.core.errors import Refusal
from haitang.core.models import Entry
from haitang.testing import cases as cast
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.whistles import actions
from haitang.whistles.lifecycle import OPEN, Status
from haitang.whistles.models import Call, Whistle
from haitang.whistles.tests.cast import TO_HANDLED, act, blow, draft, street_leader, supervisor, to_checked
from haitang.whistles.values import AlreadyBlown, StillAnswering, WrongStep

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def at_once(*deeds: Callable[[], object]) -> list[BaseException | None]:
    """Do the deeds at the same moment, each on a connection of its own; return what each was refused with."""
    start, outcomes = threading.Barrier(len(deeds)), dict.fromkeys(range(len(deeds)))

    def run(index: int, deed: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            deed()
        except BaseException as error:
            outcomes[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    strange = [error for error in outcomes.values() if error is not None and not isinstance(error, Refusal)]
    assert not strange, strange
    return list(outcomes.values())


def test_departments_signing_off_at_once_while_the_street_closes():
    town = cast.build_town()
    for _round in range(ROUNDS):
        case = report(town.dispatcher, channel="phone")
        whistle, calls = blow(town, case, desks=("CGJ",))
        to_checked(town, case)
        for call in calls:
            act(town, call, *TO_HANDLED)

        def close(case_id: int = case.pk) -> None:
            later = NOW + timedelta(hours=1)
            case_actions.close_case(actor=town.dispatcher, case_id=case_id, opinion="结案", now=later)

        first, second, closed = at_once(
            lambda calls=calls: act(town, calls[0], "sign_off_call", minutes=30),
            lambda calls=calls: act(town, calls[1], "sign_off_call", minutes=30),
            close,
        )
        assert first is None
        assert second is None
        whistle.refresh_from_db()
        assert whistle.status == Status.ANSWERED
        assert closed is None or isinstance(closed, StillAnswering)
        if closed is not None:
            close()
        told = [entry.fact for entry in Entry.objects.filter(subject_type="case", subject_id=case.pk).order_by("id")]
        assert told.count("WhistleAnswered") == 1
        assert told.index("WhistleAnswered") < told.index("CaseClosed")
        assert Case.objects.get(pk=case.pk).status == "closed"
    assert case_queries.counted() == case_queries.recount()


def test_a_waiver_and_a_sign_off_at_once():
    town = cast.build_town()
    for _round in range(ROUNDS):
        _whistle, calls = blow(town, desks=())
        act(town, calls[0], *TO_HANDLED)
        outcomes = at_once(
            lambda calls=calls: act(town, calls[0], "waive_call", minutes=30, actor=supervisor(town)),
            lambda calls=calls: act(town, calls[0], "sign_off_call", minutes=30),
        )
        refused = [error for error in outcomes if error is not None]
        assert len(refused) == 1
        assert isinstance(refused[0], WrongStep)
        assert Call.objects.get(pk=calls[0].pk).status in ("waived", "signed_off")
    assert case_queries.counted() == case_queries.recount()


def test_two_drafts_on_one_case_at_once_make_one_whistle():
    town = cast.build_town()
    case = report(town.dispatcher, channel="phone")
    outcomes = at_once(*[lambda: draft(town, case)] * 3)
    assert sum(error is None for error in outcomes) == 1
    assert all(isinstance(error, AlreadyBlown) for error in outcomes if error is not None)
    assert Whistle.objects.count() == 1


def test_a_case_voided_while_a_whistle_is_drafted_never_ends_over_it():
    town = cast.build_town()
    for _round in range(ROUNDS):
        case = report(town.dispatcher, channel="phone")
        at_once(
            lambda case=case: draft(town, case),
            lambda case=case: case_actions.void_case(
                actor=town.dispatcher, case_id=case.pk, opinion="误登", now=NOW + timedelta(minutes=1)
            ),
        )
        open_whistles = Whistle.objects.filter(case=case, status__in=(Status.PENDING, Status.BLOWN)).count()
        assert (Case.objects.get(pk=case.pk).status == "voided") == (open_whistles == 0)


def test_the_ladder_climbs_once_with_two_clocks_and_a_department_at_work():
    town = cast.build_town()
    _whistle, calls = blow(town)
    late = NOW + timedelta(minutes=31)
    climbed: list[int] = []
    at_once(
        lambda: climbed.append(actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late)),
        lambda: climbed.append(actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late)),
        lambda: act(town, calls[0], "sign_call", minutes=31),
    )
    actions.climb_whistle_ladder(actor=cast.FOUNDER, now=late)
    told = Entry.objects.filter(fact="CallClimbed").values_list("data__call_id", "data__stage", "data__level")
    assert len(told) == len(set(told))
    assert {call.pk for call in calls[1:]} <= {call_id for call_id, _stage, _level in told}
    assert Call.objects.filter(status__in=OPEN).count() == 3
    assert street_leader(town).holds("whistles.whistle.approve")
