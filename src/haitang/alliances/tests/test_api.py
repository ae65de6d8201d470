"""The API of joint work."""

import pytest

from haitang.alliances.tests.playing import YEAR, marks
from haitang.alliances.tests.test_links import DECEMBER
from haitang.core import clock
from haitang.organizations.values import Kind
from haitang.testing import desks
from haitang.testing.actors import NOBODY, NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(pair, client, monkeypatch):
    """Call an operation with somebody's token; returns status and answer."""
    from haitang.config import api

    who = {"secretary": pair.secretary, "unit": pair.unit, "nobody": NOBODY, "leader": pair.town.leader}
    monkeypatch.setattr(api, "authenticate_token", who.get)
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def call(method: str, path: str, body: object = None, who: str = "secretary"):
        answer = getattr(client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {who}"}
        )
        return answer.status_code, answer.json()

    return call


def test_a_links_year(call, pair, monkeypatch):
    at, year = f"/links/{pair.link.pk}", f"/links/{pair.link.pk}/agreements/{YEAR}"
    assert call("get", at, who="nobody")[0] == 404
    duties = {"side": "community", "duties": [{"code": "wishes", "times": 2}], "words": "每月一次"}
    assert call("put", year, {**duties, "more": 1})[0] == 422
    assert call("put", year, {**duties, "duties": []})[0] == 422
    assert call("put", year, duties, "leader")[0] == 403
    status, row = call("put", year, duties)
    assert (status, row["stage"], row["waits_for"], row["version"]) == (200, "proposed", "unit", 1)
    assert call("post", f"{year}/return", {"side": "unit", "reason": "次数多"}, "unit")[1]["stage"] == "returned"
    assert call("put", year, {**duties, "version": 1})[1]["version"] == 2
    assert call("post", f"{year}/confirm", {"side": "unit", "version": 1}, "unit")[0] == 409
    assert call("post", f"{year}/confirm", {"side": "unit", "version": 2}, "unit")[1]["stage"] == "agreed"
    contact = {"side": "unit", "on": str(TODAY), "who": "八名党员", "what": "义诊", "duty": "wishes"}
    status, row = call("post", f"{at}/contacts", contact, "unit")
    assert (status, row["duties"][0]["made"], row["contacts"]) == (201, 1, 1)
    strike = f"{at}/contacts/{row['contact_list'][0]['id']}/strike"
    assert call("post", strike, {"reason": "记错"}, "unit")[1]["contacts"] == 0
    said = {"side": "unit", "marks": dict(marks("unit", pair.link).marks)}
    assert call("post", f"{year}/evaluations", said, "unit")[0] == 409
    monkeypatch.setattr(clock, "now", lambda: DECEMBER)
    assert call("post", f"{year}/evaluations", {**said, "marks": {}}, "unit")[0] == 422
    status, row = call("post", f"{year}/evaluations", said, "unit")
    assert (status, row["evaluations"][0]["band"]) == (201, "好")
    assert call("get", at)[1]["evaluations"] == []
    assert call("get", at)[1]["deeds"] == [["judge", "community"]]


def test_links_are_listed_made_and_ended(call, pair):
    assert call("get", f"/links?standing=missing&area=320585001001&unit_id={pair.link.unit_id}")[1]["total"] == 1
    assert call("get", "/links", who="nobody")[1]["total"] == 0
    assert call("get", "/links?standing=broken")[0] == 422
    assert call("get", "/links?cursor=zzz")[0] == 422
    other = desks.enter("ZQ9", Kind.UNIT)
    new = {"unit_id": other, "community_id": pair.town.desks["CHSQ"], "from_date": str(TODAY)}
    assert call("post", "/links", new, "unit")[0] == 403
    status, made = call("post", "/links", new)
    assert (status, made["stage"]) == (201, "")
    assert call("post", "/links", new)[0] == 409
    assert call("get", f"/links/{made['id']}", who="unit")[0] == 404
    gone = {"to_date": str(TODAY), "reason": "单位撤并"}
    assert call("post", f"/links/{made['id']}/release", gone)[1]["to_date"] == str(TODAY)
    assert call("get", "/links")[1]["total"] == 1
    assert call("get", "/links?ended=true")[1]["total"] == 2
    assert call("post", f"/links/{made['id']}/agreements/{YEAR}/confirm", {"side": "unit"})[0] == 404
