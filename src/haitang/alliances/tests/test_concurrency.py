"""Two press at once: one agreement a year, one yes, one word of each side."""

import threading

import pytest
from django.db import connection

from haitang.alliances import actions
from haitang.alliances.models import AgreedDuty, Agreement, Evaluation, Link
from haitang.alliances.tests.playing import DUTIES, build_pair, marks
from haitang.alliances.tests.test_links import DECEMBER
from haitang.alliances.values import AlreadyJudged, DutiesChanged, NotYourTurn
from haitang.core.errors import Refusal
from haitang.core.models import Entry
from haitang.testing import cases as cast
from haitang.testing.actors import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do the deeds at once, each on a connection of its own; return for each its result, or its refusal."""
    found = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(place, deed):
        try:
            gate.wait()
            found[place] = deed()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [each for each in found if isinstance(each, Exception) and not isinstance(each, Refusal)], found
    return found


@pytest.fixture
def pair():
    actions.ship_joint_lines()
    return build_pair(cast.build_town())


def test_both_sides_draw_the_year_up_at_once(pair):
    at_once(lambda: pair.propose(), lambda: pair.propose(actor=pair.unit, side="unit"), lambda: pair.propose())
    row = Agreement.objects.get()
    assert row.version == 3
    assert AgreedDuty.objects.count() == len(DUTIES)
    assert (row.community_at is None) != (row.unit_at is None)


def test_yes_no_and_a_change_at_once_are_one_of_them(pair):
    row = pair.propose()
    say = {"actor": pair.unit, "agreement_id": row.pk, "side": "unit", "version": 1, "now": NOW}
    found = at_once(
        lambda: actions.agree_year(**say),
        lambda: actions.agree_year(**say),
        lambda: actions.return_agreement(**say, reason="再议"),
        lambda: pair.propose(version=1),
    )
    refusals = [each for each in found if isinstance(each, Refusal)]
    assert all(isinstance(each, NotYourTurn | DutiesChanged) for each in refusals)
    row.refresh_from_db()
    if row.stage == "agreed":
        assert len(refusals) == 3
    said = Entry.objects.filter(fact__in=["DutiesAgreed", "DutiesReturned"]).count()
    assert said <= 1


def test_a_side_speaks_once(pair):
    row = pair.agree()
    found = at_once(*[lambda: actions.judge_year(actor=pair.unit, new=marks("unit", row), now=DECEMBER)] * 4)
    assert sum(isinstance(each, AlreadyJudged) for each in found) == 3
    assert Evaluation.objects.count() == 1


def test_pairs_are_taken_up_once_by_several(pair):
    Agreement.objects.all().delete()
    Link.objects.all().delete()
    found = at_once(*[lambda: actions.follow_links(actor=pair.secretary, now=NOW)] * 4)
    assert sorted(found) == [0, 0, 0, 1]
    assert Link.objects.count() == 1
