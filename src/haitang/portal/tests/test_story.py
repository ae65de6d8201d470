"""From the front page to the judgement, as a resident without account and without JavaScript."""

import pytest
from django.test import Client

from haitang.cases.models import Attachment, Case, Rating, Reporter
from haitang.portal.tests.story import NAME, PHONE, handle, photo, report, to_step


def text(answer) -> str:
    return answer.content.decode()


def test_the_whole_story(town):
    client = Client()
    assert client.get("/").status_code == 200
    case, code = report(client, photos=[photo("a.jpg"), photo("b.jpg", "blue")])
    assert (case.status, case.channel, case.place) == ("verifying", "web", "春和花园3幢楼下")
    assert Attachment.objects.filter(case=case, purpose="place").count() == 2
    assert Reporter.objects.get(case=case).phone_sealed
    handle(town, case)

    other = Client()
    answer = other.post("/track/", {"number": case.number, "query_code": code.lower()}, follow=True)
    page = text(answer)
    assert "已结案，请您评价" in page
    assert "路灯已更换灯泡" in page
    assert "ZJJ" in page  # the organization
    judged = other.post(f"/track/{case.number}/rate/", {"is_solved": "no", "score": "2", "text": "又坏了"}, follow=True)
    assert "重新办理一次" in text(judged)
    case.refresh_from_db()
    assert (case.status, case.reopenings) == ("handling", 1)
    assert Rating.objects.get(case=case).text == "又坏了"


def test_no_page_names_a_reporter_or_a_member_of_staff(town):
    client = Client()
    case, _code = report(client)
    handle(town, case)
    pages = [client.get(url) for url in (f"/report/done/{case.number}/", f"/track/{case.number}/", "/", "/report/")]
    for answer in pages:
        page = text(answer)
        for word in (NAME, PHONE, town.grid.name, town.dispatcher.name, town.handler.name, town.checker.name):
            assert word not in page
        assert "内部意见" not in page


def test_number_alone_opens_nothing(town):
    case, _ = report(Client())
    stranger = Client()
    assert stranger.get(f"/track/{case.number}/").headers["Location"].startswith("/track/?number=")
    assert stranger.get(f"/report/done/{case.number}/").status_code == 404
    assert stranger.post(f"/track/{case.number}/rate/", {"is_solved": "yes", "score": "5"}).status_code == 302
    wrong = stranger.post("/track/", {"number": case.number, "query_code": "AAAAAA"})
    assert wrong.status_code == 422
    assert "不正确" in text(wrong)
    assert case.number in text(wrong)


def test_guessing_codes_is_limited(town, monkeypatch):
    case, _ = report(Client())
    stranger = Client()
    answers = [stranger.post("/track/", {"number": case.number, "query_code": "AAAAAA"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [422] * 30 + [429]
    assert "分钟后再试" in text(answers[-1])


def test_right_codes_do_not_count_as_guesses(town):
    case, code = report(Client())
    office = Client()
    sent = {"number": case.number, "query_code": code}
    assert {office.post("/track/", sent).status_code for _ in range(35)} == {302}


def test_reporting_is_limited_and_what_was_typed_stays(town):
    for _ in range(20):
        report(Client())
    client = Client()
    to_step(client, 3)
    answer = client.post("/report/contact/", {"name": NAME, "phone": PHONE})
    assert answer.status_code == 429
    assert PHONE in text(answer)
    assert Case.objects.count() == 20


def test_sending_twice_reports_once(town):
    client = Client()
    to_step(client, 3)
    session = dict(client.session.items())
    first = client.post("/report/contact/", {"name": "", "phone": ""})
    again = client.session
    again.update(session)
    again.save()
    second = client.post("/report/contact/", {"name": "", "phone": ""})
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("path", ["/", "/report/", "/track/", "/privacy/", "/promises/", "/accessibility/"])
def test_public_pages_stand_before_there_is_a_city(db, path):
    assert Client().get(path).status_code in (200, 409)
