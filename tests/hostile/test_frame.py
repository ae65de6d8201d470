"""What every answer bears: a strict content policy, no frame, no guessing of types, safe cookies, no way out."""

import importlib.util
from urllib.parse import urlsplit

import pytest
from django.test import Client

from haitang.cases.values import Permission as Cases
from haitang.config import settings as shipped
from haitang.config.api import operations
from haitang.core import access
from haitang.testing import people as cast
from haitang.testing.actors import actor_with
from haitang.testing.people import PASSWORD
from tests.hostile.walking import patterns, plain_addresses

pytestmark = pytest.mark.django_db
ELSEWHERE = (
    "https://example.invalid/", "//example.invalid/", "///example.invalid", "/\\example.invalid", "\\\\example.invalid",
    "javascript:alert(1)", "https:example.invalid", "http://testserver@example.invalid/", "/%09/example.invalid",
    "\thttps://example.invalid",
)  # fmt: skip
OWN = ("/accounts/", "/me/", "/field/")
LEADS_ON = ("/accounts/login/", "/accounts/logout/", "/ui/preference/", "/accounts/reauthenticate/")


def check_frame(answer, path: str) -> None:
    """See that the answer has all that keeps a browser from being used against who sits before it."""
    assert answer["X-Content-Type-Options"] == "nosniff", path
    assert answer["Referrer-Policy"] == "same-origin", path
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin", path
    if not answer.get("Content-Type", "").startswith("text/html"):
        return
    policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split(";")}
    assert answer["X-Frame-Options"] == "DENY", path
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"], path
    assert (
        policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["default-src"] == ["'self'"]
    ), path
    for directive in ("object-src", "frame-src", "worker-src"):  # what is not said follows default-src
        assert policy.get(directive, ["'self'"]) in (["'self'"], ["'none'"]), path


@pytest.fixture
def everybody(monkeypatch):
    """Whoever comes holds every permission: all pages open without an account."""
    marks = {view.permission for _address, view in patterns() if hasattr(view, "permission")}
    marks |= {operation.view_func.permission for operation in operations()}
    monkeypatch.setattr(access, "VISITOR", actor_with(*marks, Cases.VIEW))


def test_every_page_stands_behind_the_same_policy(client, everybody):
    """Those of an own account as somebody who has one, all others as one who holds every permission."""
    client.raise_request_exception = False
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(cast.build_account())
    paths = plain_addresses()
    seen = [(path, (signed_in if path.startswith(OWN) else client).get(path)) for path in paths]
    for path, answer in seen:
        answer.close()
        check_frame(answer, path)
    assert not [path for path, answer in seen if answer.status_code >= 500], "before there is any land"
    assert sum(answer.status_code == 200 for _path, answer in seen) > len(paths) / 2


def test_refusals_and_errors_stand_behind_it_too(client, monkeypatch, settings):
    client.raise_request_exception = False
    settings.MESSAGE_STORAGE = settings.MESSAGE_STORAGE
    check_frame(client.get("/nowhere/"), "404")
    check_frame(client.get("/desk/"), "to the sign-in")
    check_frame(client.get("/?a=%00"), "400")
    check_frame(client.get("/", headers={"Content-Length": str(10**12)}), "413")
    check_frame(Client(enforce_csrf_checks=True).post("/accounts/login/", {}), "403")

    def fall(*_given: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("haitang.config.middleware.access.check_mark", fall)
    broken = client.get("/promises/")
    assert broken.status_code == 500
    check_frame(broken, "500")
    assert "a bug" not in broken.content.decode()
    assert "Traceback" not in broken.content.decode()


def test_the_servers_kind_is_not_told(client):
    assert not {"Server", "X-Powered-By"} & set(client.get("/").headers)


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client):
    account = cast.build_account(password=PASSWORD)
    answer = client.post("/accounts/login/", {"login": account.username, "password": PASSWORD})
    session = answer.cookies["haitang_session"]
    assert (session["httponly"], session["samesite"], session["domain"], session["path"]) == (True, "Lax", "", "/")
    assert session["max-age"] == session["expires"] == "", "ends with the browser"
    token = client.get("/accounts/password/change/").cookies["haitang_csrf"]
    assert (token["samesite"], token["domain"]) == ("Lax", "")
    kept = client.post("/ui/preference/", {"large": "1", "language": "en"}).cookies
    assert all(morsel["httponly"] and morsel["samesite"] == "Lax" for morsel in kept.values())


def _settings_in(monkeypatch, **environment: str):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("settings_elsewhere", shipped.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_over_https_cookies_are_secure_and_browsers_never_ask_in_the_clear(monkeypatch, settings):
    read = _settings_in(monkeypatch, HAITANG_HTTPS="1")
    assert read.SESSION_COOKIE_SECURE
    assert read.CSRF_COOKIE_SECURE
    assert read.SECURE_HSTS_SECONDS >= 365 * 24 * 3600
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = (
        read.SECURE_HSTS_SECONDS,
        read.SECURE_PROXY_SSL_HEADER,
    )
    answer = Client().get("/promises/", headers={"X-Forwarded-Proto": "https"})
    assert answer["Strict-Transport-Security"] == f"max-age={read.SECURE_HSTS_SECONDS}; includeSubDomains"
    assert "Strict-Transport-Security" not in Client().get("/promises/")


def test_without_https_nobody_says_so_for_us(client):
    assert not shipped.SECURE_PROXY_SSL_HEADER, "whoever asks could claim it"
    assert not shipped.DEBUG


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_no_address_given_to_us_leads_to_another_site(wanted):
    account = cast.build_account(password=PASSWORD)
    for path in LEADS_ON:
        browser = Client()
        browser.force_login(account)
        if path == "/accounts/login/":
            browser.logout()
        for answer in (
            browser.get(path, {"next": wanted}),
            browser.post(
                path + f"?next={wanted}",
                {"login": account.username, "password": PASSWORD, "next": wanted, "large": "1"},
            ),
        ):
            assert _stays(answer), (path, answer.get("Location"))


def _stays(answer) -> bool:
    target = answer.get("Location", "/")
    return not urlsplit(target).netloc and target.startswith("/") and not target.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "host", ["example.invalid", "testserver.example.invalid", "testserver:80@example.invalid", "a b", "localhost:x"]
)
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/api/v1/areas", "/open311/v2/discovery.json"])
def test_another_hosts_name_is_refused_and_not_repeated(client, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "example.invalid" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(client):
    page = client.get("/accounts/login/", headers={"X-Forwarded-Host": "example.invalid"}).content.decode()
    assert "example.invalid" not in page


@pytest.mark.parametrize(
    "path", ["/api/v1/areas", "/api/v1/nowhere", "/open311/v2/services.json", "/open311/v2/x", "/healthz"]
)
def test_answers_to_programs_let_nothing_happen_in_them(client, path):
    answer = client.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        "default-src 'none'" in answer["Content-Security-Policy"]
        or "default-src 'self'" in answer["Content-Security-Policy"]
    )
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
