"""Who is asking, what they hold today, and at what price."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.core import policy
from haitang.core.access import VISITOR, Kind
from haitang.people import actions, queries
from haitang.testing import people as cast
from haitang.testing.actors import NOW, TODAY
from haitang.testing.desks import build_post, enter
from haitang.testing.people import FOUNDER

pytestmark = pytest.mark.django_db


def test_an_actor_holds_what_the_role_says_over_the_area_and_all_below(areas):
    account = cast.build_account()
    cast.give(account, "grid_worker", area_id=areas["street"])
    actor = queries.get_actor(account.pk, now=NOW)
    city, street = areas["city"], areas["street"]
    assert actor.holds("cases.case.verify", area_path=f"/{city}/{street}/{areas['spring']}/")
    assert not actor.holds("cases.case.verify", area_path=f"/{city}/")
    assert not actor.holds("cases.case.verify", area_path=f"/{city}/{areas['other_street']}/")
    assert not actor.holds("cases.case.close", area_path=f"/{city}/{street}/")


def test_a_grant_over_neither_area_nor_organization_holds_everywhere(areas):
    account = cast.build_account()
    cast.give(account, permission="cases.case.view")
    assert queries.get_actor(account.pk, now=NOW).areas("cases.case.view") == {"/"}


def test_a_grant_over_an_organization_holds_there_only():
    organization = enter(name="城管局")
    account = cast.build_account()
    cast.give(account, "department_handler", organization_id=organization)
    actor = queries.get_actor(account.pk, now=NOW)
    assert actor.organizations("cases.case.handle") == {organization}
    assert not actor.areas("cases.case.handle")
    assert (actor.organization_id, actor.organization_name) == (organization, "城管局")


@pytest.mark.parametrize(
    ("from_date", "to_date", "held"),
    [
        (TODAY, None, True),
        (TODAY + timedelta(days=1), None, False),
        (date(2026, 1, 1), TODAY, False),
        (date(2026, 1, 1), TODAY + timedelta(days=1), True),
    ],
)
def test_a_grant_holds_from_its_first_day_until_before_its_last(from_date, to_date, held):
    account = cast.build_account()
    cast.give(account, permission="cases.case.view", from_date=from_date, to_date=to_date)
    assert queries.get_actor(account.pk, now=NOW).holds("cases.case.view") is held


def test_an_area_that_was_replaced_still_covers_its_ground(areas):
    from haitang.territory import actions as territory_actions

    account = cast.build_account()
    cast.give(account, permission="cases.case.view", area_id=areas["grid"])
    before = queries.get_actor(account.pk, now=NOW).areas("cases.case.view")
    territory_actions.replace_area(actor=FOUNDER, area_id=areas["grid"], name="新网格", now=NOW)
    queries.ACTORS.touch()
    after = queries.get_actor(account.pk, now=NOW).areas("cases.case.view")
    assert before < after


def test_the_main_post_says_for_whom_the_actor_acts():
    first, second = enter(name="第一"), enter(name="第二")
    person = cast.build_person()
    account = cast.build_account(person=person)
    cast.appoint(person, build_post(first))
    assert queries.get_actor(account.pk, now=NOW).organization_id == first
    cast.appoint(person, build_post(second), is_main=True)
    assert queries.get_actor(account.pk, now=NOW).organization_id == second


@pytest.mark.parametrize("account_id", [0, -1, 10**9])
def test_nobody_is_a_visitor(account_id):
    assert queries.get_actor(account_id, now=NOW) is VISITOR


def test_an_account_switched_off_is_a_visitor_at_once():
    account = cast.build_account()
    assert queries.get_actor(account.pk, now=NOW).is_known
    actions.switch_account_off(actor=FOUNDER, account_id=account.pk, reason="离职", now=NOW)
    assert queries.get_actor(account.pk, now=NOW) is VISITOR


def test_a_token_acts_as_its_account(areas):
    account = cast.build_account("对接")
    cast.give(account, "integration", area_id=areas["city"])
    _row, token = actions.create_token(actor=FOUNDER, account_id=account.pk, name="12345", now=NOW)
    actor = queries.authenticate_token(token, now=NOW)
    assert (actor.kind, actor.id, actor.name) == (Kind.TOKEN, account.pk, "对接")
    assert actor.holds("cases.case.report", area_path=f"/{areas['city']}/")


@pytest.mark.parametrize("token", ["", "ht_", "ht_" + "x" * 10_000, "\x00", "\ud800"])
def test_any_other_text_is_no_token(token):
    assert queries.authenticate_token(token, now=NOW) is None


def test_a_token_is_worth_nothing_once_expired_revoked_or_its_account_switched_off():
    account = cast.build_account()
    for spoil in (
        lambda row: actions.revoke_token(actor=FOUNDER, token_id=row.pk, now=NOW),
        lambda row: actions.switch_account_off(actor=FOUNDER, account_id=account.pk, reason="离职", now=NOW),
    ):
        row, token = actions.create_token(actor=FOUNDER, account_id=account.pk, name="x", now=NOW)
        assert queries.authenticate_token(token, now=NOW)
        spoil(row)
        assert queries.authenticate_token(token, now=NOW) is None
    actions.switch_account_on(actor=FOUNDER, account_id=account.pk, now=NOW)
    tomorrow = NOW + timedelta(days=1)
    _row, token = actions.create_token(actor=FOUNDER, account_id=account.pk, name="x", expires_at=tomorrow, now=NOW)
    assert queries.authenticate_token(token, now=NOW)
    assert queries.authenticate_token(token, now=tomorrow) is None


def test_a_hot_token_costs_one_query_and_a_changed_grant_counts_at_once():
    account = cast.build_account()
    _row, token = actions.create_token(actor=FOUNDER, account_id=account.pk, name="x", now=NOW)
    with policy.reading():
        queries.authenticate_token(token, now=NOW)
    with (
        policy.reading(),
        CaptureQueriesContext(
            connection,
        ) as hot,
    ):
        actor = queries.authenticate_token(token, now=NOW)
        assert policy.read_versions()
    assert len(hot) == 1
    assert not actor.holds("cases.case.view")
    grant = cast.give(account, permission="cases.case.view")
    with policy.reading(), CaptureQueriesContext(connection) as cold:
        assert queries.authenticate_token(token, now=NOW).holds("cases.case.view")
    assert len(cold) == 2
    actions.revoke_grant(actor=FOUNDER, grant_id=grant.pk, reason="调岗", now=NOW)
    with policy.reading():
        assert not queries.authenticate_token(token, now=NOW).holds("cases.case.view")


def test_the_day_of_a_tokens_use_is_kept_and_nothing_finer():
    account = cast.build_account()
    row, token = actions.create_token(actor=FOUNDER, account_id=account.pk, name="x", now=NOW)
    queries.authenticate_token(token, now=NOW)
    row.refresh_from_db()
    assert row.last_used_date == TODAY


def test_a_changed_role_counts_at_once():
    account = cast.build_account()
    cast.give(account, "checker")
    assert queries.get_actor(account.pk, now=NOW).holds("cases.case.check")
    actions.change_role(
        actor=FOUNDER, role="checker", name="核查员", description="", permissions=["cases.case.view"], now=NOW
    )
    assert not queries.get_actor(account.pk, now=NOW).holds("cases.case.check")


def test_those_holding_a_permission_are_found_from_above_and_in_the_organization(areas):
    organization = enter()
    above, here, beside, inside, off = (cast.build_account(str(n)) for n in range(5))
    cast.give(above, permission="cases.case.check")
    cast.give(here, "checker", area_id=areas["street"])
    cast.give(beside, "checker", area_id=areas["other_street"])
    cast.give(inside, "checker", organization_id=organization)
    cast.give(off, "checker", area_id=areas["street"])
    actions.switch_account_off(actor=FOUNDER, account_id=off.pk, reason="离职", now=NOW)
    path = f"/{areas['city']}/{areas['street']}/{areas['spring']}/"
    assert queries.list_accounts_holding("cases.case.check", area_path=path, now=NOW) == [above.pk, here.pk]
    found = queries.list_accounts_holding("cases.case.check", organization_id=organization, now=NOW)
    assert found == [inside.pk]
    found = queries.list_accounts_holding("cases.case.check", area_path=path, organization_id=organization, now=NOW)
    assert found == [above.pk, here.pk, inside.pk]


def test_those_responsible_hold_such_a_post_today(areas):
    organization = enter()
    worker, handler, gone = (cast.build_person(n) for n in ("甲", "乙", "丙"))
    accounts = {p.pk: cast.build_account(p.name, person=p).pk for p in (worker, handler, gone)}
    cast.appoint(worker, build_post(organization, "grid_worker", areas["grid"]))
    cast.appoint(handler, build_post(organization, "handler"))
    cast.appoint(gone, build_post(organization, "handler"), to_date=TODAY)
    assert queries.list_responsible(organization, "handler", now=NOW) == [accounts[handler.pk]]
    found = queries.list_responsible(organization, "grid_worker", area_id=areas["grid"], now=NOW)
    assert found == [accounts[worker.pk]]
    assert queries.list_responsible(organization, "grid_worker", area_id=areas["street"], now=NOW) == []
