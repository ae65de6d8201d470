"""Two people at once: what may not both be, is not."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from haitang.cases import actions as case_actions
from haitang.cases import queries as cases
from haitang.cases.models import Case, PendingWarning
from haitang.core.errors import Refusal
from haitang.core.models import Entry
from haitang.oversight import actions
from haitang.oversight.actions import NewPart
from haitang.oversight.models import Climb, Part, Request
from haitang.oversight.tests.playing import SIGNED, STEPS, go, supervisor
from haitang.testing import cases as cast
from haitang.testing.actors import NOW
from haitang.testing.cases import FOUNDER

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do the deeds at once, each on a connection of its own; return for each its result, or its refusal."""
    found = [None] * len(deeds)
    gate = threading.Barrier(len(deeds))

    def run(place, deed):
        try:
            gate.wait()
            found[place] = deed()
        except Refusal as refusal:
            found[place] = refusal
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


def refused(found):
    return [each for each in found if isinstance(each, Refusal)]


def test_approve_a_pause_and_handle_two_extensions_circles_and_ends_at_once():
    town = cast.build_town()
    boss = supervisor()
    for _ in range(3):
        case = go(town, *SIGNED)
        request = actions.ask_for(
            actor=town.handler, case_id=case.pk, wish="pause", reason="等", until=NOW + timedelta(days=3), now=NOW
        )
        found = at_once(
            lambda r=request: actions.decide_request(
                actor=boss, request_id=r.pk, approved=True, opinion="同意", now=NOW
            ),
            lambda c=case: case_actions.handle_case(actor=town.handler, case_id=c.pk, opinion="修好", now=NOW),
        )
        case = Case.objects.get(pk=case.pk)
        stands = case.paused_until is not None
        assert (case.status, stands) in (("handling", True), ("handled", False), ("handled", True))
        assert stands == (Request.objects.get(pk=request.pk).state == "approved"), found

        case = go(town, *SIGNED)
        made = at_once(*[
            lambda c=case: actions.ask_for(
                actor=town.handler, case_id=c.pk, wish="extension", reason="等", more="1工作日", now=NOW
            )
        ] * 3)  # fmt: skip
        assert len(refused(made)) == 2
        (request,) = [each for each in made if not isinstance(each, Refusal)]
        decided = at_once(*[
            lambda r=request: actions.decide_request(
                actor=boss, request_id=r.pk, approved=True, opinion="同意", now=NOW
            )
        ] * 3)  # fmt: skip
        assert len(refused(decided)) == 2
        assert len(Case.objects.get(pk=case.pk).deadlines["handle"]["extensions"]) == 1

        ring = [go(town) for _ in range(4)]
        at_once(*[
            lambda a=a, b=b: actions.tie_case(actor=town.dispatcher, case_id=a.pk, parent_id=b.pk, now=NOW)
            for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
        ])  # fmt: skip
        assert Part.objects.filter(child_id__in=[each.pk for each in ring]).count() == 3

        whole = go(town, *STEPS[:7])
        found = at_once(
            lambda w=whole: case_actions.close_case(actor=town.dispatcher, case_id=w.pk, opinion="结案", now=NOW),
            lambda w=whole: actions.split_case(actor=town.dispatcher, case_id=w.pk, parts=[NewPart("换灯泡")], now=NOW),
        )
        closed = Case.objects.get(pk=whole.pk).status == "closed"
        assert closed != Part.objects.filter(parent_id=whole.pk).exists()
        assert len(refused(found)) == 1
    late = NOW + timedelta(days=90)
    overdue = Case.objects.filter(due_at__lt=late - timedelta(days=5)).count()
    climbed = at_once(*[lambda: actions.escalate_overdue_cases(actor=FOUNDER, now=late)] * 3)
    assert sum(climbed) == overdue == Climb.objects.count()
    assert Entry.objects.filter(fact="CaseEscalated").count() == overdue
    assert cases.counted() == cases.recount()


def test_two_clocks_warn_once_and_miss_once_beside_a_pause():
    town = cast.build_town()
    cases = [go(town, *SIGNED) for _ in range(8)]
    due = cases[0].due_at
    near = due - timedelta(minutes=1)

    def clock(now):
        return lambda: case_actions.tell_missed_deadlines(actor=FOUNDER, now=now)

    assert not Case.objects.get(pk=cases[0].pk).is_due_soon
    at_once(*[clock(near)] * 3)
    assert Case.objects.get(pk=cases[0].pk).is_due_soon
    assert Entry.objects.filter(fact="DeadlineNear").count() == len(cases)
    assert PendingWarning.objects.filter(at=due, given=2).count() == len(cases)

    paused = [
        lambda pk=case.pk: case_actions.pause_clock(actor=FOUNDER, case_id=pk, until=due + timedelta(days=5), now=near)
        for case in cases[:4]
    ]
    late = due + timedelta(seconds=1)
    at_once(*[clock(late)] * 3, *paused)
    case_actions.tell_missed_deadlines(actor=FOUNDER, now=late)
    told = Entry.objects.filter(fact="DeadlineMissed").values_list("subject_id", flat=True)
    assert len(told) == len(set(told))
    waiting = set(PendingWarning.objects.values_list("case_id", flat=True))
    assert {case.pk for case in cases[4:]} <= set(told)
    assert waiting == {case.pk for case in cases[:4]}
