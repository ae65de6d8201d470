"""The API of joint work."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT

from haitang.alliances.tests.playing import YEAR, build_committee, build_helper, marks
from haitang.alliances.tests.test_links import DECEMBER
from haitang.cases.models import Case
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
    monkeypatch.setattr(api, "authenticate_token", lambda token, **_asked: who.get(token))
    monkeypatch.setattr(clock, "now", lambda: NOW)

    def call(method: str, path: str, body: object = None, who: str = "secretary", **more: object):
        answer = getattr(client, method)(
            f"/api/v1{path}", body, headers={"Authorization": f"Bearer {who}"},
            **({"content_type": "application/json"} | more),
        )  # fmt: skip
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", answer.content
            assert answer.json()["title"], answer.content
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


def test_a_committee_its_meeting_and_decisions(call, pair):
    board = build_committee(pair)
    area = {"area_id": pair.link.area_id, "from_date": str(TODAY)}
    new = {"kind": "community", "name": "又一个", "organization_id": board.party, **area}
    assert call("post", "/committees", new)[0] == 409
    assert call("post", "/committees", new, "unit")[0] == 403
    assert call("post", "/committees", {**new, "kind": "county"})[0] == 422
    at = f"/committees/{board.row.pk}"
    assert call("get", at, who="nobody")[0] == 404
    assert call("get", "/committees?kind=community")[1]["items"][0]["part_time"] == 1
    seat = {"kind": "part_time", "name": "赵园长", "post": "委员", "from_date": str(TODAY), "home_id": board.company}
    status, made = call("post", f"{at}/seats", seat)
    assert (status, len(made["seats"])) == (201, 3)
    leave = {"on": str(TODAY), "reason": "调动", "new": {**seat, "name": "孙园长"}}
    path = f"{at}/seats/{made['seats'][-1]['id']}/leave"
    assert [each["name"] for each in call("post", path, leave)[1]["seats"]][-1] == "孙园长"
    meeting = {"title": "联席会议", "at": "2026-05-06T09:00:00+08:00", "agenda": [{"title": "停车"}]}
    assert call("post", f"{at}/meetings", {**meeting, "at": "2026-05-06T09:00:00"})[0] == 422
    status, row = call("post", f"{at}/meetings", meeting)
    assert (status, row["agenda"]) == (201, [{"title": "停车", "proposer": ""}])
    minutes = {"minutes": "议定", "decisions": [{"text": "划车位"}, {"text": "义诊", "office_id": board.company}]}
    row = call("post", f"/committee-meetings/{row['id']}/minutes", minutes)[1]
    assert row["status"] == "held"
    park, clinic = (f"/decisions/{each['id']}" for each in row["decisions"])
    assert call("post", f"{park}/settle", {"words": "好了"}, "unit")[0] == 404
    assert call("post", f"{clinic}/settle", {"words": "好了"}, "unit")[1]["status"] == "done"
    assert call("post", f"{clinic}/reopen", {"reason": "再办"})[1]["status"] == "open"
    assert call("post", f"{park}/project", {"title": "车位"})[1]["project_id"]
    assert call("post", f"{park}/project", {})[0] == 409
    assert call("get", "/decisions?status=project")[1]["total"] == 1
    later = call("post", f"{at}/meetings", {**meeting, "at": "2026-06-06T09:00:00+08:00"})[1]
    assert call("post", f"/committee-meetings/{later['id']}/call-off", {"reason": "防汛"})[1]["status"] == "cancelled"
    assert call("get", f"/committee-meetings/{later['id']}", who="unit")[0] == 200
    assert call("put", f"/committee-meetings/{later['id']}", meeting)[0] == 409


def test_a_meeting_is_written_anew_and_what_it_decided_becomes_a_case(call, pair):
    board = build_committee(pair)
    at = f"/committees/{board.row.pk}"
    meeting = {"title": "联席会议", "at": "2026-05-06T09:00:00+08:00", "agenda": [{"title": "停车"}]}
    row = call("post", f"{at}/meetings", meeting)[1]
    place = f"/committee-meetings/{row['id']}"
    assert call("put", place, {**meeting, "title": "临时会议", "agenda": []})[1]["agenda"] == []
    assert call("put", place, meeting, "unit")[0] == 403
    more = {"decisions": [{"text": "东门路灯不亮，请维修"}]}
    assert call("post", f"{place}/decisions", more)[0] == 409
    call("post", f"{place}/minutes", {"minutes": "议定"})
    assert call("post", f"{place}/decisions", {"decisions": []})[0] == 422
    lamp = call("post", f"{place}/decisions", more)[1]["decisions"][0]
    case = f"/decisions/{lamp['id']}/case"
    assert call("post", case, {}, "unit")[0] == 403
    assert call("post", case, {"category_code": "none"})[0] == 404
    status, made = call("post", case, {"place": "东门"})
    assert (status, made["status"]) == (200, "case"), made
    assert Case.objects.get(number=made["case_number"]).description == "东门路灯不亮，请维修"
    assert call("post", case, {})[0] == 409
    assert call("post", f"/decisions/{lamp['id']}/reopen", {"reason": "再议"})[0] == 409
    assert call("get", f"/decisions?committee_id={board.row.pk}&status=case")[1]["total"] == 1
    gone = {"to_date": str(TODAY), "reason": "换届"}
    assert call("post", f"{at}/end", gone, "unit")[0] == 403
    assert call("post", f"{at}/end", gone)[1]["to_date"] == str(TODAY)
    assert call("post", f"{at}/end", gone)[0] == 409


def test_alliances_branches_points_and_stations(call, pair):
    day, area = {"from_date": str(TODAY)}, {"area_id": pair.link.area_id}
    desk = pair.town.desks["CHSQ"]
    bodies = {
        "/alliances": {
            "name": "医教联盟", "purpose": "资源进社区", "level": "beyond", "lead_id": desk,
            "partners": [{"outside_name": "江湾街道", "outside_place": "临江市"}],
        },
        "/action-branches": {
            "name": "敲门", "purpose": "看望", "base": "team", "parent_id": desk, "until": "2026-12-31",
            "volunteer_ids": [build_helper(pair.town, "林阿姨")],
        },
        "/contact-points": {"leader": "郑主任", "post": "区领导"},
        "/workstations": {"name": "工作站", "place": "春和路 1 号", "host_id": desk},
    }  # fmt: skip
    for path, body in bodies.items():
        assert call("post", path, {**body, **day, **area, "more": 1})[0] == 422
        assert call("post", path, {**body, **day, **area}, "unit")[0] == 403
        status, made = call("post", path, {**body, **day, **area})
        assert status == 201, made
        assert call("get", path)[1]["total"] == 1
        assert call("get", f"{path}?state=ended")[1]["total"] == 0
        assert call("get", f"{path}/{made['id']}", who="nobody")[0] in (403, 404)
    assert call("get", "/alliances")[1]["items"][0]["count"] == 1


def test_who_takes_part_and_how_it_ends(call, pair):
    day, area, desk = {"from_date": str(TODAY)}, {"area_id": pair.link.area_id}, pair.town.desks["CHSQ"]
    leave, gone = {"to_date": str(TODAY)}, {"to_date": str(TODAY), "reason": "任务完成"}
    helper = build_helper(pair.town, "林阿姨")

    def goes(path: str, new: dict, parts: str, part: dict, end: str, last: dict) -> dict:
        """Let one begin, somebody take part and leave, and let it end, each refused where it must be."""
        row = call("post", path, {**new, **day, **area})[1]
        at = f"{path}/{row['id']}"
        assert call("post", f"{at}/{parts}", {**part, "more": 1})[0] == 422
        assert call("post", f"{at}/{parts}", part, "unit")[0] == 403
        assert call("post", f"{path}/{row['id'] + 999}/{parts}", part)[0] == 404
        status, joined = call("post", f"{at}/{parts}", part)
        assert (status, len(joined["parts"])) == (201, 1), joined
        if parts != "visits":
            assert call("post", f"{at}/{parts}", part)[0] == 409
            one = f"{at}/{parts}/{joined['parts'][0]['id']}/leave"
            assert call("post", one, {"to_date": "2020-01-01"})[0] == 422
            assert call("post", one.replace(f"/{row['id']}/", f"/{row['id'] + 999}/"), leave)[0] == 404
            assert call("post", one, leave, "unit")[0] in (403, 404)  # who may not know of it, or not change it
            left = call("post", one, leave)[1]
            assert (left["count"], left["parts"][0]["to_date"]) == (0, str(TODAY))
            assert call("post", one, leave)[0] == 404
        assert call("post", f"{at}/{end}", {"to_date": str(TODAY)})[0] == 422
        assert call("post", f"{at}/{end}", last, "unit")[0] == 403
        assert call("post", f"{at}/{end}", last)[1]["state"] == "ended"
        assert call("post", f"{at}/{end}", last)[0] == 409
        assert call("post", f"{at}/{parts}", part)[0] == 409
        return call("get", f"{path}?state=ended&q={row['name']}")[1]["items"][0]

    alliance = {"name": "医教联盟", "purpose": "资源进社区", "level": "beyond", "lead_id": desk}
    partner = {"partners": [{"organization_id": pair.link.unit_id}], **day}
    assert goes("/alliances", alliance, "partners", partner, "end", gone)["about"]["reason"] == "任务完成"
    branch = {"name": "敲门", "purpose": "看望", "base": "team", "parent_id": desk, "until": "2026-12-31"}
    ended = {**leave, "outcome": "看望 30 户"}
    shown = goes("/action-branches", branch, "members", {"volunteer_ids": [helper], **day}, "end", ended)
    assert shown["about"]["outcome"] == "看望 30 户"
    point = {"leader": "郑主任", "post": "区领导"}
    visit = {"on": str(TODAY), "what": "楼道堆物多", "outcome": "已清理"}
    assert goes("/contact-points", point, "visits", visit, "end", gone)["count"] == 1
    assert call("get", "/contact-points?few=true")[1]["total"] == 0
    station = {"name": "工作站", "place": "春和路 1 号", "host_id": desk}
    sent = {"name": "周老师", "organization_id": pair.link.unit_id, **day}
    goes("/workstations", station, "instructors", sent, "close", gone)


def test_figures_catalogue_and_sheets(call, pair):
    codes = {line["code"]: line for line in call("get", "/joint-catalogue")[1]}
    assert codes["wishes"]["kind"] == "duty"
    assert "unit_duties" in codes
    assert call("get", "/link-figures", who="nobody")[0] == 403
    assert call("get", "/link-figures?year=1")[0] == 422
    street = call("get", "/link-figures?area=320585001000")[1]
    assert (street["counts"]["all"], street["counts"]["missing"]) == (1, 1)
    assert [each["counts"]["all"] for each in street["areas"] if each["code"] == "320585001001"] == [1]
    desks.enter("ZQ9", Kind.UNIT, name="春和银行")

    def bring(who: str = "secretary", **more: object):
        sheet = SimpleUploadedFile("结对.csv", "单位,社区\nZQ9,CHSQ\n没有的,CHSQ\n".encode())
        return call("post", "/link-files", {"file": sheet, "year": YEAR, **more}, who, content_type=MULTIPART_CONTENT)

    assert bring("unit")[0] == 403
    assert bring(year=1)[0] == 422
    status, row = bring()
    assert (status, row["rows"], row["sound"], row["taken_at"]) == (201, 2, 1, None), row
    assert row["reasons"][0][0] == 3
    assert call("get", f"/link-files/{row['id']}", who="leader")[0] in (403, 404)
    assert call("post", f"/link-files/{row['id']}/take-in")[1]["taken_at"]
    assert call("post", f"/link-files/{row['id']}/take-in")[0] == 409
    assert call("get", "/links?q=银行")[1]["total"] == 1
