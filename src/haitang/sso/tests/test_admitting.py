"""Another system lets in whoever is signed in here: what holds once, what is refused; Haitang as its own provider."""

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from haitang.core import clock
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.people.queries import get_actor
from haitang.people.values import FACTOR
from haitang.sso import actions
from haitang.sso.models import Admission, ConnectedSystem, Identity, SigningKey
from haitang.sso.values import SINGLE_SIGN_ON, digest_of
from haitang.testing import people
from haitang.testing.people import PASSWORD, refused

BACK = "https://archive.example/back"
VERIFIER = "v" * 50


@pytest.fixture
def archive(keeper):
    """A connected system: its row and its secret."""
    return actions.connect_system(
        actor=get_actor(keeper.pk), name="区档案系统", redirects=[BACK], scopes=["profile", "organization"],
        now=clock.now(),
    )  # fmt: skip


@pytest.fixture
def clerk(town):
    account = people.build_account("张办事", password=PASSWORD)
    people.give(account, "street_dispatcher", area_id=town.areas["street"])
    return account


def asked(row, **changes):
    given = {
        "response_type": "code", "client_id": row.client_id, "redirect_uri": BACK,
        "scope": "openid profile organization",
        "state": "s" * 20, "nonce": "n-1", "code_challenge": digest_of(VERIFIER), "code_challenge_method": "S256",
        **changes,
    }  # fmt: skip
    return "/oidc/authorize/?" + urlencode({name: value for name, value in given.items() if value is not None})


def answer_of(response):
    """Return whither the browser is sent, and with what."""
    assert response.status_code == 302, response.content.decode()[:300]
    parts = urlsplit(response.url)
    return response.url.partition("?")[0], {name: each[0] for name, each in parse_qs(parts.query).items()}


def code_for(client, row, **changes):
    return answer_of(client.post(asked(row, **changes), {"answer": "yes"}))[1]["code"]


def redeem(archive, code, **changes):
    row, secret = archive
    words = base64.b64encode(f"{row.client_id}:{quote(secret)}".encode()).decode()
    given = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER, **changes
    }  # fmt: skip
    return Client().post("/oidc/token/", given, headers={"Authorization": f"Basic {words}"})


def claims_of(token):
    return Client().get("/oidc/userinfo/", headers={"Authorization": f"Bearer {token}"})


def test_a_clerk_agrees_and_the_system_knows_who_it_is(client, archive, clerk):
    row, _secret = archive
    assert client.get(asked(row)).url.startswith(reverse("account_login"))
    client.post("/accounts/login/", {"login": clerk.username, "password": PASSWORD})
    page = client.get(asked(row))
    text = page.content.decode()
    assert all(word in text for word in ("区档案系统", "张办事", "archive.example", "姓名和登录名", "所在单位名称"))
    assert "https://archive.example" in page.headers["Content-Security-Policy"]
    where, told = answer_of(client.post(asked(row), {"answer": "yes"}))
    assert (where, told["state"], told["iss"]) == (BACK, "s" * 20, "http://testserver")
    answer = redeem(archive, told["code"])
    assert answer.headers["Cache-Control"] == "no-store"
    given = answer.json()
    assert "refresh_token" not in given
    keys = Client().get("/oidc/keys/").json()["keys"]
    assert all("d" not in key and "p" not in key for key in keys)
    claims = jwt.decode(
        given["id_token"], jwt.PyJWK.from_dict(keys[0]), algorithms=["RS256"], audience=row.client_id,
        issuer="http://testserver",
    )  # fmt: skip
    assert (claims["sub"], claims["nonce"]) == (str(clerk.pk), "n-1")
    assert not {"name", "email", "amr", "phone_number"} & claims.keys()
    told = claims_of(given["access_token"]).json()
    assert told["sub"] == str(clerk.pk)
    assert (told["name"], told["preferred_username"]) == ("张办事", clerk.username)
    assert told.keys() <= {"sub", "name", "preferred_username", "organization"}
    assert Entry.objects.get(fact="AdmittedToSystem").data["scopes"] == ["openid", "profile", "organization"]
    for secret in (given["access_token"], given["id_token"], told["sub"] + "x"):
        assert not Admission.objects.filter(redirect__contains=secret).exists()


