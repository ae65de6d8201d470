"""Signing in: the page, the lock-out, and what is not offered."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "plum-blossom-7"


@pytest.fixture
def account(db):
    account = get_user_model()(username="grid", name="周网格")
    account.set_password(PASSWORD)
    account.save()
    return account


def sign_in(client: Client, password: str):
    return client.post("/accounts/login/", {"login": "grid", "password": password})


def test_the_right_password_opens_the_account(client, account):
    assert sign_in(client, PASSWORD).status_code == 302
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_wrong_password_is_refused_in_chinese_at_the_form(client, account):
    page = sign_in(client, "wrong").content.decode()
    assert "账号或密码不正确" in page
    assert 'role="alert"' in page


def test_guessing_locks_the_account_even_against_the_right_password(client, account, settings):
    for _attempt in range(settings.LOGIN_FAILURES_MAX):
        sign_in(client, "wrong")
    page = sign_in(client, PASSWORD)
    assert page.status_code == 200
    assert "已暂时锁定" in page.content.decode()


def test_good_attempts_are_never_counted(client, account, settings):
    for _attempt in range(settings.LOGIN_FAILURES_MAX + 2):
        assert sign_in(client, PASSWORD).status_code == 302
        client.logout()


def test_nobody_signs_up_for_themselves(client):
    assert "账号由本单位管理员开通" in client.get("/accounts/signup/").content.decode()


@pytest.mark.parametrize("username", ["a\x00b", "长" * 100_000])
def test_strange_names_are_refused_not_crashed_on(client, username):
    assert client.post("/accounts/login/", {"login": username, "password": "x"}).status_code == 200


def test_a_page_that_does_not_exist_says_so(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_chinese():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "grid", "password": "x"})
    assert response.status_code == 403
    assert "页面停留过久" in response.content.decode()
