"""A permission for some hours: asked for, agreed to by somebody else, ended by itself, reported with what was done."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from haitang.core import clock
from haitang.core.errors import Invalid, NotAllowed, NotFound
from haitang.people import actions, queries
from haitang.people.models import Account, Elevation, Grant, Notice, Role, RolePermission
from haitang.people.queries.elevations import State
from haitang.people.values import AskedAlready, ElevationDecided, NotElevated, OwnGrant, Permission
from haitang.testing import people as cast
from haitang.testing.actors import START, actor_with
from haitang.testing.people import refused

pytestmark = pytest.mark.django_db
UNMASK = str(Permission.PERSON_UNMASK)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def worker(areas) -> Account:
    account = cast.build_account("李建国")
    cast.give(account, "grid_worker", area_id=areas["grid"])
    return account


@pytest.fixture
def administrator(db) -> Account:
    account = cast.build_account("安全管理员")
    cast.give(account, "security_admin")
    return account


def as_(account: Account, now):
    return queries.get_actor(account.pk, now=now)


def ask(account: Account, now, **more):
    said = {"permission": UNMASK, "hours": 2, "reason": "回访住户", "now": now} | more
    return actions.ask_elevation(actor=as_(account, now), **said)


def test_it_is_held_where_the_own_grants_are_after_a_second_person_has_agreed_and_no_longer(
    worker, administrator, areas, now
):
    row = ask(worker, now)
    assert not as_(worker, now).holds(UNMASK)
    refused(NotAllowed, actions.grant_elevation, actor=actor_with(), elevation_id=row.pk, now=now)
    actions.grant_elevation(actor=as_(administrator, now), elevation_id=row.pk, now=now)
    held = as_(worker, now)
    (own,) = {grant.area_path for grant in held.grants if grant.permission != UNMASK}
    assert held.areas(UNMASK) == {own}
    assert held.elevated_until == now + timedelta(hours=2)
    assert as_(worker, now + timedelta(minutes=119)).holds(UNMASK)
    assert not as_(worker, now + timedelta(hours=2)).holds(UNMASK)


def test_nobody_agrees_to_the_own_request_and_nothing_is_decided_twice(worker, administrator, now):
    row = ask(worker, now)
    cunning = actor_with(Permission.GRANT_MANAGE, account_id=worker.pk)
    refused(OwnGrant, actions.grant_elevation, actor=cunning, elevation_id=row.pk, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Elevation.objects.filter(pk=row.pk).update(decided_by_id=worker.pk)
    actor = as_(administrator, now)
    refused(Invalid, actions.refuse_elevation, actor=actor, elevation_id=row.pk, answer="", now=now)
    actions.refuse_elevation(actor=actor, elevation_id=row.pk, answer="请走正常流程", now=now)
    refused(ElevationDecided, actions.grant_elevation, actor=actor, elevation_id=row.pk, now=now)
    assert not as_(worker, now).holds(UNMASK)


def test_what_the_rule_does_not_name_is_not_given_and_administrators_ask_for_nothing(worker, administrator, now):
    for permission in (Permission.GRANT_MANAGE, "cases.catalog.manage", "no.such.thing"):
        refused(NotElevated, ask, account=worker, now=now, permission=str(permission))
    refused(NotElevated, ask, account=administrator, now=now)
    refused(Invalid, ask, account=worker, now=now, hours=9)
    refused(Invalid, ask, account=worker, now=now, reason=" ")
    ask(worker, now)
    refused(AskedAlready, ask, account=worker, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Elevation.objects.update(permission=Permission.GRANT_MANAGE)


def test_its_end_is_reported_with_how_often_hidden_data_were_looked_at(worker, administrator, now):
    row = ask(worker, now - timedelta(minutes=1))
    actions.grant_elevation(actor=as_(administrator, now), elevation_id=row.pk, now=now)
    whole = actor_with(Permission.PERSON_UNMASK, account_id=worker.pk)
    person = cast.build_person("王阿姨", phone="13800001234")
    during = now + timedelta(minutes=5)
    actions.unmask_person(actor=whole, person_id=person.pk, field="phone", reason="回访", now=during)
    assert actions.report_elevations(actor=whole, now=during) == 0
    page = queries.get_elevation_page(viewer=as_(administrator, now), elevation_id=row.pk, now=during)
    assert (page.view.state, page.unmaskings, page.may_end) == (State.RUNNING, 1, True)
    assert [deed.is_unmasking for deed in page.deeds] == [True]
    after = now + timedelta(hours=3)
    assert actions.report_elevations(actor=whole, now=after) == 1
    assert actions.report_elevations(actor=whole, now=after) == 0
    told = Notice.objects.filter(account=administrator).order_by("id")
    assert [each.key.rpartition(":")[2] for each in told] == ["asked", "ended"]
    assert told[1].parts["count"] == 1
    stranger = as_(cast.build_account(), now)
    refused(NotFound, queries.get_elevation_page, viewer=stranger, elevation_id=row.pk, now=now)


def test_it_ends_early_and_a_request_is_taken_back(worker, administrator, now):
    row = ask(worker, now)
    refused(NotAllowed, actions.end_elevation, actor=actor_with(), elevation_id=row.pk, now=now)
    actions.end_elevation(actor=as_(worker, now), elevation_id=row.pk, now=now)
    again = ask(worker, now)
    actions.grant_elevation(actor=as_(administrator, now), elevation_id=again.pk, now=now)
    assert as_(worker, now).holds(UNMASK)
    actions.end_elevation(actor=as_(administrator, now), elevation_id=again.pk, now=now)
    assert not as_(worker, now).holds(UNMASK)


def test_where_the_rule_says_report_it_is_held_at_once(worker, administrator, now):
    actor = as_(administrator, now)
    actions.change_sign_in_rule(actor=actor, key="elevation_rule", value="report", now=now)
    ask(worker, now)
    assert as_(worker, now).holds(UNMASK)
    assert Notice.objects.filter(account=administrator, key__endswith=":asked").exists()


def test_the_pages_ask_agree_and_show_what_was_done(client, worker, administrator):
    client.force_login(worker)
    assert "没有临时权限" in client.get("/elevations/").content.decode()
    given = {"permission": UNMASK, "hours": 1, "reason": "回访"}
    there = client.post("/elevations/ask/", given)["Location"]
    assert "撤回申请" in client.get(there).content.decode()
    assert client.post(f"{there}grant/").status_code == 403
    client.force_login(administrator)
    assert "李建国" in client.get("/elevations/").content.decode()
    assert client.post(f"{there}grant/").status_code == 302
    assert "期间的操作" in client.get(there).content.decode()
    assert client.post(f"{there}end/").status_code == 302


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE people_grant SET duty = '' WHERE duty = 'security'",
        """INSERT INTO people_grant (account_id, permission, duty, from_date, reason)
            SELECT account_id, 'core.history.audit', '', from_date, '' FROM people_grant WHERE duty = 'security'""",
        """INSERT INTO people_rolepermission (role_id, permission)
            SELECT id, 'core.history.audit' FROM people_role WHERE code = 'security_admin'""",
        "UPDATE people_role SET duty = '' WHERE code = 'security_admin'",
    ],
)
def test_the_database_itself_keeps_the_three_administrators_apart(administrator, statement):
    """Whatever writes: a grant says truly whose duty it is, and one account has one of the three at a time."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_account_never_holds_two_of_the_three(administrator):
    auditor = Role.objects.get(code="audit_admin")
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(account=administrator, role=auditor, duty="audit", from_date=START, reason="x")
    held = set(RolePermission.objects.filter(role=auditor).values_list("permission", flat=True))
    assert held == {"core.history.audit", "privacy.look.view", "privacy.report.view"}  # reads, and changes nothing