def test_only_what_was_asked_for_is_told(client, archive, clerk):
    client.force_login(clerk)
    token = redeem(archive, code_for(client, archive[0], scope="openid")).json()["access_token"]
    assert claims_of(token).json() == {"sub": str(clerk.pk)}


def test_a_second_factor_that_was_shown_is_told(client, archive, clerk):
    client.force_login(clerk)
    session = client.session
    session[FACTOR] = True
    session.save()
    token = redeem(archive, code_for(client, archive[0])).json()["id_token"]
    assert jwt.decode(token, options={"verify_signature": False})["amr"] == ["mfa"]


def test_refusing_sends_back_with_nothing(client, archive, clerk):
    client.force_login(clerk)
    _where, told = answer_of(client.post(asked(archive[0]), {"answer": "no"}))
    assert (told["error"], "code" in told) == ("access_denied", False)
    assert not Admission.objects.exists()


@pytest.mark.parametrize(
    "redirect",
    [
        None, "", "https://archive.example/back/", "https://archive.example/back?x=1", "https://archive.example",
        "https://archive.example.evil/back", "http://archive.example/back", "//archive.example/back",
        "https://archive.example/back/../other", "HTTPS://archive.example/back", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_an_address_that_is_not_registered(client, archive, clerk, redirect):
    client.force_login(clerk)
    for method in (client.get, client.post):
        answer = method(asked(archive[0], redirect_uri=redirect))
        assert (answer.status_code, answer.headers.get("Location")) == (422, None)
    assert client.get(asked(archive[0], client_id="unknown")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid email"}, "invalid_scope"),
        ({"scope": "openid offline_access"}, "invalid_scope"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://archive.example/r"}, "request_uri_not_supported"),
        ({"prompt": "none"}, "consent_required"),
        ({"nonce": "n" * 300}, "invalid_request"),
    ],
)
def test_what_the_protocol_refuses_goes_back_in_its_words(client, archive, clerk, changes, error):
    client.force_login(clerk)
    where, told = answer_of(client.get(asked(archive[0], **changes)))
    assert (where, told["error"], told["state"]) == (BACK, error, "s" * 20)
    assert answer_of(client.post(asked(archive[0], **changes), {"answer": "yes"}))[1]["error"] == error
    doubled = asked(archive[0]) + "&state=other"
    assert answer_of(client.get(doubled))[1]["error"] == "invalid_request"


def test_residents_are_let_in_nowhere(client, archive, town):
    client.force_login(people.build_account("居民"))
    assert client.get(asked(archive[0])).status_code == 403
    assert client.post(asked(archive[0]), {"answer": "yes"}).status_code == 403


def test_the_password_is_shown_once_more_where_the_system_wants_that(client, archive, clerk):
    client.post("/accounts/login/", {"login": clerk.username, "password": PASSWORD})
    again = client.get(asked(archive[0], prompt="login"))
    assert again.url.startswith(reverse("account_reauthenticate"))
    back = client.post(again.url, {"password": PASSWORD})
    assert client.get(back.url).status_code == 200


def test_a_code_holds_once_and_a_second_use_ends_what_it_gave(client, archive, clerk):
    client.force_login(clerk)
    code = code_for(client, archive[0])
    token = redeem(archive, code).json()["access_token"]
    assert claims_of(token).status_code == 200
    again = redeem(archive, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
    assert claims_of(token).status_code == 401
    redeem(archive, code)
    assert Entry.objects.filter(fact="CodeUsedTwice").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_a_code_at_once_one_is_given_something(client, archive, clerk):
    client.force_login(clerk)
    code = code_for(client, archive[0])
    Client().get("/oidc/keys/")
    start = threading.Barrier(4)

    def bring(_n):
        try:
            start.wait()
            return redeem(archive, code).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(bring, range(4))) == [200, 400, 400, 400]


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 50}, {"code_verifier": ""}, {"redirect_uri": "https://archive.example/other"},
        {"code": "unknown"}, {"code": ""},
    ],
)  # fmt: skip
def test_a_code_with_a_false_proof_gives_nothing(client, archive, clerk, changes):
    client.force_login(clerk)
    code = code_for(client, archive[0])
    answer = redeem(archive, **{"code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_codes_and_tokens_end(client, archive, clerk, monkeypatch):
    client.force_login(clerk)
    now, late, spent = clock.now(), code_for(client, archive[0]), code_for(client, archive[0])
    token = redeem(archive, spent).json()["access_token"]
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=90))
    assert redeem(archive, late).status_code == 400
    assert claims_of(token).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=11))
    assert claims_of(token).status_code == 401
    monkeypatch.undo()
    assert actions.tidy_single_sign_on(actor=SINGLE_SIGN_ON, now=now + timedelta(days=2)) == 2


