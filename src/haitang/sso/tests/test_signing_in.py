"""Somebody goes to a real provider and comes back; whatever lies on the way signs nobody in."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.urls import reverse

from haitang.core import clock
from haitang.core.models import Entry
from haitang.people.queries import get_actor
from haitang.people.values import FACTOR
from haitang.sso import actions
from haitang.sso.models import Identity, IdentityProvider
from haitang.sso.tests.provider import CLIENT, SECRET, public, rsa_key
from haitang.sso.values import SIGNED_IN_BY
from haitang.testing import people

GO, BACK = "/sign-in/city/", "/sign-in/city/back/"


def come_back(client, provider, wanted=""):
    """Go to the provider and return what the page answers to whoever comes back."""
    there = client.get(GO, {"next": wanted} if wanted else {})
    assert there.status_code == 302, there.content.decode()[:500]
    return client.get(provider.authorize(there.url))


def is_in(client):
    return "_auth_user_id" in client.session


def set_up(account):
    """Give the account a code of the telephone, and return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(account, secret)
    return secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def reasons():
    return [entry.data["why"] for entry in Entry.objects.filter(fact="ProviderSignInRefused").order_by("id")]


def test_an_identity_opens_its_account_and_the_history_says_so(client, provider, clerk, city):
    assert "用“市统一认证”登录" in client.get(reverse("account_login")).content.decode()
    back = come_back(client, provider, wanted="/me/")
    assert (back.status_code, back.url) == (302, "/me/")
    assert client.session["_auth_user_id"] == str(clerk.pk)
    assert client.session[SIGNED_IN_BY] == city.pk
    facts = list(Entry.objects.filter(subject_type="account", subject_id=clerk.pk).values_list("fact", flat=True))
    assert {"SignedIn", "SignedInThroughProvider", "IdentityLinked"} <= set(facts)
    assert Identity.objects.get().used_at is not None
    asked = parse_qs(urlsplit(client.get(GO).url).query)
    assert asked["scope"] == ["openid"]  # nothing is asked for but who it is


def test_whoever_came_through_a_provider_is_not_led_to_change_a_password(client, provider, clerk):
    clerk.must_change_password = True
    clerk.save()
    come_back(client, provider)
    assert client.get(reverse("people:me")).status_code == 200
    client.logout()
    client.force_login(clerk)
    assert client.get(reverse("people:me")).url == reverse("account_change_password")


def test_an_identity_of_nobody_opens_nothing_and_makes_no_account(client, provider, clerk):
    from haitang.people.models import Account

    before = Account.objects.count()
    provider.subject = "S-0002"
    page = client.get(come_back(client, provider).url)
    assert "没有关联账号" in page.content.decode()
    assert not is_in(client)
    assert Account.objects.count() == before
    assert reasons() == ["unknown"]


def test_no_claim_gives_a_role(client, provider, clerk):
    provider.claims = {"roles": ["system_admin"], "groups": ["admin"], "preferred_username": "admin", "admin": True}
    come_back(client, provider)
    assert not get_actor(clerk.pk).grants


def test_an_account_that_is_switched_off_stays_closed(client, provider, clerk):
    clerk.is_active = False
    clerk.save()
    assert "已停用" in client.get(come_back(client, provider).url).content.decode()
    assert not is_in(client)
    assert reasons() == ["off"]


