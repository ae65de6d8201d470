"""Passwords that age, sessions that end: by themselves, by their owner, by an administrator."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client

from haitang.core import clock
from haitang.core.errors import Invalid, NotAllowed, NotFound
from haitang.people import actions, queries
from haitang.people.models import Account, SignIn
from haitang.people.values import Permission, device_of
from haitang.testing import people as cast
from haitang.testing.actors import actor_with
from haitang.testing.people import FOUNDER, PASSWORD, refused

pytestmark = pytest.mark.django_db
SECURITY = actor_with(Permission.GRANT_MANAGE, account_id=900_001)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def account(db) -> Account:
    return cast.build_account("周网格", password=PASSWORD)


@pytest.fixture
def passing(monkeypatch):
    """Let time pass."""

    def wait(**period: float) -> None:
        later = clock.now() + timedelta(**period)
        monkeypatch.setattr(clock, "now", lambda: later)

    return wait


def browser_of(account: Account, password: str = PASSWORD) -> Client:
    browser = Client(headers={"User-Agent": FIREFOX, "Accept": "text/html"})
    assert browser.post("/accounts/login/", {"login": account.username, "password": password}).status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/me/").status_code == 200


def set_rule(key: str, value: object) -> None:
    actions.change_sign_in_rule(actor=SECURITY, key=key, value=value, now=clock.now())


def test_a_session_left_alone_ends_and_the_page_says_why(account, passing):
    browser = browser_of(account)
    assert 'data-idle="1800"' in browser.get("/me/").content.decode()
    passing(minutes=29)
    assert is_in(browser)
    passing(minutes=29)
    assert is_in(browser)
    passing(minutes=32)
    answer = browser.get("/me/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/accounts/login/?next=")
    assert "超过 30 分钟没有操作，已自动退出登录" in answer.content.decode()
    assert not SignIn.objects.exists()


def test_what_an_open_page_fetches_by_itself_does_not_keep_a_session(account, passing):
    browser = browser_of(account)
    for _each in range(4):
        passing(minutes=10)
        fetched = browser.get("/me/notices/", headers={"HX-Request": "true"})
    assert fetched["Location"].startswith("/accounts/login/")


def test_somebody_who_types_is_there(account, passing):
    browser = browser_of(account)
    for _each in range(4):
        passing(minutes=20)
        assert browser.post("/me/here/").status_code == 204
    assert is_in(browser)
    assert browser.post("/me/gone/").status_code == 204
    assert not is_in(browser)
    assert not SignIn.objects.exists()


def test_no_session_outlasts_the_longest_time(account, passing):
    browser = browser_of(account)
    for _each in range(24):
        passing(minutes=29)
        assert is_in(browser)
    passing(minutes=29)
    assert not is_in(browser)


def test_an_owner_sees_where_the_account_is_signed_in_and_ends_one(account):
    here, there = browser_of(account), browser_of(account)
    page = here.get("/accounts/security/").content.decode()
    assert page.count("Firefox · Linux") == 2
    other = SignIn.objects.exclude(session_key=here.session.session_key).get()
    stranger = browser_of(cast.build_account(password=PASSWORD))
    assert stranger.post(f"/accounts/sessions/{other.pk}/end/").status_code == 404
    assert here.post(f"/accounts/sessions/{other.pk}/end/").status_code == 302
    assert is_in(here)
    assert not is_in(there)
    refused(
        NotFound, actions.end_session, actor=actor_with(account_id=account.pk), sign_in_id=other.pk, now=clock.now()
    )


def test_sessions_end_with_the_password_the_account_and_by_an_administrator(account):
    here, there = browser_of(account), browser_of(account)
    given = {"present": PASSWORD, "password": "Plum-Blossom-7", "again": "Plum-Blossom-7"}
    assert here.post("/accounts/password/change/", given).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert list(SignIn.objects.values_list("session_key", flat=True)) == [here.session.session_key]
    now = clock.now()
    refused(NotAllowed, actions.end_sessions, actor=actor_with(), account_id=account.pk, reason="x", now=now)
    refused(Invalid, actions.end_sessions, actor=SECURITY, account_id=account.pk, reason=" ", now=now)
    assert actions.end_sessions(actor=SECURITY, account_id=account.pk, reason="离岗", now=now) == 1
    assert not is_in(here)
    again = browser_of(account, "Plum-Blossom-7")
    actions.switch_account_off(actor=FOUNDER, account_id=account.pk, reason="离职", now=now)
    assert not is_in(again)
    assert not SignIn.objects.exists()


def test_where_one_session_is_allowed_the_later_one_stays(account):
    set_rule("sessions_max", 1)
    first, second = browser_of(account), browser_of(account)
    assert not is_in(first)
    assert is_in(second)


def test_a_password_too_old_is_changed_before_anything_else(account, passing):
    browser = browser_of(account)
    given = {"present": PASSWORD, "password": "Plum-Blossom-7", "again": "Plum-Blossom-7"}
    browser.post("/accounts/password/change/", given)
    passing(days=91)
    browser = browser_of(account, "Plum-Blossom-7")
    assert browser.get("/me/")["Location"] == "/accounts/password/change/"
    assert browser.post("/me/notices/").status_code == 403
    assert "超过规定的使用天数" in browser.get("/accounts/password/change/").content.decode()
    set_rule("password_days_max", 0)
    assert is_in(browser)


def test_the_last_passwords_are_not_chosen_again(account):
    actor = actor_with(account_id=account.pk)
    set_rule("password_history", 2)
    now, chosen = clock.now(), [PASSWORD, "Plum-Blossom-7", "Peach-Blossom-7", PASSWORD]
    for present, password in pairwise(chosen):
        actions.change_password(actor=actor, present=present, password=password, now=now)
        now += timedelta(seconds=1)
    said = {"actor": actor, "present": PASSWORD, "now": now}
    assert "最近用过" in refused(Invalid, actions.change_password, password="Peach-Blossom-7", **said).message
    actions.change_password(password="Plum-Blossom-7", **said)


@pytest.mark.parametrize("password", ["Ab3-efg", "alllowercase", "12345678aa", "Password123", "user-User-1"])
def test_weak_passwords_are_refused_with_a_sentence(password):
    account = cast.build_account("用户")
    Account.objects.filter(pk=account.pk).update(username="user-User-1")
    said = {"actor": FOUNDER, "account_id": account.pk, "now": clock.now()}
    assert "password" in refused(Invalid, actions.reset_password, password=password, **said).fields


def test_rules_are_data_with_bounds(client):
    now = clock.now()
    refused(NotAllowed, actions.change_sign_in_rule, actor=actor_with(), key="lock_minutes", value=20, now=now)
    refused(Invalid, actions.change_sign_in_rule, actor=SECURITY, key="password_length_min", value=4, now=now)
    refused(Invalid, actions.change_sign_in_rule, actor=SECURITY, key="factor_permissions", value=["no.such"], now=now)
    set_rule("password_length_min", 12)
    assert "至少 12 位" in queries.password_rule()


def test_devices_are_told_in_words():
    assert device_of(FIREFOX) == "Firefox · Linux"
    assert device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0.50") == "微信 · iPhone"
    assert device_of("curl/8") == ""
