"""The pages as callers and those called see them; what is refused keeps what was typed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haitang.callups.models import Call, CallUp
from haitang.callups.tests.cast import BEGINS, COMMUNITY, STRANGER, answer, call_up, many, person
from haitang.callups.values import Permission
from haitang.core import clock
from haitang.testing.actors import actor_with

pytestmark = pytest.mark.django_db
TYPED = {
    "purpose": "台风防汛值守", "urgency": "urgent", "place": "社区广场", "begins_at": "2026-05-06T14:00",
    "ends_at": "2026-05-06T16:00", "answer_by": "2026-05-06T13:00", "area": COMMUNITY, "places": "", "words": "",
}  # fmt: skip


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_a_caller_looks_at_how_many_and_calls(as_, town, wu, lin):
    client = as_(town.secretary)
    assert "还没有召唤" in text_of(client.get("/callups/"))
    assert "愿意应急召唤" in text_of(client.get("/callups/new/"))
    refused = text_of(client.post("/callups/new/", {**TYPED, "ends_at": "2026-05-06T13:00", "look": "1"}), 422)
    assert "台风防汛值守" in refused
    looked = text_of(client.post("/callups/new/", {**TYPED, "look": "1"}))
    assert "确认召唤 2 人" in looked
    assert not CallUp.objects.exists()
    nobody = text_of(client.post("/callups/new/", {**TYPED, "skills": ["law"], "look": "1"}))
    assert "请放宽条件" in nobody
    assert "请放宽条件" in text_of(client.post("/callups/new/", {**TYPED, "skills": ["law"], "call": "1"}), 422)
    answered = client.post("/callups/new/", {**TYPED, "call": "1"})
    row = CallUp.objects.get()
    assert answered["Location"] == f"/callups/{row.pk}/"
    page = text_of(client.get(answered["Location"]))
    assert f'data-news-id="{row.pk}"' in page
    assert "还没有人答复" in page
    assert row.number in text_of(client.get("/callups/?status=open"))


def test_one_press_on_the_telephone_answers_and_the_caller_sees_it(as_, town, wu):
    row = call_up(town, places=1)
    client = as_(wu)
    assert "寻找走失老人" in text_of(client.get("/calls/"))
    page = text_of(client.get(f"/calls/{row.pk}/"))
    assert "我能来" in page
    assert "上班走不开" in page
    assert client.post(f"/calls/{row.pk}/answer/", {"answer": "coming"}).status_code == 302
    assert text_of(client.post(f"/calls/{row.pk}/answer/", {"answer": "cannot", "reason": ""}), 422)
    assert "到现场后扫二维码报到" in text_of(client.get(f"/calls/{row.pk}/"))
    client = as_(town.secretary)
    shown = text_of(client.get(f"/callups/{row.pk}/", headers={"HX-Request": "true"}))
    assert "吴师傅" in shown
    assert "<html" not in shown
    client = as_(wu)
    client.post(f"/calls/{row.pk}/answer/", {"answer": "cannot", "reason": "上班走不开"})
    assert Call.objects.get().reason == "上班走不开"


def test_who_waits_reads_how_many_come_before_them(as_, town, wu, lin):
    row = call_up(town, places=1)
    answer(wu, row)
    client = as_(lin)
    answered = text_of(client.post(f"/calls/{row.pk}/answer/", {"answer": "coming"}, follow=True))
    assert "您排在候补" in answered
    assert "前面还有 0 人" in answered


def test_reporting_by_the_code_from_the_callers_screen(as_, town, wu):
    row = call_up(town)
    client = as_(town.secretary)
    poster = text_of(client.get(f"/callups/{row.pk}/code/"))
    assert f"/callups/{row.pk}/code.svg" in poster
    drawn = client.get(f"/callups/{row.pk}/code.svg")
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<svg")
    here = f"/calls/{row.pk}/here/{row.code}/"
    client = as_(wu)
    assert client.get(f"/calls/{row.pk}/here/nonsense/").status_code == 404
    assert "我到了" in text_of(client.get(here))
    assert Call.objects.get().here_at is None


def test_reporting_presses_once(as_, monkeypatch, town, wu):
    row = call_up(town)
    client = as_(wu)
    early = text_of(client.post(f"/calls/{row.pk}/here/{row.code}/"), 409)
    assert "起可以报到" in early
    monkeypatch.setattr(clock, "now", lambda: BEGINS)
    for _twice in range(2):
        assert client.post(f"/calls/{row.pk}/here/{row.code}/").status_code == 302
    assert "已报到" in text_of(client.get(f"/calls/{row.pk}/"))
    assert "先登记" in text_of(as_(STRANGER).post(f"/calls/{row.pk}/here/{row.code}/"), 404)
    client = as_(town.secretary)
    assert "吴师傅" in text_of(client.get(f"/callups/{row.pk}/people/?group=here"))
    close = {"ended_at": "2026-05-06T10:00", "summary": "找到了"}
    assert text_of(client.post(f"/callups/{row.pk}/close/", close), 422)
    monkeypatch.setattr(clock, "now", lambda: BEGINS + timedelta(hours=2))
    assert client.post(f"/callups/{row.pk}/close/", {**close, "ended_at": "2026-05-06T12:30"}).status_code == 302
    assert "找到了" in text_of(client.get(f"/callups/{row.pk}/"))
    assert "以前的" in text_of(as_(wu).get("/calls/"))


def test_answers_by_telephone_are_taken_down_from_the_list(as_, town):
    person(town, "没有账号", account=False)
    row = call_up(town)
    call = Call.objects.get()
    client = as_(town.secretary)
    page = text_of(client.get(f"/callups/{row.pk}/people/?group=silent"))
    assert "没有账号" in page
    to = f"/callups/{row.pk}/people/{call.pk}/"
    answered = client.post(to, {"answer": "coming", "group": "silent"})
    assert answered["Location"] == f"/callups/{row.pk}/people/?group=silent"
    assert "起可以报到" in text_of(client.post(to, {"answer": "here"}, follow=True))
    assert client.post(to, {"answer": "nonsense"}).status_code == 422
    client.post(f"/callups/{row.pk}/change/", {"places": "5", "answer_by": "2026-05-06T12:00"})
    assert CallUp.objects.get().places == 5
    assert text_of(client.post(f"/callups/{row.pk}/cancel/", {"reason": ""}), 422)
    client.post(f"/callups/{row.pk}/cancel/", {"reason": "人已找到"})
    assert "人已找到" in text_of(client.get(f"/callups/{row.pk}/"))


def test_who_has_no_part_in_it_finds_nothing(as_, town, wu):
    row = call_up(town)
    stranger = as_(STRANGER)
    for path in (f"/calls/{row.pk}/", f"/callups/{row.pk}/", f"/callups/{row.pk}/people/", "/calls/999999/"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.get("/callups/").status_code == 403
    assert stranger.get(f"/callups/{row.pk}/code.svg").status_code == 403
    assert stranger.post(f"/callups/{row.pk}/cancel/", {"reason": "x"}).status_code == 403
    assert "您还没有志愿登记" in text_of(stranger.get("/calls/"))
    client = as_(town.leader)
    assert "报到二维码" not in text_of(client.get(f"/callups/{row.pk}/"))
    assert client.get(f"/callups/{row.pk}/code/").status_code == 403


def test_the_entry_in_the_menu_is_for_those_who_can_be_called(as_, town, wu):
    call_up(town)
    assert 'href="/calls/"' in text_of(as_(wu).get("/help/"))
    assert 'href="/calls/"' not in text_of(as_(STRANGER).get("/help/"))


def test_settings_are_changed_on_their_page(as_):
    client = as_(actor_with(Permission.SETTINGS))
    from haitang.callups.queries import SETTINGS, callup_rules

    values = {
        line.key: "\n".join(line.value) if isinstance(line.value, list) else line.value for line in SETTINGS.lines()
    }
    assert "来不了的原因" in text_of(client.get("/admin/callup-settings/"))
    assert text_of(client.post("/admin/callup-settings/", {**values, "reasons_late": ""}), 422)
    assert client.post("/admin/callup-settings/", {**values, "reasons_late": "马上到\n"}).status_code == 302
    assert callup_rules()["reasons_late"] == ["马上到"]


def test_watching_costs_the_same_at_any_size(as_, town):
    client, costs = as_(town.secretary), []
    for number in (3, 30):
        people = many(town, number, name=f"crowd{number}")
        row = call_up(town)
        for each in people:
            answer(each, row)
        client.get(f"/callups/{row.pk}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/callups/{row.pk}/")
        costs.append(len(asked))
    assert costs[0] == costs[1]
