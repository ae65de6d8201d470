"""The 56 checks of GeoReport v2, asked of our own server; and that a server can fail every one of them."""

import re

import pytest

from haitang.cases.models import Case
from haitang.open311.tests import city
from haitang.runtime.open311_check.checks import CHECKS, run
from haitang.runtime.open311_check.checks.register import FAILED, PASSED, SKIPPED
from haitang.testing.land import AREAS

BY_ID = {check.id: check for check in CHECKS}


def verdicts(peer, ids=BY_ID) -> dict[str, str]:
    outcomes = [run(peer, BY_ID[name]) for name in ids]
    return {each.check.id: f"{each.verdict} {each.why}".strip() for each in outcomes}


def test_there_are_56_checks():
    assert list(BY_ID) == [f"C{number}" for number in range(1, 57)]
    assert len({check.title for check in CHECKS}) == 56


def test_all_checks_pass_where_the_city_is_one_jurisdiction(full):
    found = verdicts(city.peer_of(full.app.key))
    assert {name: why for name, why in found.items() if not why.startswith(PASSED)} == dict.fromkeys(
        ("C14", "C15"), f"{SKIPPED} the server has one jurisdiction and therefore asks for none"
    )


def test_all_checks_pass_where_there_are_several(full):
    city.set_to("jurisdictions", [AREAS["street"]["code"], AREAS["other_street"]["code"]])
    found = verdicts(city.peer_of(full.app.key, jurisdiction=AREAS["street"]["code"]))
    assert {name: why for name, why in found.items() if not why.startswith(PASSED)} == {
        "C16": f"{SKIPPED} the server has several jurisdictions"
    }


def spoil(old: str, new: str, where: str = ""):
    """Answers in which a pattern stands for another."""
    return lambda asked, status, text, kind: (status, re.sub(old, new, text) if where in asked else text, kind)


def answering(status: int, where: str, *, only: int | None = None):
    """Answers of another status, those of status `only` alone."""

    def change(asked, given, text, kind):
        return (status if where in asked and only in (None, given) else given), text, kind

    return change


ARRAY = r"^\[(.*)\]$"
POST, ONE = "POST", "/requests/"
FAULTS = {
    "C1": answering(404, "discovery.json"),
    "C2": spoil("<contact>.*</contact>", ""),
    "C3": spoil("http://wiki.open311.org/GeoReport_v2", "http://wiki.open311.org/GeoReport_V2"),
    "C4": spoil(r"(<changeset>[^<]*)Z", r"\1"),
    "C5": spoil("<format>text/xml</format>", "<format>xml</format>"),
    "C6": spoil("<type>test</type>", "<type>testing</type>"),
    "C7": spoil("/open311/v2<", "/open311/v3<"),
    "C8": spoil("service>", "item>", "services.xml"),
    "C9": spoil(r'"service_name": "[^"]*"', '"service_name": 1', "services.json"),
    "C10": spoil(ARRAY, r"\1", "service_request_id="),
    "C11": spoil("<metadata>true<", "<metadata>yes<"),
    "C12": spoil("realtime", "immediate", "services.json"),
    "C13": spoil(r'"keywords": "[^"]*"', '"keywords": ["a"]', "services.json"),
    "C16": answering(404, "jurisdiction_id=no-such"),
    "C17": lambda asked, status, text, kind: (status, text, kind.replace("text/xml", "application/xml")),
    "C18": spoil('"service_code"', '"code"', "/services/"),
    "C19": spoil("errors", "error", "no-such-service"),
    "C20": spoil("<datatype>number<", "<datatype>decimal<"),
    "C21": spoil("<order>2<", "<order>1<"),
    "C22": spoil("<values>.*?</values>", "<values/>"),
    "C23": spoil(r'"attributes": \[(\{[^{}]*"values": \[\]\})\]', r'"attributes": \1', "/services/"),
    "C24": spoil("<variable>false</variable>(.*?)<required>false<", r"<variable>false</variable>\1<required>true<"),
    "C25": answering(401, POST, only=403),
    "C26": answering(400, POST, only=403),
    "C27": answering(422, POST, only=400),
    "C28": answering(400, POST, only=404),
    "C29": answering(201, POST, only=400),
    "C30": spoil("errors", "fault", POST),
    "C31": answering(400, POST, only=201),
    "C32": answering(500, POST, only=201),
    "C33": answering(201, POST, only=400),
    "C34": spoil(r'("values": \[")[^"]*", "', r"\1", ONE),
    "C35": answering(201, POST, only=400),
    "C36": spoil(r"alert\(1\)", "<script>alert(1)</script>", ONE),
    "C37": answering(400, POST, only=201),
    "C38": spoil('"account_id": null', '"token": "x"', POST),
    "C39": spoil("路灯", "??", ONE),
    "C40": spoil(r"(?:</error><error>|\}, \{).*?(</error></errors>|\}\])$", r"\1", POST),
    "C41": answering(500, POST, only=400),
    "C42": answering(404, POST, only=400),
    "C43": answering(200, "/tokens/"),
    "C44": answering(404, "/tokens/"),
    "C45": spoil(r'"requested_datetime": "2026', '"requested_datetime": "2025', "requests.json"),
    "C46": spoil("^.*$", "<html>", "start_date=2025"),
    "C47": spoil("^.*$", "[]", "service_request_id="),
    "C48": spoil("^.*$", "[]", "service_code="),
    "C49": spoil('"status": "closed"', '"status": "open"', "status=closed"),
    "C50": spoil("^.*$", "[]", "start_date="),
    "C51": answering(200, "start_date=yesterday"),
    "C52": spoil("^.*$", "[]", "%2B08"),
    "C53": spoil(ARRAY, r"\1", ONE),
    "C54": answering(400, ONE),
    "C55": spoil(r'"updated_datetime": "[^"]*"', '"updated_datetime": null', "status=closed"),
    "C56": spoil(r'"expected_datetime": "20', '"expected_datetime": "19', "status=open"),
}  # fmt: skip
"""By check, what it must notice."""


@pytest.fixture
def spoiled(full):
    return lambda change, **more: city.peer_of(full.app.key, spoil=change, **more)


def test_each_check_notices_what_it_is_there_for(spoiled):
    passed = [name for name, change in FAULTS.items() if not verdicts(spoiled(change), [name])[name].startswith(FAILED)]
    assert not passed
    assert set(BY_ID) - set(FAULTS) == {"C14", "C15"}


def test_the_checks_of_several_jurisdictions_notice_too(spoiled):
    street = AREAS["street"]["code"]
    city.set_to("jurisdictions", [street])
    wrong = {"C14": answering(400, "no-such-jurisdiction"), "C15": spoil("errors", "fault", "services.xml")}
    for name, change in wrong.items():
        assert verdicts(spoiled(change, jurisdiction=street), [name])[name].startswith(FAILED), name


def test_a_server_that_says_yes_to_everything_passes_nothing(spoiled):
    found = verdicts(spoiled(lambda *_asked: (200, "<html><body>ok</body></html>", "text/html")))
    assert {name for name, verdict in found.items() if not verdict.startswith(FAILED)} == {"C14", "C15"}


def test_what_was_written_by_the_checks_is_a_report_like_any_other(full):
    assert verdicts(city.peer_of(full.app.key), ["C32"]) == {"C32": PASSED}
    case = Case.objects.order_by("-pk").first()
    assert (case.channel, case.status) == ("open311", "verifying")
