"""Every check holds after honest work, and each finds what it is there to find."""

import json
from collections.abc import Callable
from itertools import islice
from random import Random

import pytest
from django.db import connection, transaction
from django.test import Client
from procrastinate.contrib.django import app

from haitang.chaos import checks, ground
from haitang.chaos.clients import Deed, ask
from haitang.core import clock, seal

DEEDS = 40


def send_by(client: Client) -> Callable[[Deed], tuple[int, bytes]]:
    def send(deed: Deed) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {deed.token}"} if deed.token else {}
        if deed.has_key:
            headers["Idempotency-Key"] = deed.key
        answer = client.post(deed.path, json.dumps(deed.body), content_type="application/json", headers=headers)
        return answer.status_code, answer.content

    return send


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def work_off() -> None:
    """Carry out what is queued, as the worker does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE id IN (SELECT id FROM chaos_job)")
        for job_id, name, args in cursor.fetchall():
            app.tasks[name].func(**(json.loads(args) if isinstance(args, str) else args))
            sql("DELETE FROM procrastinate_jobs WHERE id = %s", job_id)


@pytest.fixture
def scene(db) -> checks.Scene:
    built = ground.build(clock.now(), clients=2, ballots=20, bookings=20)
    done: list[Deed] = []
    send = send_by(Client())
    for deed in islice(ground.deeds_of(built, 1)(0, Random(1), done), DEEDS):
        ask(deed, send, again_s=0)
        if deed.has_key:
            ask(deed, send, again_s=0)
        done.append(deed)
    work_off()
    return checks.Scene(built, done)


def first(scene: checks.Scene, kind: str) -> Deed:
    return next(each for each in scene.deeds if each.kind == kind and each.is_acknowledged)


def lose_a_case(scene):
    case_id = scene.of("create")[-1].answers[0]["id"]
    sql("ALTER TABLE core_entry DISABLE TRIGGER USER")
    for table in ("cases_reporter", "cases_pendingwarning"):
        sql(f"DELETE FROM {table} WHERE case_id = %s", case_id)
    sql("DELETE FROM cases_case WHERE id = %s", case_id)


def double_a_case(scene):
    mark = scene.of("create")[0].about
    sql(
        "UPDATE cases_case SET description = description || %s WHERE id = %s",
        f"（编号 {mark}）", scene.of("create")[-1].answers[0]["id"],
    )  # fmt: skip


def accept_twice(scene):
    again = first(scene, "accept").about
    sql(
        "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,"
        " request_id) SELECT fact, subject_type, subject_id, actor_name, organization_name, area_path, data, at,"
        " request_id FROM core_entry WHERE fact = 'CaseAccepted' AND subject_id = %s",
        again,
    )


def lose_a_ballot(scene):
    sql("DELETE FROM voting_envelope WHERE entry_id = (SELECT min(entry_id) FROM voting_envelope)")


def swap_a_ballot(scene):
    deed = first(scene, "ballot")
    deed.body = {**deed.body, "marks": {"1": 1}}


def lose_a_booking(scene):
    sql("DELETE FROM orders_engagement WHERE order_id = %s", first(scene, "booking").about[0])


def leave_unanswered(scene):
    scene.deeds.append(Deed("create", "never", "/", {}, "", "never"))


def answer_otherwise(scene):
    deed = first(scene, "create")
    deed.answers.append({**deed.answers[0], "id": 0})


def forget_a_reaction(scene):
    sql("DELETE FROM chaos_job WHERE id = (SELECT min(id) FROM chaos_job WHERE args ? 'entry_id')")


def leave_a_reaction(scene):
    sql("UPDATE chaos_job SET done = false WHERE id = (SELECT min(id) FROM chaos_job WHERE args ? 'entry_id')")


def double_an_effect(scene):
    sql(
        "INSERT INTO people_notice (account_id, key, text, parts, url, subject_type, subject_id, at) "
        "SELECT account_id, key || ':again', text, parts, url, subject_type, subject_id, at FROM people_notice "
        "WHERE subject_type = 'order' AND subject_id = %s AND account_id = %s",
        first(scene, "booking").about[0], scene.ground.orderer_id,
    )  # fmt: skip


def change_a_counter(scene):
    sql("UPDATE cases_countdelta SET n = n + 1 WHERE id = (SELECT min(id) FROM cases_countdelta)")


SPOILED = {
    lose_a_case: "created_once",
    double_a_case: "created_once",
    accept_twice: "accepted_once",
    lose_a_ballot: "voted_once",
    swap_a_ballot: "voted_once",
    lose_a_booking: "booked_once",
    leave_unanswered: "answered",
    answer_otherwise: "answered_alike",
    forget_a_reaction: "reacted",
    leave_a_reaction: "reacted",
    double_an_effect: "told_once",
    change_a_counter: "counters_hold",
}


def test_honest_work_passes_and_every_check_can_fail(scene, monkeypatch):
    """One instance for all, since it takes seconds to build; what is spoiled is put right by rolling back."""
    assert {each.kind for each in scene.deeds} == {"create", "accept", "ballot", "booking"}
    by_name = {check.__name__: check for check in checks.CHECKS}
    # The history is verified in a transaction of its own; that alterations are found there, core's tests show.
    verified = seal.Report()
    monkeypatch.setattr(seal, "verify", lambda: verified)
    assert {*SPOILED.values(), "seal_holds"} == set(by_name), "a check without a test that it can fail"
    for spoil, name in SPOILED.items():
        kept = [(deed, list(deed.answers), deed.body) for deed in scene.deeds]
        with transaction.atomic():
            spoil(scene)
            assert list(by_name[name](scene)), f"{name} did not find: {spoil.__name__}"
            transaction.set_rollback(True)
        scene.deeds[:] = [deed for deed, _answers, _body in kept]
        for deed, answers, body in kept:
            deed.answers[:], deed.body = answers, body
    found = checks.run(scene)
    assert not {each.name: each.faults for each in found if each.faults}
    assert all(each.looked_at for each in found)
    verified.findings.append(seal.Finding("entry_altered", "第 1 条记录封存后被改动"))
    assert list(checks.seal_holds(scene)) == ["第 1 条记录封存后被改动"]