LIES = {
    "another nonce": lambda claims: {**claims, "nonce": "x" * 43},
    "no nonce": lambda claims: {k: v for k, v in claims.items() if k != "nonce"},
    "another audience": lambda claims: {**claims, "aud": "another"},
    "several, for another party": lambda claims: {**claims, "aud": [CLIENT, "another"], "azp": "another"},
    "several, for nobody": lambda claims: {**claims, "aud": [CLIENT, "another"]},
    "one, for another party": lambda claims: {**claims, "azp": "another"},
    "another issuer": lambda claims: {**claims, "iss": "https://elsewhere.example"},
    "expired": lambda claims: {**claims, "exp": int(time.time()) - 120},
    "not yet": lambda claims: {**claims, "nbf": int(time.time()) + 600},
    "from the future": lambda claims: {**claims, "iat": int(time.time()) + 600},
    "no end": lambda claims: {k: v for k, v in claims.items() if k != "exp"},
    "an end that is none": lambda claims: {**claims, "exp": "tomorrow"},
    "no subject": lambda claims: {k: v for k, v in claims.items() if k != "sub"},
    "a subject that is none": lambda claims: {**claims, "sub": ["S-0001"]},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_what_it_must_not_signs_nobody_in(client, provider, clerk, lie):
    provider.twist = LIES[lie]
    assert come_back(client, provider).url == reverse("account_login")
    assert not is_in(client)
    assert reasons() == ["token"]


def _hs256_by_the_public_key(provider):
    from cryptography.hazmat.primitives import serialization

    pem = (
        rsa_key("k1")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    import base64
    import hashlib
    import hmac
    import json

    def sign(claims):
        head, body = (
            base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=")
            for each in ({"alg": "HS256", "kid": "k1"}, claims)
        )
        digest = hmac.new(pem, head + b"." + body, hashlib.sha256).digest()
        return b".".join((head, body, base64.urlsafe_b64encode(digest).rstrip(b"="))).decode()

    return sign


FORGERIES = {
    "another key under the same name": lambda provider: lambda claims: provider.signed(claims, key="k2"),
    "a key that is not published": lambda provider: lambda claims: provider.signed(claims, key="k2", kid="k2"),
    "unsigned": lambda provider: lambda claims: jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"}),
    "by the secret": lambda provider: (
        lambda claims: jwt.encode(claims, SECRET.ljust(32, "."), algorithm="HS256", headers={"kid": "k1"})
    ),
    "by the public key": _hs256_by_the_public_key,
    "altered": lambda provider: lambda claims: provider.signed(claims)[:-6] + "AAAAAA",
    "cut short": lambda provider: lambda claims: provider.signed(claims).rpartition(".")[0],
    "no token": lambda provider: lambda claims: "token",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_that_the_provider_has_not_signed_signs_nobody_in(client, provider, clerk, forgery):
    provider.sign = FORGERIES[forgery](provider)
    assert come_back(client, provider).url == reverse("account_login")
    assert not is_in(client)
    assert reasons() == ["token"]


def test_a_provider_that_changes_its_key_is_read_anew_once(client, provider, clerk, city):
    come_back(client, provider)
    client.logout()
    provider.kid = "k2"
    provider.reads.clear()
    come_back(client, provider)
    assert is_in(client)
    assert provider.reads.count("/keys") == 1
    assert [key["kid"] for key in IdentityProvider.objects.get().keys] == ["k2"]


def test_each_way_back_is_taken_once_and_by_whom_it_was_begun(client, provider, clerk):
    from django.test import Client

    url = provider.authorize(client.get(GO).url)
    assert Client().get(url).url == reverse("account_login")  # another browser: a forced sign-in
    assert client.get(url).status_code == 302
    assert is_in(client)
    client.logout()
    assert client.get(url).url == reverse("account_login")  # the same address again
    assert not is_in(client)
    assert reasons() == ["state", "state"]
    assert len(provider.asked) == 1  # the code of a foreign way is not even spent


def test_a_code_that_was_spent_before_signs_nobody_in(client, provider, clerk):
    url = provider.authorize(client.get(GO).url)
    provider.codes.clear()  # somebody else was faster
    client.get(url)
    assert not is_in(client)
    assert reasons() == ["answer"]


def test_an_answer_in_another_name_or_of_an_error_signs_nobody_in(client, provider, clerk):
    url = provider.authorize(client.get(GO).url)
    client.get(url.replace("iss=http", "iss=https"))
    url = provider.authorize(client.get(GO).url)
    client.get(url.partition("&iss=")[0])
    url = provider.authorize(client.get(GO).url)
    page = client.get(client.get(url + "&error=access_denied").url)
    assert "已取消" in page.content.decode()
    assert not is_in(client)
    assert reasons() == ["state", "state", "denied"]
    assert not provider.asked


def test_a_way_that_took_too_long_is_over(client, provider, clerk, monkeypatch):
    url = provider.authorize(client.get(GO).url)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=11))
    client.get(url)
    assert not is_in(client)
    assert reasons() == ["state"]


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1"]
)
def test_nobody_is_led_elsewhere_afterwards(client, provider, clerk, wanted):
    assert come_back(client, provider, wanted=wanted).url == "/enter/"


