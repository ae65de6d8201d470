"""The API: from a topic to a case by programs alone; refusals are answers and never a crash."""

import pytest

from haitang.councils import actions
from haitang.councils.models import Resolution
from haitang.councils.tests.cast import SPRING, announced, called, held, present, set_up
from haitang.councils.values import NewResolution
from haitang.testing.actors import NOW
from haitang.testing.people import build_account

pytestmark = pytest.mark.django_db


def test_a_topic_by_programs_alone(call, town):
    secretary, someone, council = town.account("secretary").pk, build_account("林阿姨").pk, set_up(town)
    made = call(someone, "post", "/council-topics", {"area": SPRING, "title": "广场舞", "words": "晚上太吵"})
    assert made.status_code == 201, made.content
    path = f"/council-topics/{made.json()['id']}"
    assert call(build_account("孙").pk, "get", path).status_code == 404
    assert call(someone, "post", f"{path}/accept").status_code in (403, 404)
    assert call(secretary, "post", f"{path}/accept").json()["status"] == "accepted"
    assert [each["title"] for each in call(someone, "get", "/council-topics").json()["items"]] == ["广场舞"]
    assert call(someone, "get", "/councils").json()["items"][0]["members"] == 6
    meeting = call(
        secretary, "post", f"/councils/{council.pk}/meetings",
        {"title": "五月议事", "at": "2026-05-06T08:00:00+08:00", "topics": [made.json()["id"]]},
    ).json()  # fmt: skip
    assert meeting["agenda"] == ["广场舞"]
    at = f"/council-meetings/{meeting['id']}"
    told = {"minutes": "议定", "present": list(present(council, 4)), "resolutions": [
        {"text": "路灯不亮，请维修", "agreed": 4, "topic_id": made.json()["id"]}]}  # fmt: skip
    assert call(secretary, "post", f"{at}/hold", {**told, "present": []}).status_code == 409
    held = call(secretary, "post", f"{at}/hold", told).json()
    assert held["resolutions"][0]["status"] == "open"
    assert call(someone, "get", at).json()["resolutions"] == []
    assert call(secretary, "post", f"{at}/publish", {"summary": "议了路灯"}).json()["summary"] == "议了路灯"
    public = call(someone, "get", at).json()
    assert (public["minutes"], len(public["resolutions"])) == ("", 1)
    line = f"/council-resolutions/{held['resolutions'][0]['id']}"
    assert call(secretary, "post", f"{line}/case").json()["way"] == "case"
    assert call(secretary, "post", f"{line}/project").status_code == 409
    assert call(secretary, "post", f"{line}/settle", {"words": "好了"}).status_code == 409
    assert call(secretary, "post", f"{line}/settle", {"words": "不办了", "dropped": True}).json()["status"] == "dropped"
    assert len(call(secretary, "get", "/council-resolutions?status=dropped").json()["items"]) == 1
    assert call(someone, "get", "/council-resolutions").status_code == 403


def test_questions_and_draws(call, town):
    secretary, someone = town.account("secretary").pk, build_account("林阿姨").pk
    asked = call(someone, "post", "/council-questions", {"area": SPRING, "words": "路灯？", "may_publish": True}).json()
    path = f"/council-questions/{asked['id']}"
    assert (asked["status"], asked["is_late"]) == ("waiting", False)
    assert call(build_account("孙").pk, "get", path).status_code == 404
    answered = call(secretary, "post", f"{path}/answer", {"answer": "本周五", "publish": True}).json()
    assert answered["answer"] == "本周五"
    assert call(build_account("孙").pk, "get", path).status_code == 200
    row = announced(town, set_up(town))
    actions.freeze_draw(actor=town.secretary, draw_id=row.pk, now=NOW)
    assert call(someone, "get", f"/council-draws/{row.pk}").json()["seed"] == ""
    actions.draw_lots(actor=town.secretary, draw_id=row.pk, now=NOW)
    found = call(someone, "get", f"/council-draws/{row.pk}").json()
    assert len(found["lots"]) == 12
    assert found["seed"]
    denied = {"area": SPRING, "title": "广场舞", "words": "太吵"}
    topic = call(someone, "post", "/council-topics", denied).json()["id"]
    assert call(secretary, "post", f"/council-topics/{topic}/deny", {"reason": "重复"}).json()["reason"] == "重复"


@pytest.mark.parametrize("path", ["topics", "meetings", "questions", "draws"])
def test_what_there_is_not_is_not_found(call, town, path):
    assert call(build_account("林阿姨").pk, "get", f"/council-{path}/{2**62}").status_code == 404


@pytest.mark.parametrize("body", [{}, {"area": SPRING}, {"area": SPRING, "title": "\x00", "words": "w"}, {"x": 1}])
def test_what_cannot_be_read_is_refused(call, town, body):
    assert call(build_account("林阿姨").pk, "post", "/council-topics", body).status_code == 422


def test_a_resolution_is_brought_to_a_vote_by_programs(call, town):
    secretary = town.account("secretary").pk
    held(town, called(town, set_up(town)), 4, NewResolution("路灯全部更换", agreed=4))
    row = Resolution.objects.get()
    path = f"/council-resolutions/{row.pk}"
    offered = {each["way"]: each["matters"] for each in call(secretary, "get", f"{path}/votings").json()}
    assert offered["residents"] == {}
    assert call(build_account("孙").pk, "get", f"{path}/votings").status_code == 403
    assert call(secretary, "post", f"{path}/vote", {"way": "nobody"}).json()["fields"].keys() == {"way"}
    made = call(secretary, "post", f"{path}/vote", {"way": "residents", "title": "路灯怎么换"}).json()
    assert (made["way"], made["status"]) == ("voting", "open")
    row.refresh_from_db()
    assert made["voting_url"] == row.voting_url
    assert call(secretary, "post", f"{path}/vote", {"way": "residents"}).status_code == 409
