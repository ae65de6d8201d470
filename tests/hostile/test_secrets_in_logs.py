"""A whole day in which everything is logged, down to DEBUG: no password, key, code, telephone or name stands in it."""

import json
import logging
import re
from importlib import import_module

import httpx
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from haitang.config.logs import Discreet, Formatter, TextFormatter
from haitang.testing.cases import report
from haitang.testing.people import PASSWORD, build_account, give

PHONE, NAME, OTHER_PASSWORD = "15400001234", "欧阳小雨", "Anders-2027-geheim"
WORD = "hidden-in-the-address"


class Kept(logging.Handler):
    """Keeps what every process would write: the lines of both formatters."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(Discreet())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [Formatter().format(record), TextFormatter().format(record)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def log(settings):
    """Everything that is logged from now on. What the settings silence at any level stays silent."""
    told = settings.LOGGING["loggers"]
    fixed = [name for name in told if name != "haitang" and "level" in told[name]]
    names = ["", *(name for name in logging.root.manager.loggerDict if not name.startswith(tuple(fixed)))]
    loggers = [logging.getLogger(name) for name in names]
    before = [(each, each.level, each.disabled) for each in loggers]
    handler = Kept()
    for each in loggers:
        each.setLevel(logging.DEBUG)
        each.disabled = False
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for each, level, disabled in before:
        each.setLevel(level)
        each.disabled = disabled


def nowhere(log: Kept, *secrets: str) -> None:
    assert log.lines, "nothing was logged: this test would not notice"
    for secret in secrets:
        assert secret
        assert secret not in log.text, f"{secret!r} stands in the log"


@pytest.mark.django_db
def test_a_day_at_the_office_tells_the_log_nothing(client, town, log, settings):
    client.raise_request_exception = False
    settings.OUTGOING_NETWORKS, settings.OUTGOING_HTTP = ["127.0.0.0/8"], True
    account = build_account("周敏", password=PASSWORD)
    give(account, "system_admin")
    logging.getLogger("haitang").info("the day begins")
    wrong = f"{PASSWORD}-wrong"
    client.post("/accounts/login/", {"login": account.username, "password": wrong})
    assert client.post("/accounts/login/", {"login": account.username, "password": PASSWORD}).status_code == 302
    session = client.session.session_key
    page = client.post(
        reverse("webhooks:new"),
        {"name": "数据平台", "url": f"http://127.0.0.1/{WORD}", "area_code": "", "level": "internal",
         "chosen": ["case.closed"]},
    ).content.decode()  # fmt: skip
    secret = re.search(r'value="(whsec_[^"]+)"', page)[1]
    made = client.post(reverse("people:own_token_create"), {"name": "手册", "days": "30", "everything": "on"})
    token = re.search(r'value="([A-Za-z0-9_\-.]{24,})"', made.content.decode())[1]
    body = {"description": f"路灯不亮，我是{NAME}", "lon": 121.305, "lat": 31.505, "channel": "phone",
            "reporter": {"name": NAME, "phone": PHONE}}  # fmt: skip
    headers = {"Authorization": f"Bearer {token}"}
    client.post("/api/v1/cases", body, content_type="application/json", headers=headers)
    client.post("/api/v1/cases", {**body, "lon": "x" + PHONE}, content_type="application/json", headers=headers)
    client.post("/api/v1/cases", f'{{"phone": "{PHONE}"', content_type="application/json", headers=headers)
    client.post("/accounts/password/change/", {"present": PASSWORD, "password": OTHER_PASSWORD})
    client.post("/me/password/", {"present": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD})
    client.get(f"/track/{PHONE}/")
    case = report(town.resident, reporter_name=NAME, reporter_phone=PHONE)
    assert client.post("/track/", {"number": case.number, "query_code": case.query_code}).status_code == 302
    nowhere(log, PASSWORD, wrong, OTHER_PASSWORD, session, secret, token, WORD, PHONE, NAME, case.query_code)


@pytest.mark.django_db
def test_a_bug_with_all_of_it_at_hand_tells_where_and_not_whom(client, town, log, monkeypatch):
    client.raise_request_exception = False
    told = {"name": NAME, "phone": PHONE, "password": PASSWORD}

    def broken(*_given, **_named):
        phone, password, held = PHONE, PASSWORD, dict(told)  # noqa: F841 - what a traceback with variables would print
        raise RuntimeError("something is broken")

    monkeypatch.setattr(import_module("haitang.portal.views.following"), "TrackForm", broken)
    assert client.post("/track/", told).status_code == 500
    assert "something is broken" in log.text
    nowhere(log, PHONE, PASSWORD, NAME)


@pytest.mark.django_db
def test_what_the_database_says_of_a_row_is_not_told(town, log):
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_entry (fact, subject_type, subject_id, actor_name, organization_name, area_path, data,"
            " at, request_id) VALUES (%s, 'x', 1, %s, NULL, '', '{}', now(), '')", [f"F{PHONE}", NAME],
        )  # fmt: skip
    assert NAME in str(refused.value), "the database says it"
    error = refused.value
    logging.getLogger("haitang.x").error("broken", exc_info=(type(error), error, error.__traceback__))
    logging.getLogger("haitang.x").error("失败：%s", f"{PHONE} Bearer abc.def-ghi")
    assert "not-null constraint" in log.text
    nowhere(log, NAME, PHONE, "abc.def-ghi")


def test_a_job_is_named_without_what_it_was_given(log):
    app = App(connector=InMemoryConnector())

    @app.task(name="tell", pass_context=False)
    def tell(**_given):
        raise ValueError("no line")

    with app.open():
        tell.defer(words=f"{NAME}来电", phone=PHONE)
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    assert "tell[1]" in log.text
    assert "no line" in log.text
    nowhere(log, NAME, PHONE)


def test_addresses_that_are_called_are_not_told(log):
    httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(200))).get(f"https://a.example/{WORD}")
    logging.getLogger("haitang").info("called")
    nowhere(log, WORD)


def test_what_is_silenced_is_silenced_in_the_settings(settings):
    told = settings.LOGGING
    for name in ("django.db.backends", "django.template", "httpx", "httpcore"):
        assert logging.getLevelName(told["loggers"][name]["level"]) > logging.DEBUG, name
    assert told["handlers"]["stderr"]["filters"] == ["discreet", "briefly"]
    assert all(name in told["filters"] for name in told["handlers"]["stderr"]["filters"])
    line = logging.LogRecord("x", logging.INFO, "", 0, f"call {PHONE}", (), None)
    assert json.loads(Formatter().format(line))["message"] != f"call {PHONE}"