def test_a_system_proves_itself_and_cannot_use_anothers_code(client, archive, clerk, keeper):
    client.force_login(clerk)
    row, _secret = archive
    other = actions.connect_system(
        actor=get_actor(keeper.pk), name="另一系统", redirects=[BACK], scopes=[], now=clock.now()
    )  # fmt: skip
    code = code_for(client, row)
    assert redeem((row, "wrong"), code).status_code == 401
    assert redeem((row, ""), code).json() == {"error": "invalid_client"}
    assert redeem(other, code).json() == {"error": "invalid_grant"}
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    assert Client().post("/oidc/token/", given).status_code == 401
    by_form = Client().post("/oidc/token/", {**given, "client_id": row.client_id, "client_secret": archive[1]})
    assert by_form.status_code == 200
    assert redeem(archive, "x", grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert redeem(archive, "x", grant_type="client_credentials").json() == {"error": "unsupported_grant_type"}


def test_tokens_are_given_back_and_end_with_account_and_system(client, archive, clerk, keeper):
    client.force_login(clerk)
    row, secret = archive
    tokens = [redeem(archive, code_for(client, row)).json()["access_token"] for _n in range(3)]
    shown = {"client_id": row.client_id, "client_secret": secret}
    assert Client().post("/oidc/revoke/", {**shown, "token": tokens[0]}).status_code == 200
    assert Client().post("/oidc/revoke/", {**shown, "token": "unknown"}).status_code == 200
    assert Client().post("/oidc/revoke/", {"token": tokens[1]}).status_code == 401
    assert [claims_of(token).status_code for token in tokens] == [401, 200, 200]
    clerk.is_active = False
    clerk.save()
    assert claims_of(tokens[1]).status_code == 401
    clerk.is_active = True
    clerk.save()
    said = {"actor": get_actor(keeper.pk), "system_id": row.pk, "now": clock.now()}
    same = {"name": row.name, "redirects": row.redirects, "scopes": row.scopes}
    actions.change_system(**said, **same, is_active=False)
    actions.change_system(**said, **same, is_active=True)
    assert claims_of(tokens[1]).status_code == 401


def test_a_new_key_signs_and_the_old_one_is_published_for_a_while(client, archive, clerk, keeper, monkeypatch):
    client.force_login(clerk)
    old = redeem(archive, code_for(client, archive[0])).json()["id_token"]
    client.force_login(keeper)
    assert client.post(reverse("sso:key_rotate")).url == reverse("sso:systems")
    client.force_login(clerk)
    new = redeem(archive, code_for(client, archive[0])).json()["id_token"]
    kids = [jwt.get_unverified_header(token)["kid"] for token in (new, old)]
    assert [key["kid"] for key in Client().get("/oidc/keys/").json()["keys"]] == kids
    assert all(b"PRIVATE" not in bytes(row.pem_sealed) for row in SigningKey.objects.all())
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=25))
    assert [key["kid"] for key in Client().get("/oidc/keys/").json()["keys"]] == kids[:1]
    actions.tidy_single_sign_on(actor=SINGLE_SIGN_ON, now=clock.now())
    assert SigningKey.objects.count() == 1