def test_the_second_factor_is_asked_for_all_the_same(client, provider, clerk):
    secret = set_up(clerk)
    assert come_back(client, provider).url == reverse("mfa_authenticate")
    assert not is_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert is_in(client)
    assert client.session[FACTOR]
    assert SIGNED_IN_BY in client.session


def test_unless_the_security_administrator_believes_the_provider(client, provider, clerk, city):
    set_up(clerk)
    security = people.build_account("安全员")
    people.give(security, "security_admin")
    provider.claims = {"amr": ["pwd", "mfa"], "acr": "urn:city:2"}
    assert come_back(client, provider).url == reverse("mfa_authenticate")
    client.force_login(security)
    page = client.post(reverse("sso:trust"), {f"trusted_{city.pk}": "mfa\nmfa\n"}, follow=True)
    assert page.status_code == 200
    assert Entry.objects.get(fact="AssuranceTrusted").data["trusted"] == ["mfa"]
    client.logout()
    come_back(client, provider)
    assert client.session["_auth_user_id"] == str(clerk.pk)
    assert client.session[FACTOR]
    client.logout()
    provider.claims = {"amr": ["pwd"]}
    assert come_back(client, provider).url == reverse("mfa_authenticate")


def test_signing_out_leads_to_the_providers_own(client, provider, clerk):
    come_back(client, provider)
    out = client.post(reverse("account_logout"))
    assert out.url == "/sign-in/city/out/"
    page = client.get(out.url).content.decode()
    assert f"{provider.url}/end?client_id={CLIENT}" in page
    assert not is_in(client)


def test_a_provider_that_does_not_answer_or_is_not_let_through_is_said_to_be_away(client, provider, clerk, settings):
    IdentityProvider.objects.update(read_at=clock.now() - timedelta(days=1))
    settings.OUTGOING_NETWORKS = []
    page = client.get(GO)
    assert page.status_code in (302, 422)
    assert not is_in(client)
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    provider.config = {"issuer": "https://elsewhere.example"}
    assert "没有成功" in client.get(client.get(GO).url).content.decode()


def test_attempts_of_one_address_are_counted(client, provider, clerk):
    statuses = {client.get(GO).status_code for _n in range(22)}
    assert statuses == {302, 429}


def test_switched_off_it_is_gone(client, provider, clerk, city, keeper):
    actions.change_provider(
        actor=get_actor(keeper.pk), provider_id=city.pk, name="市统一认证", client_id=CLIENT, secret="",
        is_active=False, now=clock.now(),
    )  # fmt: skip
    assert client.get(GO).status_code == 404
    assert client.get(BACK).status_code == 404
    assert "市统一认证" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.filterwarnings("ignore::jwt.InsecureKeyLengthWarning")  # the test itself signs with such a key
def test_a_short_key_is_not_taken(provider):
    from haitang.sso.values import Refused, read_id_token

    key, now = rsa_key("short", 1024), clock.now()
    at = int(now.timestamp())
    token = jwt.encode(
        {"iss": "https://i.example", "aud": CLIENT, "sub": "s", "iat": at, "exp": at + 60, "nonce": "n"}, key,
        algorithm="RS256", headers={"kid": "s"},
    )  # fmt: skip
    with pytest.raises(Refused):
        read_id_token(
            token, keys=[public(key, "s")], issuer="https://i.example", client_id=CLIENT, nonce="n", claim="sub",
            now=now, skew=timedelta(seconds=60),
        )  # fmt: skip
