"""The pages, without JavaScript: three steps to a receipt, the desk's whole way, the published list; and the API."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.core import clock
from haitang.core.access import VISITOR
from haitang.runtime.console import Unusable
from haitang.runtime.verify_vote import command
from haitang.testing.actors import NOBODY, NOW
from haitang.voting.models import Entry, Envelope, PaperSheet, Vote
from haitang.voting.tests.cast import FIRST, LATER, OPTIONS, SECOND, THIRD, opened
from haitang.voting.values import BallotKind

pytestmark = pytest.mark.django_db
LINES = "加装扶手 | 30000 | 为老 | 一区 | 三个单元\n口袋公园 | 60,000\n停车划线｜20000"


def text_of(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def key_in(page: str) -> str:
    return re.search(r'vo-key">([0-9A-Z-]+)<', page)[1]


def test_the_desk_prepares_opens_closes_and_counts(as_, town, monkeypatch, tmp_path, capsys):
    client = as_(FIRST)
    typed = {
        "title": "微实事项目投票", "area": str(town.areas["spring"]), "words": "", "options": LINES, "kind": "approval",
        "least": "0", "most": "2", "budget": "80,000", "winners": "1", "method": "greedy", "ties": "votes,lot",
        "seed": "", "least_votes": "0", "turnout_percent": "0", "basis": "person", "both": "paper",
        "takes_strangers": "on", "opens_at": "2026-05-06T09:00", "closes_at": "2026-05-13T09:30",
    }  # fmt: skip
    assert "造价不正确" in text_of(client.post("/vote-desk/new/", {**typed, "options": "甲 | 很多"}), 422)
    assert "每个选项都要写造价" in text_of(client.post("/vote-desk/new/", {**typed, "options": "甲\n乙"}), 422)
    assert client.post("/vote-desk/new/", typed).status_code == 302
    row = Vote.objects.get()
    assert [each["cost"] for each in row.options] == [3_000_000, 6_000_000, 2_000_000]
    home = f"/vote-desk/{row.pk}/"
    assert "30,000.00" in text_of(client.get(f"{home}change/"))
    assert client.get("/votes/").status_code == 200
    assert client.get(f"/votes/{row.pk}/").status_code == 404
    people = "居民甲\t13900020001\t春和路 1 号\n居民乙,13900020002,春和路 2 号\n\n居民丙 13900020003"
    assert "第 3 行" in text_of(client.post(f"{home}roll/", {"people": people}), 422)
    assert client.post(f"{home}roll/", {"people": people.replace("丙 ", "丙\t")}).status_code == 302
    sheets = text_of(client.post(f"{home}codes/"))
    codes = re.findall(r'vo-key">([0-9A-Z-]+)<', sheets)
    assert len(codes) == 3
    assert "每个人都有投票码" in text_of(client.post(f"{home}codes/"))
    keys = [key_in(text_of(client.post(f"{home}open/")))]
    assert "等另一位管理人员" in text_of(client.get(home))
    assert client.post(f"{home}confirm-open/").status_code == 302
    assert Vote.objects.get().status == "proposed"
    keys.append(key_in(text_of(as_(SECOND).post(f"{home}confirm-open/"))))
    receipt = vote(as_(VISITOR), row.pk, codes[0], {"choice": ["2", "3"]})
    entry = Entry.objects.get(number=2)
    assert as_(THIRD).post(f"/vote-rolls/{entry.pk}/paper/").status_code == 302
    for actor, choice, words in ((FIRST, "3", "等第二遍录入"), (SECOND, "1", "两遍不一致，请第三个人复核")):
        paper = text_of(as_(actor).post(f"{home}paper/", {"serial": "A7", "choice": [choice]}, follow=True))
        assert words in paper.split("等第二遍录入或复核的")[1]
        assert "纸质票待第二遍录入或复核</dt><dd>1" in text_of(client.get(home))
    decided = f"{home}paper/{PaperSheet.objects.get().pk}/"
    assert "复核纸质票 A7" in text_of(as_(THIRD).get(decided))
    assert as_(THIRD).post(decided, {"choice": ["3"]}).status_code == 302
    assert "没有。" in text_of(client.get(f"{home}paper/"))
    monkeypatch.setattr(clock, "now", lambda: LATER)
    assert as_(FIRST) is client
    monkeypatch.setattr(clock, "now", lambda: LATER)
    assert client.post(f"{home}close/").status_code == 302
    as_(SECOND)
    monkeypatch.setattr(clock, "now", lambda: LATER)
    client.post(f"{home}confirm-close/")
    assert "钥匙码不正确" in text_of(client.post(f"{home}count/", {"first": keys[0], "second": "X"}), 422)
    assert client.post(f"{home}count/", {"first": keys[1], "second": keys[0]}).status_code == 302
    as_(VISITOR)
    page = text_of(client.get(f"/votes/{row.pk}/"))
    assert "电子票 1 张，纸质票 1 张" in page
    assert "按规则入选" in page
    assert "居民甲" not in page
    found = text_of(client.post(f"/votes/{row.pk}/find/", {"receipt": receipt}))
    assert "口袋公园" in found.split("查对我的选票")[1].split("自己重算")[0]
    assert "没有这个回执" in text_of(client.post(f"/votes/{row.pk}/find/", {"receipt": "AAAA"}), 404)
    file = tmp_path / "vote.json"
    file.write_bytes(client.get(f"/votes/{row.pk}/vote.json").content)
    command([str(file), "--json", "--receipt", receipt, "--root", Vote.objects.get().root])
    assert json.loads(capsys.readouterr().out)["ballot"] == {"2": 1, "3": 1}
    command([str(file), "--receipt", receipt])
    with pytest.raises(Unusable, match="与给出的不同"):
        command([str(file), "--root", "00"])
    file.write_text(file.read_text().replace('"3": 1', '"1": 1', 1))
    with pytest.raises(Unusable):
        command([str(file)])
    assert "VOTES" in text_of(client.get(f"/votes/{row.pk}/vote.pb"))


def vote(client, vote_id, code, choice) -> str:
    """Vote in three steps as a browser does that runs no script; return the receipt."""
    home = f"/votes/{vote_id}/ballot/"
    assert "不正确" in text_of(client.post(home, {"code": "ABCD"}), 422)
    page = text_of(client.post(home, {"code": code.lower()}))
    assert f'name="code" value="{code.lower()}"' in page
    checked = text_of(client.post(home, {"code": code, "step": "check", **choice}))
    assert "请再看一遍" in checked
    assert not Envelope.objects.filter(entry__vote_id=vote_id, via="electronic").exists()
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', checked)
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    done = client.post(home, {**sent, "step": "cast"})
    assert "no-store" in done["Cache-Control"]
    return key_in(text_of(done))


@pytest.mark.parametrize(
    ("kind", "more", "choice", "wrong"),
    [
        ("one", {"least": 1, "most": 1}, {"choice": ["2"]}, {}),
        ("knapsack", {"most": 3}, {"choice": ["2", "3"]}, {"choice": ["1", "2"]}),
        ("points", {"most": 5}, {"mark_1": "3", "mark_3": "2"}, {"mark_1": "3", "mark_3": "3"}),
        ("ranked", {"most": 3}, {"mark_1": "2", "mark_3": "1"}, {"mark_1": "2", "mark_3": "3"}),
        ("scored", {"most": 5}, {"mark_1": "5", "mark_3": "5"}, {"mark_1": "6"}),
    ],
)
def test_every_kind_of_ballot_is_filled_in_and_checked(as_, town, kind, more, choice, wrong):
    options = (replace(OPTIONS[0], words="东门台阶<两侧>"), *OPTIONS[1:])
    play = opened(town, kind=kind, options=options, **more)
    client, code = as_(VISITOR), play.sheets[0].code
    assert "东门台阶&lt;两侧&gt;" in text_of(client.post(f"/votes/{play.vote_id}/ballot/", {"code": code}))
    sent = client.post(f"/votes/{play.vote_id}/ballot/", {"code": code, "step": "check", **wrong})
    assert sent.status_code == 422
    vote(client, play.vote_id, code, choice)
    assert "改投" in text_of(client.post(f"/votes/{play.vote_id}/ballot/", {"code": code}))
    assert str(BallotKind(kind).label) in text_of(client.get(f"/votes/{play.vote_id}/"))
    play.close()
    assert play.count().result["chosen"]


def test_who_is_on_no_roll_votes_and_is_proven_at_the_desk(as_, town):
    play = opened(town)
    client = as_(VISITOR)
    home = f"/votes/{play.vote_id}/register/"
    assert text_of(client.get(home))
    assert "请填写" in text_of(client.post(home, {"name": "新来", "document": "1", "household": "x"}), 422)
    told = {"name": "新来", "document": "13900035555", "household": "春和路 8 号"}
    code = key_in(text_of(client.post(home, told)))
    assert "核实后这一票才计入" in text_of(client.post(f"/votes/{play.vote_id}/ballot/", {"code": code}))
    vote(client, play.vote_id, code, {"choice": ["1"]})
    client = as_(FIRST)
    assert "新来" in text_of(client.get(f"/vote-desk/{play.vote_id}/roll/?show=waiting"))
    found = text_of(client.post(f"/vote-desk/{play.vote_id}/roll/find/", {"document": "139 0003 5555"}))
    assert "新来" in found
    assert "居民1" not in found
    row = Entry.objects.get(standing="provisional")
    for name in ("refuse", "prove"):
        assert client.post(f"/vote-rolls/{row.pk}/{name}/").status_code == 302
    assert Entry.objects.get(pk=row.pk).standing == "proven"
    assert client.post(f"/vote-rolls/{row.pk}/nonsense/").status_code == 404
    assert client.post(f"/vote-desk/{play.vote_id}/nonsense/").status_code == 404


def test_who_may_not_sees_nothing_of_the_desk(as_, town):
    play = opened(town)
    client = as_(NOBODY)
    for path in ("", "roll/", "change/", "paper/"):
        assert client.get(f"/vote-desk/{play.vote_id}/{path}").status_code in (403, 404), path
    assert as_(town.outsider).get(f"/vote-desk/{play.vote_id}/").status_code == 404
    assert as_(town.outsider).post(f"/vote-rolls/{play.entry(0).pk}/code/").status_code == 404
    assert text_of(as_(FIRST).get("/vote-desk/"))
    assert text_of(as_(FIRST).get("/admin/vote-settings/"))
    typed = {"roll_keep_days": "30", "registrations_an_hour": "1", "apart_least": "5"}
    assert as_(FIRST).post("/admin/vote-settings/", typed).status_code == 302
    told = {"name": "新来", "document": "13900035555", "household": "春和路 8 号"}
    answers = [client.post(f"/votes/{play.vote_id}/register/", told).status_code for _ in range(2)]
    assert answers == [200, 429]


def test_the_api_votes_and_verifies(client, town, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=20))
    play = opened(town)

    def post(path, body):
        return client.post(f"/api/v1/votes/{play.vote_id}{path}", body, content_type="application/json")

    answered = client.get("/api/v1/votes")
    assert answered.status_code == 200, answered.content
    told = answered.json()[0]
    assert (told["id"], told["digest"], told["result"]) == (play.vote_id, play.vote.digest, {})
    assert post("/ballots", {"code": "X", "marks": {}}).status_code == 422
    assert post("/ballots", {"code": play.sheets[0].code, "marks": {"1": True}}).status_code in (201, 422)
    made = post("/ballots", {"code": play.sheets[0].code, "marks": {"1": 1}})
    assert made.status_code == 201
    assert set(client.get(f"/api/v1/votes/{play.vote_id}/file").json()) == {"format", "declaration", "digest"}
    voter = {"name": "新来", "document": "13900035555"}
    code = post("/voters", voter).json()["code"]
    assert post("/ballots", {"code": code, "marks": {"2": 1}}).json()["counts"] is False
    play.close()
    play.count()
    found = post("/receipts", {"receipt": made.json()["receipt"]}).json()
    assert (found["marks"], found["position"], found["of"], found["proof"]) == ({"1": 1}, 1, 1, [])
    assert post("/receipts", {"receipt": "none"}).status_code == 404
    assert post("/ballots", {"code": play.sheets[1].code, "marks": {"1": 1}}).status_code == 409
    file = client.get(f"/api/v1/votes/{play.vote_id}/file").json()
    assert file["root"] == client.get(f"/api/v1/votes/{play.vote_id}").json()["root"]


def test_blank_papers_are_printed_with_numbers_that_are_receipts(as_, town):
    play = opened(town)
    home = f"/vote-desk/{play.vote_id}/"
    client = as_(THIRD)
    assert "打印空白纸质票" in text_of(client.get(home))
    assert "500" in text_of(client.post(f"{home}blanks/", {"count": "501"}), 422)
    serials = re.findall(r'vo-key">([0-9A-Z-]+)<', text_of(client.post(f"{home}blanks/", {"count": "3"})))
    assert len(set(serials)) == 3
    entry = play.entry(0).pk
    assert client.post(f"/vote-rolls/{entry}/paper/").status_code == 302
    for actor in (FIRST, SECOND):
        assert as_(actor).post(f"{home}paper/", {"serial": serials[0], "choice": ["2"]}).status_code == 302
    play.cast(1, {"1": 1})
    play.close()
    assert play.count().tally["mixed"] == 1
    found = text_of(as_(VISITOR).post(f"/votes/{play.vote_id}/find/", {"receipt": serials[0]}))
    assert "口袋公园" in found.split("查对我的选票")[1].split("自己重算")[0]
    assert client.post(f"{home}blanks/", {"count": "1"}).status_code == 401
    assert as_(THIRD).post(f"{home}blanks/", {"count": "1"}).status_code == 409