def test_it_is_connected_by_a_page_and_its_secret_shown_once(client, keeper):
    client.force_login(keeper)
    page = client.post(reverse("sso:system_new"), {"name": "区档案系统", "redirects": BACK, "scopes": ["profile"]})
    row = ConnectedSystem.objects.get()
    secret = page.content.decode().partition('id="secret"')[2].partition('value="')[2].partition('"')[0]
    assert len(secret) > 40
    assert "no-store" in page.headers["Cache-Control"]
    for name, args in (("systems", []), ("system", [row.pk]), ("system_change", [row.pk])):
        shown = client.get(reverse(f"sso:{name}", args=args))
        assert shown.status_code == 200
        assert secret not in shown.content.decode()
    other = client.post(reverse("sso:system_secret", args=[row.pk])).content.decode()
    assert secret not in other
    assert not any(secret in str(entry.data) for entry in Entry.objects.all())


@pytest.mark.parametrize(
    "redirect",
    [
        "", "archive", "http://archive.example/", "https://a.example/#x", "https://u:p@a.example/", "javascript:1",
        "https://*.a.example/",
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_are_refused(client, keeper, redirect):
    client.force_login(keeper)
    assert client.post(reverse("sso:system_new"), {"name": "系统", "redirects": redirect}).status_code == 422
    refused(Invalid, actions.connect_system, actor=get_actor(keeper.pk), name="系统", redirects=[redirect], scopes=[],
            now=clock.now())  # fmt: skip


def test_only_system_administrators_connect_systems(client, clerk, archive):
    refused(NotAllowed, actions.connect_system, actor=get_actor(clerk.pk), name="系统", redirects=[BACK], scopes=[],
            now=clock.now())  # fmt: skip
    client.force_login(clerk)
    for name, args in (("systems", []), ("system_new", []), ("system", [archive[0].pk])):
        assert client.get(reverse(f"sso:{name}", args=args)).status_code == 403
    for name, args in (("key_rotate", []), ("system_secret", [archive[0].pk])):
        assert client.post(reverse(f"sso:{name}", args=args)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_haitang_signs_in_at_haitang(live_server, settings, keeper, town):
    """Both sides are this code, over real HTTP: the one as the city's provider, the other as the office's system."""
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = ["127.0.0.0/8"], True
    settings.ALLOWED_HOSTS = ["*"]
    clerk, keeper_ = people.build_account("张办事"), get_actor(keeper.pk)
    people.give(clerk, "street_dispatcher", area_id=town.areas["street"])
    now = clock.now()
    row, secret = actions.connect_system(
        actor=keeper_, name="办公系统", redirects=["http://localhost/sign-in/city/back/"], scopes=[], now=now
    )
    provider = actions.add_provider(
        actor=keeper_, code="city", name="市统一认证", issuer=live_server.url, client_id=row.client_id, secret=secret,
        subject_claim="sub", now=now,
    )  # fmt: skip
    actions.enter_identity(
        actor=keeper_, provider_id=provider.pk, username=clerk.username, subject=str(clerk.pk), now=now
    )
    there, here = Client(headers={"host": live_server.url.partition("//")[2]}), Client(headers={"host": "localhost"})
    there.force_login(clerk)
    way = here.get("/sign-in/city/").url
    assert way.startswith(f"{live_server.url}/oidc/authorize/?")
    agreed = there.post(way.removeprefix(live_server.url), {"answer": "yes"})
    back = here.get(agreed.url.removeprefix("http://localhost"))
    assert back.status_code == 302
    assert here.session["_auth_user_id"] == str(clerk.pk)
    assert Identity.objects.get().used_at is not None
