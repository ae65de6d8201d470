"""Each write: what it does, what it refuses, and that a refusal leaves nothing behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from haitang.core.access import Grant as Held
from haitang.core.access import system
from haitang.core.errors import Invalid, NotAllowed, NotFound
from haitang.core.models import Entry
from haitang.people import actions, queries, values
from haitang.people.models import Grant, Role
from haitang.people.queries import pages
from haitang.people.values import Permission
from haitang.testing import people as cast
from haitang.testing.actors import NOW, START, TODAY, actor_with
from haitang.testing.people import FOUNDER, PASSWORD, refused

pytestmark = pytest.mark.django_db

SYSTEM_ADMIN = actor_with(Permission.ACCOUNT_MANAGE, Permission.PERSON_MANAGE, account_id=900_002, name="系统管理员")
SECURITY_ADMIN = actor_with(Permission.GRANT_MANAGE, account_id=900_003, name="安全管理员")
NOBODY = actor_with("cases.case.view", account_id=900_004)


def last_fact() -> str:
    return Entry.objects.order_by("-id").values_list("fact", flat=True).first()


# Accounts


def test_an_account_can_sign_in_and_must_change_what_others_chose(client):
    account = actions.create_account(
        actor=FOUNDER, username="grid", name="张三", password=PASSWORD, person_id=None, now=NOW
    )
    assert account.must_change_password
    assert account.check_password(PASSWORD)
    assert not queries.get_actor(account.pk, now=NOW).grants


@pytest.mark.parametrize("password", ["Aa1-", "haitangcity", "HAITANG2026", "12345678", "password1"])
def test_a_plain_password_is_refused(password):
    refusal = refused(
        Invalid, actions.create_account, actor=FOUNDER, username="grid", name="张三", password=password, now=NOW
    )
    assert "password" in refusal.fields


def test_a_name_and_a_person_are_taken_once():
    person = cast.build_person()
    given = {"actor": FOUNDER, "username": "grid", "name": "张三", "password": "", "now": NOW}
    actions.create_account(person_id=person.pk, **given)
    refused(values.UsernameTaken, actions.create_account, **given)
    refused(values.PersonHasAccount, actions.create_account, person_id=person.pk, **{**given, "username": "other"})


def test_an_administrator_sets_a_password_only_within_reach(areas):
    account = cast.build_account()
    street = actor_with(Permission.ACCOUNT_MANAGE, area_path=f"/{areas['city']}/{areas['street']}/")
    given = {"account_id": account.pk, "password": PASSWORD, "now": NOW}
    actions.reset_password(actor=street, **given)
    cast.give(account, "checker", area_id=areas["street"])
    actions.reset_password(actor=street, **given)
    cast.give(account, "leader", area_id=areas["city"])
    refused(values.OutOfReach, actions.reset_password, actor=street, **given)
    refused(NotAllowed, actions.reset_password, actor=SECURITY_ADMIN, **given)


@pytest.mark.parametrize("role", ["security_admin", "audit_admin"])
def test_no_administrator_becomes_another_by_a_password_or_a_token(role):
    account = cast.build_account()
    cast.give(account, role, from_date=TODAY + timedelta(days=9))
    given = {"actor": SYSTEM_ADMIN, "account_id": account.pk, "now": NOW}
    before = account.password
    refusal = refused(values.AdministratorApart, actions.reset_password, password=PASSWORD, **given)
    assert "三员分立" in refusal.message
    refused(values.AdministratorApart, actions.create_token, name="脚本", **given)
    account.refresh_from_db()
    assert account.password == before
    page = pages.get_account_page(viewer=SYSTEM_ADMIN, account_id=account.pk, now=NOW)
    assert (page.may_manage, page.may_reset) == (True, False)


def test_a_system_administrator_is_helped_by_another():
    account = cast.build_account()
    cast.give(account, "system_admin")
    assert actions.reset_password(
        actor=SYSTEM_ADMIN, account_id=account.pk, password=PASSWORD, now=NOW
    ).must_change_password


def test_the_own_password_is_changed_by_whoever_knows_the_present_one():
    account = actions.create_account(actor=FOUNDER, username="grid", name="张三", password=PASSWORD, now=NOW)
    actor = queries.get_actor(account.pk, now=NOW)
    given = {"actor": actor, "present": PASSWORD, "password": "Another-2026", "now": NOW}
    refused(values.WrongPassword, actions.change_password, **{**given, "present": "wrong"})
    refused(Invalid, actions.change_password, **{**given, "password": PASSWORD})
    refused(Invalid, actions.change_password, **{**given, "password": "short"})
    changed = actions.change_password(**given)
    assert changed.check_password("Another-2026")
    assert not changed.must_change_password


def test_an_account_is_switched_off_with_a_reason_and_never_by_itself():
    account = cast.build_account()
    given = {"actor": FOUNDER, "account_id": account.pk, "reason": "离职", "now": NOW}
    refused(Invalid, actions.switch_account_off, **{**given, "reason": ""})
    own = actor_with(Permission.ACCOUNT_MANAGE, account_id=account.pk)
    refused(Invalid, actions.switch_account_off, **{**given, "actor": own})
    assert not actions.switch_account_off(**given).is_active


def test_a_token_is_made_for_oneself_and_for_those_within_reach():
    account, other = cast.build_account(), cast.build_account()
    own = queries.get_actor(account.pk, now=NOW)
    row, token = actions.create_token(actor=own, account_id=account.pk, name="脚本", now=NOW)
    assert token.encode() not in bytes(row.token_hash)
    given = {"account_id": other.pk, "name": "脚本", "now": NOW}
    refused(NotAllowed, actions.create_token, actor=own, **given)
    refused(Invalid, actions.create_token, actor=FOUNDER, expires_at=NOW, **given)
    actions.revoke_token(actor=own, token_id=row.pk, now=NOW)
    refused(values.TokenOver, actions.revoke_token, actor=own, token_id=row.pk, now=NOW)
    person = cast.build_account(password="Haitang-2026-own")
    refused(NotAllowed, actions.create_token, actor=FOUNDER, **{**given, "account_id": person.pk})
    row, _token = actions.create_token(actor=FOUNDER, **given)
    refused(NotAllowed, actions.revoke_token, actor=own, token_id=row.pk, now=NOW)


# Grants and roles


@pytest.mark.parametrize(
    ("scope", "over", "allowed"),
    [
        ("street", "street", True),
        ("street", "spring", True),
        ("street", "other_street", False),
        ("street", "city", False),
        ("street", None, False),
        ("city", None, False),
        (None, None, True),
    ],
)
def test_a_permission_is_given_within_the_own_scope_only(areas, scope, over, allowed):
    paths = {"street": f"/{areas['city']}/{areas['street']}/", "city": f"/{areas['city']}/", None: "/"}
    actor = actor_with(Permission.GRANT_MANAGE, area_path=paths[scope], account_id=900_009)
    account = cast.build_account()
    given = {
        "actor": actor, "account_id": account.pk, "role": "grid_worker", "area_id": areas[over] if over else None,
        "from_date": START, "reason": "工作需要", "now": NOW,
    }  # fmt: skip
    if allowed:
        grant = actions.give_grant(**given)
        assert actions.revoke_grant(actor=actor, grant_id=grant.pk, reason="调岗", now=NOW).to_date == TODAY
    else:
        refused(NotAllowed, actions.give_grant, **given)
        grant = actions.give_grant(**{**given, "actor": FOUNDER})
        refused(NotAllowed, actions.revoke_grant, actor=actor, grant_id=grant.pk, reason="调岗", now=NOW)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"role": ""}, Invalid),
        ({"permission": "cases.case.view"}, Invalid),
        ({"role": "king"}, NotFound),
        ({"area_id": 10**9}, NotFound),
        ({"organization_id": 10**9}, NotFound),
        ({"area_id": 1, "organization_id": 1}, Invalid),
        ({"to_date": START}, Invalid),
        ({"reason": ""}, Invalid),
        ({"account_id": 0}, NotFound),
        ({"actor": NOBODY}, NotAllowed),
    ],
)
def test_a_grant_is_refused(change, refusal):
    account = cast.build_account()
    given = {
        "actor": FOUNDER, "account_id": account.pk, "role": "checker", "from_date": START, "reason": "工作需要",
        "now": NOW,
    }  # fmt: skip
    refused(refusal, actions.give_grant, **{**given, **change})
    assert not Grant.objects.exists()


def test_nobody_gives_to_themselves():
    account = cast.build_account()
    own = actor_with(Permission.GRANT_MANAGE, account_id=account.pk)
    given = {"account_id": account.pk, "role": "leader", "from_date": START, "reason": "x", "now": NOW}
    refused(values.OwnGrant, actions.give_grant, actor=own, **given)


def test_a_revoked_grant_cannot_be_revoked_again_and_a_future_one_never_begins():
    account = cast.build_account()
    grant = cast.give(account, "checker")
    actions.revoke_grant(actor=FOUNDER, grant_id=grant.pk, reason="调岗", now=NOW)
    refused(values.GrantOver, actions.revoke_grant, actor=FOUNDER, grant_id=grant.pk, reason="调岗", now=NOW)
    future = cast.give(account, "checker", from_date=TODAY + timedelta(days=9))
    ended = actions.revoke_grant(actor=FOUNDER, grant_id=future.pk, reason="调岗", now=NOW)
    assert ended.to_date == ended.from_date


ADMINISTRATORS = ["system_admin", "security_admin", "audit_admin"]


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", [*ADMINISTRATORS, "leader", "grid_worker"])
def test_one_account_is_one_administrator_and_handles_no_cases(first, second):
    account = cast.build_account()
    cast.give(account, first)
    refused(
        values.DutiesMixed,
        actions.give_grant, actor=FOUNDER, account_id=account.pk, role=second, from_date=TODAY, reason="x", now=NOW,
    )  # fmt: skip


def test_one_who_was_an_administrator_may_become_another_afterwards():
    account = cast.build_account()
    cast.give(account, "system_admin", to_date=TODAY)
    assert cast.give(account, "audit_admin", from_date=TODAY).duty == "audit"


def test_single_permissions_make_administrators_too():
    account = cast.build_account()
    cast.give(account, permission=Permission.GRANT_MANAGE)
    refused(
        values.DutiesMixed,
        actions.give_grant,
        actor=FOUNDER, account_id=account.pk, permission="core.history.audit", from_date=TODAY, reason="x", now=NOW,
    )  # fmt: skip


def test_the_database_itself_keeps_administrators_apart():
    account = cast.build_account()
    grant = cast.give(account, "system_admin")
    with pytest.raises(IntegrityError, match="people_grant_one_administrator"), transaction.atomic():
        Grant.objects.create(
            account=account,
            role=Role.objects.get(code="audit_admin"),
            duty="audit",
            from_date=grant.from_date,
            reason="x",
        )


def test_a_role_is_added_and_changed_with_its_separation_kept():
    given = {"actor": FOUNDER, "name": "巡查组", "description": "", "now": NOW}
    role = actions.create_role(code="patrol", permissions=["cases.case.report"], **given)
    assert (role.duty, queries.permissions_of(role)) == ("", {"cases.case.report"})
    refused(values.RoleCodeTaken, actions.create_role, code="patrol", permissions=[], **given)
    mixed = ["cases.case.view", Permission.GRANT_MANAGE]
    refused(values.DutiesMixed, actions.create_role, code="other", permissions=mixed, **given)
    refused(values.DutiesMixed, actions.change_role, role="patrol", permissions=[Permission.GRANT_MANAGE], **given)
    actions.change_role(role="patrol", permissions=["cases.case.view"], **given)
    assert queries.permissions_of(role) == {"cases.case.view"}
    local = actor_with(Permission.GRANT_MANAGE, area_path="/1/")
    refused(NotAllowed, actions.change_role, **{**given, "actor": local}, role="patrol", permissions=[])


def test_a_role_that_an_administrator_has_cannot_come_to_handle_cases():
    given = {"actor": FOUNDER, "name": "看板", "description": "", "now": NOW}
    actions.create_role(code="viewer", permissions=["command.dashboard.view"], **given)
    account = cast.build_account()
    cast.give(account, "viewer")
    cast.give(account, "audit_admin")
    more = ["command.dashboard.view", "cases.case.view"]
    refused(values.DutiesMixed, actions.change_role, role="viewer", permissions=more, **given)


def test_nobody_widens_a_role_that_is_their_own():
    account, other = cast.build_account(), cast.build_account()
    for each in (account, other):
        cast.give(each, "security_admin")
    role = queries.lock_role("security_admin")
    held = queries.permissions_of(role)
    more = {"role": role.code, "name": role.name, "description": "", "permissions": [*held, "command.dashboard.view"]}
    own = queries.get_actor(account.pk, now=NOW)
    refused(values.OwnGrant, actions.change_role, actor=own, now=NOW, **more)
    actions.change_role(actor=own, now=NOW, **{**more, "permissions": held})
    actions.change_role(actor=FOUNDER, now=NOW, **more)
    assert queries.permissions_of(role) == {*held, "command.dashboard.view"}


def test_shipped_roles_follow_the_release_until_they_are_changed_here():
    assert actions.ship_roles() == []
    Role.objects.get(code="leader").permissions.all().delete()
    assert actions.ship_roles() == ["leader"]
    actions.change_role(actor=FOUNDER, role="leader", name="领导", description="", permissions=[], now=NOW)
    assert actions.ship_roles() == []


# Notices


def test_a_notice_is_told_once_under_its_key_and_read_by_its_owner():
    one, two = cast.build_account(), cast.build_account()
    given = {
        "actor": system(),
        "key": "case:7:overdue",
        "text": "案件 {number} 已超期",
        "parts": {"number": "7"},
        "now": NOW,
    }
    assert actions.send_notices(account_ids=[one.pk, one.pk], **given) == 1
    assert actions.send_notices(account_ids=[one.pk, two.pk], **given) == 1
    reader = queries.get_actor(one.pk, now=NOW)
    assert queries.count_unread(reader) == 1
    assert actions.mark_notices_read(actor=reader, now=NOW) == 1
    assert queries.count_unread(reader) == 0
    assert queries.count_unread(queries.get_actor(two.pk, now=NOW)) == 1


def test_the_system_needs_its_permissions_named():
    refused(NotAllowed, actions.create_person, actor=system(), name="张三", now=NOW)
    actor = system("建设", Held(Permission.PERSON_MANAGE, area_path="/"))
    assert actions.create_person(actor=actor, name="张三", now=NOW).pk
    assert last_fact() == "PersonCreated"
