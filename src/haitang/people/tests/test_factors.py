"""Second factors: who must have one, a code that is used once, and who takes them off."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client, TestCase

from haitang.core import clock
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people import actions
from haitang.people.models import Account
from haitang.people.values import AdministratorApart, Permission
from haitang.testing import people as cast
from haitang.testing.actors import actor_with
from haitang.testing.people import PASSWORD, refused

pytestmark = pytest.mark.django_db
SECURITY = actor_with(Permission.GRANT_MANAGE, account_id=900_001)


@pytest.fixture
def production(monkeypatch):
    monkeypatch.setenv("HAITANG_ENV", "production")


def member(*roles: str) -> Account:
    account = cast.build_account(password=PASSWORD)
    for role in roles:
        cast.give(account, role)
    return account


def sign_in(account: Account, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert browser.post("/accounts/login/", {"login": account.username, "password": PASSWORD}).status_code == 302
    return browser


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def set_up(browser: Client) -> str:
    """Set up the telephone's code, and return its secret."""
    browser.post("/accounts/reauthenticate/?next=/accounts/2fa/code/add/", {"password": PASSWORD})
    secret = re.search(r"<code[^>]*>([A-Z2-7]{32})<", browser.get("/accounts/2fa/code/add/").content.decode())[1]
    wrong = browser.post("/accounts/2fa/code/add/", {"code": "000000"}).content.decode()
    assert "验证码不正确" in wrong
    with TestCase.captureOnCommitCallbacks(execute=True):
        done = browser.post("/accounts/2fa/code/add/", {"code": code_of(secret)})
    assert done["Location"] == "/accounts/2fa/recovery/"
    return secret


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "audit_admin", "street_dispatcher"])
def test_in_production_administrators_and_those_who_unmask_are_led_to_a_second_factor(production, role):
    browser = sign_in(member(role))
    assert browser.get("/me/")["Location"] == "/accounts/security/"
    assert browser.post("/me/notices/").status_code == 403
    assert "您的权限要求双因素认证" in browser.get("/accounts/security/").content.decode()
    set_up(browser)
    assert browser.get("/me/").status_code == 200


def test_others_need_none_and_elsewhere_than_in_production_nobody_does(monkeypatch):
    assert sign_in(member("security_admin")).get("/me/").status_code == 200
    monkeypatch.setenv("HAITANG_ENV", "production")
    assert sign_in(member("leader")).get("/me/").status_code == 200


def test_the_code_is_asked_after_the_password_and_a_used_one_is_refused():
    account = member("security_admin")
    secret = set_up(sign_in(account))
    browser = sign_in(account)
    assert browser.get("/me/").status_code == 302, "the password alone opens nothing"
    used = browser.post("/accounts/2fa/", {"code": code_of(secret)})
    assert "已经用过" in used.content.decode(), "what activated it does not sign in"
    assert browser.post("/accounts/2fa/", {"code": code_of(secret, 1)}).status_code == 302
    assert browser.get("/me/").status_code == 200
    assert secret not in str(Authenticator.objects.filter(user=account).values_list("data", flat=True))


def test_codes_are_guessed_a_few_times_only():
    account = member("security_admin")
    secret = set_up(sign_in(account))
    browser = sign_in(account)
    for _each in range(5):
        page = browser.post("/accounts/2fa/", {"code": "000000"}).content.decode()
        assert "验证码不正确" in page
    page = browser.post("/accounts/2fa/", {"code": code_of(secret, 1)}).content.decode()
    assert "已暂时锁定" in page
    assert Entry.objects.filter(fact="CodeRefused", subject_id=account.pk).count() == 5 + 1, "one while setting up"
    actions.lift_lock(actor=SECURITY, account_id=account.pk, now=clock.now())
    assert browser.post("/accounts/2fa/", {"code": code_of(secret, 1)}).status_code == 302


def test_other_sessions_end_where_a_second_factor_is_taken_up(production):
    account = member("security_admin")
    here, there = sign_in(account), sign_in(account)
    set_up(here)
    assert here.get("/me/").status_code == 200
    assert there.get("/accounts/security/").status_code == 302


def test_a_recovery_code_opens_once_and_is_shown_once():
    account = member("security_admin")
    browser = sign_in(account)
    set_up(browser)
    codes = re.findall(r"<li><code>(\d+)</code>", browser.get("/accounts/2fa/recovery/").content.decode())
    assert len(codes) == 10
    assert codes[0] not in browser.get("/accounts/2fa/recovery/").content.decode()
    first, again = sign_in(account), sign_in(account)
    assert first.post("/accounts/2fa/", {"code": codes[0]}).status_code == 302
    assert first.get("/me/").status_code == 200
    assert again.post("/accounts/2fa/", {"code": codes[0]}).status_code == 200


def test_only_another_security_administrator_takes_lost_factors_off():
    account = member("system_admin")
    set_up(sign_in(account))
    said = {"account_id": account.pk, "reason": "手机遗失", "now": clock.now()}
    refused(NotAllowed, actions.reset_factors, actor=actor_with(Permission.ACCOUNT_MANAGE), **said)
    own = actor_with(Permission.GRANT_MANAGE, account_id=account.pk)
    refused(Invalid, actions.reset_factors, actor=own, **said)
    auditor = member("audit_admin")
    refused(AdministratorApart, actions.reset_factors, actor=SECURITY, **said | {"account_id": auditor.pk})
    actions.reset_factors(actor=SECURITY, **said)
    assert not Authenticator.objects.filter(user=account).exists()
    assert sign_in(account).get("/me/").status_code == 200


def test_what_happens_to_factors_is_in_the_history():
    account = member("security_admin")
    browser = sign_in(account)
    set_up(browser)
    browser.post("/accounts/2fa/code/remove/")
    told = Entry.objects.filter(subject_type="account", subject_id=account.pk, fact__startswith="Factor").order_by("id")
    assert {(each.fact, each.data["kind"]) for each in told} == {
        ("FactorAdded", "totp"), ("FactorAdded", "recovery_codes"), ("FactorRemoved", "totp"),
        ("FactorRemoved", "recovery_codes"),
    }  # fmt: skip
