"""Signing in: the page, the lock-out over all processes, and what is not offered."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from haitang.core import clock
from haitang.core.access import VISITOR
from haitang.core.errors import NotAllowed
from haitang.core.models import Entry
from haitang.people import actions, queries
from haitang.people.models import Account, Attempt, SignIn
from haitang.people.values import Locked, Permission
from haitang.testing import people as cast
from haitang.testing.actors import actor_with
from haitang.testing.crowds import at_once
from haitang.testing.people import PASSWORD, refused

pytestmark = pytest.mark.django_db
SECURITY = actor_with(Permission.GRANT_MANAGE, account_id=900_001)


@pytest.fixture
def account(db) -> Account:
    return cast.build_account("周网格", password=PASSWORD)


def sign_in(client: Client, username: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": username, "password": password})


def most() -> int:
    return queries.sign_in_rules()["lock_failures_max"]


def test_the_right_password_opens_the_account(client, account):
    assert sign_in(client, account.username).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)
    assert Entry.objects.filter(fact="SignedIn", subject_id=account.pk).exists()


def test_a_wrong_password_is_refused_in_chinese_at_the_form(client, account):
    page = sign_in(client, account.username, "wrong").content.decode()
    assert "账号或密码不正确" in page
    assert 'role="alert"' in page


def test_guessing_locks_the_account_for_the_minutes_said_even_against_the_right_password(client, account, monkeypatch):
    for _attempt in range(most()):
        assert "分钟后再试" not in sign_in(client, account.username, "wrong").content.decode()
    page = sign_in(client, account.username)
    assert page.status_code == 200
    assert "已暂时锁定，请 15 分钟后再试" in page.content.decode()
    later = clock.now() + timedelta(minutes=15, seconds=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sign_in(client, account.username).status_code == 302


def test_a_name_that_nobody_bears_is_locked_in_the_same_words(client, account):
    said = {name: [] for name in (account.username, "nobody")}
    for name, sentences in said.items():
        for _attempt in range(most() + 1):
            page = sign_in(client, name, "wrong").content.decode()
            sentences.append(re.findall(r"账号或密码不正确|已暂时锁定，请 \d+ 分钟后再试", page))
    assert said[account.username] == said["nobody"]
    assert said["nobody"][-1] == ["已暂时锁定，请 15 分钟后再试"]
    facts = Entry.objects.filter(fact="SignInFailed").order_by("id")
    assert [(each.subject_id, each.data["is_locked"]) for each in facts] == [
        (who, last) for who in (account.pk, 0) for last in (False, False, False, False, True)
    ]
    assert "nobody" not in str([each.data for each in facts])


def test_good_attempts_are_never_counted(client, account):
    for _attempt in range(most() + 2):
        assert sign_in(client, account.username).status_code == 302
        client.logout()
    for _attempt in range(most() - 1):
        sign_in(client, account.username, "wrong")
    assert sign_in(client, account.username).status_code == 302
    assert not Attempt.objects.exists()


def test_a_security_administrator_sees_the_lock_and_lifts_it(client, account):
    for _attempt in range(most()):
        sign_in(client, account.username, "wrong")
        sign_in(client, "nobody", "wrong")
    page = queries.list_locks(viewer=SECURITY, now=clock.now())
    assert [lock.account for lock in page.locked] == [account]
    assert page.unknown == 1
    refused(NotAllowed, actions.lift_lock, actor=actor_with(), account_id=account.pk, now=clock.now())
    actions.lift_lock(actor=SECURITY, account_id=account.pk, now=clock.now())
    assert sign_in(client, account.username).status_code == 302


def test_one_address_guesses_many_names_only_so_often(client, account):
    now = clock.now()
    actions.change_sign_in_rule(actor=SECURITY, key="address_failures_max", value=3, now=now)
    for number in range(3):
        sign_in(client, f"guess{number}", "wrong")
    assert "暂时锁定" in sign_in(client, account.username).content.decode()


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_the_same_moment_are_not_all_let_through():
    account = cast.build_account(password=PASSWORD)
    looked_at = []

    def guess() -> None:
        said = {"actor": VISITOR, "username": account.username, "address": "127.0.0.1", "now": clock.now()}
        actions.begin_attempt(**said)
        looked_at.append(1)
        actions.attempt_failed(**said)

    results = at_once(*[guess] * 20, connections=10)
    assert len(looked_at) == most()
    assert sum(isinstance(each, Locked) for each in results) == 20 - most()


@pytest.mark.django_db(transaction=True)
def test_real_sign_ins_at_the_same_moment_open_one_session_each_and_leave_no_count():
    account = cast.build_account(password=PASSWORD)
    browsers = [Client() for _each in range(4)]
    at_once(*[lambda browser=browser: sign_in(browser, account.username) for browser in browsers])
    assert SignIn.objects.filter(account=account).count() == 4
    assert not Attempt.objects.exists()
    connection.close()


def test_nobody_signs_up_for_themselves(client):
    assert "账号由本单位管理员开通" in client.get("/accounts/signup/").content.decode()


@pytest.mark.parametrize("username", ["a\x00b", "长" * 100_000])
def test_strange_names_are_refused_not_crashed_on(client, username):
    assert sign_in(client, username, "x").status_code == 200


def test_a_page_that_does_not_exist_says_so(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_chinese():
    response = sign_in(Client(enforce_csrf_checks=True), "grid", "x")
    assert response.status_code == 403
    assert "页面停留过久" in response.content.decode()
