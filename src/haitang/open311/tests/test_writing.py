"""What is written: a case like any other, once; with photos, answers, places; and more about it afterwards."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haitang.cases import queries
from haitang.cases.models import Attachment, Case
from haitang.core import crypto
from haitang.core.models import Entry
from haitang.open311.tests import city
from haitang.open311.tests.city import BUILDING, POINT, WATER, Caller, Question
from haitang.people.actions import revoke_token
from haitang.people.models import ApiToken
from haitang.testing.actors import NOW
from haitang.testing.land import AREAS
from haitang.testing.people import FOUNDER

NO_POINT = {"lat": None, "long": None}


def case_of(number: str) -> Case:
    return Case.objects.get(number=number)


def errors(response, status: int = 400) -> list[str]:
    assert response.status_code == status, response.content.decode()
    return [one["description"] for one in response.json()]


def test_a_report_is_a_case_of_this_channel(app):
    number = app.report(
        first_name="小明",
        last_name="王",
        phone="13900000001",
        email="a@b.cn",
        device_id="x",
        media_url="https://a.cn/1",
    )
    case = case_of(number)
    assert (case.channel, case.status, case.category.code) == ("open311", "verifying", WATER)
    assert case.description == "井盖缺失\n附图地址：https://a.cn/1"
    assert queries.catalog().setting("verify_channels") == ["web", "wechat", "open311"]
    assert crypto.open_(case.reporter.name_sealed, "reporter.name") == "王小明"
    assert crypto.open_(case.reporter.phone_sealed, "reporter.phone") == "13900000001"
    assert not Entry.objects.filter(data__icontains="a@b.cn").exists()


def test_it_is_answered_with_the_query_code(app, client):
    told = app.post().json()[0]
    case = case_of(told["service_request_id"])
    assert case.query_code in told["service_notice"]
    assert told["account_id"] is None
    sent = {"number": case.number, "query_code": case.query_code}
    assert client.post("/track/", sent).headers["Location"] == f"/track/{case.number}/"


def test_the_same_report_again_is_the_same_request(app, town):
    first = app.report()
    assert app.report() == first
    assert app.report(description="另一件事") != first
    assert Caller(city.key_of(town.account("resident"))).report() != first
    keyed = {"headers": {"Idempotency-Key": "one"}}
    own = app.report(**keyed)
    assert own not in (first, app.report(headers={"Idempotency-Key": "two"}))
    assert app.report(**keyed) == own
    response = app.post(description="改了", **keyed)
    assert (response.status_code, response.json()[0]["code"]) == (400, 409)


def test_a_key_that_was_revoked_is_no_key(app):
    revoke_token(actor=FOUNDER, token_id=ApiToken.objects.get().pk, now=NOW)
    assert errors(app.post(), 403) == ["密钥 api_key 无效、已过期或已停用"]
    assert errors(app.post(api_key="x" * 500), 403)


def test_without_a_key_only_where_the_office_lets_them(town, visitor):
    assert errors(visitor.post(), 403)
    city.set_to("anonymous", True)
    number = visitor.report()
    assert case_of(number).reported_by_id is None
    assert visitor.one(number)["description"] is None
    assert visitor.report() == number
    limit = queries.catalog().setting("public_reports_per_hour")
    codes = [visitor.post(description=f"第{n}件").status_code for n in range(limit - 1)]
    assert codes == [201] * (limit - 2) + [400]


def test_too_many_are_refused_with_the_time_to_wait(app):
    city.set_to("reports_per_hour", 1)
    app.report()
    response = app.post()
    assert (response.status_code, response.json()[0]["code"]) == (400, 429)
    assert int(response.headers["Retry-After"]) > 0


def test_every_fault_is_told_at_once(app):
    found = errors(app.post(service_code=None, lat="91", description="x" * 4001, address_id="nowhere", media_url="x"))
    assert len(found) == 5, found
    mixed = app.post(service_code="no-such", **NO_POINT)
    assert [one["code"] for one in mixed.json()] == [404, 400]
    assert mixed.status_code == 400


@pytest.mark.parametrize(
    ("sent", "area"),
    [
        ({"address_id": AREAS["spring"]["code"]}, "spring"),
        ({"address_string": "海棠街道春和社区太平路18号"}, "spring"),
        ({"address_string": "春和社区第二网格3幢"}, "second_grid"),
        ({"address_string": "第一网格旁，秋实社区"}, "autumn"),
        ({"address_string": "不知何处"}, "city"),
        ({**POINT, "address_string": "秋实社区门口"}, "grid"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_point_code_or_name(app, town, sent, area):
    assert case_of(app.report(**{**NO_POINT, **sent})).area_id == town.areas[area]


def test_a_place_outside_is_refused(app):
    assert errors(app.post(lat="39.9", long="116.4")) == ["该位置不在本市范围内"]
    assert errors(app.post(address_id="999")) == ["没有编码为“999”的区域（address_id）"]
    city.set_to("jurisdictions", [AREAS["other_street"]["code"]])
    there = AREAS["other_street"]["code"]
    assert errors(app.post(jurisdiction_id=there)) == [f"该位置不在辖区 {there} 内"]
    number = app.report(jurisdiction_id=there, **NO_POINT, address_string="海棠街道春和社区")
    assert case_of(number).area.code == there


def test_answers_are_checked_and_kept(full, app):
    sent = {
        "service_code": BUILDING, "attribute[storeys]": "3", "attribute[use]": "出租",
        "attribute[trades][]": ["餐饮", "棋牌"], "attribute[since]": "2026-05-01T16:30:00Z",
    }  # fmt: skip
    case = case_of(app.report(**sent))
    assert {key: held["value"] for key, held in case.answers.items()} == {
        "storeys": 3, "use": "出租", "trades": ["餐饮", "棋牌"], "since": "2026-05-02",
    }  # fmt: skip
    told = app.one(case.number, extensions="true")["extended_attributes"]["answers"]
    assert {"code": "trades", "name": "涉及哪些", "values": ["餐饮", "棋牌"]} in told
    assert errors(app.post(**sent | {"attribute[storeys]": ""})) == ["请回答“几层”"]
    assert errors(app.post(**sent | {"attribute[storeys]": "三"})) == ["“几层”：应为数字"]
    assert errors(app.post(**sent | {"attribute[nothing]": "x"})) == ["有不认识的问题"]
    assert errors(app.post(**sent | {"attribute[use]": ["住人", "出租"]})) == ["attribute[use] 只能有一个值"]


def test_a_report_is_checked_by_the_form_that_its_sender_was_shown(full, app):
    shown = app.get(f"services/{BUILDING}.json", extensions="true").json()["extended_attributes"]["definition_version"]
    city.ask(BUILDING, Question("colour", "什么颜色", required=True))
    sent = {"service_code": BUILDING, "attribute[storeys]": "3"}
    assert errors(app.post(**sent))
    assert case_of(app.report(**sent, definition_version=str(shown))).form_version_id == shown


def test_photos_come_along_and_answer_questions(full, app):
    sent = {"service_code": BUILDING, "attribute[storeys]": "3"}
    number = app.report(**sent, media=city.picture(), **{"attribute[picture]": city.picture("blue")})
    case = case_of(number)
    photos = {photo.question: photo for photo in Attachment.objects.filter(case=case)}
    assert set(photos) == {"", "picture"}
    url = app.one(number)["media_url"]
    assert Caller().one(number)["media_url"] is None
    response = Caller().client.get(url)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/jpeg")
    assert Caller().client.get(url[:-5] + "x.jpg").status_code == 404
    broken = city.picture()
    broken.write(b"GIF89a")
    broken.seek(0)
    assert errors(app.post(media=broken)) == ["这个文件不是照片，请上传 JPG、PNG 或 WebP 格式的照片"]
    assert errors(app.post(media=[city.picture() for _ in range(10)])) == ["每个案件最多 9 张照片"]


def test_a_required_photo_may_follow(app):
    city.ask(BUILDING, Question("picture", "全景照片", "photo", required=True))
    number = app.report(service_code=BUILDING)
    assert set(queries.awaited_of(case_of(number), ())) == {"picture"}


def test_a_token_stands_for_the_request(app):
    told = app.post(headers={"Prefer": "respond-async"}).json()[0]
    assert "service_request_id" not in told
    found = app.get(f"tokens/{told['token']}.json").json()[0]
    assert found == {"service_request_id": Case.objects.get().number, "token": told["token"]}


def test_more_is_said_by_whoever_reported_until_it_ends(app, town, visitor):
    number = app.report()
    other = Caller(city.key_of(town.account("resident")))
    sent = {"service_request_id": number, "description": "又塌了一块，打 13900000001 找我"}
    told = app.post("servicerequestupdates.json", **sent, media=city.picture())
    assert told.status_code == 201, told.content.decode()
    entry = Entry.objects.get(pk=told.json()[0]["update_id"])
    assert (entry.fact, entry.data["opinion"]) == ("RequestUpdated", "又塌了一块，打 139****01 找我")
    assert app.post("servicerequestupdates.json", **sent, media=city.picture()).json() == told.json()
    assert Attachment.objects.filter(case__number=number).count() == 1
    assert visitor.one(number, notes="true")["notes"][-1]["description"] == "您补充了说明"
    assert errors(other.post("servicerequestupdates.json", **sent), 404)
    assert errors(visitor.post("servicerequestupdates.json", **sent), 403)
    assert len(errors(app.post("servicerequestupdates.json"))) == 2
    city.refused(town, case_of(number))
    response = app.post("servicerequestupdates.json", service_request_id=number, description="还没好")
    assert (response.status_code, response.json()[0]["code"]) == (400, 409)


def test_what_is_no_form_is_refused_in_the_standards_shape(app):
    client = app.client
    broken = client.generic("POST", "/open311/v2/requests.json", b"--x", "multipart/form-data; boundary=x")
    assert broken.status_code in (400, 403)
    assert broken.json()[0]["code"] in (400, 403)
    many = "&".join(f"a{n}=1" for n in range(2000)).encode()
    response = client.generic("POST", "/open311/v2/requests.xml", many, "application/x-www-form-urlencoded")
    assert (response.status_code, response.content.count(b"<error>")) == (400, 1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "service_code", "lat", "long", "address_string", "address_id", "description", "phone", "first_name",
                "media_url", "attribute[a]", "attribute[a][]", "jurisdiction_id", "definition_version",
            ]
        ),
        st.one_of(st.text(max_size=60), st.sampled_from([WATER, "nan", "1e309", "-0", "９９", "\x00", "<b>", "%s"])),
    )
)  # fmt: skip
def test_no_hostile_input_is_a_fault_of_ours(app, sent):
    with_it = app.post(**sent)
    assert with_it.status_code in (201, 400, 404), with_it.content.decode()
    if with_it.status_code != 201:
        assert all(one["code"] and one["description"] for one in with_it.json())
