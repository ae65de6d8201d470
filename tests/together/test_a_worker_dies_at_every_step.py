"""A worker that is killed at whichever statement of a job: the job is run again, and what it does is done once."""

import json
from itertools import count

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from haitang.callbacks.models import Callback
from haitang.cases import actions as cases
from haitang.cases import queries
from haitang.core import clock, seal
from haitang.core.models import Entry
from haitang.orders.tests import cast
from haitang.people.models import Notice
from haitang.testing.actors import NOW
from haitang.testing.cases import build_town, report
from haitang.testing.killing import killed_at_statement

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ("accept", "register", "dispatch", "sign", "handle", "feedback", "check", "close")
STATEMENTS_MAX = 200


def queued() -> list[tuple[int, str, dict]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(pk, name, json.loads(args) if isinstance(args, str) else args) for pk, name, args in cursor.fetchall()]


def run_killed_at_every_step(work) -> int:
    """Run it, killed at its first statement, at its second, …, until it comes through; return how often it was."""
    for number in count(1):
        assert number < STATEMENTS_MAX
        if not killed_at_statement(number, work):
            return number - 1
    return 0


def test_every_job_is_carried_out_once_wherever_its_worker_dies(monkeypatch):
    """A case and an order, from the beginning to the end, and all that follows from them; then the clock's own work."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    monkeypatch.setattr(clock, "now", lambda: NOW)
    town = build_town()
    branch = cast.build_branch(town)
    repair, orderer = cast.open_service(), cast.elder()
    helper = cast.member(town, branch=branch)
    case = report(town.resident, reporter_name="林阿姨", reporter_phone="13900000001")
    cases.verify_case(actor=town.grid, case_id=case.pk, result="exists", opinion="属实", now=NOW)
    who = {**dict.fromkeys(("sign", "handle", "feedback"), town.handler), "check": town.checker}
    for step in STEPS:
        extra = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        actor = who.get(step, town.dispatcher)
        getattr(cases, f"{step}_case")(actor=actor, case_id=case.pk, opinion="办", now=NOW, **extra)
    cast.accepted(town, cast.order(orderer, repair), helper)

    _reactions(case, orderer)
    _clock(monkeypatch, town)


def _reactions(case, orderer):
    """Told, called back, noted: each once, and once more changes nothing."""
    waiting, deaths, once = queued(), {}, {}
    assert {"cases.tell_reported", "cases.tell_dispatched", "callbacks.make", "orders.tell_accepted"} <= {
        name for _pk, name, _args in waiting
    }
    for _pk, name, args in waiting:
        job = app.tasks[name].func
        deaths[name] = run_killed_at_every_step(lambda job=job, args=args: job(**args))
        once[name] = Notice.objects.count(), Callback.objects.count(), Entry.objects.count()
        job(**args)
        assert (Notice.objects.count(), Callback.objects.count(), Entry.objects.count()) == once[name], name
    assert deaths["orders.tell_accepted"] >= 3
    assert deaths["callbacks.make"] >= 3
    assert Callback.objects.filter(case_id=case.pk).count() == 1
    told = Notice.objects.filter(subject_type="order", account_id=orderer.id, text__startswith="已有人接单")
    assert told.count() == 1


def _clock(monkeypatch, town):
    """Counters are folded, the history is sealed, late cases are told of: with nothing lost and nothing twice."""
    kept = [report(town.dispatcher, channel="phone") for _each in range(3)]
    for case in kept:
        cases.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="办", now=NOW)
    late = max(each.due_at for each in map(_again, kept)).replace(year=NOW.year + 1)
    monkeypatch.setattr(clock, "now", lambda: late)
    for name in ("cases.fold_counts", "cases.watch_deadlines", "core.seal_history"):
        assert run_killed_at_every_step(lambda name=name: app.tasks[name].func(0)) >= 2, name
        app.tasks[name].func(0)
    assert queries.counted() == queries.recount()
    assert Entry.objects.filter(fact="DeadlineMissed").count() == len(kept)
    found = seal.verify()
    assert not found.findings
    assert found.sealed == Entry.objects.count()


def _again(case):
    case.refresh_from_db()
    return case
