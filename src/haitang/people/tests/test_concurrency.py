"""Two at the same moment, in two real transactions: one of them gets it, the other is refused in words."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from haitang.core.errors import Refusal
from haitang.people import actions, values
from haitang.people.models import Grant, Holding, Notice, Role
from haitang.testing import people as cast
from haitang.testing.actors import NOW, START
from haitang.testing.desks import build_post, enter
from haitang.testing.land import build_land
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Run the deeds at the same moment, each on its own connection; return what each returned or refused."""
    barrier = Barrier(len(deeds))

    def run(deed):
        try:
            barrier.wait()
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def refusals(results):
    return [type(result) for result in results if isinstance(result, Refusal)]


def test_one_grid_takes_one_worker():
    areas = build_land()
    post = build_post(enter(), "grid_worker", areas["grid"])
    people = [cast.build_person(name) for name in "甲乙丙丁"]

    def appoint(person):
        return lambda: actions.appoint_person(
            actor=FOUNDER, person_id=person.pk, post_id=post, from_date=START, now=NOW
        )

    results = at_once(*map(appoint, people))
    assert refusals(results) == [values.GridHasWorker] * 3
    assert Holding.objects.count() == 1


def test_one_account_becomes_one_administrator():
    account = cast.build_account()
    roles = ["system_admin", "security_admin", "audit_admin"]
    assert Role.objects.filter(code__in=roles).count() == 3

    def give(role):
        return lambda: actions.give_grant(
            actor=FOUNDER, account_id=account.pk, role=role, from_date=START, reason="任命", now=NOW
        )

    results = at_once(*map(give, roles))
    assert refusals(results) == [values.DutiesMixed] * 2
    assert Grant.objects.count() == 1


def test_one_sign_in_name_goes_to_one_account():
    def create():
        return actions.create_account(actor=FOUNDER, username="grid", name="张三", password="", now=NOW)

    assert refusals(at_once(create, create, create)) == [values.UsernameTaken] * 2


def test_one_notice_is_told_once():
    account = cast.build_account()

    def send():
        return actions.send_notices(actor=FOUNDER, account_ids=[account.pk], key="k", text="x", now=NOW)

    assert not refusals(at_once(send, send, send))
    assert Notice.objects.count() == 1


def test_a_role_does_not_become_one_that_handles_cases_while_an_administrator_gets_it():
    account = cast.build_account()
    cast.give(account, "audit_admin")
    given = {"actor": FOUNDER, "name": "看板", "description": "", "now": NOW}
    for attempt in range(5):
        code = f"viewer{attempt}"
        actions.create_role(code=code, permissions=["command.dashboard.view"], **given)
        results = at_once(
            lambda code=code: cast.give(account, code),
            lambda code=code: actions.change_role(role=code, permissions=["cases.case.view"], **given),
        )
        assert refusals(results) == [values.DutiesMixed]
