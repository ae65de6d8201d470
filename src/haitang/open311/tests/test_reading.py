"""What is read: nothing of a person but by the account that reported; windows, pages, places, words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.cases.models import Case
from haitang.open311.schemas import as_xml
from haitang.open311.tests import city
from haitang.open311.tests.city import BUILDING, DISPUTE, LAMP, LATER, WATER, Caller
from haitang.runtime.open311_check.reading import read_xml
from haitang.territory.actions import create_areas
from haitang.testing.actors import NOW
from haitang.testing.cases import HERE
from haitang.testing.cases import LAMP as WORDS
from haitang.testing.land import AREAS, FOUNDER, STEP, WEST, row

SECRETS = (WORDS, "太平路18号", "王小明", "13900000001")


def test_anybody_reads_the_matter_and_nothing_of_who_said_it(town, visitor):
    case = city.made(
        town, place="太平路18号", reporter_name="王小明", reporter_phone="13900000001", lon=HERE["lon"] + 0.001
    )
    for path in (f"requests/{case.number}.json", "requests.json", "requests.xml"):
        text = visitor.get(path, extensions="true", notes="true").content.decode()
        assert case.number in text
        assert not [secret for secret in SECRETS if secret in text]
        assert f"{case.lon}" not in text
        assert case.query_code not in text
    told = visitor.one(case.number)
    assert told["address"] == "海棠街道 / 春和社区 / 第一网格"
    assert (told["lat"], told["long"]) == (pytest.approx(HERE["lat"]), pytest.approx(HERE["lon"]))
    assert (told["status"], told["status_notes"], told["service_code"]) == ("open", "待核实", LAMP)
    assert told["description"] is told["media_url"] is told["zipcode"] is None


def test_whoever_reported_reads_their_own_and_nobody_elses(app, town):
    other = Caller(city.key_of(town.account("resident")))
    number = app.report(address_string="太平路18号", description=WORDS)
    told = app.one(number, extensions="true")
    assert (told["description"], told["lat"]) == (WORDS, pytest.approx(HERE["lat"]))
    assert told["address"].endswith("太平路18号")
    assert told["extended_attributes"]["position"] == "exact"
    assert other.one(number)["description"] is None
    assert app.get("requests.json").json()[0]["description"] == WORDS


def test_a_denunciation_and_a_private_matter_are_not_there(app, town, visitor):
    hidden = city.made(town, kind="denunciation")
    private = city.made(town, category_code=DISPUTE)
    unsorted = city.made(town, category_code="", description="其他事情")
    for case in (hidden, private, unsorted):
        assert visitor.get(f"requests/{case.number}.json").status_code == 404
        assert visitor.listed(service_request_id=case.number) == []
    assert visitor.listed() == visitor.listed(service_code=DISPUTE) == []
    own = app.report(service_code=DISPUTE)
    assert app.one(own)["service_code"] == DISPUTE
    assert visitor.get(f"requests/{own}.json").status_code == 404
    city.set_to("unpublished", [])
    assert set(visitor.listed()) == {private.number, own}


def test_a_staff_account_reads_no_more_here_than_anybody(town):
    case = city.made(town)
    assert Caller(city.key_of(town.account("dispatcher"))).one(case.number)["description"] is None


def test_ends_and_deadlines_are_ours(full, visitor):
    told = visitor.one(full.closed.number)
    assert (told["status"], told["status_notes"]) == ("closed", "已结案")
    assert told["updated_datetime"] == f"{LATER:%Y-%m-%dT%H:%M:%SZ}"
    assert visitor.one(full.refused.number)["status"] == "closed"
    case = Case.objects.get(pk=full.open.pk)
    due = datetime.fromisoformat(case.deadlines["handle"]["due_at"]).astimezone(UTC)
    assert visitor.one(case.number)["expected_datetime"] == f"{due:%Y-%m-%dT%H:%M:%SZ}"


def test_it_is_ninety_days_unless_asked_otherwise(town, visitor):
    old = city.made(town, now=NOW - timedelta(days=91))
    new = city.made(town)
    assert visitor.listed() == [new.number]
    assert visitor.listed(start_date="2026-01-01T00:00:00Z") == [old.number]
    assert visitor.listed(end_date="2026-03-01T00:00:00+08:00") == [old.number]
    assert visitor.listed(start_date="2026-05-06T09:30:00+08:00", end_date="2026-05-06T01:30:00Z") == [new.number]
    long = visitor.get("requests.json", start_date="2026-01-01T00:00:00Z", end_date="2026-04-02T00:00:01Z")
    assert (long.status_code, long.json()[0]["code"]) == (400, 400)


def test_pages_follow_one_another(town, visitor):
    cases = [city.made(town, now=NOW + timedelta(seconds=second)).number for second in range(5)][::-1]
    assert visitor.listed() == cases
    assert [visitor.listed(page=str(page), page_size="2") for page in (1, 2, 3, 4)] == [
        cases[:2], cases[2:4], cases[4:], [],
    ]  # fmt: skip
    first = visitor.get("requests.json", page_size="2", api_key="")
    link = first.headers["Link"]
    assert link.endswith('; rel="next"')
    assert "api_key" not in link
    following = visitor.client.get(link[1 : link.index(">")])
    assert [one["service_request_id"] for one in following.json()] == cases[2:4]
    assert "Link" not in visitor.get("requests.json", page="3", page_size="2").headers
    assert visitor.get("requests.json", page="101", page_size="100").status_code == 400
    assert visitor.get("requests.json", cursor="nonsense").status_code == 400


def test_a_place_is_found_by_where_its_area_is_and_by_nothing_finer(town, visitor):
    here = city.made(town, lon=WEST + 0.0001)
    city.made(town, lon=WEST + 2.5 * STEP)
    near = {"lat": str(HERE["lat"]), "long": str(HERE["lon"]), "radius": "400"}
    assert visitor.listed(**near) == [here.number]
    assert visitor.listed(**near | {"long": str(WEST + 0.0001), "radius": "100"}) == []
    assert visitor.get("requests.json", lat="31.5", long="121.3").status_code == 400
    create_areas(actor=FOUNDER, rows=[row("B1", "1幢", "building", AREAS["grid"]["code"])], now=NOW)
    inside = city.made(town, lon=None, lat=None, area_code="B1")
    assert visitor.one(inside.number)["address_id"] == AREAS["grid"]["code"]
    assert set(visitor.listed(**near)) == {here.number, inside.number}


def test_only_what_was_changed_since(full, visitor):
    since = f"{LATER - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    assert set(visitor.listed(updated_after=since)) == {full.refused.number, full.closed.number}
    assert visitor.listed(updated_after=f"{LATER:%Y-%m-%dT%H:%M:%SZ}") == []


def test_services_and_ids_and_states(full, visitor):
    assert visitor.listed(service_code=f"{WATER},no-such") == []
    assert len(visitor.listed(service_code=f"{WATER},{LAMP}")) == 3
    assert visitor.listed(status="open") == [full.open.number]
    asked = f"{full.closed.number},no-such,{full.open.number}"
    assert visitor.listed(service_request_id=asked, status="open") == [full.closed.number, full.open.number]
    assert visitor.get("requests.json", status="new").status_code == 400


def test_notes_say_what_has_happened_and_answers_only_to_whoever_asked(app, town, visitor):
    number = app.report()
    city.refused(town, Case.objects.get(number=number))
    notes = visitor.one(number, notes="true")["notes"]
    assert [(note["type"], note["description"]) for note in notes] == [
        ("CaseReported", "上报"), ("CaseRefused", "不予受理"),
    ]  # fmt: skip
    assert app.one(number, notes="true")["notes"][-1]["description"] == "不予受理：不属本市事权"


def test_questions_are_attributes(full, visitor):
    told = visitor.get(f"services/{BUILDING}.json", extensions="true").json()
    assert [(one["code"], one["datatype"], one["required"], one["variable"]) for one in told["attributes"]] == [
        ("storeys", "number", True, True), ("use", "singlevaluelist", False, True),
        ("trades", "multivaluelist", False, True), ("since", "datetime", False, True),
        ("picture", "string", False, False),
    ]  # fmt: skip
    assert told["extended_attributes"]["definition_version"]
    assert told["attributes"][1]["values"][0] == {"key": "住人", "name": "住人"}


def test_it_speaks_the_language_that_is_asked_for(full):
    told = full.app.client.get("/open311/v2/services.json", headers={"Accept-Language": "en"}).json()
    service = next(one for one in told if one["service_code"] == WATER)
    assert (service["service_name"], service["group"]) == ("Water supply manhole cover", "Public utilities")


def test_a_list_costs_the_same_at_one_row_and_at_twenty(app, town):
    def cost() -> int:
        with CaptureQueriesContext(connection) as spent:
            app.listed(extensions="true")
        return len(spent)

    app.report()
    app.listed()
    at_one = cost()
    for number in range(19):
        app.report(description=f"第{number}处")
    assert cost() == at_one <= 7


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing.json", 404), ("services.csv", 404), ("", 404), ("requests/x.json", 404), ("media/x.jpg", 404),
        ("discovery.json?x=%00", 200), ("requests.json?status=%00", 200), ("requests.json?page=9999999999", 400),
        ("requests.json?lat=1e400&long=0&radius=1", 400), ("requests.json?start_date=0001-01-01T00:00:00%2B14:00", 400),
        ("requests.json?end_date=0001-01-02T00:00:00Z", 400), ("requests.json?service_request_id=" + "a," * 200, 200),
        ("requests.json?service_request_id=" + ",".join(map(str, range(101))), 400), ("tokens/..%2f.json", 404),
        ("requests.json?api_key=wrong", 403), ("services/%ff.xml", 404), ("requests/20260506-1%00.xml", 404),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_the_standards_shape(town, visitor, path, status):
    response = visitor.client.get(f"/open311/v2/{path}")
    assert response.status_code == status, response.content.decode()
    if status != 200:
        xml = not path.partition("?")[0].endswith(".json")
        tag = read_xml(response.content).tag if xml else "errors" if response.json()[0]["code"] == status else ""
        assert tag == "errors"


def test_other_methods_are_refused(visitor, town):
    response = visitor.client.delete("/open311/v2/requests.json")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert visitor.client.head("/open311/v2/services.xml").status_code == 200


def test_xml_leaves_out_what_it_cannot_hold_and_escapes_the_rest():
    text = as_xml("services", [{"name": "a\x00\x1f<&>\ud800\U00020bb7", "none": None, "empty": [], "no": False}])
    node = read_xml(text.encode())
    assert node.children[0].plain() == {"name": "a<&>\U00020bb7", "none": None, "empty": None, "no": "false"}


def test_the_page_shows_people_where_it_is(full, client):
    page = client.get("/open311/").content.decode()
    assert "http://testserver/open311/v2/" in page
    assert "上水井盖" in page
    assert "海棠社区治理平台" in page
    city.set_to("jurisdictions", [AREAS["street"]["code"]])
    assert AREAS["street"]["code"] in client.get("/open311/").content.decode()


def test_a_request_of_another_jurisdiction_is_not_there(full, visitor):
    city.set_to("jurisdictions", [AREAS["street"]["code"], AREAS["other_street"]["code"]])
    here, there = AREAS["street"]["code"], AREAS["other_street"]["code"]
    assert full.open.number in visitor.listed(jurisdiction_id=here)
    assert visitor.listed(jurisdiction_id=there) == []
    path = f"requests/{full.open.number}.json"
    assert visitor.get(path, jurisdiction_id=here).status_code == 200
    assert visitor.get(path, jurisdiction_id=there).status_code == 404
    assert visitor.get("requests.json", service_request_id=full.open.number).status_code == 400
    assert visitor.listed(jurisdiction_id=there, service_request_id=full.open.number) == []
