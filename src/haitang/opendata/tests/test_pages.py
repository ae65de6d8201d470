import json

import pytest

from haitang.core import clock
from haitang.opendata.models import OpenDataSetting, Publication
from haitang.opendata.tests.city import IN_JUNE, fill, publish, rule
from haitang.people.actions import create_token
from haitang.testing import people

pytestmark = pytest.mark.django_db
FILE = "/open-data/cases-2026-05.csv"


def key():
    account = people.build_account("数据平台")
    token = create_token(actor=people.FOUNDER, account_id=account.pk, name="对接", now=clock.now())[1]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def published(town):
    rule("enabled", True)
    fill(town, 6)
    publish()
    return town


def test_the_list_names_files_licence_and_columns_and_counts_nothing(client, published, django_assert_max_num_queries):
    client.get("/open-data/")
    with django_assert_max_num_queries(3) as asked:
        page = client.get("/open-data/").content.decode()
    assert all(word in page for word in (FILE, "reported_on", "不得尝试识别其中的个人"))
    assert not [query for query in asked.captured_queries if "cases_case" in query["sql"]]


def test_programs_read_the_same_from_the_catalogue_and_from_the_api(client, published):
    told = client.get("/open-data/data.json").json()
    assert told["@type"] == "dcat:Dataset"
    listed = client.get("/api/v1/open-data", headers=key()).json()
    addresses = [one["downloadURL"] for one in told["distribution"]]
    assert addresses == [one["url"] for one in listed["files"]]
    body = b"".join(client.get(FILE).streaming_content)
    assert len(body) == next(one["byteSize"] for one in told["distribution"] if one["downloadURL"].endswith(FILE))


def test_who_has_a_file_is_not_sent_it_again(client, published):
    first = client.get(FILE)
    assert first["Content-Type"] == "text/csv; charset=utf-8"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert b"".join(first.streaming_content)
    again = client.get(FILE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name", ["cases-2026-04.csv", "cases-2026-13.csv", "cases-2026-05.xlsx", "..", "%00", "x" * 300]
)
def test_what_is_not_there_is_not_found(client, published, name):
    assert client.get(f"/open-data/{name}").status_code in {400, 404}


def test_off_there_is_no_page_no_catalogue_no_file_no_menu(client, published):
    assert "/open-data/" in client.get("/report/").content.decode()
    rule("enabled", False)
    assert [client.get(path).status_code for path in ("/open-data/", "/open-data/data.json", FILE)] == [404] * 3
    assert "/open-data/" not in client.get("/report/").content.decode()
    assert client.get("/api/v1/open-data", headers=key()).status_code == 404


def test_whoever_answers_for_personal_data_sets_the_rules_and_nobody_else(client, town, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: IN_JUNE)
    keeper = people.build_account("个保")
    people.give(keeper, "privacy_officer")
    client.force_login(keeper)
    page = client.get("/admin/open-data/")
    assert page.status_code == 200
    form = page.context["form"]
    sent = {name: form.fields[name].initial for name in form.fields} | {"enabled": "on", "cell_min": "10"}
    sent["unpublished"] = "\n".join(sent["unpublished"])
    assert client.post("/admin/open-data/", sent).status_code == 302
    assert dict(OpenDataSetting.objects.values_list("key", "value")) == {"enabled": True, "cell_min": 10}
    assert client.post("/admin/open-data/", sent | {"rounding_m": "30"}).status_code == 422
    client.force_login(town.account("leader"))
    assert client.get("/admin/open-data/").status_code == 403
    assert not Publication.objects.exists()
    assert json.dumps(sent)
