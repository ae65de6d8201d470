"""The pages and the API of merging: what the desk and the residents really send."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from haitang.cases import actions as case_actions
from haitang.cases.models import Case
from haitang.core import access, clock
from haitang.merging import actions
from haitang.merging.models import Join, Repeat, Voice
from haitang.testing.actors import NOBODY, NOW
from haitang.testing.cases import HERE, LAMP, report
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch, client):
    """Return a function that lets the client act as somebody, an hour after the town's day began."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))

    def become(actor):
        monkeypatch.setattr(access, "VISITOR", actor)
        return client

    return become


def text(response) -> str:
    return response.content.decode()


def test_ticked_cases_are_joined_and_parted_on_the_pages(town, at):
    desk, cases = at(town.dispatcher), [report(town.resident) for _ in range(3)]
    ids = [case.pk for case in cases]
    assert "并单所选案件" in text(desk.get(reverse("cases:list")))
    shown = text(desk.get(reverse("merging:join"), {"case": ids}))
    assert all(case.number in shown for case in cases)
    sent = {"case": ids, "main": ids[0], "opinion": "同一盏灯"}
    assert desk.post(reverse("merging:join"), {**sent, "opinion": ""}).status_code == 422
    done = desk.post(reverse("merging:join"), sent, follow=True)
    assert "已并入 2 件" in text(done)
    assert "并入的案件（2 件）" in text(done)
    assert desk.post(reverse("merging:join"), {**sent, "main": ids[1]}).status_code == 409
    joined = text(desk.get(reverse("cases:case", args=[ids[1]])))
    assert "此案件已并入主案件" in joined
    assert 'id="deed"' not in joined
    assert 'id="deed"' in text(desk.get(reverse("cases:case", args=[ids[0]])))
    parted = desk.post(reverse("merging:part", args=[ids[0]]), {"case": ids[1], "reason": "弄错了"}, follow=True)
    assert "已拆单" in text(parted)
    assert list(Join.objects.values_list("case_id", flat=True)) == [ids[2]]


def test_the_entry_page_offers_to_link_a_repeated_request(town, at):
    case = report(town.dispatcher, channel="phone", reporter_phone="13900000001")
    desk = at(town.dispatcher)
    sent = {
        "description": LAMP, "kind": "help", "channel": "phone", "reporter_phone": "13900000001",
        "lon": HERE["lon"], "lat": HERE["lat"],
    }  # fmt: skip
    asked = text(desk.post(reverse("cases:new"), sent))
    assert "关联到已有案件" in asked
    assert "文字相似 100%" in asked
    done = desk.post(reverse("merging:repeat", args=[case.pk]), sent, follow=True)
    assert "记为重复反映" in text(done)
    assert Repeat.objects.get().text == LAMP
    assert Case.objects.count() == 1
    flagged = desk.post(reverse("merging:flag", args=[case.pk]), {"reason": "推诿"}, follow=True)
    assert "疑难" in text(flagged)


def test_a_matter_entered_anew_after_its_end_is_marked_and_names_the_first_case(town, at):
    first = report(town.dispatcher, channel="phone", reporter_phone="13900000001")
    case_actions.refuse_case(actor=town.dispatcher, case_id=first.pk, opinion="不受理", now=NOW)
    sent = {
        "description": LAMP, "kind": "help", "channel": "phone", "reporter_phone": "13900000001",
        "lon": HERE["lon"], "lat": HERE["lat"], "seen": first.number,
    }  # fmt: skip
    entered = text(at(town.dispatcher).post(reverse("cases:new"), sent, follow=True))
    assert "同一诉求人此前反映过" in entered
    assert first.number in entered
    assert Repeat.objects.get().case_id == first.pk


def test_a_resident_who_comes_again_is_led_to_the_case_they_have(town, at):
    resident = replace(NOBODY, id=build_account("林阿姨").pk, name="林阿姨")
    case = report(resident)
    browser = at(resident)
    browser.post(reverse("portal:report"), {"description": f"{LAMP}，又坏了", "kind": "help", "next": "1"})
    browser.post(reverse("portal:report_place"), {"lon": HERE["lon"], "lat": HERE["lat"]})
    page = browser.get(reverse("portal:report_contact"))
    assert "您反映过类似的事，还在办理" in text(page)
    assert page.context["similar"] == []
    done = browser.post(reverse("portal:me_too"), {"again": page.context["own"][0]["again"]}, follow=True)
    assert "没有另立新案" in text(done)
    assert Case.objects.count() == 1
    assert (Repeat.objects.get().case_id, Repeat.objects.get().text) == (case.pk, f"{LAMP}，又坏了")
    neighbour = replace(NOBODY, id=build_account("邻居").pk, name="周永军")
    actions.say_me_too(actor=neighbour, case_id=case.pk, party="here", now=clock.now())
    seen = text(at(town.dispatcher).get(reverse("cases:case", args=[case.pk])))
    assert "重复反映（1 次）" in seen
    assert "林阿姨" not in seen
    assert "周永军" not in seen
    at(resident)
    browser.post(reverse("portal:me_too"), {"again": "forged"})
    assert Repeat.objects.count() == 1


def test_a_resident_says_me_too_instead_of_reporting(town, client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    case = report(town.resident)
    client.post(reverse("portal:report"), {"description": LAMP, "kind": "help", "next": "1"})
    client.post(reverse("portal:report_place"), {"lon": HERE["lon"], "lat": HERE["lat"]})
    page = client.get(reverse("portal:report_contact"))
    assert "我也遇到，不再上报" in text(page)
    same = page.context["similar"][0]["same"]
    assert case.number not in text(page)
    done = client.post(reverse("portal:me_too"), {"same": same, "phone": "139 0000 0005"}, follow=True)
    voice = Voice.objects.get()
    assert voice.query_code in text(done)
    assert case.description not in text(done)
    client.cookies.clear()
    found = client.post(reverse("portal:track"), {"number": case.number, "query_code": voice.query_code}, follow=True)
    assert "我也遇到" in text(found)
    client.post(reverse("portal:me_too"), {"same": "forged"})
    assert Voice.objects.count() == 1


def test_an_account_finds_what_it_said_me_too_on(town, at):
    case = report(town.resident)
    neighbour = replace(NOBODY, id=build_account("邻居").pk)
    actions.say_me_too(actor=neighbour, case_id=case.pk, party="here", now=NOW)
    browser = at(neighbour)
    mine = text(browser.get(reverse("portal:mine")))
    assert reverse("portal:voiced", args=[case.number]) in mine
    assert case.description not in mine
    assert Voice.objects.get().query_code in text(browser.get(reverse("portal:voiced", args=[case.number])))
    stranger = at(replace(NOBODY, id=build_account("路人").pk))
    assert case.number not in text(stranger.get(reverse("portal:mine")))
    assert stranger.get(reverse("portal:voiced", args=[case.number])).status_code == 302


def test_the_api_joins_and_tells_why(town, at):
    desk, cases = at(town.dispatcher), [report(town.resident) for _ in range(2)]
    main, one = cases[0].pk, cases[1].pk
    actions.merge_cases(actor=town.dispatcher, main_id=main, case_ids=[one], opinion="同一件", now=NOW)
    page = desk.get(reverse("cases:list"), {"mark": "joined"})
    assert cases[1].number in text(page)
    assert cases[0].number not in text(page)
    assert "主案件" in text(desk.get(reverse("cases:list"), {"mark": "-joined", "order": "priority"}))
