"""What is refused is refused in a sentence, keeps what was typed, and never breaks the page."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from haitang.cases import actions, queries
from haitang.cases.models import Attachment, Case
from haitang.core import clock, files
from haitang.core.access import VISITOR
from haitang.portal.tests.story import HERE, NAME, PHONE, handle, photo, report, to_step
from haitang.testing.cases import LAMP
from haitang.testing.land import SOUTH, STEP, WEST

SCRIPT = "<script>alert('x')</script>"


def text(answer) -> str:
    return answer.content.decode()


def test_what_is_typed_survives_going_back_reloading_and_errors(town):
    client = Client()
    assert client.post("/report/", {"description": " ", "kind": "complaint"}).status_code == 422
    to_step(client, 2, kind="complaint")
    back = client.post("/report/place/", {"place": "太平路18号", "lon": "", "lat": "", "area_code": "", "back": "1"})
    assert back.headers["Location"] == "/report/"
    page = text(client.get("/report/"))
    assert LAMP in page
    assert 'value="complaint" id="id_kind_1"' in page.replace('" checked', '"')
    assert "太平路18号" in text(client.get("/report/place/"))
    refused = client.post("/report/place/", {"place": "太平路18号", "lon": "1", "lat": "", "area_code": ""})
    assert refused.status_code == 422
    assert "太平路18号" in text(refused)
    assert client.get("/report/contact/").headers["Location"] == "/report/place/"
    client.post("/report/place/", HERE)
    refused = client.post("/report/contact/", {"name": NAME, "phone": "没有"})
    assert refused.status_code == 422
    assert NAME in text(refused)
    assert NAME in text(client.get("/report/contact/"))
    assert Case.objects.count() == 0


def test_a_place_is_a_point_in_the_city_or_a_community(town):
    client = Client()
    to_step(client, 2)
    nowhere = client.post("/report/place/", {"place": "某处", "lon": "", "lat": "", "area_code": ""})
    assert "请在地图上点一下位置" in text(nowhere)
    outside = {"lon": "100", "lat": "20", "area_code": "", "place": ""}
    assert "不在本市范围内" in text(client.post("/report/place/", outside))
    both = client.post("/report/place/", {**HERE, "area_code": "320585001002"})
    assert "不在您选的“秋实社区”" in text(both)
    assert client.post("/report/place/", {**HERE, "area_code": "320585001000"}).status_code == 302
    chosen = {**outside, "area_code": "320585001002"}
    assert client.post("/report/place/", chosen).status_code == 302
    client.post("/report/contact/", {"name": "", "phone": ""})
    case = Case.objects.get()
    assert case.area_id == town.area("320585001002").id
    assert (case.lon, case.lat) == (None, None)


def test_bad_photos_are_named_and_the_others_kept(town):
    client = Client()
    heic = SimpleUploadedFile("IMG_1.heic", b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100)
    empty = SimpleUploadedFile("empty.jpg", b"")
    answer = client.post("/report/", {"description": LAMP, "photos": [photo("good.jpg"), heic, empty], "next": "1"})
    page = text(answer)
    assert answer.status_code == 422
    assert "“IMG_1.heic”没有添加" in page
    assert "“empty.jpg”没有添加" in page
    assert "已添加 1 张照片" in page
    assert LAMP in page
    assert client.post("/report/", {"description": LAMP}).status_code == 302


def test_at_most_nine_photos_and_any_can_be_removed(town):
    client = Client()
    many = [photo(f"{n}.jpg", f"#0000{n:02x}") for n in range(10, 250, 22)]
    answer = client.post("/report/", {"description": "", "add": "1", "photos": many})
    assert answer.status_code == 422
    assert "最多只能上传 9 张照片" in text(answer)
    first = text(client.get("/report/")).split('name="remove" value="')[1].split('"')[0]
    assert client.get(f"/report/photos/{first}/").headers["Content-Type"] == "image/jpeg"
    assert Client().get(f"/report/photos/{first}/").status_code == 404
    assert client.post("/report/", {"description": "", "remove": first}).status_code == 302
    assert client.get(f"/report/photos/{first}/").status_code == 404


def test_photos_of_a_report_that_never_came_are_removed(town):
    now = clock.now()
    unused = actions.keep_photo(actor=VISITOR, data=photo(colour="green").read(), now=now)
    case, _code = report(Client(), photos=[photo(colour="blue")])
    used = Attachment.objects.get(case=case).digest
    assert actions.forget_unused_photos(actor=VISITOR, now=now + timedelta(hours=20)) == 0
    assert actions.forget_unused_photos(actor=VISITOR, now=now + timedelta(hours=30)) == 1
    assert not files.path_for(unused.digest).exists()
    assert files.path_for(used).exists()


def test_markup_is_text(town):
    client = Client()
    to_step(client, 2, description=SCRIPT)
    client.post("/report/place/", {**HERE, "place": SCRIPT})
    pages = [text(client.get("/report/contact/"))]
    pages += [text(client.post("/report/contact/", {"name": SCRIPT, "phone": "x"}))]
    pages += [text(client.post("/report/contact/", {"name": SCRIPT, "phone": ""}, follow=True))]
    case = Case.objects.get()
    pages += [text(client.get(f"/track/{case.number}/")), text(client.get("/report/"))]
    odd = SimpleUploadedFile("<script>.jpg", b"none")
    pages += [text(client.post("/report/", {"description": SCRIPT, "photos": [odd]}))]
    pages += [text(client.post("/track/", {"number": SCRIPT, "query_code": SCRIPT}))]
    assert not [page for page in pages if SCRIPT in page or "<script>.jpg" in page]


BAD = [
    "\x00",
    "a\x00b",
    "字" * 100_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "\u202e𝕏",
]


@pytest.mark.parametrize("bad", BAD, ids=["nul", "nul inside", "long", "surrogate", "odd"])
def test_odd_text_is_answered(town, bad):
    client = Client()
    answers = [
        client.post("/report/", {"description": bad, "kind": bad, "photos": bad, "website": ""}),
        client.post("/track/", {"number": bad, "query_code": bad}),
    ]
    to_step(client, 3)
    answers += [
        client.post("/report/place/", {"lon": bad, "lat": bad, "area_code": bad, "place": bad}),
        client.get("/report/place/"),
        client.get("/report/here/", {"lon": bad.replace("\x00", "") or "x", "lat": "nan"}),
        client.post("/report/contact/", {"name": bad, "phone": bad}),
        client.get("/track/", {"number": bad.replace("\x00", "")}),
    ]
    case, _code = report(client)
    answers += [client.post(f"/track/{case.number}/rate/", {"is_solved": bad, "score": bad, "text": bad})]
    assert {answer.status_code for answer in answers} <= {200, 302, 422}


def test_programs_are_told_apart(town):
    client = Client()
    answer = client.post("/report/", {"description": LAMP, "website": "http://spam.example"})
    assert answer.status_code == 422
    assert "spam.example" not in text(answer)


def test_a_similar_report_is_told_without_its_words(town):
    report(Client(), name=NAME)
    report(Client(), kind="denunciation", description="举报路灯不亮")
    client = Client()
    to_step(client, 3)
    page = text(client.get("/report/contact/"))
    assert page.count("已收到，正在核实") == 1
    assert "小时内已有类似上报" in page
    assert NAME not in page
    assert client.post("/report/contact/", {"name": "", "phone": ""}).status_code == 302


def test_a_judgement_needs_both_answers_and_is_given_once(town):
    client = Client()
    case, _code = report(client)
    early = client.post(f"/track/{case.number}/rate/", {"is_solved": "yes", "score": "5"})
    assert early.status_code == 409
    handle(town, case)
    half = client.post(f"/track/{case.number}/rate/", {"is_solved": "yes", "text": "很快就修好了"})
    assert half.status_code == 422
    assert "很快就修好了" in text(half)
    assert client.post(f"/track/{case.number}/rate/", {"is_solved": "yes", "score": "5"}).status_code == 302
    assert client.post(f"/track/{case.number}/rate/", {"is_solved": "yes", "score": "1"}).status_code == 409
    case.refresh_from_db()
    assert (case.status, case.score) == ("rated", 5)


def test_the_session_holds_nothing_readable(town):
    client = Client()
    to_step(client, 3)
    client.post("/report/contact/", {"name": NAME, "phone": "13812345678x"})
    case, code = report(Client())
    held = str(dict(client.session.items()))
    for secret in (NAME, PHONE, LAMP, code, case.number):
        assert secret not in held


def test_small_numbers_are_held_back(town):
    for _ in range(9):
        actions.report_case(
            actor=VISITOR, now=clock.now(), description=LAMP, lon=WEST + STEP / 2, lat=SOUTH + STEP / 2
        )  # fmt: skip
    assert queries.count_public(now=clock.now()).reported is None
    report(Client())
    figures = queries.count_public(now=clock.now())
    assert (figures.reported, figures.closed) == (10, None)
    assert "不足 10" in text(Client().get("/"))


def test_every_page_stands_in_english(town):
    client = Client()
    client.cookies["django_language"] = "en"
    for name in ("front", "report", "track", "privacy", "promises", "accessibility"):
        page = text(client.get(reverse(f"portal:{name}")))
        main = page.split("<main")[1].split("</main>")[0]
        assert not [character for character in main if "一" <= character <= "鿿"], name
